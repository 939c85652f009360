package amqp

import (
	"encoding/binary"
	"errors"
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

var (
	errFrame = errors.New("AMQP: a frame with sizes that cannot be")
	errLarge = errors.New("AMQP: a frame that goes on in later messages is too large to be held")
)

const headerSize = 8 // of a frame without an extended header, and of a protocol header

// amqpFrame is a frame (AMQP 1.0 part 2, 2.3) or a protocol header (2.2).
type amqpFrame struct {
	protocol bool
	kind     byte // 0 AMQP, 1 SASL; of a protocol header, the protocol id
	channel  uint16
	version  string // of a protocol header
	body     []byte
}

// cut takes the frame that b begins with, of size bytes: 0 while that is not known. It is
// whole if b has them all.
func cut(b []byte) (f amqpFrame, size uint64, err error) {
	if len(b) < headerSize {
		return f, 0, nil
	}
	if string(b[:4]) == "AMQP" {
		f.protocol, f.kind = true, b[4]
		f.version = strconv.Itoa(int(b[5])) + "." + strconv.Itoa(int(b[6])) + "." + strconv.Itoa(int(b[7]))
		return f, headerSize, nil
	}
	size = uint64(binary.BigEndian.Uint32(b))
	doff := uint64(b[4]) * 4
	if doff < headerSize || doff > size {
		return f, 0, errFrame
	}
	f.kind, f.channel = b[5], binary.BigEndian.Uint16(b[6:])
	if size <= uint64(len(b)) {
		f.body = b[doff:size]
	}
	return f, size, nil
}

func (f *amqpFrame) layer() string {
	switch {
	case f.protocol && f.kind == 3, !f.protocol && f.kind == 1:
		return "SASL"
	case f.protocol && f.kind == 2:
		return "TLS"
	case f.kind == 0:
		return "AMQP"
	}
	return strconv.Itoa(int(f.kind))
}

// explain gives the fields of a frame, and its line for the list.
func (d *decoder) explain(m *dissect.Message, f *amqpFrame) (o dissect.Object, brief string, err error) {
	if f.protocol {
		o = dissect.Object{{Name: "type", Value: "protocol-header"}, {Name: "layer", Value: f.layer()}, {Name: "version", Value: f.version}}
		return o, f.layer() + " " + f.version, nil
	}
	p := parser{f.body, maxValues}
	v, err := p.value(maxDepth)
	if err != nil {
		return nil, "", err
	}
	performative, ok := v.(dissect.Object)
	if !ok {
		return nil, "", errCode
	}
	name, _ := performative[0].Value.(string)
	o = append(dissect.Object{performative[0], {Name: "channel", Value: int(f.channel)}}, performative[1:]...)
	o, more := d.follow(m, f, name, o)
	if name != "transfer" {
		return o, name + more, nil
	}
	o, body := message(p.b, o)
	return o, name + more + body, nil
}

// field is the value of a field, nil if there is none.
func field(o dissect.Object, name string) any {
	for i := range o {
		if o[i].Name == name {
			return o[i].Value
		}
	}
	return nil
}

func text(o dissect.Object, name string) string {
	s, _ := field(o, name).(string)
	return s
}

// message adds the sections of a message (AMQP 1.0 part 3, 3.2) that is whole in a
// transfer; of another, and of the rest of one, only the size is told.
func message(b []byte, o dissect.Object) (dissect.Object, string) {
	if sections, ok := sections(b); ok && field(o, "more") != true {
		body := ""
		for _, s := range sections {
			switch text(s, "type") {
			case "data", "amqp-value", "amqp-sequence":
				body += payload.After(field(s, "value"))
			}
		}
		list := make([]any, len(sections))
		for i := range sections {
			list[i] = sections[i]
		}
		return append(o, dissect.Field{Name: "message", Value: list}), body
	}
	return append(o, dissect.Field{Name: "payload_size", Value: len(b)}), " " + payload.Size(len(b))
}

func sections(b []byte) (list []dissect.Object, ok bool) {
	p := parser{b, maxValues}
	for len(p.b) > 0 {
		if p.b[0] != 0 {
			return nil, false
		}
		v, err := p.value(maxDepth)
		s, isObject := v.(dissect.Object)
		if err != nil || !isObject || text(s, "type") == "" {
			return nil, false
		}
		if data, isData := field(s, "value").([]byte); isData && text(s, "type") == "data" {
			s[1].Value = payload.Data(data)
		}
		list = append(list, s)
	}
	return list, true
}

// follow pairs what belongs together, and gives what of the fields belongs into the line.
func (d *decoder) follow(m *dissect.Message, f *amqpFrame, name string, o dissect.Object) (dissect.Object, string) {
	switch name {
	case "open":
		return o, payload.After(field(o, "container_id"))
	case "begin":
		if remote, ok := field(o, "remote_channel").(int64); ok && len(d.sessions) < maxSessions {
			d.sessions[channel{m.Dir, f.channel}] = uint16(remote)
			d.sessions[channel{m.Dir.Reverse(), uint16(remote)}] = f.channel
		}
		return o, " channel " + strconv.Itoa(int(f.channel))
	case "attach":
		return o, d.attach(m, f, o)
	case "transfer":
		return d.transfer(m, f, o)
	case "disposition":
		return d.disposition(m, f, o)
	case "sasl-init":
		d.Sent("sasl", text(o, "mechanism"), m)
		return o, payload.After(field(o, "mechanism"))
	case "sasl-outcome":
		more := " " + outcome(field(o, "code"))
		o = append(o, dissect.Field{Name: "outcome", Value: more[1:]})
		if q, ok := d.Answered("sasl"); ok {
			o = append(o, q.Fields(m)...)
		}
		return o, more
	case "sasl-mechanisms":
		return o, payload.After(field(o, "sasl_server_mechanisms"))
	}
	if e, ok := field(o, "error").(dissect.Object); ok {
		return o, strings.TrimRight(" "+text(e, "condition")+" "+text(e, "description"), " ")
	}
	return o, ""
}

// outcome is a sasl-code (AMQP 1.0 part 5, 5.3.3.6).
func outcome(code any) string {
	names := [...]string{"ok", "auth", "sys", "sys-perm", "sys-temp"}
	if n, ok := code.(int64); ok && 0 <= n && n < int64(len(names)) {
		return names[n]
	}
	return payload.Diagnostic(code)
}

// key names a thing of a direction's channel.
func key(what string, dir dissect.Dir, channel uint16, n any) string {
	return what + " " + dir.String() + " " + strconv.Itoa(int(channel)) + " " + payload.Diagnostic(n)
}

// attach notes the address of a link: transfers have but its handle.
func (d *decoder) attach(m *dissect.Message, f *amqpFrame, o dissect.Object) string {
	role, end := "sender", "target"
	if field(o, "role") == true {
		role, end = "receiver", "source"
	}
	node, _ := field(o, end).(dissect.Object)
	address := text(node, "address")
	name := "name " + text(o, "name")
	if q, ok := d.Kept(name); ok && address == "" { // left to the endpoint that asked for the link
		address = q.What
	}
	d.Keep(name, address, m)
	d.Keep(key("link", m.Dir, f.channel, field(o, "handle")), address, m)
	return " " + role + payload.After(address)
}

func (d *decoder) transfer(m *dissect.Message, f *amqpFrame, o dissect.Object) (dissect.Object, string) {
	more := ""
	address := ""
	if q, ok := d.Kept(key("link", m.Dir, f.channel, field(o, "handle"))); ok {
		address = q.What
		o = append(o, dissect.Field{Name: "address", Value: payload.Text([]byte(address))})
		more = payload.After(address)
	}
	if id := field(o, "delivery_id"); id != nil {
		more += " delivery " + payload.Diagnostic(id)
		d.Sent(key("delivery", m.Dir, f.channel, id), address, m)
	}
	return o, more
}

// disposition of a receiver answers the deliveries of the peer from first to last; the
// first one's time is told.
func (d *decoder) disposition(m *dissect.Message, f *amqpFrame, o dissect.Object) (dissect.Object, string) {
	more := " " + payload.Diagnostic(field(o, "first"))
	if last := field(o, "last"); last != nil && last != field(o, "first") {
		more += "-" + payload.Diagnostic(last)
	}
	if state, ok := field(o, "state").(dissect.Object); ok {
		more += " " + text(state, "type")
	}
	peer, ok := d.sessions[channel{m.Dir, f.channel}]
	if !ok {
		peer = f.channel
	}
	if field(o, "role") == true {
		if q, ok := d.Answered(key("delivery", m.Dir.Reverse(), peer, field(o, "first"))); ok {
			o = append(o, q.Fields(m)...)
			if q.What != "" {
				more += " of " + q.What
			}
		}
	}
	return o, more
}
