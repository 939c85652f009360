package jsonrpc_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/jsonrpc"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var names = []string{"cdp", "lsp", "mcp", "json-rpc"}

func protocol(t testing.TB, name string) payload.Protocol {
	for _, p := range jsonrpc.Protocols() {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no protocol %s", name)
	return payload.Protocol{}
}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(protocol(t, name), s, list...))
	}
}

// The examples of JSON-RPC 2.0, section 7, and what is not in the captures.
func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name  string
		parts []talk.Message
		want  string
	}{
		{"positional", []talk.Message{talk.Text(c2s, `{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}`), talk.Text(s2c, `{"jsonrpc": "2.0", "result": 19, "id": 1}`)},
			`c2s json-rpc by content: "request 1 subtract [42, 23]" type: "request" id: 1 method: "subtract" params: [42, 23] | s2c json-rpc by content: "result 1 of subtract 19" type: "result" id: 1 method: "subtract" request_packet: 5 seconds: 0.01 result: 19`},
		{"same id in both directions", []talk.Message{talk.Text(c2s, `{"jsonrpc":"2.0","method":"a","id":1}`), talk.Text(s2c, `{"jsonrpc":"2.0","method":"b","id":1}`), talk.Text(c2s, `{"jsonrpc":"2.0","result":null,"id":1}`), talk.Text(s2c, `{"jsonrpc":"2.0","result":0,"id":1}`)},
			`c2s json-rpc by content: "request 1 a" type: "request" id: 1 method: "a" | s2c json-rpc by content: "request 1 b" type: "request" id: 1 method: "b" | c2s json-rpc by content: "result 1 of b null" type: "result" id: 1 method: "b" request_packet: 6 seconds: 0.01 result: null | s2c json-rpc by content: "result 1 of a 0" type: "result" id: 1 method: "a" request_packet: 5 seconds: 0.03 result: 0`},
		{"a number is not a string", []talk.Message{talk.Text(c2s, `{"jsonrpc":"2.0","method":"a","id":1}`), talk.Text(s2c, `{"jsonrpc":"2.0","result":0,"id":"1"}`)},
			`c2s json-rpc by content: "request 1 a" type: "request" id: 1 method: "a" | s2c json-rpc by content: "result 1 0" type: "result" id: "1" result: 0`},
		{"answered once", []talk.Message{talk.Text(c2s, `{"jsonrpc":"2.0","method":"a","id":1}`), talk.Text(s2c, `{"jsonrpc":"2.0","result":0,"id":1}`), talk.Text(s2c, `{"jsonrpc":"2.0","result":0,"id":1}`)},
			`c2s json-rpc by content: "request 1 a" type: "request" id: 1 method: "a" | s2c json-rpc by content: "result 1 of a 0" type: "result" id: 1 method: "a" request_packet: 5 seconds: 0.01 result: 0 | s2c json-rpc by content: "result 1 0" type: "result" id: 1 result: 0`},
		{"invalid JSON", []talk.Message{talk.Text(c2s, `{"jsonrpc":"2.0","method":"foobar"}`), talk.Text(c2s, `{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]`), talk.Text(s2c, `{"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null}`)},
			`c2s json-rpc by content: "notification foobar" type: "notification" method: "foobar" | c2s json-rpc by content: "" error: not valid JSON, or nested too deep | s2c json-rpc by content: "error null -32700 Parse error" type: "error" id: null code: -32700 message: "Parse error"`},
		{"batch", []talk.Message{talk.Text(c2s, `[{"jsonrpc":"2.0","method":"sum","params":[1,2,4],"id":"1"},{"jsonrpc":"2.0","method":"notify_hello","params":[7]},1]`), talk.Text(s2c, `[{"jsonrpc":"2.0","result":7,"id":"1"}]`), talk.Text(c2s, `[1,2,3]`), talk.Text(c2s, `[]`)},
			`c2s json-rpc by content: "batch request 1 sum [1,2,4]; notification notify_hello [7]; invalid 1" type: "batch" batch: [{"type": "request", "id": "1", "method": "sum", "params": [1,2,4]}, {"type": "notification", "method": "notify_hello", "params": [7]}, {"type": "invalid", "value": 1}] | s2c json-rpc by content: "batch result 1 of sum 7" type: "batch" batch: [{"type": "result", "id": "1", "method": "sum", "request_packet": 5, "seconds": 0.01, "result": 7}] | c2s not explained, 7 bytes | c2s not explained, 2 bytes`},
		{"with the header of LSP", []talk.Message{talk.Text(c2s, "Content-Length: 36\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"id\":7}")},
			`c2s json-rpc by content: "request 7 x" type: "request" id: 7 method: "x"`},
		{"JSON-RPC 1.0 answers", []talk.Message{talk.Text(c2s, `{"jsonrpc":"2.0","method":"a","id":1}`), talk.Text(s2c, `{"result":1,"error":null,"id":1}`), talk.Text(s2c, `{"result":null,"error":"no","id":2}`)},
			`c2s json-rpc by content: "request 1 a" type: "request" id: 1 method: "a" | s2c json-rpc by content: "result 1 of a 1" type: "result" id: 1 method: "a" request_packet: 5 seconds: 0.01 result: 1 | s2c json-rpc by content: "error 2 no" type: "error" id: 2 message: "no"`},
		{"other JSON", []talk.Message{talk.Text(c2s, `{"jsonrpc":"1.0","method":"x"}`), talk.Text(c2s, `{"method":"x"}`), talk.Text(c2s, `"jsonrpc"`)},
			`c2s not explained, 30 bytes | c2s not explained, 14 bytes | c2s not explained, 9 bytes`},
	} {
		got := talk.Line(talk.Explain(protocol(t, "json-rpc"), payload.Session{}, c.parts...))
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestContent(t *testing.T) {
	for _, c := range []struct{ message, want string }{
		{`{"id":1,"method":"Page.enable"}`, "cdp"},
		{`{"id":1,"method":"Page.enable","jsonrpc":"2.0"}`, "json-rpc"},
		{`{"id":1,"method":"page.enable"}`, ""},
		{`{"id":1,"method":"Page"}`, ""},
		{`{"method":"Page.enable"}`, ""},
		{`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"processId":null,"capabilities":{}}}`, "lsp"},
		{`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{}}}`, "mcp"},
		{`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}`, "json-rpc"},
		{`{"jsonrpc":"2.0","method":"$/progress","params":{}}`, "lsp"},
		{`{"jsonrpc":"2.0","id":0,"method":"tools/list"}`, "mcp"},
		{`{"jsonrpc":"2.0","id":0,"result":{}}`, "json-rpc"},
		{`{"jsonrpc":"2.0","id":0}`, ""},
	} {
		got := ""
		for _, p := range jsonrpc.Protocols() {
			if p.Content(&dissect.Message{Payload: []byte(c.message)}) {
				got = p.Name
				break
			}
		}
		if got != c.want {
			t.Errorf("%s is %q, want %q", c.message, got, c.want)
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
		for _, name := range names {
			p := protocol(t, name)
			for _, m := range []string{a, b} {
				p.Content(&dissect.Message{Payload: []byte(m)})
			}
			if err := talk.Check(p.New(&payload.Session{}), talk.Text(c2s, a), talk.Text(s2c, b), talk.Text(c2s, b)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
