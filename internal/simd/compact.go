package simd

// Compact reports whether a JSON text (RFC 8259), which is valid, can be copied as it is to
// where blanks are not wanted and terminals may read: no blank stands between its tokens, and
// it is printable ASCII without escapes.
func Compact(text []byte) bool {
	n, inside := compactBlocks(text)
	for _, c := range text[n:] {
		switch {
		case c < ' ' || c >= 0x7f || c == '\\' || c == ' ' && !inside:
			return false
		case c == '"':
			inside = !inside
		}
	}
	return true
}
