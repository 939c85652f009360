// Package nats explains the NATS client protocol: operations with their subjects and
// payloads, replies with what they answer, PING and PONG. An operation may begin in one
// message and end in another.
package nats

import (
	"bytes"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list. NATS agrees on no subprotocol.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "nats",
		Subprotocol: payload.Is("nats"),
		Content:     looksLike,
		New:         func(*payload.Session) payload.Decoder { return &decoder{} },
	}
}

// looksLike is sure of INFO and CONNECT with their JSON, and of whole operations with a
// payload.
func looksLike(m *dissect.Message) bool {
	op, size, err := cut(m.Payload)
	if err != nil || size == 0 || size > uint64(len(m.Payload)) {
		return false
	}
	switch op.name {
	case "INFO", "CONNECT":
		_, ok := payload.Members(op.rest)
		return ok
	}
	return op.payload != nil
}

// decoder follows both directions of a connection.
type decoder struct {
	payload.Requests
	streams [3]payload.Stream // by dissect.Dir
}

// Missed implements payload.Streamer.
func (d *decoder) Missed(dir dissect.Dir) { d.streams[dir].Reset() }

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	var u payload.Units
	s := &d.streams[m.Dir]
	held := s.Held() > 0
	b := s.Join(m.Payload)
	if held && (s.Short(b) || bytes.IndexByte(m.Payload, '\n') < 0) { // an operation ends with a line end
		var err error
		if !s.Wait(b) {
			err = errLarge
		}
		return u.Decoded("operations", s.Held(), err)
	}
	for len(b) > 0 {
		op, size, err := cut(b)
		if err != nil {
			s.Reset()
			return u.Decoded("operations", 0, err)
		}
		if size == 0 || size > uint64(len(b)) {
			if !s.Hold(b, size) {
				err = errLarge
			}
			return u.Decoded("operations", s.Held(), err)
		}
		if !d.add(&u, m, &op) {
			s.Reset()
			return u.Decoded("operations", 0, payload.ErrUnits)
		}
		b = b[size:]
	}
	s.Hold(nil, 0)
	return u.Decoded("operations", 0, nil)
}

func (d *decoder) add(u *payload.Units, m *dissect.Message, op *operation) bool {
	o := dissect.Object{{Name: "op", Value: op.name}}
	switch op.name {
	case "PING":
		d.Sent("ping "+m.Dir.String(), "", m)
		return u.Beat(o, op.name)
	case "PONG":
		if q, ok := d.Answered("ping " + m.Dir.Reverse().String()); ok {
			o = append(o, q.Fields(m)...)
		}
		return u.Beat(o, op.name)
	case "SUB", "UNSUB":
		return u.Add(d.subscription(m, op, o))
	case "PUB", "HPUB", "MSG", "HMSG":
		return u.Add(d.message(m, op, o))
	}
	if len(op.rest) == 0 {
		return u.Add(o, op.name)
	}
	v := payload.Data(op.rest)
	name := "options" // of INFO and CONNECT
	if op.name == "-ERR" {
		name = "message"
	}
	return u.Add(append(o, dissect.Field{Name: name, Value: v}), op.name+" "+payload.Shown(v))
}

// subscription is "SUB subject [queue group] sid" and "UNSUB sid [max]".
func (d *decoder) subscription(m *dissect.Message, op *operation, o dissect.Object) (dissect.Object, string) {
	line := op.name + " " + strings.Join(op.args, " ")
	last := len(op.args) - 1
	if op.name == "SUB" {
		o = append(o, dissect.Field{Name: "subject", Value: text(op.args[0])})
		if last == 2 {
			o = append(o, dissect.Field{Name: "queue_group", Value: text(op.args[1])})
		}
		d.Keep("sid "+op.args[last], op.args[0], m)
		return append(o, dissect.Field{Name: "sid", Value: text(op.args[last])}), line
	}
	o = append(o, dissect.Field{Name: "sid", Value: text(op.args[0])})
	if last == 1 {
		o = append(o, dissect.Field{Name: "max_messages", Value: text(op.args[1])})
	}
	if q, ok := d.Kept("sid " + op.args[0]); ok {
		o = append(o, dissect.Field{Name: "subject", Value: text(q.What)})
		line += " of " + q.What
	}
	return o, line
}

func text(s string) any { return payload.Text([]byte(s)) }

// message is "PUB subject [reply-to] sizes" and "MSG subject sid [reply-to] sizes".
func (d *decoder) message(m *dissect.Message, op *operation, o dissect.Object) (dissect.Object, string) {
	subject := op.args[0]
	o = append(o, dissect.Field{Name: "subject", Value: text(subject)})
	line := op.name + " " + subject
	optional := op.args[1 : len(op.args)-1]
	if op.hasHeader {
		optional = optional[:len(optional)-1]
	}
	if strings.HasSuffix(op.name, "MSG") {
		o = append(o, dissect.Field{Name: "sid", Value: text(optional[0])})
		optional = optional[1:]
	}
	if len(optional) == 1 {
		o = append(o, dissect.Field{Name: "reply_to", Value: text(optional[0])})
		line += " reply " + optional[0]
		d.Sent("reply "+m.Dir.String()+" "+optional[0], subject, m)
	}
	if q, ok := d.Maybe("reply " + m.Dir.Reverse().String() + " " + subject); ok {
		o = append(append(o, dissect.Field{Name: "answers", Value: text(q.What)}), q.Fields(m)...)
		line += " of " + q.What
	}
	if op.hasHeader {
		h := headerFields(op.headers)
		if h[0].Name == "status" {
			line += " status " + payload.Shown(h[0].Value)
		}
		o = append(o, h...)
	}
	v := payload.Data(op.payload)
	return append(o, dissect.Field{Name: "payload", Value: v}), line + payload.After(v)
}
