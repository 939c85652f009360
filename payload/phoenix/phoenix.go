// Package phoenix explains Phoenix channels: objects of version 1, arrays and binary
// messages of version 2, replies paired with what they answer, heartbeats.
package phoenix

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name: "phoenix",
		Path: func(s *payload.Session) bool {
			return strings.HasSuffix(s.Path, "/websocket") && strings.Contains("&"+s.Query, "&vsn=")
		},
		Content: looksLike,
		New:     func(*payload.Session) payload.Decoder { return &decoder{} },
	}
}

// looksLike is sure of an event that Phoenix itself names, or of a heartbeat.
func looksLike(m *dissect.Message) bool {
	if m.Opcode != frame.Text || !payload.Mentions(m.Payload, `"phx_`) && !payload.Mentions(m.Payload, `"phoenix"`) {
		return false
	}
	e, ok := read(m)
	return ok && (strings.HasPrefix(e.event, "phx_") || e.topic == "phoenix" && e.event == "heartbeat")
}

// decoder follows both directions of a connection.
type decoder struct{ payload.Requests }

// envelope is what both versions have. The payload is JSON, or []byte.
type envelope struct {
	joinRef, ref any // nil where there is none
	topic, event string
	payload      any
	status       string // of a reply
}

// read takes a message apart; ok is false if it is none.
func read(m *dissect.Message) (e envelope, ok bool) {
	if m.Opcode == frame.Binary {
		return binary(m)
	}
	if list, ok := payload.Elements(m.Payload); ok {
		if len(list) != 5 {
			return e, false
		}
		return e, e.fill(list[0], list[1], list[2], list[3], list[4])
	}
	o, ok := payload.Members(m.Payload)
	return e, ok && o["payload"] != nil && e.fill(o["join_ref"], o["ref"], o["topic"], o["event"], o["payload"])
}

func (e *envelope) fill(joinRef, ref, topic, event, body dissect.JSON) (ok bool) {
	var hasTopic, hasEvent bool
	e.joinRef, e.ref, e.payload = payload.Value(joinRef), payload.Value(ref), body
	e.topic, hasTopic = payload.String(topic)
	e.event, hasEvent = payload.String(event)
	if e.event != reply {
		return hasTopic && hasEvent
	}
	if p, ok := payload.Members(body); ok {
		e.status, _ = payload.String(p["status"])
		if p["response"] != nil {
			e.payload = p["response"]
		}
	}
	return hasTopic
}

const reply = "phx_reply"

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	e, ok := read(m)
	if !ok {
		if m.Opcode == frame.Binary {
			return nil
		}
		return payload.NotJSON(m.Payload)
	}
	fields := dissect.Object{{Name: "event", Value: e.event}, {Name: "topic", Value: e.topic}}
	for _, r := range [...]dissect.Field{{Name: "join_ref", Value: e.joinRef}, {Name: "ref", Value: e.ref}} {
		if r.Value != nil {
			fields = append(fields, r)
		}
	}
	of := ""
	switch {
	case e.event == reply:
		fields = append(fields, dissect.Field{Name: "status", Value: e.status})
		if q, ok := d.Answered(key(e.ref)); ok {
			of = q.What
			fields = append(append(fields, dissect.Field{Name: "reply_to", Value: of}), q.Fields(m)...)
		}
	case e.ref != nil && m.Dir == dissect.ClientToServer:
		d.Sent(key(e.ref), e.event, m)
	}
	ref := ""
	if e.ref != nil {
		ref = payload.Shown(e.ref)
	}
	return &dissect.Decoded{
		Brief:     payload.Line(e.event, e.status, e.topic, ref, payload.Of(of), payload.Shown(e.payload)),
		Heartbeat: e.topic == "phoenix" && (e.event == "heartbeat" || of == "heartbeat"),
		Fields:    append(fields, dissect.Field{Name: "payload", Value: e.payload}),
	}
}

// key is equal for refs that are a string in one version and a number in another.
func key(ref any) string { return payload.Shown(ref) }
