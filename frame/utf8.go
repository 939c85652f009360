package frame

import "unicode/utf8"

// UTF8 judges a text that comes in pieces: whether it is UTF-8 as RFC 3629 has it, without
// overlong forms, surrogates, or anything above U+10FFFF. A piece may end inside a
// character. The zero value is ready for a text.
type UTF8 struct {
	n      int64 // bytes of valid text, a character that is not complete left out
	have   uint8 // bytes of the character that is not complete
	need   uint8 // bytes that it still needs
	lo, hi uint8 // range of its next byte
	failed bool
}

// Write judges the next piece. It gives the offset of the first bad byte, counted from the
// begin of the text: where the first character begins that is not UTF-8, which may lie in
// an earlier piece. Once bad, a text stays so. The offset is 0 while ok.
func (u *UTF8) Write(p []byte) (bad int64, ok bool) {
	if u.failed {
		return u.n, false
	}
	i := 0
	for u.need > 0 && i < len(p) {
		if !u.step(p[i]) {
			return u.n, false
		}
		i++
	}
	if n := whole(p[i:]); utf8.Valid(p[i : i+n]) {
		u.n += int64(n)
		i += n
	}
	for ; i < len(p); i++ {
		if !u.step(p[i]) {
			return u.n, false
		}
	}
	return 0, true
}

// whole is the length of p without a character at its end that is not complete.
func whole(p []byte) int {
	for i := len(p) - 1; i >= max(0, len(p)-utf8.UTFMax+1); i-- {
		if utf8.RuneStart(p[i]) {
			if utf8.FullRune(p[i:]) {
				break
			}
			return i
		}
	}
	return len(p)
}

// step judges one byte.
func (u *UTF8) step(c byte) bool {
	if u.need == 0 {
		u.failed = !u.lead(c)
		return !u.failed
	}
	if c < u.lo || c > u.hi {
		u.failed = true
		return false
	}
	u.lo, u.hi = 0x80, 0xBF
	u.have++
	if u.need--; u.need == 0 {
		u.n += int64(u.have)
	}
	return true
}

// Close ends the text. It reports whether all of it was UTF-8: false as well when it was
// cut off inside a character.
func (u *UTF8) Close() bool { return !u.failed && u.need == 0 }

// Reset makes u ready for another text.
func (u *UTF8) Reset() { *u = UTF8{} }

// lead begins a character: the table of RFC 3629 4.
func (u *UTF8) lead(c byte) bool {
	u.have, u.lo, u.hi = 1, 0x80, 0xBF
	switch {
	case c < 0x80:
		u.n++
		return true
	case c >= 0xC2 && c <= 0xDF:
		u.need = 1
		return true
	case c >= 0xE0 && c <= 0xEF:
		u.need = 2
	case c >= 0xF0 && c <= 0xF4:
		u.need = 3
	default:
		return false
	}
	switch c {
	case 0xE0:
		u.lo = 0xA0
	case 0xED:
		u.hi = 0x9F
	case 0xF0:
		u.lo = 0x90
	case 0xF4:
		u.hi = 0x8F
	}
	return true
}
