package sockjs_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/content"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/sockjs"
	"github.com/wsdissect/wsdissect/payload/stomp"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

func protocol() payload.Protocol {
	return sockjs.Protocol([]payload.Protocol{stomp.Protocol()}, new(content.Decoder))
}

var names = []string{"text", "stomp"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name    string
		session payload.Session
		parts   []talk.Message
		want    string
	}{
		// SockJS protocol 0.3.3: a single message, several in an array, what is no string.
		{"of the specification", payload.Session{Path: "/a/b/000/x/websocket"}, []talk.Message{talk.Text(s2c, `m"x"`), talk.Text(c2s, `"y"`), talk.Text(s2c, `a["{\"a\":1}","z",7]`), talk.Text(s2c, `a[]`)},
			`s2c sockjs by path: "x" type: "message" messages: [{"data": "x"}] | c2s sockjs by path: "y" type: "message" messages: [{"data": "y"}] | s2c sockjs by path: "json {\"a\":1}; z; 7" type: "array" messages: [{"protocol": "json", "value": {"a":1}}, {"data": "z"}, {"data": 7}] | s2c sockjs by path: "" type: "array" messages: []`},
		{"heart-beats of what is inside", payload.Session{Path: "/000/x/websocket"}, []talk.Message{talk.Text(c2s, `["CONNECT\naccept-version:1.2\n\n\u0000"]`), talk.Text(c2s, `["\n"]`), talk.Text(c2s, `["HELLO\n\n\u0000"]`)},
			`c2s sockjs by path: "stomp CONNECT 1.2" type: "array" messages: [{"protocol": "stomp", "frames": [{"command": "CONNECT", "headers": {"accept-version": "1.2"}}]}] | c2s sockjs by path: "stomp heart-beat" heartbeat type: "array" messages: [{"protocol": "stomp", "frames": []}] | c2s sockjs by path: "stomp" type: "array" messages: [{"protocol": "stomp", "error": "STOMP: no command that is known", "data": "HELLO\n\n` + "\x00" + `", "frames": []}]`},
		{"broken", payload.Session{Path: "/000/x/websocket"}, []talk.Message{talk.Text(s2c, `a`), talk.Text(s2c, `c[1]`), talk.Text(s2c, `x`), talk.Text(s2c, ``), talk.Binary(s2c, "o"), talk.Text(c2s, `hello`)},
			`s2c sockjs by path: "" error: not valid JSON, or nested too deep | s2c sockjs by path: "" error: a close frame without code and reason | s2c not explained, 1 bytes | s2c not explained, 0 bytes | s2c not explained, 1 bytes | c2s sockjs by path: "" error: not valid JSON, or nested too deep`},
		{"without framing", payload.Session{Path: "/echo/websocket"}, []talk.Message{talk.Text(s2c, `o`)}, `s2c not explained, 1 bytes`},
		{"no number", payload.Session{Path: "/echo/12a/x/websocket"}, []talk.Message{talk.Text(s2c, `o`)}, `s2c not explained, 1 bytes`},
	} {
		if got := talk.Line(talk.Explain(protocol(), c.session, c.parts...)); got != c.want {
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
		p := protocol()
		if err := talk.Check(p.New(&payload.Session{}), talk.Text(c2s, a), talk.Text(s2c, b), talk.Text(c2s, b)); err != nil {
			t.Fatal(err)
		}
	})
}
