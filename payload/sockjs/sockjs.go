// Package sockjs explains the framing of SockJS on WebSocket, and what its messages hold,
// which may be of a protocol of its own, as STOMP is.
package sockjs

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list. The others are asked for what the messages hold, and
// the fallback where none of them knows it.
func Protocol(others []payload.Protocol, fallback payload.Decoder) payload.Protocol {
	return payload.Protocol{
		Name: "sockjs",
		Path: isPath,
		New: func(*payload.Session) payload.Decoder {
			return &decoder{payload.NewInner(others, fallback)}
		},
	}
}

// isPath knows `/<prefix>/<server>/<session>/websocket`, where a server is three digits for
// the clients that are in use. Without server and session there is no framing.
func isPath(s *payload.Session) bool {
	parts := strings.Split(s.Path, "/")
	n := len(parts)
	if n < 4 || parts[n-1] != "websocket" || parts[n-2] == "" || len(parts[n-3]) != 3 {
		return false
	}
	for _, c := range []byte(parts[n-3]) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// decoder follows both directions of a connection.
type decoder struct{ *payload.Inner }

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	if len(m.Payload) == 0 || m.Opcode != frame.Text {
		return nil
	}
	if m.Dir == dissect.ClientToServer {
		return d.messages(m, "message", m.Payload)
	}
	body := m.Payload[1:]
	switch m.Payload[0] {
	case 'o':
		return alone("open", false)
	case 'h':
		return alone("heartbeat", true)
	case 'a':
		return d.messages(m, "array", body)
	case 'm':
		return d.messages(m, "message", body)
	case 'c':
		return closing(body)
	}
	return nil
}

func alone(kind string, heartbeat bool) *dissect.Decoded {
	return &dissect.Decoded{Brief: kind, Heartbeat: heartbeat, Fields: dissect.Object{{Name: "type", Value: kind}}}
}

// closing is c[code,"reason"].
func closing(body []byte) *dissect.Decoded {
	list, ok := payload.Elements(body)
	if !ok || len(list) != 2 {
		return &dissect.Decoded{Error: "a close frame without code and reason"}
	}
	return &dissect.Decoded{
		Brief: payload.Line("close", payload.Word(list[0]), payload.Word(list[1])),
		Fields: dissect.Object{
			{Name: "type", Value: "close"},
			{Name: "code", Value: payload.Value(list[0])},
			{Name: "reason", Value: payload.Value(list[1])},
		},
	}
}

// messages explains an array of strings, or one alone. Clients send arrays without a
// letter in front of them.
func (d *decoder) messages(m *dissect.Message, kind string, body []byte) *dissect.Decoded {
	list, ok := payload.Elements(body)
	if ok {
		kind = "array"
	} else {
		one, ok := payload.ParseJSON(body)
		if !ok {
			return &dissect.Decoded{Error: "not valid JSON, or nested too deep"}
		}
		list = []dissect.JSON{one}
	}
	var u payload.Units
	for _, j := range list {
		if !d.add(&u, m, j) {
			return u.Decoded("messages", 0, payload.ErrUnits)
		}
	}
	e := u.Decoded("messages", 0, nil)
	e.Fields = append(dissect.Object{{Name: "type", Value: kind}}, e.Fields...)
	return e
}

// add explains one message: the fields that its protocol gives, or its text.
func (d *decoder) add(u *payload.Units, m *dissect.Message, j dissect.JSON) bool {
	text, ok := payload.String(j)
	if !ok {
		return u.Add(dissect.Object{{Name: "data", Value: payload.Value(j)}}, payload.Word(j))
	}
	one := *m
	one.Payload, one.Length, one.Decoded = []byte(text), uint64(len(text)), nil
	e := d.Inner.Decode(&one)
	if e == nil {
		return u.Add(dissect.Object{{Name: "data", Value: text}}, payload.Shown(text))
	}
	fields := dissect.Object{{Name: "protocol", Value: e.Protocol}}
	if e.Error != "" {
		fields = append(fields, dissect.Field{Name: "error", Value: e.Error}, dissect.Field{Name: "data", Value: text})
	}
	brief := payload.Line(e.Protocol, e.Brief)
	if e.Heartbeat {
		return u.Beat(append(fields, e.Fields...), brief)
	}
	return u.Add(append(fields, e.Fields...), brief)
}
