// Package socketio explains Engine.IO (versions 3 and 4) and, inside it, Socket.IO
// (protocol versions 3 to 5): packet types, namespaces, events with their arguments,
// acknowledgments with the events that they answer, binary attachments, heartbeats.
package socketio

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name: "socket.io",
		Path: func(s *payload.Session) bool {
			return strings.Contains(s.Query, "EIO=") && strings.Contains(s.Query, "transport=websocket")
		},
		Content: looksLike,
		New:     func(s *payload.Session) payload.Decoder { return newDecoder(s) },
	}
}

// looksLike is sure of what opens a session: `0{"sid":"...","upgrades":[]...}`.
func looksLike(m *dissect.Message) bool {
	if m.Opcode != frame.Text || len(m.Payload) < 2 || m.Payload[0] != '0' {
		return false
	}
	open, ok := payload.Members(m.Payload[1:])
	return ok && open["sid"] != nil && open["pingInterval"] != nil
}

// Engine.IO packet types.
var engineTypes = [...]string{"open", "close", "ping", "pong", "message", "upgrade", "noop"}

// decoder follows both directions of a connection.
type decoder struct {
	version int // of Engine.IO; 4 unless the request says 3

	// per direction
	pending [3]attachments // by dissect.Dir
	asked   map[ackKey]asked
}

// attachments are the binary messages that belong to an event.
type attachments struct {
	left, all int
	packet    int64 // of the event
	event     string
}

// ackKey names an event that wants an acknowledgment.
type ackKey struct {
	dir       dissect.Dir
	namespace string
	id        string
}

type asked struct {
	packet, time int64
	event        string
}

// maxAsked bounds the events that wait for their acknowledgment.
const maxAsked = 1024

func newDecoder(s *payload.Session) *decoder {
	d := &decoder{version: 4, asked: make(map[ackKey]asked)}
	if strings.Contains(s.Query, "EIO=3") {
		d.version = 3
	}
	return d
}

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	if len(m.Payload) == 0 {
		return nil
	}
	if m.Opcode == frame.Binary {
		return d.binary(m)
	}
	t := int(m.Payload[0]) - '0'
	if t < 0 || t >= len(engineTypes) {
		return nil
	}
	body := m.Payload[1:]
	engine := dissect.Field{Name: "engine_type", Value: engineTypes[t]}
	switch engineTypes[t] {
	case "message":
		return d.packet(m, body, engine)
	case "open":
		return d.open(body, engine)
	}
	brief := "engine.io " + engineTypes[t]
	fields := dissect.Object{engine}
	if len(body) > 0 {
		fields = append(fields, dissect.Field{Name: "data", Value: string(body)})
		brief += " " + string(body)
	}
	return &dissect.Decoded{Brief: brief, Heartbeat: engineTypes[t] == "ping" || engineTypes[t] == "pong", Fields: fields}
}

func (d *decoder) open(body []byte, engine dissect.Field) *dissect.Decoded {
	text, ok := payload.ParseJSON(body)
	if !ok {
		return broken("the open packet is not JSON", engine)
	}
	return &dissect.Decoded{Brief: "engine.io open " + string(text), Fields: dissect.Object{engine, {Name: "handshake", Value: text}}}
}

func broken(why string, fields ...dissect.Field) *dissect.Decoded {
	return &dissect.Decoded{Error: why, Fields: fields}
}

// binary is an attachment of the event before it.
func (d *decoder) binary(m *dissect.Message) *dissect.Decoded {
	data := m.Payload
	if d.version == 3 {
		data = data[1:] // the Engine.IO packet type stands in front
	}
	a := &d.pending[m.Dir]
	fields := dissect.Object{{Name: "engine_type", Value: "message"}, {Name: "size", Value: len(data)}}
	if a.left == 0 {
		return &dissect.Decoded{Brief: "binary message", Fields: fields}
	}
	a.left--
	fields = append(fields,
		dissect.Field{Name: "attachment", Value: a.all - a.left},
		dissect.Field{Name: "attachments", Value: a.all},
		dissect.Field{Name: "event", Value: a.event},
		dissect.Field{Name: "event_packet", Value: a.packet})
	return &dissect.Decoded{Brief: "attachment of " + quote(a.event), Fields: fields}
}
