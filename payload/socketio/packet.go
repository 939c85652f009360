package socketio

import (
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Socket.IO packet types.
var types = [...]string{"CONNECT", "DISCONNECT", "EVENT", "ACK", "CONNECT_ERROR", "BINARY_EVENT", "BINARY_ACK"}

// packet explains a Socket.IO packet:
//
//	<type>[<attachments>-][<namespace>,][<acknowledgment id>][<JSON>]
func (d *decoder) packet(m *dissect.Message, b []byte, engine dissect.Field) *dissect.Decoded {
	if len(b) == 0 || b[0] < '0' || int(b[0]-'0') >= len(types) {
		return &dissect.Decoded{Brief: "engine.io message " + string(b), Fields: dissect.Object{engine, {Name: "data", Value: string(b)}}}
	}
	p := parsed{kind: types[b[0]-'0'], namespace: "/"}
	p.read(string(b[1:]))
	fields := dissect.Object{engine, {Name: "type", Value: p.kind}, {Name: "namespace", Value: p.namespace}}
	if p.id != "" {
		fields = append(fields, dissect.Field{Name: "ack_id", Value: p.id})
	}
	brief := p.kind
	if p.namespace != "/" {
		brief += " " + p.namespace
	}
	switch p.kind {
	case "EVENT", "BINARY_EVENT":
		return d.event(m, &p, brief, fields)
	case "ACK", "BINARY_ACK":
		return d.ack(m, &p, brief, fields)
	}
	if p.data == "" {
		return &dissect.Decoded{Brief: brief, Fields: fields}
	}
	text, ok := payload.ParseJSON([]byte(p.data))
	if !ok {
		return broken("the data is not JSON", fields...)
	}
	return &dissect.Decoded{Brief: brief + " " + string(text), Fields: append(fields, dissect.Field{Name: "data", Value: text})}
}

// parsed is a packet taken apart.
type parsed struct {
	kind        string
	attachments int
	namespace   string
	id          string
	data        string
}

func (p *parsed) read(s string) {
	if strings.HasPrefix(p.kind, "BINARY_") {
		n, rest, found := strings.Cut(s, "-")
		if count, err := strconv.ParseUint(n, 10, 16); found && err == nil {
			p.attachments, s = int(count), rest
		}
	}
	if strings.HasPrefix(s, "/") {
		namespace, rest, _ := strings.Cut(s, ",")
		p.namespace, s = namespace, rest
	}
	digits := 0
	for digits < len(s) && '0' <= s[digits] && s[digits] <= '9' {
		digits++
	}
	p.id, p.data = s[:digits], s[digits:]
}

// event is `["name", argument...]`.
func (d *decoder) event(m *dissect.Message, p *parsed, brief string, fields dissect.Object) *dissect.Decoded {
	list, ok := payload.Elements([]byte(p.data))
	if !ok || len(list) == 0 {
		return broken("the data of the event is no array with a name", fields...)
	}
	name, ok := payload.String(list[0])
	if !ok {
		name = string(list[0])
	}
	if p.id != "" && len(d.asked) < maxAsked {
		d.asked[ackKey{m.Dir, p.namespace, p.id}] = asked{m.Packet.Number, m.Packet.Time, name}
	}
	d.expect(m, p, name)
	fields = append(fields, dissect.Field{Name: "event", Value: name}, dissect.Field{Name: "args", Value: values(list[1:])})
	fields = p.counted(fields)
	return &dissect.Decoded{Brief: brief + " " + quote(name) + joined(list[1:]), Fields: fields}
}

// ack answers an event of the other direction.
func (d *decoder) ack(m *dissect.Message, p *parsed, brief string, fields dissect.Object) *dissect.Decoded {
	list, ok := payload.Elements([]byte(p.data))
	if !ok {
		return broken("the data of the acknowledgment is no array", fields...)
	}
	key := ackKey{m.Dir.Reverse(), p.namespace, p.id}
	if q, ok := d.asked[key]; ok {
		delete(d.asked, key)
		brief += " of " + quote(q.event)
		fields = append(fields,
			dissect.Field{Name: "event", Value: q.event},
			dissect.Field{Name: "event_packet", Value: q.packet},
			dissect.Field{Name: "seconds", Value: float64(m.Packet.Time-q.time) / 1e9})
	}
	d.expect(m, p, "acknowledgment "+p.id)
	fields = append(fields, dissect.Field{Name: "args", Value: values(list)})
	fields = p.counted(fields)
	return &dissect.Decoded{Brief: brief + joined(list), Fields: fields}
}

// expect notes the attachments that follow.
func (d *decoder) expect(m *dissect.Message, p *parsed, event string) {
	d.pending[m.Dir] = attachments{p.attachments, p.attachments, m.Packet.Number, event}
}

func (p *parsed) counted(fields dissect.Object) dissect.Object {
	if p.attachments > 0 {
		fields = append(fields, dissect.Field{Name: "attachments", Value: p.attachments})
	}
	return fields
}

func values(list []dissect.JSON) []any {
	vs := make([]any, len(list))
	for i := range list {
		vs[i] = list[i]
	}
	return vs
}

func joined(list []dissect.JSON) string {
	var b strings.Builder
	for _, e := range list {
		b.WriteByte(' ')
		b.Write(e)
	}
	return b.String()
}

func quote(s string) string { return `"` + s + `"` }
