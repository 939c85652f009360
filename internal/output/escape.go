package output

import (
	"unicode"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/internal/simd"
)

// bytestring is what can be escaped.
type bytestring interface{ ~string | ~[]byte }

// decode is utf8.DecodeRune for both.
func decode[T bytestring](s T) (rune, int) {
	var first [utf8.UTFMax]byte
	return utf8.DecodeRune(first[:copy(first[:], s)])
}

// appendEscaped appends s so that it stays on its line and cannot steer a terminal. What
// is not printable is escaped as Wireshark does: \n and its kin, octal for other control
// characters, \u and \U for the rest of Unicode: C1, format characters (bidi overrides,
// zero width), line separators, what is not assigned. Bytes that are not UTF-8 are \xff.
// A backslash stays as it is, as in Wireshark: this form is to be read, not to be parsed.
func appendEscaped[T bytestring](b []byte, s T) []byte {
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < 0x7f {
			i++
			continue
		}
		r, n := rune(c), 1
		if c >= utf8.RuneSelf {
			r, n = decode(s[i:])
			if printable(r) && (r != utf8.RuneError || n > 1) {
				i += n
				continue
			}
		}
		b = append(b, s[start:i]...)
		switch {
		case c < utf8.RuneSelf:
			b = appendControl(b, c)
		case r == utf8.RuneError && n == 1:
			b = append(b, '\\', 'x', lowerHex[c>>4], lowerHex[c&15])
		default:
			b = appendRune(b, r)
		}
		i += n
		start = i
	}
	return append(b, s[start:]...)
}

const (
	lowerHex = "0123456789abcdef"
	upperHex = "0123456789ABCDEF"
)

// printable is for characters beyond ASCII. Like Wireshark it takes private use characters.
func printable(r rune) bool {
	return unicode.IsGraphic(r) || unicode.Is(unicode.Co, r)
}

func appendControl(b []byte, c byte) []byte {
	if c >= '\a' && c <= '\r' {
		return append(b, '\\', "abtnvfr"[c-'\a'])
	}
	return append(b, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
}

func appendRune(b []byte, r rune) []byte {
	digits := 4
	b = append(b, '\\', 'u')
	if r > 0xffff {
		digits = 8
		b[len(b)-1] = 'U'
	}
	for i := digits - 1; i >= 0; i-- {
		b = append(b, upperHex[r>>(4*i)&15])
	}
	return b
}

// appendJSON appends s, without the quotes, as a string of JSON. Where s is not UTF-8 its
// bytes become \xff, in a readable way and not in one that can be undone: what comes from
// the wire is checked before, and written in another way.
func appendJSON(b, s []byte) []byte {
	for i := 0; i < len(s); {
		if len(s)-i >= cluster {
			n := 0
			b, n = simd.AppendQuoted(b, s[i:])
			i += n
		}
		for end := min(i+cluster, len(s)); i < end; {
			c := s[i]
			if c >= ' ' && c < 0x7f {
				if c == '"' || c == '\\' {
					b = append(b, '\\')
				}
				b = append(b, c)
				i++
				continue
			}
			r, n := rune(c), 1
			if c >= utf8.RuneSelf {
				r, n = utf8.DecodeRune(s[i:])
			}
			switch {
			case r == utf8.RuneError && n == 1:
				b = append(b, '\\', '\\', 'x', lowerHex[c>>4], lowerHex[c&15])
			case c < utf8.RuneSelf || steers(r):
				b = appendJSONRune(b, r)
			default:
				b = append(b, s[i:i+n]...)
			}
			i += n
		}
	}
	return b
}

// cluster is how many bytes are taken one by one behind one that is no printable ASCII:
// more of these mostly follow.
const cluster = 16

// appendJSONLatin1 does the same for s in ISO-8859-1: a character for each byte.
func appendJSONLatin1[T bytestring](b []byte, s T) []byte {
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
			b = append(b, c)
			continue
		}
		b = appendJSONRune(b, rune(c))
	}
	return b
}

// appendJSONRune escapes a character of the Basic Multilingual Plane.
func appendJSONRune(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', lowerHex[r>>12&15], lowerHex[r>>8&15], lowerHex[r>>4&15], lowerHex[r&15])
}

// steers reports whether a character beyond ASCII can change what a terminal shows of
// others, or break a line: C1, the separators, and the controls of bidirectional text.
// All are in the Basic Multilingual Plane.
func steers(r rune) bool {
	switch {
	case r < 0xa0:
		return true
	case r < 0x2000:
		return r == 0x61c
	case r > 0x2069:
		return false
	}
	return r == 0x200e || r == 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066
}

// cut is the largest n up to limit at which s can be cut without splitting a character.
func cut[T bytestring](s T, limit int) int {
	if len(s) <= limit {
		return len(s)
	}
	for n := limit; n > limit-utf8.UTFMax && n > 0; n-- {
		if utf8.RuneStart(s[n]) {
			return n
		}
	}
	return limit
}
