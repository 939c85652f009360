// Package xmpp explains XMPP over WebSocket (RFC 7395): stanzas with who sent them to whom,
// what is in them, and for an answer to an iq what it answers.
package xmpp

import (
	"bytes"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

const (
	framing = "urn:ietf:params:xml:ns:xmpp-framing"
	ping    = "urn:xmpp:ping"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "xmpp",
		Subprotocol: payload.Is("xmpp", "xmpp-framing"),
		Content:     looksLike,
		New:         func(*payload.Session) payload.Decoder { return &decoder{} },
	}
}

// looksLike is sure of the elements of the framing, and of stanzas that name their
// namespace.
func looksLike(m *dissect.Message) bool {
	start := m.Payload[:min(len(m.Payload), 1024)]
	if !bytes.HasPrefix(bytes.TrimSpace(start), []byte{'<'}) || !bytes.Contains(start, []byte(framing)) && !bytes.Contains(start, []byte("jabber:client")) {
		return false
	}
	e, err := parse(m.Payload)
	return err == nil && (e.name.Space == framing || e.name.Space == "jabber:client")
}

// decoder pairs the iqs of a connection.
type decoder struct{ payload.Requests }

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	if len(bytes.TrimSpace(m.Payload)) == 0 {
		return &dissect.Decoded{Brief: "white space", Heartbeat: true}
	}
	e, err := parse(m.Payload)
	if err != nil {
		return &dissect.Decoded{Error: err.Error()}
	}
	o := dissect.Object{{Name: "stanza", Value: e.name.Local}}
	if e.name.Space != "" {
		o = append(o, dissect.Field{Name: "xmlns", Value: e.name.Space})
	}
	for _, name := range [...]string{"type", "id", "from", "to"} {
		if v := e.attr(name); v != "" {
			o = append(o, dissect.Field{Name: name, Value: v})
		}
	}
	x := &dissect.Decoded{Fields: o}
	switch e.name.Local {
	case "iq":
		d.iq(m, e, x)
	case "message":
		body := ""
		if b := e.child("body"); b != nil {
			body = string(b.text)
			x.Fields = append(x.Fields, dissect.Field{Name: "body", Value: body})
		}
		x.Brief = line(e, payload.Shown(body))
	default:
		x.Brief = line(e, payload.Shown(string(bytes.TrimSpace(e.text))))
	}
	if text := bytes.TrimSpace(e.text); len(text) > 0 {
		x.Fields = append(x.Fields, dissect.Field{Name: "text", Value: payload.Text(text)})
	}
	if len(e.children) > 0 {
		x.Fields = append(x.Fields, dissect.Field{Name: "children", Value: objects(e.children)})
	}
	if e.leftOut > 0 {
		x.Fields = append(x.Fields, dissect.Field{Name: "left_out", Value: e.leftOut})
	}
	return x
}

// line begins with the stanza and who it is for.
func line(e *element, rest ...string) string {
	words := []string{e.name.Local, e.attr("type")}
	if from := e.attr("from"); from != "" {
		words = append(words, "from", from)
	}
	if to := e.attr("to"); to != "" {
		words = append(words, "to", to)
	}
	return payload.Line(append(words, rest...)...)
}

// iq pairs a get or set with the result or error of the same id (RFC 6120 8.2.3).
func (d *decoder) iq(m *dissect.Message, e *element, x *dissect.Decoded) {
	what := ""
	if len(e.children) > 0 {
		c := &e.children[0]
		what = payload.Line(c.name.Local, c.name.Space)
		x.Heartbeat = c.name.Space == ping
	}
	if kind := e.attr("type"); kind == "get" || kind == "set" {
		d.Sent(m.Dir.String()+" "+e.attr("id"), what, m)
		x.Brief = line(e, what)
		return
	}
	if failed := e.child("error"); failed != nil {
		what = "error"
		if len(failed.children) > 0 {
			what = failed.children[0].name.Local
		}
		x.Fields = append(x.Fields, dissect.Field{Name: "error_condition", Value: what})
	}
	q, ok := d.Answered(m.Dir.Reverse().String() + " " + e.attr("id"))
	if !ok {
		x.Brief = line(e, what)
		return
	}
	x.Heartbeat = q.What == payload.Line("ping", ping)
	x.Fields = append(append(x.Fields, dissect.Field{Name: "of", Value: q.What}), q.Fields(m)...)
	if e.attr("type") == "result" {
		what = ""
	}
	x.Brief = line(e, what, payload.Of(q.What))
}
