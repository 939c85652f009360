package pusher_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/pusher"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var names = []string{"pusher"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(pusher.Protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name    string
		session payload.Session
		parts   []talk.Message
		want    string
	}{
		// Pusher Channels Protocol, presence channels and signin.
		{"of the specification", payload.Session{Path: "/app/key", Query: "client=js&protocol=7"}, []talk.Message{talk.Text(c2s, `{"event":"pusher:signin","data":{"auth":"a","user_data":"{}"}}`), talk.Text(s2c, `{"event":"pusher:signin_success","data":{"user_data":"{}"}}`), talk.Text(s2c, `{"event":"client-x","channel":"presence-a","user_id":"u1","data":"plain"}`)},
			`c2s pusher by path: "pusher:signin {\"auth\":\"a\",\"user_data\":\"{}\"}" event: "pusher:signin" data: {"auth":"a","user_data":"{}"} | s2c pusher by path: "pusher:signin_success {\"user_data\":\"{}\"}" event: "pusher:signin_success" data: {"user_data":"{}"} request_packet: 5 seconds: 0.01 | s2c pusher by path: "client-x presence-a plain" event: "client-x" channel: "presence-a" user_id: "u1" data: "plain"`},
		{"by content", payload.Session{Path: "/app/key"}, []talk.Message{talk.Text(s2c, `{"event":"news"}`), talk.Text(s2c, `{"event":"pusher:ping","data":{}}`), talk.Text(s2c, `{"event":"news"}`), talk.Text(s2c, `{"event":7}`), talk.Text(s2c, `{"event"`), talk.Text(s2c, `x`)},
			`s2c not explained, 16 bytes | s2c pusher by content: "pusher:ping" heartbeat event: "pusher:ping" data: {} | s2c pusher by content: "news" event: "news" | s2c not explained, 11 bytes | s2c pusher by content: "" error: not valid JSON, or nested too deep | s2c not explained, 1 bytes`},
	} {
		if got := talk.Line(talk.Explain(pusher.Protocol(), c.session, c.parts...)); got != c.want {
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
		p := pusher.Protocol()
		p.Content(&dissect.Message{Payload: []byte(a)})
		if err := talk.Check(p.New(&payload.Session{}), talk.Text(c2s, a), talk.Text(s2c, b), talk.Text(c2s, b)); err != nil {
			t.Fatal(err)
		}
	})
}
