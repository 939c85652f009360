package actioncable_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/actioncable"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var names = []string{"actioncable"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(actioncable.Protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name    string
		session payload.Session
		parts   []talk.Message
		want    string
	}{
		{"by content", payload.Session{}, []talk.Message{talk.Text(s2c, `{"type":"welcome"}`), talk.Text(s2c, `{"identifier":"{\"channel\":\"C\"}","message":"text"}`), talk.Text(s2c, `{"type":"welcome"}`)},
			`s2c not explained, 18 bytes | s2c action-cable by content: "message C text" type: "message" channel: "C" identifier: {"channel":"C"} data: "text" | s2c action-cable by content: "welcome" type: "welcome"`},
		{"strings that are no JSON", payload.Session{Subprotocol: "actioncable-v1-json"}, []talk.Message{talk.Text(c2s, `{"command":"message","identifier":"x","data":"y"}`), talk.Text(s2c, `{"a":1}`), talk.Text(s2c, `{"a":`), talk.Text(s2c, `a`)},
			`c2s action-cable by subprotocol: "message y" type: "message" identifier: "x" data: "y" | s2c not explained, 7 bytes | s2c action-cable by subprotocol: "" error: not valid JSON, or nested too deep | s2c not explained, 1 bytes`},
		{"a channel in the data is not the channel", payload.Session{Subprotocol: "actioncable-v1-json"}, []talk.Message{talk.Text(c2s, `{"command":"message","identifier":"{\"channel\":\"C\"}","data":"{\"channel\":\"D\"}"}`)},
			`c2s action-cable by subprotocol: "message C {\"channel\":\"D\"}" type: "message" channel: "C" identifier: {"channel":"C"} data: {"channel":"D"}`},
	} {
		if got := talk.Line(talk.Explain(actioncable.Protocol(), c.session, c.parts...)); got != c.want {
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
		p := actioncable.Protocol()
		p.Content(&dissect.Message{Payload: []byte(a)})
		if err := talk.Check(p.New(&payload.Session{}), talk.Text(c2s, a), talk.Text(s2c, b), talk.Text(c2s, b)); err != nil {
			t.Fatal(err)
		}
	})
}
