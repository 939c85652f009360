package output

import (
	"encoding/hex"
	"strconv"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
)

// maxParts is how many packets or fragments a line lists.
const maxParts = 64

// maskBit is the MASK bit of the second byte of a header.
const maskBit = 0x80

// frame prints a WebSocket block.
func (t *tree) frame(f *dissect.Frame) {
	t.packet(&f.Meta)
	t.segments(f)
	if f.Stream != 0 {
		t.b = append(t.b, "[HTTP/2 stream "...)
		t.b = strconv.AppendInt(t.b, f.Stream, 10)
		t.b = append(t.b, "]\n"...)
	}
	t.b = append(t.b, "WebSocket\n"...)
	if f.HeaderOK {
		t.header(f)
	} else {
		t.partialHeader(f)
	}
	switch m := f.Message; {
	case !f.HeaderOK:
	case f.Header.Length > 0:
		t.payload(f)
	case m != nil && m.Frames > 1: // its last fragment is empty
		t.b = append(t.b, "    Payload\n"...)
		t.content(m)
	}
	t.missing(f)
	t.fragments(f.Message)
	if f.Message != nil && f.Message.Decoded != nil {
		t.decoded(f.Message.Decoded)
	}
	if t.o.Hex {
		t.dumpPayload(f)
	}
}

// segments names the packets of a frame that came in several.
func (t *tree) segments(f *dissect.Frame) {
	if len(f.Packets) < 2 {
		if f.FirstPacket != f.Packet.Number && f.FirstPacket != 0 {
			t.b = append(t.b, "[Begins in frame: "...)
			t.b = strconv.AppendInt(t.b, f.FirstPacket, 10)
			t.b = append(t.b, "]\n"...)
		}
		return
	}
	var total uint64
	for i := range f.Packets {
		total += f.Packets[i].Len
	}
	t.b = append(t.b, '[')
	t.b = strconv.AppendInt(t.b, int64(len(f.Packets)), 10)
	t.b = append(t.b, " Reassembled TCP Segments ("...)
	t.b = appendCount(t.b, total, "byte")
	t.b = append(t.b, "): "...)
	t.b = appendParts(t.b, f.Packets)
	t.b = append(t.b, "]\n"...)
}

// fragments names the frames of a message that came in several.
func (t *tree) fragments(m *dissect.Message) {
	if m == nil || m.Frames < 2 {
		return
	}
	t.b = append(t.b, '[')
	t.b = strconv.AppendInt(t.b, int64(m.Frames), 10)
	t.b = append(t.b, " Reassembled websocket Fragments ("...)
	t.b = appendCount(t.b, m.WireLength, "byte")
	t.b = append(t.b, "): "...)
	t.b = appendParts(t.b, m.Fragments)
	if n := len(m.Fragments); n <= maxParts && n < m.Frames {
		t.b = append(t.b, ", ..."...)
	}
	t.b = append(t.b, "]\n"...)
}

func appendParts(b []byte, parts []dissect.Part) []byte {
	for i := range parts {
		if i > 0 {
			b = append(b, ", "...)
		}
		if i == maxParts {
			return append(b, "..."...)
		}
		b = append(b, '#')
		b = strconv.AppendInt(b, parts[i].Packet, 10)
		b = append(b, '(')
		b = strconv.AppendUint(b, parts[i].Len, 10)
		b = append(b, ')')
	}
	return b
}

// header prints a header that was captured whole.
func (t *tree) header(f *dissect.Frame) {
	t.firstByte(f)
	short := byte(f.Header.Length)
	switch lengthForm(&f.Header) {
	case 16:
		short = 126
	case 64:
		short = 127
	}
	second := short
	if f.Header.Masked {
		second |= maskBit
	}
	t.secondByte(second)
	if short >= 126 {
		t.b = append(t.b, "    Extended Payload length ("...)
		t.b = append(t.b, lengthBits(short)...)
		t.b = append(t.b, "): "...)
		t.b = strconv.AppendUint(t.b, f.Header.Length, 10)
		t.b = append(t.b, '\n')
	}
	if f.Header.Masked {
		t.b = append(t.b, "    Masking-Key: "...)
		t.b = hex.AppendEncode(t.b, f.Header.Key[:])
		t.b = append(t.b, '\n')
	}
}

// lengthForm is the width of the length field: 7, 16 or 64 bits. It does not follow from
// the length, which may be sent in a form longer than needed.
func lengthForm(h *frame.Header) int {
	size := int(h.Size)
	if h.Masked {
		size -= len(h.Key)
	}
	switch size {
	case 4:
		return 16
	case 10:
		return 64
	}
	return 7
}

func lengthBits(short byte) string {
	if short == 126 {
		return "16 bits"
	}
	return "64 bits"
}

