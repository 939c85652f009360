package http1

import (
	"strings"
	"testing"
)

// TestTokenChars takes each character for a token by itself (RFC 9110 5.6.2).
func TestTokenChars(t *testing.T) {
	const marks = "!#$%&'*+-.^_`|~"
	for c := range 256 {
		b := byte(c)
		letter := 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
		digit := '0' <= b && b <= '9'
		want := letter || digit || strings.IndexByte(marks, b) >= 0
		if got := isToken(string([]byte{b})); got != want {
			t.Errorf("%q: %t", b, got)
		}
	}
}
