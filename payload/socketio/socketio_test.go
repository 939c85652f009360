package socketio_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/socketio"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var names = []string{"v2", "v2-b64", "v3", "v4", "v4-poll"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(socketio.Protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name    string
		session payload.Session
		parts   []talk.Message
		want    string
	}{
		// Socket.IO protocol v5, Packet encoding: the examples.
		{"of the specification", payload.Session{Query: "EIO=4&transport=websocket"}, []talk.Message{talk.Text(c2s, `40/admin,{}`), talk.Text(c2s, `42/admin,["project:delete",123]`), talk.Text(c2s, `42/admin,456["project:delete",123]`), talk.Text(s2c, `43/admin,456[]`), talk.Text(s2c, `44{"message":"Not authorized"}`), talk.Text(s2c, `41`)},
			`c2s socket.io by path: "CONNECT /admin {}" engine_type: "message" type: "CONNECT" namespace: "/admin" data: {} | c2s socket.io by path: "EVENT /admin \"project:delete\" 123" engine_type: "message" type: "EVENT" namespace: "/admin" event: "project:delete" args: [123] | c2s socket.io by path: "EVENT /admin \"project:delete\" 123" engine_type: "message" type: "EVENT" namespace: "/admin" ack_id: "456" event: "project:delete" args: [123] | s2c socket.io by path: "ACK /admin of \"project:delete\"" engine_type: "message" type: "ACK" namespace: "/admin" ack_id: "456" event: "project:delete" request_packet: 7 seconds: 0.01 args: [] | s2c socket.io by path: "CONNECT_ERROR {\"message\":\"Not authorized\"}" engine_type: "message" type: "CONNECT_ERROR" namespace: "/" data: {"message":"Not authorized"} | s2c socket.io by path: "DISCONNECT" engine_type: "message" type: "DISCONNECT" namespace: "/"`},
		{"attachments of both directions", payload.Session{Query: "EIO=4&transport=websocket"}, []talk.Message{talk.Text(c2s, `451-["a",{"x":{"_placeholder":true,"num":0}}]`), talk.Text(s2c, `461-1[{"_placeholder":true,"num":0}]`), talk.Binary(s2c, "ab"), talk.Binary(c2s, "c"), talk.Binary(c2s, "d")},
			`c2s socket.io by path: "BINARY_EVENT \"a\" {\"x\":{\"_placeholder\":true,\"num\":0}}" engine_type: "message" type: "BINARY_EVENT" namespace: "/" attachments: 1 event: "a" args: [{"x":{"_placeholder":true,"num":0}}] | s2c socket.io by path: "BINARY_ACK {\"_placeholder\":true,\"num\":0}" engine_type: "message" type: "BINARY_ACK" namespace: "/" ack_id: "1" attachments: 1 args: [{"_placeholder":true,"num":0}] | s2c socket.io by path: "attachment 1/1 of acknowledgment 1 (2 bytes) complete" engine_type: "message" size: 2 attachment: 1 attachments: 1 event: "" event_packet: 6 complete: true args: [{"_placeholder":true,"num":0,"packet":7,"size":2}] | c2s socket.io by path: "attachment 1/1 of \"a\" (1 byte) complete" engine_type: "message" size: 1 attachment: 1 attachments: 1 event: "a" event_packet: 5 complete: true args: [{"x":{"_placeholder":true,"num":0,"packet":8,"size":1}}] | c2s socket.io by path: "binary message (1 byte)" engine_type: "message" size: 1`},
		{"the version by who pings", payload.Session{}, []talk.Message{talk.Text(c2s, `42["x"]`), talk.Text(c2s, `2`), talk.Text(s2c, `44"no"`), talk.Binary(s2c, "\x05x"), talk.Binary(s2c, "\x04x")},
			`c2s socket.io by content: "EVENT \"x\"" engine_type: "message" type: "EVENT" namespace: "/" event: "x" args: [] | c2s socket.io by content: "engine.io ping" heartbeat engine_type: "ping" | s2c socket.io by content: "ERROR \"no\"" engine_type: "message" type: "ERROR" namespace: "/" data: "no" | s2c socket.io by content: "" error: a binary packet of Engine.IO 3 does not begin with 4, the type message | s2c socket.io by content: "binary message (1 byte)" engine_type: "message" size: 1`},
		{"broken", payload.Session{Query: "EIO=4&transport=websocket"}, []talk.Message{talk.Text(c2s, `0{`), talk.Text(c2s, `42{}`), talk.Text(c2s, `43{}`), talk.Text(c2s, `40{`), talk.Text(c2s, `b!`), talk.Text(c2s, `9`), talk.Text(c2s, ``), talk.Text(c2s, `4x`), talk.Text(c2s, `4`)},
			`c2s socket.io by path: "" error: the open packet is not JSON engine_type: "open" | c2s socket.io by path: "" error: the data of the event is no array with a name engine_type: "message" type: "EVENT" namespace: "/" | c2s socket.io by path: "" error: the data of the acknowledgment is no array engine_type: "message" type: "ACK" namespace: "/" | c2s socket.io by path: "" error: the data is not JSON engine_type: "message" type: "CONNECT" namespace: "/" | c2s socket.io by path: "" error: not the base64 of a binary packet | c2s not explained, 1 bytes | c2s not explained, 0 bytes | c2s socket.io by path: "engine.io message x" engine_type: "message" data: "x" | c2s socket.io by path: "engine.io message" engine_type: "message"`},
		{"not by content", payload.Session{}, []talk.Message{talk.Text(c2s, `42`), talk.Text(c2s, `42[]`), talk.Text(c2s, `42[1]`), talk.Text(c2s, `0{}`), talk.Text(c2s, `2`)},
			`c2s not explained, 2 bytes | c2s not explained, 4 bytes | c2s not explained, 5 bytes | c2s not explained, 3 bytes | c2s not explained, 1 bytes`},
	} {
		if got := talk.Line(talk.Explain(socketio.Protocol(), c.session, c.parts...)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range names {
		_, list := talk.Named(f, name)
		for i := range list {
			f.Add(list[i].Data, list[(i+1)%len(list)].Data)
		}
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		p := socketio.Protocol()
		p.Content(&dissect.Message{Payload: []byte(a)})
		for _, query := range []string{"EIO=3", "EIO=4"} {
			d := p.New(&payload.Session{Query: query})
			if err := talk.Check(d, talk.Text(c2s, a), talk.Text(s2c, b), talk.Binary(c2s, b), talk.Text(c2s, b), talk.Binary(s2c, a)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// An attachment that was not captured leaves no way to tell which the next one is.
func TestMissed(t *testing.T) {
	d, _ := socketio.Protocol().New(&payload.Session{Query: "EIO=4"}).(payload.Streamer)
	d.Decode(&dissect.Message{Meta: dissect.Meta{Dir: c2s}, Opcode: frame.Text, Payload: []byte(`452-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`)})
	d.Missed(s2c)
	if e := d.Decode(&dissect.Message{Meta: dissect.Meta{Dir: c2s}, Opcode: frame.Binary, Payload: []byte{1}}); e.Brief != `attachment 1/2 of "a" (1 byte)` {
		t.Errorf("the first is %q", e.Brief)
	}
	d.Missed(c2s)
	if e := d.Decode(&dissect.Message{Meta: dissect.Meta{Dir: c2s}, Opcode: frame.Binary, Payload: []byte{1}}); e.Brief != "binary message (1 byte)" {
		t.Errorf("after one that is missing: %q", e.Brief)
	}
}
