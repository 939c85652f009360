package output

import (
	"encoding/base64"
	"slices"

	vectors "github.com/segmentio/asm/base64"
)

// longBase64 is where vectors begin to pay. Setting them up takes 100 ns on some
// processors, as the library mixes instructions of SSE with those of AVX.
const longBase64 = 256

// appendBase64 appends p in base64 (RFC 4648, 4).
func appendBase64(b, p []byte) []byte {
	if len(p) < longBase64 {
		return base64.StdEncoding.AppendEncode(b, p)
	}
	n := vectors.StdEncoding.EncodedLen(len(p))
	b = slices.Grow(b, n)
	vectors.StdEncoding.Encode(b[len(b):len(b)+n], p)
	return b[:len(b)+n]
}
