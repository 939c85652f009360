package centrifugo_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/centrifugo"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var names = []string{"centrifugo"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(centrifugo.Protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name    string
		session payload.Session
		parts   []talk.Message
		want    string
	}{
		// The first version of the protocol, as centrifuge-js 2 speaks it.
		{"version 1", payload.Session{Path: "/connection/websocket"}, []talk.Message{talk.Text(c2s, `{"params":{"name":"js"},"id":1}`), talk.Text(s2c, `{"id":1,"result":{"client":"c"}}`), talk.Text(c2s, `{"method":1,"params":{"channel":"news"},"id":2}`), talk.Text(s2c, `{"id":2,"result":{}}`), talk.Text(s2c, `{"result":{"channel":"news","data":{"data":{"a":1}}}}`), talk.Text(s2c, `{"result":{"type":1,"channel":"news","data":{"info":{}}}}`), talk.Text(c2s, `{"method":7,"id":3}`)},
			`c2s centrifugo by path: "connect 1 {\"name\":\"js\"}" messages: [{"type": "connect", "id": 1, "body": {"name":"js"}}] | s2c centrifugo by path: "reply 1 of connect {\"client\":\"c\"}" messages: [{"type": "reply", "id": 1, "method": "connect", "request_packet": 5, "seconds": 0.01, "body": {"client":"c"}}] | c2s centrifugo by path: "subscribe 2 news {\"channel\":\"news\"}" messages: [{"type": "subscribe", "id": 2, "channel": "news", "body": {"channel":"news"}}] | s2c centrifugo by path: "reply 2 of subscribe news {}" messages: [{"type": "reply", "id": 2, "method": "subscribe", "channel": "news", "request_packet": 7, "seconds": 0.01, "body": {}}] | s2c centrifugo by path: "push pub news {\"data\":{\"a\":1}}" messages: [{"type": "push", "push": "pub", "channel": "news", "body": {"data":{"a":1}}}] | s2c centrifugo by path: "push join news {\"info\":{}}" messages: [{"type": "push", "push": "join", "channel": "news", "body": {"info":{}}}] | c2s centrifugo by path: "ping 3" heartbeat messages: [{"type": "ping", "id": 3}]`},
		{"by content", payload.Session{}, []talk.Message{talk.Text(c2s, `{"id":1,"subscribe":{}}`), talk.Text(c2s, `{"id":1,"connect":{}}`), talk.Text(s2c, `{"push":{"disconnect":{"code":3000}}}`), talk.Text(s2c, "{}\n\n{\"x\":1}\n"), talk.Text(s2c, `{"x"`), talk.Text(s2c, `x`), talk.Binary(s2c, `{}`)},
			`c2s not explained, 23 bytes | c2s centrifugo by content: "connect 1 {}" messages: [{"type": "connect", "id": 1, "body": {}}] | s2c centrifugo by content: "push disconnect {\"code\":3000}" messages: [{"type": "push", "push": "disconnect", "body": {"code":3000}}] | s2c centrifugo by content: "ping; unknown" messages: [{"type": "ping"}, {"type": "unknown"}] | s2c centrifugo by content: "" error: not valid JSON, or nested too deep | s2c not explained, 1 bytes | s2c not explained, 2 bytes`},
		{"not protobuf", payload.Session{Path: "/connection/websocket", Subprotocol: "centrifuge-protobuf"}, []talk.Message{talk.Binary(s2c, "\x00")},
			`s2c not explained, 1 bytes`},
	} {
		if got := talk.Line(talk.Explain(centrifugo.Protocol(), c.session, c.parts...)); got != c.want {
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
		p := centrifugo.Protocol()
		p.Content(&dissect.Message{Payload: []byte(a)})
		if err := talk.Check(p.New(&payload.Session{}), talk.Text(c2s, a), talk.Text(s2c, b), talk.Text(c2s, b)); err != nil {
			t.Fatal(err)
		}
	})
}
