// Package pusher explains the protocol of Pusher Channels, version 7, which Soketi, Laravel
// Reverb and others serve too: events with their channels and data.
package pusher

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name: "pusher",
		Path: func(s *payload.Session) bool {
			return strings.Contains(s.Path, "/app/") && strings.Contains("&"+s.Query, "&protocol=")
		},
		Content: looksLike,
		New:     func(*payload.Session) payload.Decoder { return &decoder{} },
	}
}

// looksLike is sure of an event of the protocol itself.
func looksLike(m *dissect.Message) bool {
	if !payload.Mentions(m.Payload, `"pusher`) {
		return false
	}
	o, _ := payload.Members(m.Payload)
	event, _ := payload.String(o["event"])
	return strings.HasPrefix(event, "pusher:") || strings.HasPrefix(event, "pusher_internal:")
}

// decoder follows both directions of a connection.
type decoder struct{ payload.Requests }

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	o, ok := payload.Members(m.Payload)
	if !ok {
		return payload.NotJSON(m.Payload)
	}
	event, ok := payload.String(o["event"])
	if !ok {
		return nil
	}
	data := inner(o["data"])
	members, _ := payload.Members(data)
	channel := o["channel"]
	if channel == nil {
		channel = members["channel"] // of pusher:subscribe and pusher:unsubscribe
	}
	fields := payload.With(dissect.Object{{Name: "event", Value: event}}, "channel", channel)
	fields = payload.With(fields, "user_id", o["user_id"])
	fields = payload.With(fields, "data", data)
	name := payload.Word(channel)
	switch event {
	case "pusher:ping", "pusher:pong":
		return &dissect.Decoded{Brief: event, Heartbeat: true, Fields: fields}
	case "pusher:subscribe":
		d.Sent("subscribe "+name, event, m)
	case "pusher_internal:subscription_succeeded", "pusher:subscription_error":
		if q, ok := d.Answered("subscribe " + name); ok {
			fields = append(fields, q.Fields(m)...)
		}
	case "pusher:signin":
		d.Sent("signin", event, m)
	case "pusher:signin_success":
		if q, ok := d.Answered("signin"); ok {
			fields = append(fields, q.Fields(m)...)
		}
	}
	return &dissect.Decoded{Brief: payload.Line(event, name, payload.Word(data)), Fields: fields}
}

// inner is the data of an event: text that is JSON is sent as a string.
func inner(j dissect.JSON) dissect.JSON {
	if s, ok := payload.String(j); ok {
		if text, ok := payload.ParseJSON([]byte(s)); ok {
			return text
		}
	}
	return j
}
