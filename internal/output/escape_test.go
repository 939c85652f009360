package output

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// The expected strings are what tshark 4.0.17 prints, but where noted.
func TestEscaped(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"plain", "Hello, world", "Hello, world"},
		{"C0 with a name", "\a\b\t\n\v\f\r", `\a\b\t\n\v\f\r`},
		{"C0 without", "\x00\x01\x0e\x1b\x1f", `\000\001\016\033\037`},
		{"DEL", "a\x7fb", `a\177b`},
		{"C1", "\u0080\u009b", `\u0080\u009B`},
		{"quote and backslash stay", `\"`, `\"`},
		{"letters of other scripts", "éß漢字кир", "éß漢字кир"},
		{"emoji", "😀", "😀"},
		{"bidi override", "a\u202eb", `a\u202Eb`},
		{"bidi isolate", "\u2066\u2069", `\u2066\u2069`},
		{"zero width", "\u200b\ufeff\u200d", `\u200B\uFEFF\u200D`},
		{"tag character", "\U000e0041", `\U000E0041`},
		{"not a character", "\uffff", `\uFFFF`},
		{"replacement character", "\ufffd", "\ufffd"},
		{"private use", "\ue000", "\ue000"},
		{"separators, unlike tshark", "\u2028\u2029", `\u2028\u2029`},
		{"not UTF-8, unlike tshark", "a\xffb\xc3", `a\xffb\xc3`},
		{"surrogate", "\xed\xa0\x80", `\xed\xa0\x80`},
		{"overlong", "\xc0\x9b", `\xc0\x9b`},
		{"beyond Unicode", "\xf4\x90\x80\x80", `\xf4\x90\x80\x80`},
		{"escape sequence", "\x1b]0;title\a\x1b[2J", `\033]0;title\a\033[2J`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(appendEscaped(nil, c.in)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if got := string(appendEscaped([]byte("> "), []byte(c.in))); got != "> "+c.want {
				t.Errorf("of bytes: got %s, want > %s", got, c.want)
			}
		})
	}
}

func TestJSONStrings(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Hello, world", "Hello, world"},
		{"quote and backslash", `a"b\c`, `a\"b\\c`},
		{"slash stays", "a/b", "a/b"},
		{"with a name", "\n\r\t", `\n\r\t`},
		{"C0", "\x00\b\f\x1b\x1f", `\u0000\u0008\u000c\u001b\u001f`},
		{"DEL and C1", "\x7f\u0080\u009b\u009f\u00a0", "\\u007f\\u0080\\u009b\\u009f\u00a0"},
		{"separators", "\u2028\u2029", `\u2028\u2029`},
		{"bidi", "\u061c\u200e\u200f\u202a\u202e\u2066\u2069", `\u061c\u200e\u200f\u202a\u202e\u2066\u2069`},
		{"beside them", "\u200d\u2027\u202f\u2065\u206a", "\u200d\u2027\u202f\u2065\u206a"},
		{"other scripts", "é漢😀\ufffd", "é漢😀\ufffd"},
		{"not UTF-8", "a\xff\xed\xa0\x80", `a\\xff\\xed\\xa0\\x80`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(appendJSON(nil, []byte(c.in))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			// At each place in the words that are looked at whole.
			for before := range 17 {
				pad := strings.Repeat("x", before)
				if got := string(appendJSON(nil, []byte(pad+c.in+pad))); got != pad+c.want+pad {
					t.Errorf("behind %d: got %s", before, got)
				}
			}
		})
	}
}

func TestJSONLatin1IsUndoable(t *testing.T) {
	var all []byte
	for c := range 256 {
		all = append(all, byte(c))
	}
	var text string
	if err := json.Unmarshal([]byte(`"`+string(appendJSONLatin1(nil, all))+`"`), &text); err != nil {
		t.Fatal(err)
	}
	var back []byte
	for _, r := range text {
		back = append(back, byte(r))
	}
	if string(back) != string(all) {
		t.Errorf("got %q", back)
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		want  int
	}{
		{"abc", 5, 3}, {"abc", 3, 3}, {"abc", 2, 2}, {"abc", 0, 0},
		{"aé", 2, 1}, {"é", 1, 1}, {"a😀", 4, 1}, {"a😀", 5, 5}, {"ab😀c", 5, 2},
		{"\x80\x80\x80\x80\x80\x80", 5, 5},
	} {
		if got := cut(c.in, c.limit); got != c.want {
			t.Errorf("cut(%q, %d) = %d, want %d", c.in, c.limit, got, c.want)
		}
	}
}

// harmless reports why a terminal may not be given s; empty if it may.
func harmless(s string) string {
	if !utf8.ValidString(s) {
		return "not UTF-8"
	}
	for _, r := range s {
		switch {
		case r == '\n':
		case unicode.IsControl(r):
			return "a control character"
		case r == '\u2028', r == '\u2029':
			return "a separator"
		case unicode.Is(unicode.Bidi_Control, r):
			return "a control of bidirectional text"
		}
	}
	return ""
}

func TestHarmlessKnowsHarm(t *testing.T) {
	for _, s := range []string{"\x1b", "\x7f", "\u0085", "\u009b", "\r", "\u2028", "\u202e", "\u2066", "\xff"} {
		if harmless(s) == "" {
			t.Errorf("%q passes", s)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, seed := range []string{"", "Hello", "\x1b[31m\xff", "é漢😀", "\u202e\u2028\u0085", "\"\\\n\x7f", "\xed\xa0\x80\xc0\x9b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		escaped := string(appendEscaped(nil, s))
		if reason := harmless(escaped); reason != "" || strings.Contains(escaped, "\n") {
			t.Errorf("%q has %s", escaped, reason)
		}
		if again := string(appendEscaped(nil, escaped)); again != escaped {
			t.Errorf("%q is escaped again, to %q", escaped, again)
		}
		// In pieces, as large payloads are.
		var pieces []byte
		for rest := s; len(rest) > 0; {
			n := cut(rest, 5)
			pieces = appendEscaped(pieces, rest[:n])
			rest = rest[n:]
		}
		if utf8.ValidString(s) && string(pieces) != escaped {
			t.Errorf("in pieces %q, whole %q", pieces, escaped)
		}

		quoted := `"` + string(appendJSON(nil, []byte(s))) + `"`
		if reason := harmless(quoted); reason != "" {
			t.Errorf("%q has %s", quoted, reason)
		}
		var back string
		if err := json.Unmarshal([]byte(quoted), &back); err != nil {
			t.Fatalf("%v: %q", err, quoted)
		}
		if utf8.ValidString(s) && back != s {
			t.Errorf("%q comes back as %q", s, back)
		}
	})
}
