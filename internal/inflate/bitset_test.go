package inflate

import (
	"math/rand/v2"
	"testing"
)

// Against a slice of bools, over borders of words.
func TestBitset(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	s := make(bitset, 4)
	naive := make([]bool, 256)
	for range 2000 {
		i := random.IntN(257)
		j := i + random.IntN(257-i)
		member := random.IntN(2) == 0
		s.put(i, j, member)
		for k := i; k < j; k++ {
			naive[k] = member
		}
		from := random.IntN(300)
		next, gap := from, from
		for next < 256 && !naive[next] {
			next++
		}
		for gap < 256 && naive[gap] {
			gap++
		}
		if from >= 256 {
			next, gap = 256, 256
		}
		lacks := true
		for k := from; k < j && k < 256; k++ {
			lacks = lacks && !naive[k]
		}
		if s.lacks(from, j) != lacks {
			t.Fatalf("lacks(%d, %d) = %v", from, j, !lacks)
		}
		if s.next(from) != next || s.gap(from) != gap || s.has(from) != (from < 256 && naive[from]) {
			t.Fatalf("after put(%d, %d, %v): next(%d) = %d, gap %d; want %d, %d", i, j, member, from, s.next(from), s.gap(from), next, gap)
		}
	}
	if bitset(nil).next(3) != 0 || bitset(nil).has(0) {
		t.Error("empty set")
	}
}
