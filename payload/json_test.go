package payload_test

import (
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

func TestValue(t *testing.T) {
	for _, c := range []struct{ json, value, word string }{
		{``, `null`, ``},
		{`null`, `null`, `null`},
		{`true`, `true`, `true`},
		{`false`, `false`, `false`},
		{`-7`, `-7`, `-7`},
		{`1.50`, `1.50`, `1.50`},
		{`18446744073709551616`, `18446744073709551616`, `18446744073709551616`},
		{`"a\u00fc\"\n"`, `"aü\"\n"`, "aü\"\n"},
		{`"\ud800"`, `"�"`, "�"},
		{`{"a":1}`, `{"a":1}`, `{"a":1}`},
	} {
		if got := payload.Diagnostic(payload.Value(dissect.JSON(c.json))); got != c.value {
			t.Errorf("the value of %s is %s, want %s", c.json, got, c.value)
		}
		if got := payload.Word(dissect.JSON(c.json)); got != c.word {
			t.Errorf("the word for %s is %q, want %q", c.json, got, c.word)
		}
	}
}

func TestNotJSON(t *testing.T) {
	for in, want := range map[string]bool{
		`{"a":1}`: false, ` [1]`: false, `text`: false, ``: false,
		`{"a":1`: true, "[\xFF]": true, strings.Repeat("[", 300) + strings.Repeat("]", 300): true,
	} {
		if got := payload.NotJSON([]byte(in)) != nil; got != want {
			t.Errorf("%.20q: %v, want %v", in, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	if got := payload.Line("", "a", payload.Of(""), payload.Of("b"), ""); got != "a of b" {
		t.Errorf("%q", got)
	}
	if got := payload.Line(strings.Repeat("é", 900), "b"); len(got) > 1100 || !strings.HasSuffix(got, "é…") {
		t.Errorf("%d bytes, %q", len(got), got[len(got)-8:])
	}
}

// The names of an envelope are found before and behind what is inside, of any size.
func TestMentions(t *testing.T) {
	inside := strings.Repeat("x", 100_000)
	for _, c := range []struct {
		name, message string
		want          bool
	}{
		{"short", `{"jsonrpc":"2.0"}`, true},
		{"not there", `{"json":"2.0"}`, false},
		{"before", `{"jsonrpc":"2.0","params":"` + inside + `"}`, true},
		{"behind", `{"params":"` + inside + `","jsonrpc":"2.0"}`, true},
		{"in the middle", `{"params":["` + inside + `","jsonrpc","` + inside + `"]}`, false},
		{"nothing", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := payload.Mentions([]byte(c.message), `"jsonrpc"`); got != c.want {
				t.Errorf("%v", got)
			}
		})
	}
}
