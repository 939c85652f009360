package graphql_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/graphql"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var names = []string{"graphql-transport-ws", "graphql-ws"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list, err := talk.Load("testdata/" + name + ".talk")
		if err != nil {
			t.Fatal(err)
		}
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(graphql.Protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	start := func(payload string) talk.Message {
		return talk.Text(c2s, `{"id":"1","type":"start","payload":`+payload+`}`)
	}
	for _, c := range []struct {
		name  string
		parts []talk.Message
		want  string
	}{
		{"by content", []talk.Message{talk.Text(c2s, `{"type":"connection_init"}`), talk.Text(c2s, `{"x":1}`), talk.Text(c2s, `{"x":`), talk.Text(c2s, `hello`)},
			`c2s graphql by content: "connection_init" type: "connection_init" | c2s not explained, 7 bytes | c2s graphql by content: "" error: not valid JSON, or nested too deep | c2s not explained, 5 bytes`},
		// graphql-transport-ws, ConnectionAck and Ping: payloads are allowed.
		{"payloads of heartbeats", []talk.Message{talk.Text(c2s, `{"type":"connection_init"}`), talk.Text(s2c, `{"type":"connection_ack","payload":{"a":1}}`), talk.Text(s2c, `{"type":"ping","payload":{"b":1}}`)},
			`c2s graphql by content: "connection_init" type: "connection_init" | s2c graphql by content: "connection_ack {\"a\":1}" type: "connection_ack" request_packet: 5 seconds: 0.01 payload: {"a":1} | s2c graphql by content: "ping {\"b\":1}" heartbeat type: "ping" payload: {"b":1}`},
		// AWS AppSync, Building a real-time WebSocket client.
		{"AppSync", []talk.Message{talk.Text(c2s, `{"type":"connection_init"}`), start(`{"data":"{\"query\":\"subscription onCreate {\\n a }\",\"variables\":{\"x\":1}}","extensions":{"authorization":{}}}`), talk.Text(s2c, `{"id":"1","type":"start_ack"}`)},
			`c2s graphql by content: "connection_init" type: "connection_init" | c2s graphql by content: "start 1 subscription onCreate {\"x\":1}" type: "start" id: "1" operation_type: "subscription" operation_name: "onCreate" query: "subscription onCreate {\n a }" variables: {"x":1} extensions: {"authorization":{}} | s2c graphql by content: "start_ack 1 of subscription onCreate" type: "start_ack" id: "1" operation_type: "subscription" operation_name: "onCreate" request_packet: 6 seconds: 0.01`},
		{"persisted query", []talk.Message{talk.Text(c2s, `{"type":"connection_init"}`), start(`{"operationName":"A","extensions":{"persistedQuery":{"version":1}}}`), talk.Text(s2c, `{"id":"1","type":"data","payload":1}`)},
			`c2s graphql by content: "connection_init" type: "connection_init" | c2s graphql by content: "start 1 A" type: "start" id: "1" operation_name: "A" extensions: {"persistedQuery":{"version":1}} | s2c graphql by content: "data 1 of A 1" type: "data" id: "1" operation_name: "A" request_packet: 6 seconds: 0.01 payload: 1`},
		{"no payload", []talk.Message{talk.Text(c2s, `{"type":"connection_init"}`), start(`7`)},
			`c2s graphql by content: "connection_init" type: "connection_init" | c2s graphql by content: "" error: an operation without a payload type: "start" id: "1"`},
	} {
		if got := talk.Line(talk.Explain(graphql.Protocol(), payload.Session{}, c.parts...)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestOperation(t *testing.T) {
	for _, c := range []struct{ document, name, want string }{
		{"{ a }", "", "query"},
		{"query { a }", "", "query"},
		{"mutation M { a }", "", "mutation M"},
		{"\ufeff # query A {\n,,subscription S($a:Int=1) @live { a }", "", "subscription S"},
		{"query A { a } mutation B { b }", "B", "mutation B"},
		{"query A { a } mutation B { b }", "", "query A"},
		{"query A { a } mutation B { b }", "C", "C"},
		{"fragment F on T { query } subscription S { ...F }", "", "subscription S"},
		{`query A($x: T = {mutation: "} mutation B {"}) { a } mutation B { b }`, "B", "mutation B"},
		{`{ a(x: """ \""" } mutation B { """) } subscription B { b }`, "B", "subscription B"},
		{`query A { a(x: "\"}`, "B", "B"},
		{"", "", ""},
		{"}}}", "", ""},
	} {
		out := talk.Explain(graphql.Protocol(), payload.Session{Subprotocol: "graphql-ws"}, talk.Text(c2s, `{"type":"start","payload":{"query":`+payload.Diagnostic(c.document)+`,"operationName":"`+c.name+`"}}`))
		want := "start"
		if c.want != "" {
			want += " " + c.want
		}
		if want = `c2s graphql by subprotocol: "` + want + `"`; string(out[:min(len(out), len(want))]) != want {
			t.Errorf("%q %q: got %s, want %s", c.document, c.name, out, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range names {
		_, list, err := talk.Load("testdata/" + name + ".talk")
		if err != nil {
			f.Fatal(err)
		}
		for i := range list {
			f.Add(list[i].Data, list[(i+1)%len(list)].Data)
		}
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		p := graphql.Protocol()
		if err := talk.Check(p.New(&payload.Session{}), talk.Text(c2s, a), talk.Text(s2c, b), talk.Text(c2s, b)); err != nil {
			t.Fatal(err)
		}
	})
}
