package phoenix_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/phoenix"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var names = []string{"v1", "v2"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(phoenix.Protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name    string
		session payload.Session
		parts   []talk.Message
		want    string
	}{
		{"by content", payload.Session{Path: "/socket/websocket"}, []talk.Message{talk.Text(c2s, `["1","1","t","shout",{}]`), talk.Text(c2s, `["1","2","t","phx_join",{}]`), talk.Text(s2c, `{"topic":"t","event":"phx_reply","ref":2,"payload":{"status":"ok","response":{"a":1}}}`)},
			`c2s not explained, 24 bytes | c2s phoenix by content: "phx_join t 2 {}" event: "phx_join" topic: "t" join_ref: "1" ref: "2" payload: {} | s2c phoenix by content: "phx_reply ok t 2 of phx_join {\"a\":1}" event: "phx_reply" topic: "t" ref: 2 status: "ok" reply_to: "phx_join" request_packet: 6 seconds: 0.01 payload: {"a":1}`},
		{"other messages", payload.Session{Path: "/live/websocket", Query: "vsn=2.0.0"}, []talk.Message{talk.Text(c2s, `[1]`), talk.Text(c2s, `[1,2,3,4,5]`), talk.Text(c2s, `[1`), talk.Text(s2c, `["1",null,"t","phx_reply",7]`), talk.Text(c2s, ``), talk.Binary(c2s, ""), talk.Binary(c2s, "\x03"), talk.Binary(c2s, "\x00\x01\x01\x01\x01abc"), talk.Binary(c2s, "\x00\x00\x00\x01\x01\xff\xff"), talk.Binary(s2c, "\x02\x01\x01te{\"a\":1}")},
			`c2s not explained, 3 bytes | c2s not explained, 11 bytes | c2s phoenix by path: "" error: not valid JSON, or nested too deep | s2c phoenix by path: "phx_reply t 7" event: "phx_reply" topic: "t" join_ref: "1" status: "" payload: 7 | c2s not explained, 0 bytes | c2s not explained, 0 bytes | c2s not explained, 1 bytes | c2s not explained, 8 bytes | c2s not explained, 7 bytes | s2c phoenix by path: "e t {\"a\":1}" event: "e" topic: "t" payload: {"a":1}`},
	} {
		if got := talk.Line(talk.Explain(phoenix.Protocol(), c.session, c.parts...)); got != c.want {
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
		p := phoenix.Protocol()
		p.Content(&dissect.Message{Payload: []byte(a)})
		if err := talk.Check(p.New(&payload.Session{}), talk.Text(c2s, a), talk.Text(s2c, b), talk.Text(c2s, b)); err != nil {
			t.Fatal(err)
		}
	})
}
