package amqp_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/amqp"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var session = payload.Session{Path: "/", Subprotocol: "amqp"}

func load(t testing.TB) (payload.Session, []talk.Message) {
	s, list, err := talk.Load("testdata/amqp.talk")
	if err != nil {
		t.Fatal(err)
	}
	return s, list
}

func TestGolden(t *testing.T) {
	s, list := load(t)
	wstest.Golden(t, "testdata/amqp.txt", talk.Explain(amqp.Protocol(), s, list...))
}

// in is a frame of channel 0 with this body.
func in(body string) string {
	n := 8 + len(body)
	return string([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n), 2, 0, 0, 0}) + body
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name  string
		parts []string
		want  string
	}{
		{"header in two messages", []string{"AMQP\x00", "\x01\x00\x00"}, `"(5 bytes, more to come)", "AMQP 1.0.0"`},
		{"two frames in a message", []string{in("\x00\x53\x18\x45") + in("")}, `"close; empty frame"`},
		{"extended header", []string{"\x00\x00\x00\x10\x03\x00\x00\x00abcd\x00\x53\x18\x45"}, `"close"`},
		{"size below the header", []string{"\x00\x00\x00\x04\x02\x00\x00\x00"}, `"" error: AMQP: a frame with sizes that cannot be`},
		{"offset beyond the frame", []string{"\x00\x00\x00\x08\x03\x00\x00\x00"}, `"" error: AMQP: a frame with sizes that cannot be`},
		{"no performative", []string{in("\x41")}, `"" error: AMQP: a format code that is not known`},
		{"unknown performative", []string{in("\x00\x53\x7F\xC0\x02\x01\x41")}, `""`},
		{"unknown format code", []string{in("\x00\x53\x18\xC0\x03\x01\x59\x00")}, `"" error: AMQP: a format code that is not known`},
		{"cut value", []string{in("\x00\x53\x10\xC0\x20\x01")}, `"" error: AMQP: the frame ends inside a value`},
		{"list that claims 4 G", []string{in("\x00\x53\x10\xD0\x00\x00\x00\x08\xFF\xFF\xFF\xFF\x40\x40\x40\x40")}, `"" error: AMQP: too many values, or too deep`},
		{"array of nothing that claims much", []string{in("\x00\x53\x10\xF0\x00\x00\x00\x05\x00\xFF\xFF\xFF\x40")}, `"" error: AMQP: too many values, or too deep`},
		{"deep", []string{in("\x00\x53\x10" + deep(40))}, `"" error: AMQP: too many values, or too deep`},
		{"deep descriptors", []string{in(strings.Repeat("\x00", 100))}, `"" error: AMQP: too many values, or too deep`},
		{"part of a message", []string{in("\x00\x53\x14\xC0\x07\x06\x43\x43\x40\x43\x42\x41\x00\x53\x75\xA0\x09abc")}, `"transfer delivery 0 (8 bytes)"`},
		{"too large to be held", []string{"\x00\x20\x00\x00\x02\x00\x00\x00", strings.Repeat("x", 2<<20-8) + in("")}, `"" error: AMQP: a frame that goes on in later messages is too large to be held, "empty frame" heartbeat`},
	} {
		var messages []talk.Message
		for _, p := range c.parts {
			messages = append(messages, talk.Binary(c2s, p))
		}
		var lines []string
		for line := range strings.Lines(string(talk.Explain(amqp.Protocol(), session, messages...))) {
			if rest, ok := strings.CutPrefix(line, "c2s amqp by subprotocol: "); ok {
				lines = append(lines, strings.TrimSpace(rest))
			}
		}
		if got := strings.Join(lines, ", "); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func deep(n int) string {
	b := "\x45"
	for range n {
		b = "\xC0" + string([]byte{byte(len(b) + 1)}) + "\x01" + b
	}
	return b
}

// Each is the value of an amqp-value section, AMQP 1.0 part 1, 1.6.
func TestValues(t *testing.T) {
	for in16, want := range map[string]string{
		"40": "null", "41": "true", "42": "false", "5601": "true", "43": "0", "44": "0", "45": "[]",
		"50ff": "255", "51ff": "-1", "52ff": "255", "53ff": "255", "54ff": "-1", "55ff": "-1",
		"60ffff": "65535", "61ffff": "-1", "70ffffffff": "4294967295", "71ffffffff": "-1",
		"723fc00000": "1.5", "73000000fc": `"ü"`, "7422500001": `"22500001"`,
		"80ffffffffffffffff": "18446744073709551615", "81ffffffffffffffff": "-1", "823ff8000000000000": "1.5",
		"830000018bcfe56800": `"2023-11-14T22:13:20Z"`, "83ffffffffffffffff": `"1969-12-31T23:59:59.999Z"`, "837fffffffffffffff": "9223372036854775807",
		"98000102030405060708090a0b0c0d0e0f": `"000102030405060708090a0b0c0d0e0f"`,
		"a00201ff":                           "h'01ff'", "a102c3bc": `"ü"`, "a30161": `"a"`, "b10000000161": `"a"`,
		"c10502a1016b43": `{"k": 0}`, "c10402500140": `{"1": null}`,
		"e00602a301610162": `["a", "b"]`,
		"00530a41":         `{"type": 10, "value": true}`,
		"00532445":         `{"type": "accepted"}`,
		"e0060200532445":   "",
	} {
		b, err := hex.DecodeString(strings.ReplaceAll(in16, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		m := &dissect.Message{Opcode: frame.Binary, Payload: []byte(in("\x00\x53\x14\xC0\x03\x02\x43\x43\x00\x53\x77" + string(b)))}
		d := amqp.Protocol().New(&session).Decode(m)
		got := ""
		for _, f := range d.Fields[0].Value.([]any)[0].(dissect.Object) {
			if f.Name == "message" {
				got = payload.Diagnostic(f.Value.([]any)[0].(dissect.Object)[1].Value)
			}
		}
		if got != want {
			t.Errorf("%s is %s, want %s", in16, got, want)
		}
	}
}

func TestSplitInvariance(t *testing.T) {
	_, list := load(t)
	whole := talk.Units(amqp.Protocol().New(&session), 1<<20, list...)
	if strings.Contains(whole, "error:") {
		t.Fatal(whole)
	}
	for _, n := range []int{1, 3, 8, 13} {
		if got := talk.Units(amqp.Protocol().New(&session), n, list...); got != whole {
			t.Errorf("in messages of %d bytes:\n%s\nwhole:\n%s", n, got, whole)
		}
	}
}

func FuzzDecode(f *testing.F) {
	_, list := load(f)
	for _, m := range list {
		f.Add([]byte(m.Data), uint8(200))
		f.Add([]byte(m.Data), uint8(3))
	}
	f.Fuzz(func(t *testing.T, b []byte, cut uint8) {
		d := amqp.Protocol().New(&session)
		for len(b) > 0 {
			n := min(int(cut)+1, len(b))
			e := d.Decode(&dissect.Message{Meta: dissect.Meta{Dir: c2s}, Opcode: frame.Binary, Payload: b[:n]})
			if e == nil || e.Fields[0].Name != "frames" {
				t.Fatalf("%q gives %+v", b[:n], e)
			}
			b = b[n:]
		}
	})
}
