// Package nostr explains the messages between Nostr clients and relays (NIP-01, NIP-42,
// NIP-45): events with the answers to them, subscriptions with what they give.
package nostr

import (
	"strconv"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:    "nostr",
		Content: looksLike,
		New:     func(*payload.Session) payload.Decoder { return &decoder{} },
	}
}

// looksLike is sure of a signed event, of a subscription with its filters, and of the
// answer to an event.
func looksLike(m *dissect.Message) bool {
	if len(m.Payload) == 0 || m.Payload[0] != '[' {
		return false
	}
	list, ok := payload.Elements(m.Payload)
	if !ok || len(list) < 2 {
		return false
	}
	last := list[len(list)-1]
	switch kind, _ := payload.String(list[0]); kind {
	case "EVENT":
		o, _ := payload.Members(last)
		return o["sig"] != nil && o["pubkey"] != nil && o["kind"] != nil
	case "REQ":
		return len(list) >= 3 && list[1][0] == '"' && list[2][0] == '{'
	case "OK":
		id, _ := payload.String(list[1])
		return len(list) == 4 && len(id) == 64
	}
	return false
}

// decoder follows both directions of a connection.
type decoder struct{ payload.Requests }

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	list, ok := payload.Elements(m.Payload)
	if !ok {
		return payload.NotJSON(m.Payload)
	}
	if len(list) == 0 {
		return nil
	}
	kind, ok := payload.String(list[0])
	if !ok {
		return nil
	}
	r := &reading{m: m, kind: kind, fields: dissect.Object{{Name: "type", Value: kind}}}
	d.read(r, list[1:])
	return &dissect.Decoded{Brief: payload.Line(append([]string{kind}, r.words...)...), Fields: r.fields}
}

// reading is a message as far as it is explained.
type reading struct {
	m      *dissect.Message
	kind   string
	fields dissect.Object
	words  []string
}

func (r *reading) add(name string, v any, word string) {
	r.fields = append(r.fields, dissect.Field{Name: name, Value: v})
	r.words = append(r.words, word)
}

func (d *decoder) read(r *reading, args []dissect.JSON) {
	fromClient := r.m.Dir == dissect.ClientToServer
	switch {
	case r.kind == "EVENT" && len(args) == 1, r.kind == "AUTH" && len(args) == 1 && args[0][0] == '{':
		if id := r.event(args[0]); id != "" {
			d.Sent("event "+id, r.kind, r.m)
		}
	case r.kind == "EVENT" && len(args) == 2:
		r.subscription(args[0])
		r.event(args[1])
		d.about(r, "REQ "+string(args[0]), false)
	case (r.kind == "REQ" || r.kind == "COUNT" && fromClient) && len(args) >= 1:
		r.subscription(args[0])
		filters := []any{}
		for _, f := range args[1:] {
			filters = append(filters, f)
			r.words = append(r.words, payload.Word(f))
		}
		r.fields = append(r.fields, dissect.Field{Name: "filters", Value: filters})
		d.Sent(r.kind+" "+string(args[0]), r.kind, r.m)
	case r.kind == "OK" && len(args) == 3:
		id := payload.Word(args[0])
		r.add("event_id", payload.Value(args[0]), short(id))
		r.add("accepted", payload.Value(args[1]), payload.Word(args[1]))
		r.add("message", payload.Value(args[2]), payload.Word(args[2]))
		d.about(r, "event "+id, true)
	case len(args) >= 1 && (r.kind == "EOSE" || r.kind == "CLOSE" || r.kind == "CLOSED" || r.kind == "COUNT"):
		r.subscription(args[0])
		r.rest(args[1:])
		d.end(r, string(args[0]))
	case len(args) == 1 && r.kind == "NOTICE":
		r.add("message", payload.Value(args[0]), payload.Word(args[0]))
	case len(args) == 1 && r.kind == "AUTH":
		r.add("challenge", payload.Value(args[0]), payload.Word(args[0]))
	default:
		r.rest(args)
	}
}

// end pairs what ends a subscription, or its stored events, with its begin.
func (d *decoder) end(r *reading, id string) {
	switch r.kind {
	case "EOSE":
		d.about(r, "REQ "+id, false)
	case "COUNT":
		d.about(r, "COUNT "+id, true)
	default:
		d.about(r, "REQ "+id, true)
	}
}

// about tells what a message answers, which may be over with it.
func (d *decoder) about(r *reading, key string, over bool) {
	find := d.Seen
	if over {
		find = d.Answered
	}
	if q, ok := find(key); ok {
		r.fields = append(r.fields, q.Fields(r.m)...)
	}
}

func (r *reading) subscription(id dissect.JSON) {
	r.add("subscription", payload.Value(id), payload.Word(id))
}

func (r *reading) rest(args []dissect.JSON) {
	if len(args) == 0 {
		return
	}
	var values []any
	for _, a := range args {
		values = append(values, a)
		r.words = append(r.words, payload.Word(a))
	}
	r.fields = append(r.fields, dissect.Field{Name: "args", Value: values})
}

// event is the object of NIP-01, and gives its id.
func (r *reading) event(j dissect.JSON) (id string) {
	o, ok := payload.Members(j)
	if !ok {
		r.rest([]dissect.JSON{j})
		return ""
	}
	id, _ = payload.String(o["id"])
	r.words = append(r.words, short(id), "kind", payload.Word(o["kind"]), strconv.Quote(payload.Word(o["content"])))
	r.fields = payload.With(r.fields, "event_id", o["id"])
	r.fields = payload.With(r.fields, "kind", o["kind"])
	r.fields = payload.With(r.fields, "pubkey", o["pubkey"])
	r.fields = payload.With(r.fields, "content", o["content"])
	r.fields = append(r.fields, dissect.Field{Name: "event", Value: j})
	return id
}

// short is the begin of an id, as people name events.
func short(id string) string {
	if len(id) != 64 {
		return id
	}
	return id[:8] + "…"
}
