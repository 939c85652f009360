package output

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"
)

func TestCompact(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"as it is", `{"a":[1,true,"b c"]}`, `{"a":[1,true,"b c"]}`},
		{"blanks", "\t{ \"a\" :\r\n[ 1 ,2 ] } ", `{"a":[1,2]}`},
		{"escapes stay", `"\u001b\"\\"`, `"\u001b\"\\"`},
		{"what steers", "[\"\u009b31m\", \"\x7f\u202e\"]", `["\u009b31m","\u007f\u202e"]`},
		{"behind a word", "\"12345678\u2028\"", `"12345678\u2028"`},
		{"other scripts", `{"é": "漢"}`, `{"é":"漢"}`},
		{"not JSON", "\"a\\\x1b\"", `"a\\u001b"`},
		{"no end", `"ab`, `"ab`},
	} {
		if got := string(appendCompact([]byte("> "), []byte(c.in))); got != "> "+c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// A text says the same when it was written again, and nothing to a terminal.
func FuzzJSONText(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e3,{}],"b":"\u00e9"}`, "[ \"\u009b\",\n\"\u2028 \\\"\" ]", `"12345678\\"`, `[[],{},null]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, b := range [][]byte{appendCompact(nil, text), appendIndented(nil, text, 0)} {
			if utf8.Valid(text) && harmless(string(text)) == "" && harmless(string(b)) != "" {
				t.Fatalf("%q became %q", text, b)
			}
		}
		if !json.Valid(text) || !utf8.Valid(text) {
			return
		}
		var was any
		if err := json.Unmarshal(text, &was); err != nil {
			t.Skip(err)
		}
		for _, b := range [][]byte{appendCompact(nil, text), appendIndented(nil, text, 0)} {
			var is any
			if err := json.Unmarshal(b, &is); err != nil || !reflect.DeepEqual(is, was) {
				t.Errorf("%q became %q: %v", text, b, err)
			}
			if reason := harmless(string(b)); reason != "" {
				t.Errorf("%q has %s", b, reason)
			}
		}
		var want bytes.Buffer
		if err := json.Compact(&want, text); err != nil {
			t.Fatal(err)
		}
		if got := appendCompact(nil, text); harmless(want.String()) == "" && string(got) != want.String() {
			t.Errorf("got %s, want %s", got, want.String())
		}
	})
}
