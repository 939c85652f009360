package xmpp_test

import (
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/xmpp"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

func TestGolden(t *testing.T) {
	s, list, err := talk.Load("testdata/xmpp.talk")
	if err != nil {
		t.Fatal(err)
	}
	wstest.Golden(t, "testdata/xmpp.txt", talk.Explain(xmpp.Protocol(), s, list...))
}

func TestEdges(t *testing.T) {
	for _, c := range []struct{ name, subprotocol, in, want string }{
		{"depth that is told", "xmpp", `<a><b><c><d>x<e><f/></e></d></c></b></a>`, `c2s xmpp by subprotocol: "a" stanza: "a" children: [{"name": "b", "children": [{"name": "c", "children": [{"name": "d", "text": "x"}]}]}] left_out: 2`},
		{"attributes", "xmpp", `<a><b x:y="1" xmlns:x="z" y="2" c="3"/></a>`, `c2s xmpp by subprotocol: "a" stanza: "a" children: [{"name": "b", "attributes": {"y": "1", "c": "3"}}]`},
		{"siblings", "xmpp", `<a><b>1</b><c/><b>2<d/></b></a>`, `c2s xmpp by subprotocol: "a" stanza: "a" children: [{"name": "b", "text": "1"}, {"name": "c"}, {"name": "b", "text": "2", "children": [{"name": "d"}]}]`},
		{"two elements", "xmpp", `<a/><b/>`, `c2s xmpp by subprotocol: "" error: XMPP: not one element, as a message has to be`},
		{"text alone", "xmpp", `hello`, `c2s xmpp by subprotocol: "" error: XMPP: not one element, as a message has to be`},
		{"not closed", "xmpp", `<a><b></a>`, `c2s xmpp by subprotocol: "" error: XMPP: not well-formed`},
		{"deep", "xmpp", strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300), `c2s xmpp by subprotocol: "" error: XMPP: not well-formed`},
		{"stream of RFC 6120", "xmpp", `<stream:stream xmlns:stream="x" to="y">`, `c2s xmpp by subprotocol: "" error: XMPP: not well-formed`},
		{"white space", "xmpp", " ", `c2s xmpp by subprotocol: "white space" heartbeat`},
		{"ping", "xmpp", `<iq type="get" id="1"><ping xmlns="urn:xmpp:ping"/></iq>`, `c2s xmpp by subprotocol: "iq get ping urn:xmpp:ping" heartbeat stanza: "iq" type: "get" id: "1" children: [{"name": "ping", "xmlns": "urn:xmpp:ping"}]`},
		{"by content", "", `<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="x" version="1.0"/>`, `c2s xmpp by content: "open to x" stanza: "open" xmlns: "urn:ietf:params:xml:ns:xmpp-framing" to: "x"`},
		{"not by content", "", `<open xmlns="other"/>`, `c2s not explained, 21 bytes`},
	} {
		got := talk.Line(talk.Explain(xmpp.Protocol(), payload.Session{Subprotocol: c.subprotocol}, talk.Text(c2s, c.in)))
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	_, list, err := talk.Load("testdata/xmpp.talk")
	if err != nil {
		f.Fatal(err)
	}
	for i := range list {
		f.Add(list[i].Data, list[(i+1)%len(list)].Data)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		p := xmpp.Protocol()
		if err := talk.Check(p.New(&payload.Session{}), talk.Text(c2s, a), talk.Text(s2c, b), talk.Text(c2s, b)); err != nil {
			t.Fatal(err)
		}
	})
}
