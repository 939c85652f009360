// Package amqp explains AMQP 1.0 over WebSocket (its WebSocket Binding): protocol headers,
// frames with their performatives by name and field, messages, and dispositions with the
// transfers that they answer.
package amqp

import (
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "amqp",
		Subprotocol: payload.Is("amqp", "amqpwsb10"),
		Content:     looksLike,
		New: func(*payload.Session) payload.Decoder {
			return &decoder{sessions: make(map[channel]uint16)}
		},
	}
}

// looksLike is sure of a protocol header of AMQP 1.0.
func looksLike(m *dissect.Message) bool {
	return m.Opcode == frame.Binary && len(m.Payload) >= headerSize && string(m.Payload[:4]) == "AMQP" && string(m.Payload[5:8]) == "\x01\x00\x00"
}

// decoder follows both directions of a connection.
type decoder struct {
	payload.Requests
	streams  [3]payload.Stream  // by dissect.Dir
	sessions map[channel]uint16 // the peer's channel of the same session
}

// channel is one that an endpoint sends on.
type channel struct {
	dir    dissect.Dir
	number uint16
}

// maxSessions bounds decoder.sessions.
const maxSessions = 1024

// Missed implements payload.Streamer.
func (d *decoder) Missed(dir dissect.Dir) { d.streams[dir].Reset() }

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	if m.Opcode != frame.Binary {
		return nil
	}
	var u payload.Units
	s := &d.streams[m.Dir]
	b := s.Join(m.Payload)
	for {
		f, size, err := cut(b)
		if err != nil {
			s.Reset()
			return u.Decoded("frames", 0, err)
		}
		if size == 0 || size > uint64(len(b)) {
			if !s.Hold(b, size) {
				err = errLarge
			}
			return u.Decoded("frames", s.Held(), err)
		}
		if err := d.add(&u, m, &f); err != nil {
			s.Reset()
			return u.Decoded("frames", 0, err)
		}
		b = b[size:]
	}
}

func (d *decoder) add(u *payload.Units, m *dissect.Message, f *amqpFrame) error {
	ok := false
	if !f.protocol && len(f.body) == 0 {
		ok = u.Beat(dissect.Object{{Name: "type", Value: "empty"}, {Name: "channel", Value: int(f.channel)}}, "empty frame")
	} else {
		o, brief, err := d.explain(m, f)
		if err != nil {
			return err
		}
		ok = u.Add(o, brief)
	}
	if !ok {
		return payload.ErrUnits
	}
	return nil
}
