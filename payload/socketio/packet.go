package socketio

import (
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Socket.IO packet types. CONNECT_ERROR was called ERROR before version 5 of the protocol,
// which is what Engine.IO 3 carries.
var types = [...]string{"CONNECT", "DISCONNECT", "EVENT", "ACK", "CONNECT_ERROR", "BINARY_EVENT", "BINARY_ACK"}

// packet explains a Socket.IO packet:
//
//	<type>[<attachments>-][<namespace>,][<acknowledgment id>][<JSON>]
func (d *decoder) packet(m *dissect.Message, b []byte, engine dissect.Field) *dissect.Decoded {
	if len(b) == 0 || b[0] < '0' || int(b[0]-'0') >= len(types) {
		return plain(b, engine)
	}
	p := parsed{kind: types[b[0]-'0'], namespace: "/"}
	if p.kind == "CONNECT_ERROR" && d.version == 3 {
		p.kind = "ERROR"
	}
	p.read(string(b[1:]))
	fields := append(dissect.Object{engine}, p.fields()...)
	switch p.kind {
	case "EVENT", "BINARY_EVENT":
		return d.event(m, &p, fields)
	case "ACK", "BINARY_ACK":
		return d.ack(m, &p, fields)
	}
	key := "connect " + p.namespace
	switch p.kind {
	case "CONNECT", "CONNECT_ERROR", "ERROR":
		if m.Dir == dissect.ClientToServer {
			d.Sent(key, p.kind, m)
		} else if q, ok := d.Answered(key); ok {
			fields = append(fields, q.Fields(m)...)
		}
	}
	if p.data == "" {
		return &dissect.Decoded{Brief: p.line(), Fields: fields}
	}
	text, ok := payload.ParseJSON([]byte(p.data))
	if !ok {
		return broken("the data is not JSON", fields...)
	}
	return &dissect.Decoded{Brief: p.line(payload.Shown(text)), Fields: append(fields, dissect.Field{Name: "data", Value: text})}
}

// parsed is a packet taken apart.
type parsed struct {
	kind        string
	attachments int
	namespace   string
	query       string // behind the namespace, before version 5 of the protocol
	id          string
	data        string
}

func (p *parsed) read(s string) {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.HasPrefix(p.kind, "BINARY_") {
		n, rest, found := strings.Cut(s, "-")
		if count, err := strconv.ParseUint(n, 10, 16); found && err == nil {
			p.attachments, s = int(count), rest
		}
	}
	if strings.HasPrefix(s, "/") {
		namespace, rest, _ := strings.Cut(s, ",")
		p.namespace, p.query, _ = strings.Cut(namespace, "?")
		s = rest
	}
	digits := 0
	for digits < len(s) && '0' <= s[digits] && s[digits] <= '9' {
		digits++
	}
	p.id, p.data = s[:digits], s[digits:]
}

func (p *parsed) fields() dissect.Object {
	o := dissect.Object{{Name: "type", Value: p.kind}, {Name: "namespace", Value: p.namespace}}
	if p.query != "" {
		o = append(o, dissect.Field{Name: "query", Value: p.query})
	}
	if p.id != "" {
		o = append(o, dissect.Field{Name: "ack_id", Value: p.id})
	}
	if p.attachments > 0 {
		o = append(o, dissect.Field{Name: "attachments", Value: p.attachments})
	}
	return o
}

// line begins with the type, and the namespace where it is not the main one.
func (p *parsed) line(words ...string) string {
	namespace := p.namespace
	if namespace == "/" {
		namespace = ""
	}
	return payload.Line(append([]string{p.kind, namespace}, words...)...)
}

// event is `["name", argument...]`.
func (d *decoder) event(m *dissect.Message, p *parsed, fields dissect.Object) *dissect.Decoded {
	list, ok := payload.Elements([]byte(p.data))
	if !ok || len(list) == 0 {
		return broken("the data of the event is no array with a name", fields...)
	}
	name := payload.Value(list[0])
	shown := quote(payload.Word(list[0]))
	if p.id != "" {
		d.Sent(key(m.Dir, p), payload.Word(list[0]), m)
	}
	d.expect(m, p, payload.Word(list[0]), shown, list[1:])
	fields = append(fields, dissect.Field{Name: "event", Value: name}, dissect.Field{Name: "args", Value: values(list[1:])})
	return &dissect.Decoded{Brief: p.line(append([]string{shown}, words(list[1:])...)...), Fields: fields}
}

// ack answers an event of the other direction.
func (d *decoder) ack(m *dissect.Message, p *parsed, fields dissect.Object) *dissect.Decoded {
	list, ok := payload.Elements([]byte(p.data))
	if !ok {
		return broken("the data of the acknowledgment is no array", fields...)
	}
	event := ""
	if q, ok := d.Answered(key(m.Dir.Reverse(), p)); ok {
		event = q.What
		fields = append(append(fields, dissect.Field{Name: "event", Value: event}), q.Fields(m)...)
	}
	of := ""
	if event != "" {
		of = payload.Of(quote(event))
	}
	d.expect(m, p, event, payload.Line("acknowledgment", p.id, of), list)
	fields = append(fields, dissect.Field{Name: "args", Value: values(list)})
	return &dissect.Decoded{Brief: p.line(append([]string{of}, words(list)...)...), Fields: fields}
}

// key names an event that wants an acknowledgment.
func key(dir dissect.Dir, p *parsed) string {
	return dir.String() + " event " + p.id + " " + p.namespace
}

func values(list []dissect.JSON) []any {
	vs := make([]any, len(list))
	for i := range list {
		vs[i] = list[i]
	}
	return vs
}

// words are arguments in a line, strings with their quotes.
func words(list []dissect.JSON) []string {
	ws := make([]string, len(list))
	for i := range list {
		ws[i] = payload.Shown(list[i])
	}
	return ws
}

func quote(s string) string { return `"` + s + `"` }
