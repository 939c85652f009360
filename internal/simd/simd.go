// Package simd has the loops over bytes that vector instructions make several times
// faster, each beside the same in plain Go, which is what other processors run and what the
// tests hold it against.
package simd

import (
	"encoding/binary"
	"slices"
)

// step is how much of a text is quoted at once. It bounds the room that is reserved for
// escapes which may not come.
const step = 4 << 10

// AppendQuoted appends the printable ASCII that src begins with as it stands in a string
// of JSON (RFC 8259, 7): with a backslash before each quote and each backslash. It returns
// how many bytes of src these were; the one behind them, if any, is a control character or
// no ASCII.
func AppendQuoted(dst, src []byte) ([]byte, int) {
	n := 0
	for n < len(src) {
		end := min(n+step, len(src))
		var k int
		dst, k = appendQuoted(dst, src[n:end])
		if n += k; n < end {
			break
		}
	}
	return dst, n
}

// quotePlain is appendQuoted for any processor.
func quotePlain(dst, src []byte) ([]byte, int) {
	dst = slices.Grow(dst, len(src))
	for i := 0; i < len(src); {
		if len(src)-i >= Word {
			if w := binary.LittleEndian.Uint64(src[i:]); Marks(w) == 0 {
				dst = binary.LittleEndian.AppendUint64(dst, w)
				i += Word
				continue
			}
		}
		for end := min(i+2*Word, len(src)); i < end; i++ { // what needs escapes comes in clusters
			c := src[i]
			if c < ' ' || c >= 0x7f {
				return dst, i
			}
			if c == '"' || c == '\\' {
				dst = append(dst, '\\')
			}
			dst = append(dst, c)
		}
	}
	return dst, len(src)
}

// Word is how many bytes Marks looks at together.
const Word = 8

// Marks tells which of eight bytes, as binary.LittleEndian has them, need a look: all but
// printable ASCII, and quote and backslash. It is 0 if none does; else its lowest bit is
// inside the first of them, and those above mean nothing, because of borrows.
func Marks(w uint64) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	quote, backslash, del := w^ones*'"', w^ones*'\\', w^ones*0x7f
	zero := (quote-ones)&^quote | (backslash-ones)&^backslash | (del-ones)&^del
	return (zero | (w - ones*' ') | w) & tops
}
