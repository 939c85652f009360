// Package wamp explains WAMP 2, in JSON, MessagePack and CBOR: calls with their results,
// subscriptions and registrations with what names them, events, invocations.
package wamp

import (
	"strconv"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name: "wamp",
		Subprotocol: payload.Is("wamp.2.json", "wamp.2.json.batched", "wamp.2.msgpack", "wamp.2.msgpack.batched",
			"wamp.2.cbor", "wamp.2.cbor.batched"),
		Content: looksLike,
		New:     func(s *payload.Session) payload.Decoder { return &decoder{read: reader(s.Subprotocol)} },
	}
}

// looksLike is sure of what opens a session: [1, "realm", {"roles": ...}], and of the
// answer to it.
func looksLike(m *dissect.Message) bool {
	if m.Opcode != frame.Text || len(m.Payload) < 2 || m.Payload[0] != '[' {
		return false
	}
	list, ok := payload.Elements(m.Payload)
	if !ok || len(list) != 3 {
		return false
	}
	o, _ := payload.Members(list[2])
	code := string(list[0])
	return o["roles"] != nil && (code == "1" && list[1][0] == '"' || code == "2")
}

// decoder follows both directions of a connection.
type decoder struct {
	payload.Requests
	read func([]byte) (list []any, rest []byte, err error)
}

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	var u payload.Units
	for b := m.Payload; len(b) > 0; {
		list, rest, err := d.read(b)
		if err != nil {
			return u.Decoded("messages", 0, err)
		}
		if !d.unit(&u, m, list) {
			return u.Decoded("messages", 0, payload.ErrUnits)
		}
		b = rest
	}
	return u.Decoded("messages", 0, nil)
}

// unit is a message of WAMP with the names of its elements.
type unit struct {
	*form
	values map[string]any
	fields dissect.Object
}

func (d *decoder) unit(u *payload.Units, m *dissect.Message, list []any) bool {
	code, _ := list[0].(int64)
	f := formOf(code)
	if f == nil {
		return u.Add(dissect.Object{{Name: "type", Value: list[0]}, {Name: "elements", Value: list[1:]}},
			payload.Line(payload.Shown(list[0]), payload.Shown(list[1:])))
	}
	g := &unit{form: f, values: make(map[string]any), fields: dissect.Object{{Name: "type", Value: f.name}}}
	for i, v := range list[1:] {
		if i == len(f.elements) {
			g.fields = append(g.fields, dissect.Field{Name: "more", Value: list[1+i:]})
			break
		}
		if v != nil {
			g.values[f.elements[i]] = v
			g.fields = append(g.fields, dissect.Field{Name: f.elements[i], Value: v})
		}
	}
	of := d.pair(m, g)
	brief := g.brief(of)
	if g.code == heartbeat {
		return u.Beat(g.fields, brief)
	}
	return u.Add(g.fields, brief)
}

// brief is the line: what the message is about, then what it carries.
func (g *unit) brief(of string) string {
	words := []string{g.name}
	for _, name := range [...]string{"request", "realm", "topic", "procedure", "error", "reason", "auth_method"} {
		if v := g.values[name]; v != nil {
			words = append(words, payload.Shown(v))
		}
	}
	words = append(words, payload.Of(of))
	for _, name := range [...]string{"args", "kwargs"} {
		if s := payload.Shown(g.values[name]); g.values[name] != nil && s != "[]" && s != "{}" {
			words = append(words, s)
		}
	}
	return payload.Line(words...)
}

// pair notes what will be answered and finds what is. It gives what that was about.
func (d *decoder) pair(m *dissect.Message, g *unit) (of string) {
	request := payload.Shown(g.values["request"])
	d.name(m, g)
	if g.asks(g) {
		d.Sent(key(m.Dir, g.code, request), g.about(), m)
	}
	code := g.answers
	if g.code == errorCode {
		n, _ := g.values["request_type"].(int64)
		code = n
	}
	if code == 0 {
		return ""
	}
	find, dir := d.Answered, m.Dir.Reverse()
	if g.goesOn() {
		find = d.Seen
	}
	if g.sameWay {
		find, dir = d.Seen, m.Dir
	}
	q, ok := find(key(dir, code, request))
	if !ok {
		return ""
	}
	d.remember(m, g, q.What)
	if f := formOf(code); q.What != "" && f != nil && f.subject != "" && g.values[f.subject] == nil {
		g.fields = append(g.fields, dissect.Field{Name: f.subject, Value: q.What})
	}
	g.fields = append(g.fields, q.Fields(m)...)
	return q.What
}

// name finds the topic of a subscription and the procedure of a registration.
func (d *decoder) name(m *dissect.Message, g *unit) {
	for _, n := range [...]struct{ id, subject string }{{"subscription", "topic"}, {"registration", "procedure"}} {
		id := g.values[n.id]
		if id == nil || g.values[n.subject] != nil {
			continue
		}
		if q, ok := d.Kept(n.id + " " + payload.Shown(id)); ok {
			g.values[n.subject] = q.What
			g.fields = append(g.fields, dissect.Field{Name: n.subject, Value: q.What})
		}
	}
}

// remember keeps the id that a subscription or a registration was given.
func (d *decoder) remember(m *dissect.Message, g *unit, what string) {
	for _, name := range [...]string{"subscription", "registration"} {
		if id := g.values[name]; id != nil && (g.code == subscribed || g.code == registered) {
			d.Keep(name+" "+payload.Shown(id), what, m)
		}
	}
}

// about is the topic or the procedure that a request names.
func (g *unit) about() string {
	for _, name := range [...]string{"topic", "procedure"} {
		if s, ok := g.values[name].(string); ok {
			return s
		}
	}
	return ""
}

// goesOn reports whether a result is one of several, with more to come.
func (g *unit) goesOn() bool {
	for _, name := range [...]string{"details", "options"} {
		if member(g.values[name], "progress") == true {
			return true
		}
	}
	return false
}

func key(dir dissect.Dir, code int64, request string) string {
	return dir.String() + " " + strconv.FormatInt(code, 10) + " " + request
}

// member is a member of an object of any serialisation; nil if there is none.
func member(v any, name string) any {
	switch v := v.(type) {
	case dissect.JSON:
		o, _ := payload.Members(v)
		return payload.Value(o[name])
	case dissect.Object:
		for i := range v {
			if v[i].Name == name {
				return v[i].Value
			}
		}
	}
	return nil
}
