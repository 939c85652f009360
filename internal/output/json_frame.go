package output

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
)

func (j *jsonLines) frame(f *dissect.Frame) {
	j.open("frame", &f.Meta)
	j.b = strconv.AppendInt(append(j.b, `,"offset":`...), f.Offset, 10)
	if f.HeaderOK {
		j.header(&f.Header)
	} else {
		j.partialHeader(f)
	}
	b := strconv.AppendUint(append(j.b, `,"captured":`...), f.Captured, 10)
	j.b = strconv.AppendBool(append(b, `,"complete":`...), f.Complete)
	if f.Compressed {
		j.truth("compressed", true)
	}
	if uint64(len(f.Payload)) < f.Captured {
		j.truth("truncated", true)
	}
	if f.HeaderOK {
		j.payload(f)
	}
}

func (j *jsonLines) header(h *frame.Header) {
	j.bits(h)
	if h.Masked {
		j.hex("masking_key", h.Key[:])
	}
	b := strconv.AppendUint(append(j.b, `,"length":`...), h.Length, 10)
	j.b = strconv.AppendInt(append(b, `,"header_length":`...), int64(h.Size), 10)
}

// bits prints what the first 9 bits of a header say, of which there are few kinds.
func (j *jsonLines) bits(h *frame.Header) {
	kind := uint(h.Opcode&0x0f) | uint(h.RSV&7)<<4
	if h.Fin {
		kind |= 1 << 7
	}
	if h.Masked {
		kind |= 1 << 8
	}
	members := &j.heads[kind]
	if len(*members) > 0 {
		j.b = append(j.b, *members...)
		return
	}
	begin := len(j.b)
	j.opcode(h)
	j.truth("masked", h.Masked)
	*members = bytes.Clone(j.b[begin:])
}

func (j *jsonLines) opcode(h *frame.Header) {
	j.truth("fin", h.Fin)
	j.unsigned("rsv", uint64(h.RSV))
	j.unsigned("opcode", uint64(h.Opcode))
	j.token("opcode_name", h.Opcode.String())
}

// partialHeader prints what the bytes of a header tell whose end was not captured.
func (j *jsonLines) partialHeader(f *dissect.Frame) {
	raw := f.Raw
	if len(raw) > 0 {
		j.opcode(&f.Header)
	}
	if len(raw) > 1 {
		j.truth("masked", raw[1]&maskBit != 0)
		switch short := raw[1] &^ maskBit; {
		case short < 126:
			j.unsigned("length", uint64(short))
		case short == 126 && len(raw) >= 4:
			j.unsigned("length", uint64(binary.BigEndian.Uint16(raw[2:])))
		case short == 127 && len(raw) >= 10:
			j.unsigned("length", binary.BigEndian.Uint64(raw[2:]))
		}
	}
	j.hex("header_bytes", raw)
}

// payload prints the bytes held: those before the first hole as text or bytes, the rest as
// parts with their places.
func (j *jsonLines) payload(f *dissect.Frame) {
	parts := runsOf(f)
	first := parts.next()
	begin := len(j.b)
	j.content(f.Text, first.data)
	if m := f.Message; m != nil && len(m.Payload) == len(first.data) && len(first.data) <= chunk {
		j.said.keep(f.Text, first.data, j.b[begin:])
	}
	if len(f.Holes) > 0 {
		j.holes(f.Holes)
	}
	if first.more {
		j.parts(&parts)
	}
	if f.Header.Opcode == frame.Close && len(first.data) >= 2 {
		j.unsigned("close_code", uint64(binary.BigEndian.Uint16(first.data)))
		j.textOrBytes("close_reason", "close_reason_bytes", first.data[2:])
	}
}

func (j *jsonLines) holes(holes []dissect.Hole) {
	j.key("holes")
	for i := range holes {
		if i == 0 {
			j.b = append(j.b, '[', '[')
		} else {
			j.b = append(j.b, ',', '[')
		}
		j.b = strconv.AppendUint(j.b, holes[i].At, 10)
		j.b = append(j.b, ',')
		j.b = strconv.AppendUint(j.b, holes[i].Len, 10)
		j.b = append(j.b, ']')
		j.spill()
	}
	j.b = append(j.b, ']')
}

func (j *jsonLines) parts(parts *runs) {
	j.key("parts")
	j.b = append(j.b, '[')
	for part, n := parts.next(), 0; ; part, n = parts.next(), n+1 {
		if n > 0 {
			j.b = append(j.b, ',')
		}
		j.b = append(j.b, `{"offset":`...)
		j.b = strconv.AppendUint(j.b, part.at, 10)
		j.bytes("bytes", part.data)
		j.b = append(j.b, '}')
		if !part.more {
			break
		}
	}
	j.b = append(j.b, ']')
}

func (j *jsonLines) message(m *dissect.Message) {
	j.open("message", &m.Meta)
	j.token("opcode_name", m.Opcode.String())
	b := strconv.AppendUint(append(j.b, `,"length":`...), m.Length, 10)
	b = strconv.AppendUint(append(b, `,"wire_length":`...), m.WireLength, 10)
	b = strconv.AppendInt(append(b, `,"fragments":`...), int64(m.Frames), 10)
	j.b = append(b, `,"packets":[`...)
	for i := range m.Packets {
		if i > 0 {
			j.b = append(j.b, ',')
		}
		j.b = strconv.AppendInt(j.b, m.Packets[i].Packet, 10)
		j.spill()
	}
	j.b = append(j.b, ']')
	if m.Omitted > 0 {
		j.num("packets_omitted", int64(m.Omitted))
	}
	j.state(m)
	if m.Decoded != nil {
		j.decoded(m.Decoded)
	}
	if j.said.is(m.Text, m.Payload) {
		j.b = append(j.b, j.said.member...)
	} else {
		j.content(m.Text, m.Payload)
	}
}

// state prints whether a message is compressed and whole.
func (j *jsonLines) state(m *dissect.Message) {
	if m.Complete && !m.Compressed && !m.Inferred && !m.Truncated && m.Why == dissect.WhyNone {
		j.b = append(j.b, `,"compressed":false,"complete":true,"truncated":false`...) // most are
		return
	}
	j.truth("compressed", m.Compressed)
	if m.Inferred {
		j.truth("inferred", true)
	}
	j.truth("complete", m.Complete)
	j.truth("truncated", m.Truncated)
	if m.Why != dissect.WhyNone {
		j.token("why", m.Why.String())
	}
	if m.Compressed {
		j.key("ratio")
		j.b = appendRatio(j.b, m)
	}
}

// content appends a payload as text, if it is some, or in base64.
func (j *jsonLines) content(text bool, p []byte) {
	if text && utf8.Valid(p) {
		j.text("text", p)
	} else {
		j.bytes("bytes", p)
	}
}

// said remembers how the payload of a frame was printed: a message mostly has the same. The
// bytes are compared: what is between, a filter may have left out, and memory is used again.
type said struct {
	text            bool
	payload, member []byte
}

func (s *said) keep(text bool, payload, member []byte) {
	s.text, s.payload, s.member = text, append(s.payload[:0], payload...), append(s.member[:0], member...)
}

func (s *said) is(text bool, payload []byte) bool {
	return len(s.member) > 0 && s.text == text && bytes.Equal(s.payload, payload)
}

// appendRatio appends how many bytes a byte on the wire inflated to.
func appendRatio(b []byte, m *dissect.Message) []byte {
	return strconv.AppendFloat(b, float64(m.Length)/float64(max(m.WireLength, 1)), 'f', 2, 64)
}
