// Package graphql explains GraphQL over WebSocket: the subprotocol graphql-transport-ws,
// and the older graphql-ws of Apollo. Results are paired with their operations.
package graphql

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "graphql",
		Subprotocol: payload.Is("graphql-transport-ws", "graphql-ws"),
		Content:     looksLike,
		New:         func(*payload.Session) payload.Decoder { return &decoder{} },
	}
}

// looksLike is sure of what opens a connection in both subprotocols.
func looksLike(m *dissect.Message) bool {
	if !payload.Mentions(m.Payload, `"connection_init"`) {
		return false
	}
	o, _ := payload.Members(m.Payload)
	kind, _ := payload.String(o["type"])
	return kind == "connection_init"
}

// decoder follows both directions of a connection.
type decoder struct {
	payload.Requests // what of an operation is its type, a blank, and its name
}

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	o, ok := payload.Members(m.Payload)
	if !ok {
		return payload.NotJSON(m.Payload)
	}
	kind, ok := payload.String(o["type"])
	if !ok {
		return nil
	}
	fields := dissect.Object{{Name: "type", Value: kind}}
	if o["id"] != nil {
		fields = append(fields, dissect.Field{Name: "id", Value: payload.Value(o["id"])})
	}
	id, body := payload.Word(o["id"]), o["payload"]
	if string(body) == "null" {
		body = nil
	}
	switch kind {
	case "subscribe", "start":
		return d.operation(m, fields, o)
	case "ping", "pong", "ka":
		return &dissect.Decoded{Heartbeat: true, Brief: payload.Line(kind, payload.Word(body)), Fields: payload.With(fields, "payload", body)}
	case "connection_init":
		d.Sent("connection", kind, m)
	case "connection_ack":
		if q, ok := d.Answered("connection"); ok {
			fields = append(fields, q.Fields(m)...)
		}
	}
	of := ""
	if q, ok := d.answered(m, kind, o["id"]); ok {
		of = q.What
		fields = append(append(fields, labels(of)...), q.Fields(m)...)
	}
	brief := payload.Line(kind, id, payload.Of(strings.TrimSpace(of)), payload.Word(body))
	return &dissect.Decoded{Brief: brief, Fields: payload.With(fields, "payload", body)}
}

// answered is the operation that a message belongs to. It is over with what the server
// sends last, and, in graphql-transport-ws, when the client does not want more.
func (d *decoder) answered(m *dissect.Message, kind string, id dissect.JSON) (payload.Request, bool) {
	switch {
	case id == nil:
		return payload.Request{}, false
	case kind == "complete" || kind == "error":
		return d.Answered("operation " + string(id))
	}
	return d.Seen("operation " + string(id))
}

// operation explains the begin of an operation.
func (d *decoder) operation(m *dissect.Message, fields dissect.Object, o map[string]dissect.JSON) *dissect.Decoded {
	p, ok := payload.Members(o["payload"])
	if !ok {
		return &dissect.Decoded{Error: "an operation without a payload", Fields: fields}
	}
	// AWS AppSync has the request as text in the member data.
	if inner, ok := payload.String(p["data"]); ok && p["query"] == nil {
		if r, ok := payload.Members([]byte(inner)); ok {
			r["extensions"] = p["extensions"]
			p = r
		}
	}
	name, _ := payload.String(p["operationName"])
	query, _ := payload.String(p["query"])
	kind, name := find(query, name)
	fields = append(fields, labels(kind+" "+name)...)
	if p["query"] != nil {
		fields = append(fields, dissect.Field{Name: "query", Value: payload.Value(p["query"])})
	}
	fields = payload.With(payload.With(fields, "variables", p["variables"]), "extensions", p["extensions"])
	d.Sent("operation "+string(o["id"]), kind+" "+name, m)
	kindOf := payload.Word(o["type"])
	return &dissect.Decoded{
		Brief:  payload.Line(kindOf, payload.Word(o["id"]), kind, name, payload.Word(p["variables"])),
		Fields: fields,
	}
}

// labels are the fields for the type and the name of an operation.
func labels(what string) dissect.Object {
	var o dissect.Object
	kind, name, _ := strings.Cut(what, " ")
	if kind != "" {
		o = append(o, dissect.Field{Name: "operation_type", Value: kind})
	}
	if name != "" {
		o = append(o, dissect.Field{Name: "operation_name", Value: name})
	}
	return o
}
