package payload

import (
	"encoding/json"
	"strings"
	"testing"
)

// jsonTexts are texts that are JSON, and nearly.
var jsonTexts = []string{
	``, ` `, `{}`, `[]`, ` { } `, `[ ]x`, `{"a":1}`, `{"a" : [ 1 , 2 ] , "b" : { } }`, `{"a":1,}`, `{,}`, `[,]`, `[1,]`, `[1 2]`,
	`{a:1}`, `{"a"}`, `{"a":}`, `{"a":1 "b":2}`, `{"a":1}}`, `[[]`, `[}`, `{]`, `{"a":1]`, `"`, `""`, `"a`, `"a"b`, `"\"`, `"\\"`, `"\"\/\b\f\n\r\t"`,
	`"\u12aF"`, `"\u12a"`, `"\u12ag"`, `"\x"`, `"\`, "\"a\nb\"", "\"12345678\x1f\"", "\"\x7f\xff\"", `"1234567\"89"`, `"12345678"`,
	`0`, `-0`, `-`, `00`, `01`, `1.`, `.1`, `1.0`, `1e`, `1e+`, `1E-09`, `1e5x`, `-1.5e+10`, `+1`, `1_0`, `0x1`, `1.e1`, `-a`,
	`true`, `false`, `null`, `tru`, `True`, `truex`, `nul`, `[true,false,null]`, `NaN`, "\u00a01", "\ufeff{}", `{"a":"\ud800"}`, "[1\v]", "[1,\r\n\t2]",
}

func TestValidJSON(t *testing.T) {
	for _, text := range jsonTexts {
		if got, want := validJSON([]byte(text)), json.Valid([]byte(text)); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestValidJSONDepth(t *testing.T) {
	for _, brackets := range [][2]string{{"[", "]"}, {`{"a":`, "}"}} {
		for n, want := range map[int]bool{1: true, maxDepth: true, maxDepth + 1: false, 1_000_000: false} {
			text := strings.Repeat(brackets[0], n) + "1" + strings.Repeat(brackets[1], n)
			if got := validJSON([]byte(text)); got != want {
				t.Errorf("%d times %s: %v", n, brackets[0], got)
			}
			if validJSON([]byte(text[:len(text)-1])) {
				t.Errorf("%d times %s: valid without its end", n, brackets[0])
			}
		}
	}
}

// Of what is not too deep the same is valid as for encoding/json.
func FuzzValidJSON(f *testing.F) {
	for _, text := range jsonTexts {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, want := validJSON(b), json.Valid(b); got != want && depth(b) <= maxDepth {
			t.Errorf("%q: %v, want %v", b, got, want)
		}
	})
}

// depth is the deepest nesting of brackets outside strings.
func depth(b []byte) int {
	deepest, now := 0, 0
	inString := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

func BenchmarkValidJSON(b *testing.B) {
	text := []byte(strings.Repeat(`{"op":"tick","price":1234.5,"name":"a longer string without escapes","tags":["a","b"]},`, 50))
	text = append(append([]byte("["), text[:len(text)-1]...), ']')
	for name, valid := range map[string]func([]byte) bool{"own": validJSON, "encoding/json": json.Valid} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if !valid(text) {
					b.Fatal("not valid")
				}
			}
		})
	}
}
