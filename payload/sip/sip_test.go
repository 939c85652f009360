package sip_test

import (
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/sip"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

func TestGolden(t *testing.T) {
	s, list, err := talk.Load("testdata/sip.talk")
	if err != nil {
		t.Fatal(err)
	}
	wstest.Golden(t, "testdata/sip.txt", talk.Explain(sip.Protocol(), s, list...))
}

func TestEdges(t *testing.T) {
	const options = "OPTIONS sip:a SIP/2.0\r\n"
	for _, c := range []struct{ name, subprotocol, in, want string }{
		{"compact and folded headers", "sip", options + "f: <sip:x>;tag=1\r\ni : 7\r\nSubject: a\r\n b\r\nl: 0\r\n\r\n",
			`c2s sip by subprotocol: "OPTIONS sip:a from sip:x" type: "request" method: "OPTIONS" uri: "sip:a" from: "<sip:x>;tag=1" call_id: "7" headers: [["from", "<sip:x>;tag=1"], ["call-id", "7"], ["subject", "a b"], ["content-length", "0"]]`},
		{"no headers", "sip", options, `c2s sip by subprotocol: "OPTIONS sip:a" type: "request" method: "OPTIONS" uri: "sip:a" headers: []`},
		{"bytes that are not UTF-8", "sip", "OPTIONS sip:\xFF SIP/2.0\r\n\r\n\x00", `c2s sip by subprotocol: "OPTIONS sip:` + "\uFFFD" + ` (1 byte)" type: "request" method: "OPTIONS" uri: h'7369703aff' headers: [] body: h'00'`},
		{"response to nothing", "sip", "SIP/2.0 200 OK\r\nCSeq: 4 INVITE\r\n\r\n", `c2s sip by subprotocol: "200 OK of INVITE" type: "response" status: 200 reason: "OK" cseq: 4 cseq_method: "INVITE" headers: [["cseq", "4 INVITE"]]`},
		{"status of four digits", "sip", "SIP/2.0 2000 OK\r\n\r\n", `c2s sip by subprotocol: "" error: neither a request nor a response of SIP`},
		{"too many headers", "sip", options + strings.Repeat("a:b\r\n", 1025) + "\r\n", `c2s sip by subprotocol: "" error: neither a request nor a response of SIP`},
		{"too many lines of a header", "sip", options + "a:b\r\n" + strings.Repeat(" c\r\n", 1024) + "\r\n", `c2s sip by subprotocol: "" error: neither a request nor a response of SIP`},
		{"too large a head", "sip", options + "a:" + strings.Repeat("b", 70_000) + "\r\n\r\n", `c2s sip by subprotocol: "" error: neither a request nor a response of SIP`},
		{"header without colon", "sip", options + "abc\r\n\r\n", `c2s sip by subprotocol: "" error: neither a request nor a response of SIP`},
		{"other version", "sip", "OPTIONS sip:a SIP/3.0\r\n\r\n", `c2s sip by subprotocol: "" error: neither a request nor a response of SIP`},
		{"ping", "sip", "\r\n\r\n", `c2s sip by subprotocol: "keep-alive ping" heartbeat keep_alive: "ping"`},
		{"by content", "", options + "Call-ID: 1\r\n\r\n", `c2s sip by content: "OPTIONS sip:a" type: "request" method: "OPTIONS" uri: "sip:a" call_id: "1" headers: [["call-id", "1"]]`},
		{"not by content", "", options + "\r\n", `c2s not explained, 25 bytes`},
	} {
		got := talk.Line(talk.Explain(sip.Protocol(), payload.Session{Subprotocol: c.subprotocol}, talk.Text(c2s, c.in)))
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	_, list, err := talk.Load("testdata/sip.talk")
	if err != nil {
		f.Fatal(err)
	}
	for i := range list {
		f.Add(list[i].Data, list[(i+1)%len(list)].Data)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		p := sip.Protocol()
		if err := talk.Check(p.New(&payload.Session{}), talk.Text(c2s, a), talk.Text(s2c, b), talk.Text(c2s, b)); err != nil {
			t.Fatal(err)
		}
	})
}
