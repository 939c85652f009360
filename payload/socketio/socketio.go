// Package socketio explains Engine.IO (versions 3 and 4) and, inside it, Socket.IO
// (protocol versions 3 to 5): packet types, namespaces, events with their arguments,
// acknowledgments with the events that they answer, binary attachments, heartbeats. A
// session that begins over HTTP, by polling, is followed from there.
package socketio

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	s := &sessions{}
	return payload.Protocol{
		Name: "socket.io",
		Path: func(s *payload.Session) bool {
			return strings.Contains(s.Query, "EIO=") && strings.Contains(s.Query, "transport=websocket")
		},
		Content: looksLike,
		New:     s.decoder,
		HTTP:    &payload.HTTP{Wants: wantsPolling, Decode: s.body},
	}
}

// looksLike is sure of what opens a session, `0{"sid":"...","upgrades":[]...}`, and of an
// event, `42["name",...]`.
func looksLike(m *dissect.Message) bool {
	if m.Opcode != frame.Text || len(m.Payload) < 2 {
		return false
	}
	if m.Payload[0] == '0' {
		open, ok := payload.Members(m.Payload[1:])
		return ok && open["sid"] != nil && open["pingInterval"] != nil
	}
	if m.Payload[0] != '4' || m.Payload[1] != '2' {
		return false
	}
	p := parsed{kind: "EVENT"}
	p.read(string(m.Payload[2:]))
	list, ok := payload.Elements([]byte(p.data))
	return ok && len(list) > 0 && list[0][0] == '"'
}

// Engine.IO packet types.
var engineTypes = [...]string{"open", "close", "ping", "pong", "message", "upgrade", "noop"}

// decoder follows both directions of a connection.
type decoder struct {
	payload.Requests
	version int            // of Engine.IO: 3 or 4; 0 while nothing tells
	pending [3]attachments // by dissect.Dir
	polled  dissect.Object // of the session so far, to be told with the next message
}

func newDecoder(s *payload.Session) *decoder { return &decoder{version: versionOf(s.Query)} }

// Missed implements payload.Streamer: which attachment comes next is not known any more.
func (d *decoder) Missed(dir dissect.Dir) { d.pending[dir] = attachments{} }

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	e := d.decode(m)
	if e != nil && d.polled != nil {
		e.Fields = append(e.Fields, d.polled...)
		e.Brief = payload.Line(e.Brief, "(session opened by polling)")
		d.polled = nil
	}
	return e
}

func (d *decoder) decode(m *dissect.Message) *dissect.Decoded {
	if len(m.Payload) == 0 {
		return nil
	}
	if m.Opcode == frame.Binary {
		return d.binary(m)
	}
	if m.Payload[0] == 'b' {
		return d.base64(m)
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
	case "ping", "pong":
		return d.beat(m, body, engine)
	}
	return plain(body, engine)
}

// plain is an Engine.IO packet with nothing of Socket.IO.
func plain(body []byte, engine dissect.Field) *dissect.Decoded {
	kind, _ := engine.Value.(string)
	fields := dissect.Object{engine}
	if len(body) > 0 {
		fields = append(fields, dissect.Field{Name: "data", Value: payload.Data(body)})
	}
	return &dissect.Decoded{Brief: payload.Line("engine.io", kind, payload.Shown(payload.Data(body))), Fields: fields}
}

// open begins a session: Engine.IO, handshake.
func (d *decoder) open(body []byte, engine dissect.Field) *dissect.Decoded {
	text, ok := payload.ParseJSON(body)
	if !ok {
		return broken("the open packet is not JSON", engine)
	}
	return &dissect.Decoded{Brief: payload.Line("engine.io open", payload.Shown(text)), Fields: dissect.Object{engine, {Name: "handshake", Value: text}}}
}

// beat is a heartbeat, or with data the probe before an upgrade. The client pings in
// version 3, the server in version 4.
func (d *decoder) beat(m *dissect.Message, body []byte, engine dissect.Field) *dissect.Decoded {
	e := plain(body, engine)
	e.Heartbeat = len(body) == 0
	key := "ping " + string(body)
	if engine.Value == "ping" {
		if e.Heartbeat && d.version == 0 {
			d.version = 4
			if m.Dir == dissect.ClientToServer {
				d.version = 3
			}
		}
		d.Sent(m.Dir.String()+key, "", m)
		return e
	}
	if q, ok := d.Answered(m.Dir.Reverse().String() + key); ok {
		e.Fields = append(e.Fields, q.Fields(m)...)
	}
	return e
}

func broken(why string, fields ...dissect.Field) *dissect.Decoded {
	return &dissect.Decoded{Error: why, Fields: fields}
}
