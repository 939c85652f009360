package payload

import (
	"encoding/binary"
	"math/bits"
)

// validJSON reports whether b is one JSON text (RFC 8259) that is nested no deeper than
// maxDepth. Whether its strings are UTF-8 is not looked at. Messages are mostly JSON: this is
// json.Valid, and a look at the depth, in a third of the time.
func validJSON(b []byte) bool {
	i, ok := jsonValue(b, jsonSpace(b, 0), maxDepth)
	return ok && jsonSpace(b, i) == len(b)
}

// jsonValue passes over the value at i, in which depth brackets may stand inside each
// other, and returns where it ends.
func jsonValue(b []byte, i, depth int) (end int, ok bool) {
	if i >= len(b) {
		return i, false
	}
	switch c := b[i]; c {
	case '"':
		return jsonString(b, i+1)
	case '{', '[':
		return jsonElements(b, i, depth)
	case 't':
		return jsonLiteral(b, i, "true")
	case 'f':
		return jsonLiteral(b, i, "false")
	case 'n':
		return jsonLiteral(b, i, "null")
	default:
		return jsonNumber(b, i)
	}
}

// jsonElements passes over the object or the array at i.
func jsonElements(b []byte, i, depth int) (end int, ok bool) {
	object := b[i] == '{'
	closing := b[i] + 2 // '}' and ']' stand two behind in ASCII
	if depth == 0 {
		return i, false
	}
	if i = jsonSpace(b, i+1); i < len(b) && b[i] == closing {
		return i + 1, true
	}
	for {
		if object {
			if i >= len(b) || b[i] != '"' {
				return i, false
			}
			if i, ok = jsonString(b, i+1); !ok {
				return i, false
			}
			if i = jsonSpace(b, i); i >= len(b) || b[i] != ':' {
				return i, false
			}
			i = jsonSpace(b, i+1)
		}
		if i, ok = jsonValue(b, i, depth-1); !ok {
			return i, false
		}
		i = jsonSpace(b, i)
		switch {
		case i >= len(b):
			return i, false
		case b[i] == closing:
			return i + 1, true
		case b[i] != ',':
			return i, false
		}
		i = jsonSpace(b, i+1)
	}
}

// jsonString passes over what is left of a string, its last quote included.
func jsonString(b []byte, i int) (end int, ok bool) {
	for i < len(b) {
		if len(b)-i >= 8 {
			marks := marks(binary.LittleEndian.Uint64(b[i:]))
			i += bits.TrailingZeros64(marks) / 8
			if marks == 0 {
				continue
			}
		}
		switch c := b[i]; {
		case c == '"':
			return i + 1, true
		case c < ' ':
			return i, false
		case c != '\\':
			i++
		case i+1 == len(b):
			return i, false
		default:
			n := escapeLen(b[i+1:])
			if n == 0 {
				return i, false
			}
			i += 1 + n
		}
	}
	return i, false
}

// marks tells which of eight bytes are control characters, quotes or backslashes. It is 0 if
// none is; else its lowest bit is inside the first of them, and those above mean nothing,
// because of borrows.
func marks(w uint64) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	quote, backslash := w^ones*'"', w^ones*'\\'
	return ((quote-ones)&^quote | (backslash-ones)&^backslash | (w-ones*' ')&^w) & tops
}

// escapeLen is the length of the escape that b begins with, behind its backslash; 0 if it is
// none.
func escapeLen(b []byte) int {
	switch b[0] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 1
	case 'u':
		if len(b) >= 5 && isHex(b[1]) && isHex(b[2]) && isHex(b[3]) && isHex(b[4]) {
			return 5
		}
	}
	return 0
}

func isHex(c byte) bool {
	return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func jsonLiteral(b []byte, i int, literal string) (end int, ok bool) {
	end = i + len(literal)
	return end, end <= len(b) && string(b[i:end]) == literal
}

// jsonNumber passes over the number at i.
func jsonNumber(b []byte, i int) (end int, ok bool) {
	if i < len(b) && b[i] == '-' {
		i++
	}
	first := i
	if i = jsonDigits(b, i); i == first || b[first] == '0' && i > first+1 {
		return i, false
	}
	if i < len(b) && b[i] == '.' {
		first = i + 1
		if i = jsonDigits(b, first); i == first {
			return i, false
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		first = i
		if i = jsonDigits(b, first); i == first {
			return i, false
		}
	}
	return i, true
}

// jsonDigits is where the digits from i on end.
func jsonDigits(b []byte, i int) int {
	for i < len(b) && isDigit(b[i]) {
		i++
	}
	return i
}

// jsonSpace is where the blanks from i on end.
func jsonSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}
