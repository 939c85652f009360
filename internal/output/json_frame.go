package output

import (
	"encoding/binary"
	"strconv"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
)

func (j *jsonLines) frame(f *dissect.Frame) {
	j.open("frame", &f.Meta)
	j.num("offset", f.Offset)
	if f.HeaderOK {
		j.header(&f.Header)
	} else {
		j.partialHeader(f)
	}
	j.unsigned("captured", f.Captured)
	j.truth("complete", f.Complete)
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
	j.opcode(h)
	j.truth("masked", h.Masked)
	if h.Masked {
		j.hex("masking_key", h.Key[:])
	}
	j.unsigned("length", h.Length)
	j.unsigned("header_length", uint64(h.Size))
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
	if f.Text && utf8.Valid(first.data) {
		j.text("text", first.data)
	} else {
		j.bytes("bytes", first.data)
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
	j.unsigned("length", m.Length)
	j.unsigned("wire_length", m.WireLength)
	j.num("fragments", int64(m.Frames))
	j.key("packets")
	j.b = append(j.b, '[')
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
	if m.Decoded != nil {
		j.decoded(m.Decoded)
	}
	if m.Text && utf8.Valid(m.Payload) {
		j.text("text", m.Payload)
	} else {
		j.bytes("bytes", m.Payload)
	}
}

// appendRatio appends how many bytes a byte on the wire inflated to.
func appendRatio(b []byte, m *dissect.Message) []byte {
	return strconv.AppendFloat(b, float64(m.Length)/float64(max(m.WireLength, 1)), 'f', 2, 64)
}
