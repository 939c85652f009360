package protobuf

import (
	"math/rand/v2"
	"testing"
)

// What areFields says without building fields is what Parse finds.
func TestAreFields(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	whole := 0
	for range 200_000 {
		var b []byte
		for range r.IntN(4) {
			switch kind := byte(r.IntN(8)); kind {
			case 0:
				b = append(b, 1<<3, byte(r.IntN(128)))
			case 1:
				b = append(b, 2<<3|1, 1, 2, 3, 4, 5, 6, 7, 8)
			case 2:
				b = append(b, 3<<3|2, 3, 0xff, byte(r.Uint32()), byte(r.Uint32()))
			case 5:
				b = append(b, 4<<3|5, 1, 2, 3, 4)
			default:
				b = append(b, byte(r.Uint32()))
			}
		}
		if r.IntN(3) == 0 && len(b) > 0 {
			b = b[:r.IntN(len(b))]
		}
		_, err := Parse(b)
		if got := areFields(b); got != (err == nil) {
			t.Fatalf("seed %d: %x: %v, and Parse: %v", seed, b, got, err)
		}
		if err == nil {
			whole++
		}
	}
	if whole < 20_000 || whole > 180_000 {
		t.Errorf("%d are whole", whole)
	}
}
