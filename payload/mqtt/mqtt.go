// Package mqtt explains MQTT 3.1, 3.1.1 and 5: control packets with their properties, and
// acknowledgments with what they answer. A packet may begin in one message and end in
// another (MQTT 5 6.0).
package mqtt

import (
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "mqtt",
		Subprotocol: payload.Is("mqtt", "mqttv3.1", "mqttv3.1.1", "mqttv5"),
		Content:     looksLike,
		New:         func(*payload.Session) payload.Decoder { return &decoder{} },
	}
}

// looksLike is sure of a CONNECT, which names the protocol.
func looksLike(m *dissect.Message) bool {
	p, size, err := cut(m.Payload)
	if m.Opcode != frame.Binary || err != nil || size == 0 || p.kind != connect {
		return false
	}
	body := string(p.body[:min(len(p.body), 8)])
	return strings.HasPrefix(body, "\x00\x04MQTT") || strings.HasPrefix(body, "\x00\x06MQIsdp")
}

// decoder follows both directions of a connection.
type decoder struct {
	payload.Requests
	version byte              // as in CONNECT: 3, 4 or 5; 0 where that was not seen
	streams [3]payload.Stream // by dissect.Dir
	aliases [3]map[uint16]string
}

// Bounds of what is held of topics: the aliases of a direction, and the bytes of each.
const (
	maxAliases = 256
	maxAlias   = 1024
)

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
		p, size, err := cut(b)
		if err != nil {
			s.Reset()
			return u.Decoded("packets", 0, err)
		}
		if size == 0 || size > uint64(len(b)) {
			if !s.Hold(b, size) {
				err = errLarge
			}
			return u.Decoded("packets", s.Held(), err)
		}
		o, brief, err := d.packet(m, &p)
		if err == nil && !d.add(&u, &p, o, brief) {
			err = payload.ErrUnits
		}
		if err != nil {
			s.Reset()
			return u.Decoded("packets", 0, err)
		}
		b = b[size:]
	}
}

func (d *decoder) add(u *payload.Units, p *packet, o dissect.Object, brief string) bool {
	if p.kind == pingreq || p.kind == pingresp {
		return u.Beat(o, brief)
	}
	return u.Add(o, brief)
}

// packet explains a control packet, and gives its line for the list.
func (d *decoder) packet(m *dissect.Message, p *packet) (o dissect.Object, brief string, err error) {
	r := reader{b: p.body}
	brief = typeNames[p.kind]
	o = dissect.Object{{Name: "type", Value: brief}}
	var more string
	switch p.kind {
	case connect:
		o, more = d.connect(m, &r, o)
	case connack:
		o, more = d.connack(m, &r, o)
	case publish:
		o, more = d.publish(m, p, &r, o)
	case subscribe, unsubscribe:
		o, more = d.subscribe(m, p, &r, o)
	case suback, unsuback:
		o, more = d.suback(m, p, &r, o)
	case puback, pubrec, pubrel, pubcomp:
		o, more = d.acknowledge(m, p, &r, o)
	case pingreq:
		d.Sent("ping", "", m)
	case pingresp:
		if q, ok := d.Answered("ping"); ok {
			o = append(o, q.Fields(m)...)
		}
	case disconnect, auth:
		o, more = d.ended(p, &r, o)
	}
	return o, brief + more, r.err
}

// key names a packet identifier that the endpoint which sends in a direction has chosen.
func key(chosen dissect.Dir, id uint16) string { return chosen.String() + strconv.Itoa(int(id)) }

func (d *decoder) acknowledge(m *dissect.Message, p *packet, r *reader, o dissect.Object) (dissect.Object, string) {
	id := r.u16()
	o = append(o, dissect.Field{Name: "packet_id", Value: int(id)})
	more := " id " + strconv.Itoa(int(id))
	o, said := d.reason(p.kind, r, o)
	if said != "" && said != "success" {
		more += " " + said
	}
	chosen := m.Dir.Reverse()
	if p.kind == pubrel {
		chosen = m.Dir
	}
	q, ok := d.Seen(key(chosen, id))
	if p.kind == puback || p.kind == pubcomp {
		d.Answered(key(chosen, id))
	}
	if ok {
		o = append(append(o, dissect.Field{Name: "topic", Value: q.What}), q.Fields(m)...)
		more += " of " + q.What
	}
	return o, more
}

// reason reads the reason code and the properties that MQTT 5 may leave out at the end of
// a packet.
func (d *decoder) reason(kind byte, r *reader, o dissect.Object) (dissect.Object, string) {
	if r.err != nil || len(r.b) == 0 {
		return o, ""
	}
	code := r.byte()
	said := reason(kind, code)
	o = append(o, dissect.Field{Name: "reason_code", Value: int(code)}, dissect.Field{Name: "reason", Value: said})
	if len(r.b) > 0 {
		o = r.addProperties(o)
	}
	return o, said
}

func (r *reader) addProperties(o dissect.Object) dissect.Object {
	if p := r.properties(); len(p) > 0 {
		o = append(o, dissect.Field{Name: "properties", Value: p})
	}
	return o
}

func (d *decoder) ended(p *packet, r *reader, o dissect.Object) (dissect.Object, string) {
	o, said := d.reason(p.kind, r, o)
	if said == "" {
		return o, ""
	}
	return o, " " + said
}
