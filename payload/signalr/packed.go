package signalr

import (
	"encoding/binary"
	"errors"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/msgpack"
)

// Why a message of the MessagePack protocol is not read.
var (
	errLength = errors.New("SignalR: a message is longer than what carries it")
	errShape  = errors.New("SignalR: no array that begins with the number of a type")
)

// positions are the names of the elements behind the type and the headers.
var positions = [...][]string{
	typeInvocation:       {"invocation_id", "target", "arguments", "stream_ids"},
	typeStreamItem:       {"invocation_id", "item"},
	typeCompletion:       {"invocation_id", "", "result"},
	typeStreamInvocation: {"invocation_id", "target", "arguments", "stream_ids"},
	typeCancelInvocation: {"invocation_id"},
	typePing:             {},
	7:                    {"error", "allow_reconnect"},
	8:                    {"sequence_id"},
	9:                    {"sequence_id"},
}

// readPacked reads a message behind its length, a VarInt.
func readPacked(b []byte) (g message, rest []byte, err error) {
	size, n := binary.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) {
		return g, nil, errLength
	}
	b, rest = b[n:n+int(size)], b[n+int(size):]
	v, _, err := msgpack.Parse(b)
	if err != nil {
		return g, nil, err
	}
	list, _ := v.([]any)
	if len(list) == 0 {
		return g, nil, errShape
	}
	kind, ok := list[0].(int64)
	if !ok || kind <= 0 || int(kind) >= len(types) {
		return g, nil, errShape
	}
	g.kind, g.name = int(kind), types[kind]
	list = list[1:]
	var headers any
	if g.kind < typePing && len(list) > 0 {
		headers, list = list[0], list[1:]
	}
	g.fill(list)
	if o, ok := headers.(dissect.Object); ok && len(o) > 0 {
		g.fields = append(g.fields, dissect.Field{Name: "headers", Value: o})
	}
	return g, rest, nil
}

// fill names the elements of the array.
func (g *message) fill(list []any) {
	names := positions[g.kind]
	for i, v := range list[:min(len(list), len(names))] {
		switch {
		case v == nil || names[i] == "":
		case names[i] == "invocation_id":
			g.id = payload.Shown(v)
			g.fields = append(g.fields, dissect.Field{Name: names[i], Value: v})
		case names[i] == "stream_ids":
			g.sends(v)
		case g.kind == typeCompletion && isError(list[1]):
			g.add("error", v)
		default:
			g.add(names[i], v)
		}
		if s, ok := v.(string); ok && names[i] == "target" {
			g.target = s
		}
	}
}

// sends notes the streams that the caller will send; most calls have none.
func (g *message) sends(v any) {
	list, _ := v.([]any)
	if len(list) == 0 {
		return
	}
	g.add("stream_ids", v)
	for _, id := range list {
		g.streams = append(g.streams, payload.Shown(id))
	}
}

// isError reports whether the kind of a result is 1: an error.
func isError(kind any) bool { return kind == int64(1) }
