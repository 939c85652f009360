package wamp_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/wamp"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var names = []string{"json", "wampy", "msgpack", "cbor"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(wamp.Protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name    string
		session payload.Session
		parts   []talk.Message
		want    string
	}{
		// WAMP, progressive call results and call cancelling.
		{"progress", payload.Session{Subprotocol: "wamp.2.json"}, []talk.Message{talk.Text(c2s, `[48,1,{"receive_progress":true},"com.p",[],{"a":1}]`), talk.Text(s2c, `[50,1,{"progress":true},["50%"]]`), talk.Text(c2s, `[49,1,{"mode":"kill"}]`), talk.Text(s2c, `[8,48,1,{},"wamp.error.canceled"]`), talk.Text(s2c, `[50,1,{}]`)},
			`c2s wamp by subprotocol: "CALL 1 com.p {\"a\":1}" messages: [{"type": "CALL", "request": 1, "options": {"receive_progress":true}, "procedure": "com.p", "args": [], "kwargs": {"a":1}}] | s2c wamp by subprotocol: "RESULT 1 of com.p [\"50%\"]" messages: [{"type": "RESULT", "request": 1, "details": {"progress":true}, "args": ["50%"], "procedure": "com.p", "request_packet": 5, "seconds": 0.01}] | c2s wamp by subprotocol: "CANCEL 1 of com.p" messages: [{"type": "CANCEL", "request": 1, "options": {"mode":"kill"}, "procedure": "com.p", "request_packet": 5, "seconds": 0.02}] | s2c wamp by subprotocol: "ERROR 1 wamp.error.canceled of com.p" messages: [{"type": "ERROR", "request_type": 48, "request": 1, "details": {}, "error": "wamp.error.canceled", "procedure": "com.p", "request_packet": 5, "seconds": 0.03}] | s2c wamp by subprotocol: "RESULT 1" messages: [{"type": "RESULT", "request": 1, "details": {}}]`},
		// WAMP, authentication methods.
		{"challenge", payload.Session{}, []talk.Message{talk.Text(c2s, `[1,"r",{"roles":{}}]`), talk.Text(s2c, `[4,"ticket",{}]`), talk.Text(c2s, `[5,"secret!!!",{}]`), talk.Text(s2c, `[3,{"message":"no"},"wamp.error.not_authorized"]`)},
			`c2s wamp by content: "HELLO r" messages: [{"type": "HELLO", "realm": "r", "details": {"roles":{}}}] | s2c wamp by content: "CHALLENGE ticket" messages: [{"type": "CHALLENGE", "auth_method": "ticket", "extra": {}}] | c2s wamp by content: "AUTHENTICATE" messages: [{"type": "AUTHENTICATE", "signature": "secret!!!", "extra": {}, "request_packet": 6, "seconds": 0.01}] | s2c wamp by content: "ABORT wamp.error.not_authorized" messages: [{"type": "ABORT", "details": {"message":"no"}, "reason": "wamp.error.not_authorized", "request_packet": 5, "seconds": 0.03}]`},
		{"batches of text", payload.Session{Subprotocol: "wamp.2.json.batched"}, []talk.Message{talk.Text(c2s, "[34,1,2]\x18[66,2,3,4,5]\x18[99,{}]\x18[7,0,0]\x18")},
			`c2s wamp by subprotocol: "UNSUBSCRIBE 1; UNREGISTER 2; 99 [{}]; HEARTBEAT" messages: [{"type": "UNSUBSCRIBE", "request": 1, "subscription": 2}, {"type": "UNREGISTER", "request": 2, "registration": 3, "more": [4, 5]}, {"type": 99, "elements": [{}]}, {"type": "HEARTBEAT", "incoming": 0, "outgoing": 0}]`},
		{"batches of MessagePack", payload.Session{Subprotocol: "wamp.2.msgpack.batched"}, []talk.Message{talk.Binary(c2s, "\x00\x00\x00\x03\x92\x23\x01\x00\x00\x00\x0b\x92\x23\xcb\x42\x00\x00\x00\x00\x00\x00\x00"), talk.Binary(c2s, "\x00\x00\x00\x04\x92\x23\x01"), talk.Binary(c2s, "\x00\x00\x00")},
			`c2s wamp by subprotocol: "UNSUBSCRIBED 1; UNSUBSCRIBED 8589934592" messages: [{"type": "UNSUBSCRIBED", "request": 1}, {"type": "UNSUBSCRIBED", "request": 8589934592}] | c2s wamp by subprotocol: "" error: WAMP: a message is longer than the batch messages: [] | c2s wamp by subprotocol: "" error: WAMP: a message is longer than the batch messages: []`},
		{"broken", payload.Session{Subprotocol: "wamp.2.json"}, []talk.Message{talk.Text(c2s, `[]`), talk.Text(c2s, `{}`), talk.Text(c2s, `[1`), talk.Text(c2s, `["x",1]`)},
			`c2s wamp by subprotocol: "" error: WAMP: no array with a code messages: [] | c2s wamp by subprotocol: "" error: WAMP: no array with a code messages: [] | c2s wamp by subprotocol: "" error: WAMP: no array with a code messages: [] | c2s wamp by subprotocol: "x [1]" messages: [{"type": "x", "elements": [1]}]`},
		{"broken CBOR", payload.Session{Subprotocol: "wamp.2.cbor"}, []talk.Message{talk.Binary(c2s, "\x82\x01"), talk.Binary(c2s, "\x01")},
			`c2s wamp by subprotocol: "" error: CBOR ends inside a data item messages: [] | c2s wamp by subprotocol: "" error: WAMP: no array with a code messages: []`},
	} {
		if got := talk.Line(talk.Explain(wamp.Protocol(), c.session, c.parts...)); got != c.want {
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
		p := wamp.Protocol()
		p.Content(&dissect.Message{Payload: []byte(a)})
		for _, name := range []string{"wamp.2.json", "wamp.2.msgpack", "wamp.2.cbor", "wamp.2.msgpack.batched"} {
			d := p.New(&payload.Session{Subprotocol: name})
			if err := talk.Check(d, talk.Text(c2s, a), talk.Text(s2c, b), talk.Text(c2s, b)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
