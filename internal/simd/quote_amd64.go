package simd

import (
	"slices"

	"golang.org/x/sys/cpu"
)

const (
	block = 32 // bytes of a vector

	// overrun is how far behind the block at hand quoteBlocks reads and writes.
	overrun = block
)

var vectors = cpu.X86.HasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasBMI2

// quoteBlocks quotes whole blocks of the n bytes at src, up to the first byte that is no
// printable ASCII. It reads up to overrun bytes behind them, and writes up to twice as much,
// and overrun bytes behind that.
//
//go:noescape
func quoteBlocks(dst, src *byte, n int) (written, read int)

// appendQuoted is AppendQuoted for a text of at most a step.
func appendQuoted(dst, src []byte) ([]byte, int) {
	if !vectors {
		return quotePlain(dst, src)
	}
	dst = slices.Grow(dst, 2*len(src)+4*block)
	n := 0
	if len(src) >= block+overrun {
		whole := (len(src) - overrun) &^ (block - 1)
		w, r := quoteBlocks(end(dst), &src[0], whole)
		dst, n = dst[:len(dst)+w], r
		if r < whole {
			return dst, n
		}
	}
	var rest [2*block + 2*overrun]byte // the zero behind it ends it
	k := copy(rest[:block+overrun], src[n:])
	w, r := quoteBlocks(end(dst), &rest[0], (k+block)&^(block-1))
	return dst[:len(dst)+w], n + r
}

// end is the place behind a slice that has room there.
func end(b []byte) *byte { return &b[:len(b)+1][len(b)] }
