package signalr_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/signalr"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var names = []string{"json", "messagepack"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(signalr.Protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name    string
		session payload.Session
		parts   []talk.Message
		want    string
	}{
		// HubProtocol.md: an error of the handshake, a close, and what stateful reconnects send.
		{"of the specification", payload.Session{}, []talk.Message{talk.Text(c2s, "{\"protocol\":\"x\",\"version\":1}\x1e"), talk.Text(s2c, "{\"error\":\"The protocol 'x' is not supported.\"}\x1e"), talk.Text(s2c, "{\"type\":7,\"error\":\"Connection closed\",\"allowReconnect\":true}\x1e"), talk.Text(s2c, "{\"type\":8,\"sequenceId\":1394}\x1e{\"type\":1,\"target\":\"Send\",\"headers\":{\"Foo\":\"Bar\"},\"arguments\":[42]}\x1e")},
			`c2s signalr by content: "HandshakeRequest x 1" messages: [{"type": "HandshakeRequest", "hub_protocol": "x", "version": 1}] | s2c signalr by content: "HandshakeResponse The protocol 'x' is not supported." messages: [{"type": "HandshakeResponse", "error": "The protocol 'x' is not supported.", "request_packet": 5, "seconds": 0.01}] | s2c signalr by content: "Close Connection closed true" messages: [{"type": "Close", "error": "Connection closed", "allow_reconnect": true}] | s2c signalr by content: "Ack 1394; Invocation Send [42]" messages: [{"type": "Ack", "sequence_id": 1394}, {"type": "Invocation", "target": "Send", "arguments": [42], "headers": {"Foo":"Bar"}}]`},
		{"both protocols in a binary message", payload.Session{}, []talk.Message{talk.Binary(c2s, "{\"protocol\":\"messagepack\",\"version\":1}\x1e\x02\x91\x06")},
			`c2s signalr by content: "HandshakeRequest messagepack 1; Ping" messages: [{"type": "HandshakeRequest", "hub_protocol": "messagepack", "version": 1}, {"type": "Ping"}]`},
		// HubProtocol.md, MessagePack: the examples of a call with headers, and of a completion with an error.
		{"packed", payload.Session{}, []talk.Message{talk.Text(s2c, "{\"type\":6}\x1e"), talk.Binary(c2s, "\x14\x95\x01\x81\xa1a\xa1b\xa3xyz\xa6method\x91\x2a"), talk.Binary(s2c, "\x11\x95\x03\x80\xa3xyz\x01\xa8the fail"), talk.Binary(s2c, "\x03\x92\x08\x05\x03\x92\x09\x01")},
			`s2c signalr by content: "Ping" heartbeat messages: [{"type": "Ping"}] | c2s signalr by content: "Invocation xyz method [42]" messages: [{"type": "Invocation", "invocation_id": "xyz", "target": "method", "arguments": [42], "headers": {"a": "b"}}] | s2c signalr by content: "Completion xyz of method the fail" messages: [{"type": "Completion", "target": "method", "invocation_id": "xyz", "error": "the fail", "request_packet": 6, "seconds": 0.01}] | s2c signalr by content: "Ack 5; Sequence 1" messages: [{"type": "Ack", "sequence_id": 5}, {"type": "Sequence", "sequence_id": 1}]`},
		{"broken", payload.Session{}, []talk.Message{talk.Text(s2c, "{\"type\":6}\x1e"), talk.Text(s2c, "{\"type\":6}"), talk.Text(s2c, "{\"type\":99}\x1e"), talk.Text(s2c, "x\x1e"), talk.Binary(s2c, "\x05\x91\x06"), talk.Binary(s2c, "\x02\x91\x63"), talk.Binary(s2c, "\x01\x06"), talk.Binary(s2c, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), talk.Binary(s2c, "\x01\xc1"), talk.Text(s2c, "")},
			`s2c signalr by content: "Ping" heartbeat messages: [{"type": "Ping"}] | s2c signalr by content: "" error: SignalR: no JSON object with a record separator behind it messages: [] | s2c signalr by content: "" error: SignalR: no JSON object with a record separator behind it messages: [] | s2c signalr by content: "" error: SignalR: no JSON object with a record separator behind it messages: [] | s2c signalr by content: "" error: SignalR: a message is longer than what carries it messages: [] | s2c signalr by content: "" error: SignalR: no array that begins with the number of a type messages: [] | s2c signalr by content: "" error: SignalR: no array that begins with the number of a type messages: [] | s2c signalr by content: "" error: SignalR: a message is longer than what carries it messages: [] | s2c signalr by content: "" error: 0xc1 is no format of MessagePack messages: [] | s2c not explained, 0 bytes`},
		{"not by content", payload.Session{Path: "/hub"}, []talk.Message{talk.Text(s2c, "{\"type\":6}"), talk.Text(s2c, "{\"type\":\"a\"}\x1e"), talk.Text(s2c, "{}\x1e")},
			`s2c not explained, 10 bytes | s2c not explained, 13 bytes | s2c not explained, 3 bytes`},
	} {
		if got := talk.Line(talk.Explain(signalr.Protocol(), c.session, c.parts...)); got != c.want {
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
		p := signalr.Protocol()
		p.Content(&dissect.Message{Payload: []byte(a)})
		if err := talk.Check(p.New(&payload.Session{}), talk.Text(c2s, a), talk.Binary(s2c, b), talk.Binary(c2s, a)); err != nil {
			t.Fatal(err)
		}
	})
}
