// Package actioncable explains Action Cable of Ruby on Rails: commands, subscriptions with
// their confirmation, messages of channels.
package actioncable

import (
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "action-cable",
		Subprotocol: payload.Is("actioncable-v1-json", "actioncable-v1-ext-json", "actioncable-unsupported"),
		Content:     looksLike,
		New:         func(*payload.Session) payload.Decoder { return &decoder{} },
	}
}

// looksLike is sure of an identifier that names a channel.
func looksLike(m *dissect.Message) bool {
	if !payload.Mentions(m.Payload, `"identifier"`) {
		return false
	}
	o, _ := payload.Members(m.Payload)
	identifier, _ := payload.String(o["identifier"])
	p, _ := payload.Members([]byte(identifier))
	return p["channel"] != nil && (o["command"] != nil || o["message"] != nil || o["type"] != nil)
}

// decoder follows both directions of a connection.
type decoder struct{ payload.Requests }

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	o, ok := payload.Members(m.Payload)
	if !ok {
		return payload.NotJSON(m.Payload)
	}
	kind, ok := payload.String(o["command"])
	if !ok {
		kind, ok = payload.String(o["type"])
	}
	if !ok && o["message"] != nil {
		kind, ok = "message", true
	}
	if !ok {
		return nil
	}
	fields := dissect.Object{{Name: "type", Value: kind}}
	identifier, channel := inner(o["identifier"], "channel")
	fields = payload.With(payload.With(fields, "channel", channel), "identifier", identifier)
	data, action := inner(o["data"], "action")
	if data == nil {
		data = o["message"]
	} else {
		fields = payload.With(fields, "action", action)
	}
	fields = payload.With(payload.With(fields, "data", data), "reason", o["reason"])
	fields = payload.With(fields, "reconnect", o["reconnect"])
	fields = d.pair(m, fields, kind, string(o["identifier"]))
	return &dissect.Decoded{
		Brief:     payload.Line(kind, payload.Word(channel), payload.Word(action), payload.Word(data), payload.Word(o["reason"])),
		Heartbeat: kind == "ping" || kind == "pong",
		Fields:    fields,
	}
}

// pair tells how long a subscription took to be confirmed or rejected.
func (d *decoder) pair(m *dissect.Message, fields dissect.Object, kind, identifier string) dissect.Object {
	switch kind {
	case "subscribe":
		d.Sent(identifier, kind, m)
	case "confirm_subscription", "reject_subscription":
		if q, ok := d.Answered(identifier); ok {
			fields = append(fields, q.Fields(m)...)
		}
	}
	return fields
}

// inner is JSON that is sent as a string, and a member of it.
func inner(j dissect.JSON, member string) (value, name dissect.JSON) {
	s, ok := payload.String(j)
	if !ok {
		return j, nil
	}
	o, ok := payload.Members([]byte(s))
	if !ok {
		return j, nil
	}
	text, _ := payload.ParseJSON([]byte(s))
	return text, o[member]
}
