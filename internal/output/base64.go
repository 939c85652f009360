package output

import (
	"slices"

	"github.com/segmentio/asm/base64"
)

// appendBase64 appends p in base64 (RFC 4648, 4).
func appendBase64(b, p []byte) []byte {
	n := base64.StdEncoding.EncodedLen(len(p))
	b = slices.Grow(b, n)
	base64.StdEncoding.Encode(b[len(b):len(b)+n], p)
	return b[:len(b)+n]
}
