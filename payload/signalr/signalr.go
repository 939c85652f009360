// Package signalr explains the hub protocols of ASP.NET Core SignalR, JSON and MessagePack,
// and the latter of Blazor: invocations paired with their completions, streams, pings.
package signalr

import (
	"bytes"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list. The path says nothing that is sure; the handshake,
// which comes first, does.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:    "signalr",
		Content: looksLike,
		New:     func(*payload.Session) payload.Decoder { return &decoder{} },
	}
}

const separator = 0x1E

// looksLike is sure of a record with its separator that is a handshake, or says its type.
func looksLike(m *dissect.Message) bool {
	if len(m.Payload) == 0 || m.Payload[0] != '{' {
		return false
	}
	record, _, found := bytes.Cut(m.Payload, []byte{separator})
	if !found {
		return false
	}
	o, _ := payload.Members(record)
	if o["protocol"] != nil && o["version"] != nil {
		return true
	}
	kind, _ := payload.Value(o["type"]).(int64)
	return 0 < kind && int(kind) < len(types)
}

// types are the names of messages by their numbers (HubProtocol.md).
var types = [...]string{"", "Invocation", "StreamItem", "Completion", "StreamInvocation", "CancelInvocation", "Ping", "Close", "Ack", "Sequence"}

const (
	typeInvocation       = 1
	typeStreamItem       = 2
	typeCompletion       = 3
	typeStreamInvocation = 4
	typeCancelInvocation = 5
	typePing             = 6
)

// decoder follows both directions of a connection.
type decoder struct{ payload.Requests }

// message is one of the hub protocol, whatever it was written in. Its fields are in the
// order in which they are shown.
type message struct {
	kind    int    // 0: a handshake
	name    string // of the type
	id      string // of the invocation; empty where no answer is wanted
	target  string
	streams []string // ids of streams that the caller will send
	fields  dissect.Object
	words   []string
}

func (g *message) add(name string, v any) {
	g.fields = append(g.fields, dissect.Field{Name: name, Value: v})
	g.words = append(g.words, payload.Shown(v))
}

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	if len(m.Payload) == 0 {
		return nil
	}
	var u payload.Units
	b := m.Payload
	for len(b) > 0 && (m.Opcode == frame.Text || b[0] == '{') { // a handshake may be binary
		record, rest, found := bytes.Cut(b, []byte{separator})
		g, ok := readJSON(record, m.Dir)
		if !found || !ok {
			return u.Decoded("messages", 0, errRecord)
		}
		if b = rest; !d.unit(&u, m, &g) {
			return u.Decoded("messages", 0, payload.ErrUnits)
		}
	}
	for len(b) > 0 {
		g, rest, err := readPacked(b)
		if err != nil {
			return u.Decoded("messages", 0, err)
		}
		if b = rest; !d.unit(&u, m, &g) {
			return u.Decoded("messages", 0, payload.ErrUnits)
		}
	}
	return u.Decoded("messages", 0, nil)
}

// unit adds a message, and pairs it.
func (d *decoder) unit(u *payload.Units, m *dissect.Message, g *message) bool {
	o := dissect.Object{{Name: "type", Value: g.name}}
	if g.kind == typePing {
		return u.Beat(o, g.name)
	}
	q, paired := d.pair(m, g)
	if paired && g.target == "" && q.What != "" {
		o = append(o, dissect.Field{Name: "target", Value: q.What})
	}
	o = append(o, g.fields...)
	if paired {
		o = append(o, q.Fields(m)...)
	}
	words := append([]string{g.name, g.id}, g.words...)
	if paired {
		words = append([]string{g.name, g.id, payload.Of(q.What)}, g.words...)
	}
	return u.Add(o, payload.Line(words...))
}

// pair notes what wants an answer, and finds what is answered. Whoever is called answers
// with the id of the call; whoever calls sends streams with ids that the call names.
func (d *decoder) pair(m *dissect.Message, g *message) (q payload.Request, ok bool) {
	call := func(dir dissect.Dir) string { return "call " + dir.String() + " " + g.id }
	stream := "stream " + m.Dir.String() + " "
	switch g.kind {
	case 0:
		if m.Dir == dissect.ClientToServer {
			d.Sent("handshake", "", m)
			return q, false
		}
		return d.Answered("handshake")
	case typeInvocation, typeStreamInvocation:
		if g.id != "" {
			d.Sent(call(m.Dir), g.target, m)
		}
		for _, id := range g.streams {
			d.Sent(stream+id, g.target, m)
		}
	case typeStreamItem:
		if q, ok = d.Maybe(call(m.Dir.Reverse())); !ok {
			q, ok = d.Seen(stream + g.id)
		}
	case typeCompletion:
		if _, ok = d.Maybe(call(m.Dir.Reverse())); ok {
			return d.Answered(call(m.Dir.Reverse()))
		}
		return d.Answered(stream + g.id)
	case typeCancelInvocation:
		q, ok = d.Seen(call(m.Dir))
	}
	return q, ok
}
