// Package stomp explains STOMP 1.0 to 1.2: frames with their headers and bodies, receipts
// and acknowledgments with what they answer, heart-beats.
package stomp

import (
	"bytes"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "stomp",
		Subprotocol: payload.Is("v10.stomp", "v11.stomp", "v12.stomp", "stomp"),
		Content:     looksLike,
		New:         New,
	}
}

// looksLike is sure of a whole frame that begins with a command.
func looksLike(m *dissect.Message) bool {
	line, _, found := bytes.Cut(m.Payload[:min(len(m.Payload), 16)], []byte{'\n'})
	if !found || !isCommand(string(bytes.TrimSuffix(line, []byte{'\r'}))) {
		return false
	}
	_, size, err := cut(m.Payload, 12)
	return err == nil && size > 0 && size <= uint64(len(m.Payload))
}

// New makes a decoder, which serves too where STOMP is inside another protocol.
func New(s *payload.Session) payload.Decoder {
	d := &decoder{version: 12}
	switch strings.ToLower(s.Subprotocol) {
	case "v10.stomp":
		d.version = 10
	case "v11.stomp":
		d.version = 11
	}
	return d
}

// decoder follows both directions of a connection.
type decoder struct {
	payload.Requests
	version version
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
	if held && (s.Short(b) || bytes.IndexByte(m.Payload, 0) < 0) { // a frame ends with NUL
		return u.Decoded("frames", s.Held(), wait(s, b))
	}
	if b = trimEOL(b); len(b) == 0 && len(m.Payload) > 0 {
		u.Beat(nil, "heart-beat")
	}
	for len(b) > 0 {
		f, size, err := cut(b, d.version)
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
		if !u.Add(d.frame(m, &f)) {
			s.Reset()
			return u.Decoded("frames", 0, payload.ErrUnits)
		}
		b = trimEOL(b[size:])
	}
	s.Hold(nil, 0)
	return u.Decoded("frames", 0, nil)
}

func wait(s *payload.Stream, b []byte) error {
	if !s.Wait(b) {
		return errLarge
	}
	return nil
}

// trimEOL drops the line ends that may stand between frames, and are heart-beats alone.
func trimEOL(b []byte) []byte { return bytes.TrimLeft(b, "\r\n") }

// frame explains a frame, and gives its line for the list.
func (d *decoder) frame(m *dissect.Message, f *unit) (o dissect.Object, brief string) {
	o = dissect.Object{{Name: "command", Value: f.command}, {Name: "headers", Value: f.object()}}
	if len(f.body) > 0 {
		o = append(o, dissect.Field{Name: "body", Value: payload.Data(f.body)})
	}
	o, more := d.pair(m, f, o)
	brief = f.command + more
	if len(f.body) > 0 {
		brief += " " + payload.Shown(o[2].Value)
	}
	return o, brief
}

// object are the headers, the first of each name.
func (u *unit) object() dissect.Object {
	o := make(dissect.Object, 0, len(u.headers))
	seen := make(map[string]bool, len(u.headers))
	for _, h := range u.headers {
		name := strings.ToValidUTF8(h.name, "\uFFFD")
		if !seen[name] {
			seen[name] = true
			o = append(o, dissect.Field{Name: name, Value: payload.Text([]byte(h.value))})
		}
	}
	return o
}

// pair notes what will be answered, and tells what an answer answers. It gives what of the
// headers belongs into the line.
func (d *decoder) pair(m *dissect.Message, f *unit, o dissect.Object) (dissect.Object, string) {
	destination := f.header("destination")
	if receipt := f.header("receipt"); receipt != "" && m.Dir == dissect.ClientToServer { // brokers pass it on in a MESSAGE
		d.Sent("receipt "+receipt, strings.TrimSpace(f.command+" "+destination), m)
	}
	id := f.header("id")
	switch f.command {
	case "CONNECT", "STOMP":
		d.Sent("connect", f.command, m)
		return o, optional(" ", f.header("accept-version"))
	case "CONNECTED":
		d.version = versionOf(f.header("version"))
		return d.answer(m, "connect", o, optional(" ", f.header("version")))
	case "SUBSCRIBE":
		d.Keep("subscription "+id, destination, m)
		return o, " " + destination + optional(" id ", id)
	case "UNSUBSCRIBE":
		more := optional(" id ", id)
		if q, ok := d.Kept("subscription " + id); ok {
			d.Drop("subscription " + id)
			return append(o, dissect.Field{Name: "of", Value: q.What}), more + " of " + q.What
		}
		return o, more
	case "MESSAGE":
		ack := f.header("ack")
		if ack == "" {
			ack = f.header("message-id")
		}
		d.Sent("message "+ack, f.command+" "+destination, m)
		return o, " " + destination + optional(" of ", f.header("subscription"))
	case "ACK", "NACK":
		if id == "" {
			id = f.header("message-id")
		}
		return d.answer(m, "message "+id, o, " "+id)
	case "RECEIPT":
		id = f.header("receipt-id")
		return d.answer(m, "receipt "+id, o, " "+id)
	case "ERROR":
		return o, optional(" ", f.header("message"))
	}
	return o, optional(" ", destination) + optional(" ", f.header("transaction"))
}

// answer tells what was answered, and when that was sent.
func (d *decoder) answer(m *dissect.Message, key string, o dissect.Object, more string) (dissect.Object, string) {
	q, ok := d.Answered(key)
	if !ok {
		return o, more
	}
	if o = append(o, dissect.Field{Name: "of", Value: q.What}); key != "connect" {
		more += " of " + q.What
	}
	return append(o, q.Fields(m)...), more
}

func optional(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}

// versionOf is what CONNECTED says; 1.0 does not.
func versionOf(s string) version {
	switch s {
	case "1.2":
		return 12
	case "1.1":
		return 11
	}
	return 10
}
