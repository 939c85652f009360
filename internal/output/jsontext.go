package output

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/simd"
)

// appendCompact appends a JSON text without the blanks between its tokens. What could
// steer a terminal is escaped, as in our own strings.
func appendCompact(b []byte, text dissect.JSON) []byte {
	if simd.Compact(text) { // most are
		return append(b, text...)
	}
	start := 0 // of what is appended as it is
	for i := 0; i < len(text); {
		switch text[i] {
		case ' ', '\t', '\n', '\r':
			b = append(b, text[start:i]...)
			i++
			start = i
		case '"':
			n, clean := stringLen(text[i:])
			if i += n; !clean {
				b = append(b, text[start:i-n]...)
				b = appendJSONString(b, text[i-n:i])
				start = i
			}
		default:
			i++
		}
	}
	return append(b, text[start:]...)
}

// stringLen is the length of the string that a JSON text begins with. clean tells that it
// is printable ASCII.
func stringLen(b []byte) (n int, clean bool) {
	clean = true
	for i := 1; i < len(b); i++ {
		for len(b)-i > simd.Word {
			marks := simd.Marks(binary.LittleEndian.Uint64(b[i:]))
			i += bits.TrailingZeros64(marks) / 8
			if marks != 0 {
				break
			}
		}
		c := b[i]
		if c == '"' {
			return i + 1, clean
		}
		if c == '\\' && i+1 < len(b) {
			i++
			c = b[i]
		}
		clean = clean && c >= ' ' && c <= '~'
	}
	return len(b), clean
}

// appendIndented appends a JSON text with a line for each element, below a line that is
// indented by depth.
func appendIndented(b []byte, text dissect.JSON, depth int) []byte {
	last := byte(0) // the first byte of the token before
	for i := 0; i < len(text); {
		c := text[i]
		switch c {
		case ' ', '\t', '\n', '\r':
			i++
			continue
		}
		before := last
		last = c
		closes := c == '}' || c == ']'
		if closes {
			depth--
		}
		empty := closes && (before == '{' || before == '[')
		switch {
		case c == ',' || c == ':' || empty:
		case closes || before == '{' || before == '[' || before == ',':
			b = appendIndent(append(b, '\n'), depth)
		case before == ':':
			b = append(b, ' ')
		}
		if c == '{' || c == '[' {
			depth++
		}
		n := tokenLen(text[i:])
		if c == '"' {
			b = appendJSONString(b, text[i:i+n])
		} else {
			b = append(b, text[i:i+n]...)
		}
		i += n
	}
	return b
}

// tokenLen is the length of the JSON token that b begins with.
func tokenLen(b []byte) int {
	switch b[0] {
	case '{', '}', '[', ']', ',', ':':
		return 1
	case '"':
		n, _ := stringLen(b)
		return n
	}
	for i, c := range b {
		switch c {
		case '{', '}', '[', ']', ',', ':', '"', ' ', '\t', '\n', '\r':
			return i
		}
	}
	return len(b)
}

// appendJSONString appends a string of a JSON text, quotes and escapes included.
func appendJSONString(b, s []byte) []byte {
	for len(s) > 0 {
		r, n := utf8.DecodeRune(s)
		if r < ' ' || r > '~' && steers(r) {
			b = appendJSONRune(b, r)
		} else {
			b = append(b, s[:n]...)
		}
		s = s[n:]
	}
	return b
}
