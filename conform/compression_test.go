package conform_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// deflate compresses a message by itself.
func deflate(s string) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.DefaultCompression)
	w.Write([]byte(s))
	w.Flush()
	return bytes.TrimSuffix(b.Bytes(), []byte("\x00\x00\xff\xff"))
}

// TestCompressionLevels holds that messages of many sizes, at all levels,
// with and without context takeover, whole and in fragments, come out clean.
func TestCompressionLevels(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 13))
	for _, takeover := range []string{"", "; client_no_context_takeover; server_no_context_takeover"} {
		for level := -2; level <= 9; level++ {
			t.Run(fmt.Sprintf("level %d%s", level, takeover), func(t *testing.T) {
				p := newPlay("permessage-deflate" + takeover)
				var b bytes.Buffer
				w, err := flate.NewWriter(&b, level)
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range []int{0, 16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131072} {
					if b.Reset(); takeover != "" {
						w.Reset(&b)
					}
					w.Write(words(r, n))
					w.Flush()
					payload := bytes.TrimSuffix(b.Bytes(), []byte("\x00\x00\xff\xff"))
					fs := wstest.Fragments(frame.Text, bytes.Clone(payload), 1+r.IntN(len(payload)))
					fs[0] = fs[0].RSV(frame.RSV1)
					p.c(fs...)
					p.ServerAck()
				}
				res := expect(t, p.bye().Packets)
				if m := res.closed[0].Client.Messages; m != 11 {
					t.Errorf("%d messages", m)
				}
			})
		}
	}
}

// words is text of n bytes with repetitions.
func words(r *rand.Rand, n int) []byte {
	var b []byte
	for len(b) < n {
		b = binary.AppendUvarint(b, uint64(r.IntN(100)))
		b = append(b, " lorem ipsum dolor sit amet "[:r.IntN(28)]...)
	}
	return b[:n]
}
