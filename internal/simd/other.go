//go:build !amd64

package simd

func appendQuoted(dst, src []byte) ([]byte, int) { return quotePlain(dst, src) }

func compactBlocks([]byte) (n int, inside bool) { return 0, false }
