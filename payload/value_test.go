package payload_test

import (
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

func TestDiagnostic(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{payload.Map([]any{"a", int64(1)}, []any{true, nil}), `{"a": true, "1": null}`},
		{payload.Map([]any{"1", int64(1)}, []any{1.5, uint64(2)}), `[["1", 1.5], [1, 2]]`},
		{payload.Map([]any{[]byte{1}}, []any{"x\n\"y"}), `[[h'01', "x\n\"y"]]`},
		{payload.Data([]byte(` {"a":1} `)), `{"a":1}`},
		{payload.Data([]byte(`{"a":1`)), `"{\"a\":1"`},
		{payload.Data([]byte("a\x00")), `h'6100'`},
		{payload.Text([]byte{0xFF}), `h'ff'`},
		{[]any{}, `[]`},
		{strings.Repeat("é", 600), `"` + strings.Repeat("é", 511) + "…"},
	} {
		if got := payload.Diagnostic(c.value); !strings.HasPrefix(got, c.want) {
			t.Errorf("%#v is shown as %s, want %s", c.value, got, c.want)
		}
	}
}

func TestStream(t *testing.T) {
	var s payload.Stream
	whole := ""
	for _, part := range []string{"ab", "", "cd", "e"} {
		whole += part
		got := s.Join([]byte(part))
		if string(got) != whole {
			t.Fatalf("held %q, want %q", got, whole)
		}
		if !s.Hold(got, 0) {
			t.Fatal("a little is too much")
		}
	}
	s.Hold(s.Join(nil)[3:], 0)
	if got := s.Join([]byte("f")); string(got) != "def" {
		t.Errorf("after three bytes were used: %q", got)
	}
	if s.Hold(make([]byte, 1<<20+1), 2<<20) || s.Held() != 0 {
		t.Error("held more than the limit")
	}
	if got := s.Join(make([]byte, 1<<20)); len(got) != 1 {
		t.Errorf("%d bytes behind what is passed over, want 1", len(got))
	}
}

func TestUnits(t *testing.T) {
	var u payload.Units
	u.Beat(nil, "beat")
	if d := u.Decoded("packets", 0, nil); !d.Heartbeat || d.Brief != "beat" {
		t.Errorf("a heartbeat alone: %+v", d)
	}
	u.Add(dissect.Object{{Name: "type", Value: "X"}}, "X")
	d := u.Decoded("packets", 3, nil)
	if got := payload.Diagnostic(d.Fields); d.Heartbeat || d.Brief != "beat; X; (3 bytes, more to come)" || got != `{"packets": [{"type": "X"}], "held": 3}` {
		t.Errorf("%+v %s", d, got)
	}
	for range 5000 {
		u.Add(dissect.Object{}, "y")
	}
	if u.Add(dissect.Object{}, "y") {
		t.Error("there is no limit")
	}
}
