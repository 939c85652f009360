//go:build !amd64

package simd

func appendQuoted(dst, src []byte) ([]byte, int) { return quotePlain(dst, src) }
