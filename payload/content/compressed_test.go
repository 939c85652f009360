package content

import (
	"bytes"
	"compress/flate"
	"math/rand/v2"
	"strings"
	"testing"
)

// What deflate makes of JSON and XML, at any level, may be deflate; bytes by chance are not,
// mostly.
func TestBeginsDeflate(t *testing.T) {
	for _, text := range []string{
		`{"id":1,"name":"a name that is long enough"}`,
		`[` + strings.Repeat(`{"price":1.25,"size":100},`, 1000) + `{}]`,
		`<a><b c="d"/></a>`,
		strings.Repeat(`<row id="17">ein Text, der öfter vorkommt</row>`, 300),
	} {
		for _, level := range []int{flate.NoCompression, flate.HuffmanOnly, flate.BestSpeed, flate.DefaultCompression, flate.BestCompression} {
			var b bytes.Buffer
			w, err := flate.NewWriter(&b, level)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
			w.Close()
			if !beginsDeflate(b.Bytes()) {
				t.Errorf("level %d of %.20s: %x", level, text, b.Bytes()[:10])
			}
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	taken := 0
	for range 10000 {
		b := make([]byte, 12)
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		if beginsDeflate(b) {
			taken++
		}
	}
	if taken > 200 {
		t.Errorf("%d of 10000 random messages are read as deflate", taken)
	}
}
