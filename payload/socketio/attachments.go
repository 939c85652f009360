package socketio

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// attachments are the binary messages that belong to a packet of Socket.IO: those that
// follow it in its direction.
type attachments struct {
	n, all int            // that came, and that are announced
	packet int64          // of the event
	event  string         // its name
	shown  string         // the same in a line
	args   []dissect.JSON // with placeholders; nil where they are not held
	places []string       // placeholders, each with what stands for it
}

const (
	maxArgs        = 64 << 10 // bytes of arguments that are held for their attachments
	maxAttachments = 256      // that are put in their places
)

// expect notes the attachments that follow.
func (d *decoder) expect(m *dissect.Message, p *parsed, event, shown string, args []dissect.JSON) {
	a := attachments{all: p.attachments, packet: m.Packet.Number, event: event, shown: shown}
	if p.attachments > 0 && p.attachments <= maxAttachments && len(p.data) <= maxArgs {
		a.args = args
	}
	d.pending[m.Dir] = a
}

// binary is a message of Engine.IO that is not text: in version 3 its type stands in front.
func (d *decoder) binary(m *dissect.Message) *dissect.Decoded {
	data := m.Payload
	if d.version == 3 {
		if data[0] != 4 {
			return broken("a binary packet of Engine.IO 3 does not begin with 4, the type message")
		}
		data = data[1:]
	}
	return d.attach(m, data)
}

// base64 is the same as text, where binary messages are not to be had: b<base64>, and in
// version 3 the type between.
func (d *decoder) base64(m *dissect.Message) *dissect.Decoded {
	text := strings.TrimPrefix(string(m.Payload[1:]), "4")
	if d.version == 4 {
		text = string(m.Payload[1:])
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return broken("not the base64 of a binary packet")
	}
	return d.attach(m, data)
}

// attach joins data to the event before it. With the last attachment the event is whole:
// its arguments come again, with the packet and the size of each attachment in its place.
func (d *decoder) attach(m *dissect.Message, data []byte) *dissect.Decoded {
	a := &d.pending[m.Dir]
	size := payload.Size(len(data))
	fields := dissect.Object{{Name: "engine_type", Value: "message"}, {Name: "size", Value: len(data)}}
	if a.all == 0 {
		return &dissect.Decoded{Brief: payload.Line("binary message", size), Fields: fields}
	}
	a.n++
	fields = append(fields,
		dissect.Field{Name: "attachment", Value: a.n},
		dissect.Field{Name: "attachments", Value: a.all},
		dissect.Field{Name: "event", Value: a.event},
		dissect.Field{Name: "event_packet", Value: a.packet})
	words := []string{"attachment", strconv.Itoa(a.n) + "/" + strconv.Itoa(a.all), payload.Of(a.shown), size}
	if a.args != nil {
		a.places = append(a.places, place(a.n-1), fmt.Sprintf(`{"_placeholder":true,"num":%d,"packet":%d,"size":%d}`, a.n-1, m.Packet.Number, len(data)))
	}
	if a.n < a.all {
		return &dissect.Decoded{Brief: payload.Line(words...), Fields: fields}
	}
	fields = append(fields, dissect.Field{Name: "complete", Value: true})
	if a.args != nil {
		fields = append(fields, dissect.Field{Name: "args", Value: a.filled()})
	}
	*a = attachments{}
	return &dissect.Decoded{Brief: payload.Line(append(words, "complete")...), Fields: fields}
}

// place is what socket.io-parser puts in the place of an attachment, in all versions.
func place(n int) string { return fmt.Sprintf(`{"_placeholder":true,"num":%d}`, n) }

// filled are the arguments with what came in the places of the placeholders. None can
// stand inside a string: its quotes would have backslashes.
func (a *attachments) filled() []any {
	r := strings.NewReplacer(a.places...)
	list := make([]any, len(a.args))
	for i := range a.args {
		list[i] = dissect.JSON(r.Replace(string(a.args[i])))
	}
	return list
}