// firstByte prints what the first byte of a header says.
func (t *tree) firstByte(f *dissect.Frame) {
	h := &f.Header
	b := t.b
	if h.Fin {
		b = append(b, "    1... .... = Fin: True\n"...)
	} else {
		b = append(b, "    0... .... = Fin: False\n"...)
	}
	b = append(b, "    ."...)
	b = appendBits(b, h.RSV, 3)
	b = append(b, " .... = Reserved: 0x"...)
	b = append(b, lowerHex[h.RSV&7], '\n')
	switch {
	case f.Compressed && h.RSV&frame.RSV1 != 0, f.Deflate && h.RSV&frame.RSV1 != 0:
		b = append(b, "    .1.. .... = Per-Message Compressed: True\n"...)
	case f.Compressed, f.Deflate:
		b = append(b, "    .0.. .... = Per-Message Compressed: False\n"...)
	}
	b = append(b, "    .... "...)
	b = appendBits(b, uint8(h.Opcode), 4)
	b = append(b, " = Opcode: "...)
	color := t.pal.opcode(h.Opcode)
	b = append(b, color.on...)
	b = append(b, opcodeName(h.Opcode)...)
	b = append(b, " ("...)
	b = strconv.AppendUint(b, uint64(h.Opcode), 10)
	b = append(b, ')')
	b = append(b, color.off...)
	t.b = append(b, '\n')
}

// secondByte prints what the second byte of a header says.
func (t *tree) secondByte(second byte) {
	b := t.b
	short := second &^ maskBit
	if second&maskBit != 0 {
		b = append(b, "    1... .... = Mask: True\n"...)
	} else {
		b = append(b, "    0... .... = Mask: False\n"...)
	}
	b = append(b, "    ."...)
	b = appendBits(b, short>>4, 3)
	b = append(b, ' ')
	b = appendBits(b, short, 4)
	b = append(b, " = Payload length: "...)
	b = strconv.AppendUint(b, uint64(short), 10)
	if short >= 126 {
		b = append(b, " Extended Payload Length ("...)
		b = append(b, lengthBits(short)...)
		b = append(b, ')')
	}
	t.b = append(b, '\n')
}

// appendBits appends the lowest bits of v, 1 to 8 of them.
func appendBits(b []byte, v uint8, bits int) []byte {
	for i := bits - 1; i >= 0; i-- {
		b = append(b, '0'+v>>i&1)
	}
	return b
}

// opcodeName is Wireshark's name of an opcode.
func opcodeName(o frame.Opcode) string {
	switch o {
	case frame.Continuation:
		return "Continuation"
	case frame.Text:
		return "Text"
	case frame.Binary:
		return "Binary"
	case frame.Close:
		return "Connection Close"
	case frame.Ping:
		return "Ping"
	case frame.Pong:
		return "Pong"
	}
	return "Unknown"
}

// partialHeader prints what there is of a header whose end was not captured.
func (t *tree) partialHeader(f *dissect.Frame) {
	if len(f.Raw) > 0 {
		t.firstByte(f)
	}
	if len(f.Raw) > 1 {
		t.secondByte(f.Raw[1])
	}
	color := t.pal.warn
	t.b = append(t.b, "    "...)
	t.b = append(t.b, color.on...)
	t.b = append(t.b, "[Incomplete header: "...)
	t.b = appendCount(t.b, uint64(len(f.Raw)), "byte")
	if len(f.Raw) > 0 {
		t.b = append(t.b, " captured: "...)
		t.b = hex.AppendEncode(t.b, f.Raw)
	}
	t.b = append(t.b, ']')
	t.b = append(t.b, color.off...)
	t.b = append(t.b, '\n')
}

// missing says what the capture does not have of a payload.
func (t *tree) missing(f *dissect.Frame) {
	if f.Complete || !f.HeaderOK {
		return
	}
	color := t.pal.warn
	b := append(t.b, "    "...)
	b = append(b, color.on...)
	b = append(b, "[Incomplete: "...)
	b = strconv.AppendUint(b, f.Captured, 10)
	b = append(b, " of "...)
	b = strconv.AppendUint(b, f.Header.Length, 10)
	b = append(b, " payload bytes captured"...)
	for i := range f.Holes {
		if i == 0 {
			b = append(b, ", missing "...)
		} else {
			b = append(b, ", "...)
		}
		if i == maxParts {
			b = append(b, "..."...)
			break
		}
		hole := &f.Holes[i]
		b = strconv.AppendUint(b, hole.At, 10)
		b = append(b, ".."...)
		b = strconv.AppendUint(b, hole.At+max(hole.Len, 1)-1, 10)
	}
	b = append(b, ']')
	b = append(b, color.off...)
	t.b = append(b, '\n')
}
