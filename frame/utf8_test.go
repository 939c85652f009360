package frame

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// naiveUTF8 is where text stops to be UTF-8, -1 if nowhere, and whether what is wrong
// there is no more than that the text ends.
func naiveUTF8(text []byte) (bad int64, cut bool) {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return int64(i), !utf8.FullRune(text[i:])
		}
		i += n
	}
	return -1, false
}

func judge(t *testing.T, text []byte, size func() int) {
	t.Helper()
	want, cut := naiveUTF8(text)
	var u UTF8
	bad, ok := int64(0), true
	for rest := text; len(rest) > 0; {
		n := min(size(), len(rest))
		bad, ok = u.Write(rest[:n])
		rest = rest[n:]
	}
	if wantOK := want < 0 || cut; ok != wantOK || !ok && bad != want || ok && bad != 0 {
		t.Errorf("%q: bad at %d, ok %v; want %d, cut %v", text, bad, ok, want, cut)
	}
	if u.Close() != (want < 0) {
		t.Errorf("%q: Close = %v", text, u.Close())
	}
}

var utf8Texts = []string{
	"", "a", "hello, world, and a little more", "κόσμε", "€", "𐍈",
	"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x80", "\xc2\x7f", "\xc2\xc0",
	"\xe0\x80\x80", "\xe0\x9f\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
	"\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
	"\xfe", "\xff", "abc\xe2\x82", "abc\xe2\x82(", "12345678\xe2\x82\xac12345678\xf0\x9f\x98\x80", "1234567\xff", "\xf0\x9f\x98",
}

func TestUTF8(t *testing.T) {
	for _, text := range utf8Texts {
		for _, size := range []int{1, 2, 3, 100} {
			t.Run(fmt.Sprintf("%q by %d", text, size), func(t *testing.T) {
				judge(t, []byte(text), fixed(size))
			})
		}
	}
}

// Every sequence of two bytes, and every lead with the borders of what may follow.
func TestUTF8Sequences(t *testing.T) {
	second := []byte{0, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF}
	for a := range 256 {
		for b := range 256 {
			judge(t, []byte{byte(a), byte(b)}, fixed(1))
			judge(t, []byte{byte(a), byte(b), 0x80}, fixed(2))
		}
		for _, b := range second {
			for _, c := range second {
				judge(t, []byte{'x', byte(a), b, c, 0x80}, fixed(1))
				judge(t, []byte{byte(a), b, 0x80, c}, fixed(4))
			}
		}
	}
}

func TestUTF8StaysBad(t *testing.T) {
	var u UTF8
	u.Write([]byte("ab\xff"))
	if bad, ok := u.Write([]byte("fine")); ok || bad != 2 || u.Close() {
		t.Errorf("bad at %d, ok %v", bad, ok)
	}
	u.Reset()
	if _, ok := u.Write([]byte("fine")); !ok || !u.Close() {
		t.Error("bad after Reset")
	}
}

func FuzzUTF8(f *testing.F) {
	for i, text := range utf8Texts {
		f.Add([]byte(text), uint64(i))
	}
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 0))
		judge(t, text, func() int { return 1 + random.IntN(12) })
		judge(t, text, fixed(len(text)+1))
	})
}

func BenchmarkUTF8(b *testing.B) {
	for name, text := range map[string]string{
		"ascii":    strings.Repeat("hello, world; ", 100),
		"cyrillic": strings.Repeat("привет, мир; ", 100),
		"chinese":  strings.Repeat("你好世界", 100),
	} {
		b.Run(name, func(b *testing.B) {
			p := []byte(text)
			b.SetBytes(int64(len(p)))
			for b.Loop() {
				var u UTF8
				if _, ok := u.Write(p); !ok {
					b.Fatal("bad")
				}
			}
		})
	}
}
