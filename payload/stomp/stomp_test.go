package stomp_test

import (
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/stomp"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var session = payload.Session{Path: "/stomp", Subprotocol: "v12.stomp"}

var names = []string{"1.0", "1.2"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(stomp.Protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name, subprotocol string
		parts             []string
		want              string
	}{
		{"receipt that the broker passes on", "v12.stomp", []string{"SEND\ndestination:/a\nreceipt:r\n\n\x00", "<MESSAGE\ndestination:/a\nreceipt:r\n\n\x00", "<RECEIPT\nreceipt-id:r\n\n\x00"}, `stomp by subprotocol: "SEND /a" frames: [{"command": "SEND", "headers": {"destination": "/a", "receipt": "r"}}] | stomp by subprotocol: "MESSAGE /a" frames: [{"command": "MESSAGE", "headers": {"destination": "/a", "receipt": "r"}}] | stomp by subprotocol: "RECEIPT r of SEND /a" frames: [{"command": "RECEIPT", "headers": {"receipt-id": "r"}, "of": "SEND /a", "request_packet": 5, "seconds": 0.02}]`},
		{"frame in two messages", "v12.stomp", []string{"SEND\ndestination:/a\n", "\nbody\x00"}, `stomp by subprotocol: "(20 bytes, more to come)" frames: [] held: 20 | stomp by subprotocol: "SEND /a body" frames: [{"command": "SEND", "headers": {"destination": "/a"}, "body": "body"}]`},
		{"body in two messages", "v12.stomp", []string{"SEND\ncontent-length:3\n\na", "\x00", "c\x00"}, `stomp by subprotocol: "(24 bytes, more to come)" frames: [] held: 24 | stomp by subprotocol: "(25 bytes, more to come)" frames: [] held: 25 | stomp by subprotocol: "SEND (3 bytes)" frames: [{"command": "SEND", "headers": {"content-length": "3"}, "body": h'610063'}]`},
		{"two frames in a message", "v12.stomp", []string{"BEGIN\r\ntransaction:t\r\n\r\n\x00\n\nCOMMIT\ntransaction:t\n\n\x00\n"}, `stomp by subprotocol: "BEGIN t; COMMIT t" frames: [{"command": "BEGIN", "headers": {"transaction": "t"}}, {"command": "COMMIT", "headers": {"transaction": "t"}}]`},
		{"escapes of 1.2", "v12.stomp", []string{"SEND\na\\cb:c\\nd\\\\e\\rf\\t\n\n\x00"}, `stomp by subprotocol: "SEND" frames: [{"command": "SEND", "headers": {"a:b": "c\nd\\e` + "\r" + `f\\t"}}]`},
		{"escapes of 1.1", "v11.stomp", []string{"SEND\na\\cb:c\\rd\n\n\x00"}, `stomp by subprotocol: "SEND" frames: [{"command": "SEND", "headers": {"a:b": "c\\rd"}}]`},
		{"no escapes in 1.0", "v10.stomp", []string{"SEND\na\\cb:c\n\n\x00"}, `stomp by subprotocol: "SEND" frames: [{"command": "SEND", "headers": {"a\\cb": "c"}}]`},
		{"header twice", "v12.stomp", []string{"SEND\na:1\na:2\n\n\x00"}, `stomp by subprotocol: "SEND" frames: [{"command": "SEND", "headers": {"a": "1"}}]`},
		{"unknown command", "v12.stomp", []string{"HELLO\n\n\x00"}, `stomp by subprotocol: "" error: STOMP: no command that is known frames: []`},
		{"no command", "v12.stomp", []string{"{\"a\":\"something else\"}"}, `stomp by subprotocol: "" error: STOMP: no command that is known frames: []`},
		{"header without colon", "v12.stomp", []string{"SEND\nabc\n\n\x00"}, `stomp by subprotocol: "" error: STOMP: a header without a colon frames: []`},
		{"body longer than it says", "v12.stomp", []string{"SEND\ncontent-length:1\n\nabc\x00"}, `stomp by subprotocol: "" error: STOMP: no NUL behind the body frames: []`},
		{"headers without end", "v12.stomp", []string{"SEND\n" + strings.Repeat("a:b\n", 20_000)}, `stomp by subprotocol: "" error: STOMP: headers of more than 64 KiB frames: []`},
		{"too large to be held", "v12.stomp", []string{"SEND\ncontent-length:2000000\n\n", strings.Repeat("x", 2_000_000) + "\x00\n"}, `stomp by subprotocol: "" error: STOMP: a frame that goes on in later messages is too large to be held frames: [] | stomp by subprotocol: "heart-beat" heartbeat frames: []`},
		{"by content", "", []string{"CONNECT\naccept-version:1.2\n\n\x00"}, `stomp by content: "CONNECT 1.2" frames: [{"command": "CONNECT", "headers": {"accept-version": "1.2"}}]`},
		{"not by content", "", []string{"CONNECT the dots\n\x00"}, `not explained, 18 bytes`},
	} {
		var messages []talk.Message
		for _, p := range c.parts {
			if answer, ok := strings.CutPrefix(p, "<"); ok {
				messages = append(messages, talk.Text(s2c, answer))
				continue
			}
			messages = append(messages, talk.Text(c2s, p))
		}
		out := string(talk.Explain(stomp.Protocol(), payload.Session{Subprotocol: c.subprotocol}, messages...))
		out = strings.ReplaceAll(out, "\n    ", " ")
		out = strings.TrimPrefix(strings.TrimSpace(out), "c2s ")
		if got := strings.NewReplacer("\nc2s ", " | ", "\ns2c ", " | ").Replace(out); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

// However the frames are cut into messages, they are the same.
func TestSplitInvariance(t *testing.T) {
	_, list := talk.Named(t, "1.2")
	whole := talk.Units(stomp.New(&session), 1<<20, list...)
	if strings.Contains(whole, "error:") {
		t.Fatal(whole)
	}
	for _, n := range []int{1, 2, 5, 13} {
		if got := talk.Units(stomp.New(&session), n, list...); got != whole {
			t.Errorf("in messages of %d bytes:\n%s\nwhole:\n%s", n, got, whole)
		}
	}
}

func FuzzDecode(f *testing.F) {
	_, list := talk.Named(f, "1.2")
	for _, m := range list {
		f.Add([]byte(m.Data), uint8(200))
		f.Add([]byte(m.Data), uint8(3))
	}
	f.Fuzz(func(t *testing.T, b []byte, cut uint8) {
		d := stomp.New(&session)
		for len(b) > 0 {
			n := min(int(cut)+1, len(b))
			e := d.Decode(&dissect.Message{Meta: dissect.Meta{Dir: c2s}, Opcode: frame.Text, Payload: b[:n]})
			if e == nil || e.Fields[0].Name != "frames" {
				t.Fatalf("%q gives %+v", b[:n], e)
			}
			b = b[n:]
		}
	})
}
