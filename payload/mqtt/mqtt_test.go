package mqtt_test

import (
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/mqtt"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var session = payload.Session{Path: "/mqtt", Subprotocol: "mqtt"}

var names = []string{"3.1.1", "5"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(mqtt.Protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	big := "\x30\x80\x80\x80\x01" // PUBLISH of 2 MiB
	for _, c := range []struct {
		name  string
		parts []string
		want  string // lines, without the fields
	}{
		{"no packet", []string{"\x00\x00"}, `"" error: MQTT: packet type 0 is reserved`},
		{"length of five bytes", []string{"\xC0\x80\x80\x80\x80\x01"}, `"" error: MQTT: a remaining length of more than 4 bytes`},
		{"length in two messages", []string{"\x30\x84", "\x00\x00\x01aX"}, `"(2 bytes, more to come)", "PUBLISH a qos 0 X"`},
		{"field that is cut", []string{"\x30\x02\x00\x09"}, `"" error: MQTT: the packet ends inside a field`},
		{"behind an error", []string{"\x00", "\xC0\x00"}, `"" error: MQTT: packet type 0 is reserved, "PINGREQ" heartbeat`},
		{"heartbeat and more", []string{"\xC0\x00\x30\x03\x00\x01a"}, `"PINGREQ; PUBLISH a qos 0"`},
		{"too large to be held", []string{big + "\x00\x01a", strings.Repeat("x", 2<<20-3) + "\xC0\x00", "\xD0\x00"},
			`"" error: MQTT: a packet that goes on in later messages is too large to be held, "PINGREQ" heartbeat, "PINGRESP" heartbeat`},
		{"large in one message", []string{big + "\x00\x01a" + strings.Repeat("\x00", 2<<20-3)}, `"PUBLISH a qos 0 (2097149 bytes)"`},
		{"too many", []string{strings.Repeat("\xC0\x00", 5000)}, `error: too many in one message`},
		{"alias that was not captured", []string{"\x10\x0F\x00\x04MQTT\x05\x02\x00\x3C\x00\x00\x02ab", "\x30\x07\x00\x00\x03\x23\x00\x07x"}, `"CONNECT 5.0 ab", "PUBLISH (unknown topic) qos 0 x"`},
		{"unknown property", []string{"\x10\x11\x00\x04MQTT\x05\x02\x00\x3C\x02\x7F\x00\x00\x02ab"}, `"" error: MQTT: unknown property 0x7f`},
		{"property that comes twice", []string{"\x10\x15\x00\x04MQTT\x05\x02\x00\x3C\x06\x21\x00\x01\x21\x00\x01\x00\x02ab"}, `"" error: MQTT: property receive_maximum comes twice`},
	} {
		var messages []talk.Message
		for _, p := range c.parts {
			messages = append(messages, talk.Binary(c2s, p))
		}
		var lines []string
		for line := range strings.Lines(string(talk.Explain(mqtt.Protocol(), session, messages...))) {
			if rest, ok := strings.CutPrefix(line, "c2s mqtt by subprotocol: "); ok {
				lines = append(lines, strings.TrimSpace(rest))
			}
		}
		if got := strings.Join(lines, ", "); got != c.want && !(c.name == "too many" && strings.HasSuffix(got, c.want)) {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestContent(t *testing.T) {
	_, list := talk.Named(t, "5")
	connect := list[0].Data
	for in, want := range map[string]bool{connect: true, "\x10\x02ab": false, "": false, "\xC0\x00": false} {
		m := &dissect.Message{Opcode: frame.Binary, Payload: []byte(in)}
		if got := mqtt.Protocol().Content(m); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

// However the bytes are cut into messages, the packets are the same.
func TestSplitInvariance(t *testing.T) {
	for _, name := range names {
		_, list := talk.Named(t, name)
		whole := talk.Units(mqtt.Protocol().New(&session), 1<<20, list...)
		if strings.Contains(whole, "error:") {
			t.Fatal(whole)
		}
		for _, n := range []int{1, 2, 3, 7} {
			if got := talk.Units(mqtt.Protocol().New(&session), n, list...); got != whole {
				t.Errorf("in messages of %d bytes:\n%s\nwhole:\n%s", n, got, whole)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range names {
		_, list := talk.Named(f, name)
		var c, s strings.Builder
		for _, m := range list {
			if m.Dir == c2s {
				c.WriteString(m.Data)
			} else {
				s.WriteString(m.Data)
			}
		}
		f.Add([]byte(c.String()), []byte(s.String()), uint8(5))
	}
	f.Fuzz(func(t *testing.T, client, server []byte, cut uint8) {
		d := mqtt.Protocol().New(&session)
		for _, half := range []talk.Message{talk.Binary(c2s, string(client)), talk.Binary(s2c, string(server))} {
			for b := []byte(half.Data); len(b) > 0; {
				n := min(int(cut)+1, len(b))
				e := d.Decode(&dissect.Message{Meta: dissect.Meta{Dir: half.Dir}, Opcode: frame.Binary, Payload: b[:n]})
				if e == nil || e.Fields[0].Name != "packets" {
					t.Fatalf("%q gives %+v", b[:n], e)
				}
				b = b[n:]
			}
		}
	})
}
