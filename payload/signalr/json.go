package signalr

import (
	"errors"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

var errRecord = errors.New("SignalR: no JSON object with a record separator behind it")

// members of messages in JSON, and the names of the fields, in their order.
var members = [...]struct{ json, field string }{
	{"protocol", "hub_protocol"},
	{"version", "version"},
	{"target", "target"},
	{"arguments", "arguments"},
	{"streamIds", "stream_ids"},
	{"item", "item"},
	{"result", "result"},
	{"error", "error"},
	{"allowReconnect", "allow_reconnect"},
	{"sequenceId", "sequence_id"},
}

// readJSON reads a record without its separator.
func readJSON(record []byte, dir dissect.Dir) (g message, ok bool) {
	o, ok := payload.Members(record)
	if !ok {
		return g, false
	}
	g.name = "HandshakeResponse"
	if dir == dissect.ClientToServer {
		g.name = "HandshakeRequest"
	}
	if kind := o["type"]; kind != nil {
		n, _ := payload.Value(kind).(int64)
		if n <= 0 || int(n) >= len(types) {
			return g, false
		}
		g.kind, g.name = int(n), types[n]
	}
	if id := o["invocationId"]; id != nil {
		g.id = payload.Word(id)
		g.fields = append(g.fields, dissect.Field{Name: "invocation_id", Value: payload.Value(id)})
	}
	for _, n := range members {
		if v := o[n.json]; v != nil {
			g.add(n.field, payload.Value(v))
		}
	}
	g.target, _ = payload.String(o["target"])
	streams, _ := payload.Elements(o["streamIds"])
	for _, id := range streams {
		g.streams = append(g.streams, payload.Word(id))
	}
	if h := o["headers"]; len(h) > len("{}") {
		g.fields = append(g.fields, dissect.Field{Name: "headers", Value: h})
	}
	return g, true
}
