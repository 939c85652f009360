package mqtt_test

import (
	"encoding/hex"
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

// talked makes messages of lines "c2s 0102..." in hex.
func talked(lines string) (list []talk.Message) {
	for line := range strings.Lines(lines) {
		dir, data, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		b, err := hex.DecodeString(data)
		if err != nil {
			panic(err)
		}
		d := c2s
		if dir == "s2c" {
			d = s2c
		}
		list = append(list, talk.Binary(d, string(b)))
	}
	return list
}

// mqtt.js 5.16.0 with aedes 1.2.0, MQTT 3.1.1; a message for each packet, where mqtt.js
// sends one for each field.
const session311 = `
	c2s 103200044d51545404ce000100076c61622d3331310008636d642f676f6e65000d7b22676f6e65223a747275657d000175000170
	s2c 20020000
	c2s 82161978000973656e736f72732f23020005636d642f2b02
	s2c 900419780202
	c2s 3018000e73656e736f72732f312f74656d707b2274223a32317d
	c2s 321a000e73656e736f72732f312f74656d7019797b2274223a32327d
	s2c 40021979
	s2c 321a000e73656e736f72732f312f74656d709b927b2274223a32327d
	c2s 40029b92
	c2s 340c0005636d642f78197a0001ff
	s2c 5002197a
	c2s 6202197a
	s2c 7002197a
	c2s 33140006636d642fc3bc197b6c61737420776f726473
	s2c 4002197b
	c2s c000
	s2c d000
	c2s a209197e0005636d642f2b
	s2c b002197e
	c2s e000`

// mqtt.js 5.16.0 with mosquitto 2.0.11, MQTT 5: properties, a topic alias, reason codes,
// and two packets in a message.
const session5 = `
	c2s 103a00044d5154540506000112110000000a2100142200052600017800017900056c61622d350518000000020008636d642f676f6e650004676f6e65
	s2c 200900000622000a210014
	c2s 822481dd0d0b0726000377686f00036c6162000973656e736f72732f23020005636d642f2b02
	s2c 900581dd000202
	c2s 3251000e73656e736f72732f312f74656d7081de360300106170706c69636174696f6e2f6a736f6e020000003c2600016100013126000161000132080005636d642f7209000201022300017b2274223a32327d
	s2c 3250000e73656e736f72732f312f74656d700001350b070300106170706c69636174696f6e2f6a736f6e2600016100013126000161000132080005636d642f720900020102020000003c7b2274223a32327d400281de
	c2s 40020001
	c2s 300a00000323000132312e35
	c2s 340d0005636d642f7881df000001ff
	s2c 500281df
	c2s 620481df0000
	s2c 700281df
	c2s 3210000a6f746865722f6e6f6e6581e2007a
	s2c 400381e210
	c2s c000
	s2c d000
	c2s a20a81e3000005636d642f2b
	s2c b00481e30000
	c2s e00804061f0003627965`

var session = payload.Session{Path: "/mqtt", Subprotocol: "mqtt"}

func TestGolden(t *testing.T) {
	wstest.Golden(t, "testdata/3.1.1.txt", talk.Explain(mqtt.Protocol(), session, talked(session311)...))
	wstest.Golden(t, "testdata/5.txt", talk.Explain(mqtt.Protocol(), session, talked(session5)...))
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
	connect := talked(session5)[0].Data
	for in, want := range map[string]bool{connect: true, "\x10\x02ab": false, "": false, "\xC0\x00": false} {
		m := &dissect.Message{Opcode: frame.Binary, Payload: []byte(in)}
		if got := mqtt.Protocol().Content(m); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

// However the bytes are cut into messages, the packets are the same.
func TestSplitInvariance(t *testing.T) {
	for _, lines := range []string{session311, session5} {
		whole := talk.Units(mqtt.Protocol().New(&session), 1<<20, talked(lines)...)
		if strings.Contains(whole, "error:") {
			t.Fatal(whole)
		}
		for _, n := range []int{1, 2, 3, 7} {
			if got := talk.Units(mqtt.Protocol().New(&session), n, talked(lines)...); got != whole {
				t.Errorf("in messages of %d bytes:\n%s\nwhole:\n%s", n, got, whole)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, lines := range []string{session311, session5} {
		var c, s strings.Builder
		for _, m := range talked(lines) {
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
