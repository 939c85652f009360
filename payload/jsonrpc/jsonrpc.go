// Package jsonrpc explains JSON-RPC 2.0, and the protocols that are made of it: LSP, MCP,
// and the Chrome DevTools protocol, which leaves out its version member. Results and
// errors are paired with their requests, in either direction.
package jsonrpc

import (
	"bytes"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocols are the rows for the list: those that tell themselves from plain JSON-RPC
// stand before it.
func Protocols() []payload.Protocol {
	return []payload.Protocol{
		{
			Name:    "cdp",
			Path:    func(s *payload.Session) bool { return strings.HasPrefix(s.Path, "/devtools/") },
			Content: looksLikeCDP,
			New:     dialect{oneway: "event"}.decoder,
		},
		{
			Name:    "lsp",
			Content: looksLikeLSP,
			New:     dialect{oneway: "notification"}.decoder,
		},
		{
			Name:        "mcp",
			Subprotocol: payload.Is("mcp"),
			Content:     looksLikeMCP,
			New:         dialect{oneway: "notification", beat: "ping"}.decoder,
		},
		{
			Name:        "json-rpc",
			Subprotocol: payload.Is("jsonrpc", "json-rpc", "jsonrpc-2.0", "jsonrpc2.0"),
			Content:     looksLike,
			New:         dialect{oneway: "notification"}.decoder,
		},
	}
}

// dialect is what a protocol makes of JSON-RPC.
type dialect struct {
	oneway string // what it calls a request without an answer
	beat   string // method that only keeps the connection open
}

func (l dialect) decoder(*payload.Session) payload.Decoder { return &decoder{dialect: l} }

// decoder follows both directions of a connection.
type decoder struct {
	dialect
	payload.Requests
}

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	text := withoutHead(m.Payload)
	if list, ok := payload.Elements(text); ok {
		return d.batch(m, list)
	}
	o, ok := payload.Members(text)
	if !ok {
		return payload.NotJSON(text)
	}
	c, ok := d.call(m, o)
	if !ok {
		return nil
	}
	return &dissect.Decoded{Brief: c.brief, Heartbeat: c.beat, Fields: c.fields}
}

// withoutHead drops the header of LSP's base protocol, which some keep on WebSocket.
func withoutHead(b []byte) []byte {
	if len(b) > 0 && b[0] == 'C' {
		if head, rest, found := bytes.Cut(b, []byte("\r\n\r\n")); found && bytes.HasPrefix(head, []byte("Content-")) {
			return rest
		}
	}
	return b
}

// maxBatch bounds the calls of a batch that are told apart.
const maxBatch = 4096

// batch is JSON-RPC 2.0, section 6.
func (d *decoder) batch(m *dissect.Message, list []dissect.JSON) *dissect.Decoded {
	var all []any
	var lines []string
	known := false
	for i, e := range list {
		if i == maxBatch {
			return &dissect.Decoded{Error: payload.ErrUnits.Error()}
		}
		o, _ := payload.Members(e)
		c, ok := d.call(m, o)
		if !ok {
			c = call{brief: "invalid " + payload.Word(e), fields: dissect.Object{{Name: "type", Value: "invalid"}, {Name: "value", Value: e}}}
		}
		known = known || ok
		all = append(all, c.fields)
		lines = append(lines, c.brief)
	}
	if !known {
		return nil
	}
	return &dissect.Decoded{
		Brief:  payload.Line("batch", strings.Join(lines, "; ")),
		Fields: dissect.Object{{Name: "type", Value: "batch"}, {Name: "batch", Value: all}},
	}
}

// call is a request, a notification, a result or an error.
type call struct {
	brief  string
	beat   bool
	fields dissect.Object
}

// call explains an object; ok is false if it is none of JSON-RPC.
func (d *decoder) call(m *dissect.Message, o map[string]dissect.JSON) (c call, ok bool) {
	id, hasID := o["id"]
	switch method, isRequest := payload.String(o["method"]); {
	case isRequest && hasID:
		return d.request(m, o, id, method), true
	case isRequest:
		c = start(d.oneway, o, nil)
		c.add("method", method)
		c.optional("params", o["params"])
		c.brief = payload.Line(d.oneway, method, payload.Word(o["params"]))
		return c, true
	case len(o["error"]) > 0 && string(o["error"]) != "null":
		return d.failure(m, o, id), true
	case len(o["result"]) > 0 && hasID:
		c = start("result", o, id)
		method := d.answer(m, &c, o, id)
		c.add("result", o["result"])
		c.beat = d.beat != "" && method == d.beat
		c.brief = payload.Line("result", payload.Word(id), payload.Of(method), payload.Word(o["result"]))
		return c, true
	}
	return c, false
}

func (d *decoder) request(m *dissect.Message, o map[string]dissect.JSON, id dissect.JSON, method string) call {
	c := start("request", o, id)
	c.add("method", method)
	c.optional("params", o["params"])
	c.beat = d.beat != "" && method == d.beat
	c.brief = payload.Line("request", payload.Word(id), method, payload.Word(o["params"]))
	d.Sent(key(m.Dir, o, id), method, m)
	return c
}

// failure is an error object: JSON-RPC 2.0, section 5.1.
func (d *decoder) failure(m *dissect.Message, o map[string]dissect.JSON, id dissect.JSON) call {
	c := start("error", o, id)
	method := d.answer(m, &c, o, id)
	e, ok := payload.Members(o["error"])
	if !ok {
		c.add("message", payload.Value(o["error"]))
		c.brief = payload.Line("error", payload.Word(id), payload.Of(method), payload.Word(o["error"]))
		return c
	}
	for _, name := range [...]string{"code", "message"} {
		if v := e[name]; v != nil {
			c.add(name, payload.Value(v))
		}
	}
	c.optional("data", e["data"])
	c.brief = payload.Line("error", payload.Word(id), payload.Of(method), payload.Word(e["code"]), payload.Word(e["message"]), payload.Word(e["data"]))
	return c
}

// answer tells which request this answers, and gives its method.
func (d *decoder) answer(m *dissect.Message, c *call, o map[string]dissect.JSON, id dissect.JSON) string {
	q, ok := d.Answered(key(m.Dir.Reverse(), o, id))
	if !ok {
		return ""
	}
	c.add("method", q.What)
	c.fields = append(c.fields, q.Fields(m)...)
	return q.What
}

// key names a request of one direction. Sessions of CDP count each for themselves.
func key(dir dissect.Dir, o map[string]dissect.JSON, id dissect.JSON) string {
	return dir.String() + " " + string(o["sessionId"]) + " " + string(id)
}

func start(kind string, o map[string]dissect.JSON, id dissect.JSON) call {
	c := call{fields: dissect.Object{{Name: "type", Value: kind}}}
	if id != nil {
		c.add("id", payload.Value(id))
	}
	if s := o["sessionId"]; s != nil {
		c.add("session_id", payload.Value(s))
	}
	return c
}

func (c *call) add(name string, v any) {
	c.fields = append(c.fields, dissect.Field{Name: name, Value: v})
}

func (c *call) optional(name string, j dissect.JSON) {
	if j != nil {
		c.add(name, j)
	}
}
