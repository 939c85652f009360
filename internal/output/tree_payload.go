package output

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
)

// payload prints the payload of a frame: masked, as it was sent, and then what it says.
func (t *tree) payload(f *dissect.Frame) {
	if f.Header.Masked {
		t.maskedPayload(f)
	}
	t.b = append(t.b, "    Payload\n"...)
	switch op := f.Header.Opcode; {
	case op == frame.Close:
		t.closeBody(f)
	case op.IsControl() || op.IsReserved():
		t.plain(f)
	default:
		t.dataPayload(f)
	}
}

// dataPayload prints the message that a frame completes. Where that is not whole, and
// where the frame completes none, it prints what the frame itself holds.
func (t *tree) dataPayload(f *dissect.Frame) {
	m := f.Message
	switch {
	case m == nil:
		t.part(f)
	case m.Complete, m.Frames == 1 && f.Complete && !m.Compressed:
		t.content(m)
	case m.Frames > 1 || m.Compressed:
		t.part(f)
		t.content(m)
	default:
		t.part(f)
		t.b = append(t.b, "        "...)
		t.why("[Message not shown whole: ", m)
	}
}

// maskedPayload prints the bytes as they were on the wire, up to the first hole.
func (t *tree) maskedPayload(f *dissect.Frame) {
	parts := runsOf(f)
	first := parts.next()
	shown := t.limit(first.data)
	t.label("    Masked payload", len(f.Payload)-len(shown))
	for i, c := range shown {
		c ^= f.Header.Key[i&3]
		t.b = append(t.b, lowerHex[c>>4], lowerHex[c&15])
		if i%chunk == 0 {
			t.spill()
		}
	}
	t.b = append(t.b, '\n')
}

// limit is the part of p that is to be shown.
func (t *tree) limit(p []byte) []byte {
	if t.o.MaxPayload > 0 && len(p) > t.o.MaxPayload {
		return p[:t.o.MaxPayload]
	}
	return p
}

// closeBody prints the body of a Close frame (RFC 6455 5.5.1).
func (t *tree) closeBody(f *dissect.Frame) {
	t.b = append(t.b, "        Close\n"...)
	body := runsOf(f)
	held := body.next().data
	if len(held) < 2 {
		if len(held) > 0 {
			t.hexLine("            [Payload", held, "]")
		}
		return
	}
	code := binary.BigEndian.Uint16(held)
	t.b = append(t.b, "            Status code: "...)
	t.b = append(t.b, t.pal.ending.on...)
	t.b = append(t.b, frame.CloseName(code)...)
	t.b = append(t.b, " ("...)
	t.b = strconv.AppendUint(t.b, uint64(code), 10)
	t.b = append(t.b, ')')
	t.b = append(t.b, t.pal.ending.off...)
	t.b = append(t.b, '\n')
	if meaning := frame.CloseMeaning(code); meaning != "" {
		t.b = append(t.b, "            ["...)
		t.b = append(t.b, meaning...)
		t.b = append(t.b, "]\n"...)
	}
	if len(held) > 2 {
		t.textLine("            Reason", held[2:], "")
	}
}

// plain prints the payload of a ping, a pong, or a frame whose opcode has no meaning.
func (t *tree) plain(f *dissect.Frame) {
	parts := runsOf(f)
	held := parts.next().data
	switch f.Header.Opcode {
	case frame.Ping:
		t.hexLine("        Ping", held, "")
	case frame.Pong:
		t.hexLine("        Pong", held, "")
	default:
		t.hexLine("        Unknown", held, "")
	}
	if f.Text {
		t.textLine("        [Text", held, "]")
	}
}

// content prints a message.
func (t *tree) content(m *dissect.Message) {
	switch {
	case !m.Complete && len(m.Payload) == 0:
		t.b = append(t.b, "        "...)
		t.why("[Message not shown: ", m)
		return
	case m.Opcode == frame.Text:
		t.textLine("        Text", m.Payload, "")
	default:
		t.data(m.Payload)
	}
	if m.Why != dissect.WhyNone || !m.Complete || m.Truncated {
		t.b = append(t.b, "        "...)
		t.why("[Message not shown whole: ", m)
	}
	if m.Compressed {
		t.b = append(t.b, "        [Decompressed: "...)
		t.b = appendCount(t.b, m.Length, "byte")
		t.b = append(t.b, " from "...)
		t.b = strconv.AppendUint(t.b, m.WireLength, 10)
		t.b = append(t.b, ", ratio "...)
		t.b = appendRatio(t.b, m)
		if m.Inferred {
			t.b = append(t.b, ", inferred: no agreement on compression was seen"...)
		}
		t.b = append(t.b, "]\n"...)
	}
}

// why says why a message is not shown whole.
func (t *tree) why(before string, m *dissect.Message) {
	color := t.pal.warn
	t.b = append(t.b, color.on...)
	t.b = append(t.b, before...)
	if m.Why == dissect.WhyNone {
		t.b = append(t.b, "incomplete"...)
	} else {
		t.b = append(t.b, m.Why.String()...)
	}
	t.b = append(t.b, ']')
	t.b = append(t.b, color.off...)
	t.b = append(t.b, '\n')
}

// part prints what a frame holds of a message. Wireshark shows nothing of it.
func (t *tree) part(f *dissect.Frame) {
	parts := runsOf(f)
	for part := parts.next(); ; part = parts.next() {
		switch {
		case len(part.data) == 0:
		case f.Compressed:
			t.hexLine("        [Compressed", part.data, "]")
		case f.Text || f.Kind == frame.Text:
			t.textLine("        [Text", part.data, "]")
		default:
			t.data(part.data)
		}
		if !part.more {
			break
		}
	}
}

// data prints bytes that are no text.
func (t *tree) data(p []byte) {
	t.b = append(t.b, "        [Data ("...)
	t.b = appendCount(t.b, uint64(len(p)), "byte")
	t.b = append(t.b, ')')
	t.hexLine("", p, "]")
}

// hexLine prints a line with bytes.
func (t *tree) hexLine(name string, p []byte, after string) {
	shown := t.limit(p)
	t.label(name, len(p)-len(shown))
	for len(shown) > 0 {
		n := min(len(shown), chunk)
		t.b = hex.AppendEncode(t.b, shown[:n])
		shown = shown[n:]
		t.spill()
	}
	t.b = append(t.b, after...)
	t.b = append(t.b, '\n')
}

// textLine prints a line with text. A byte of it that is not UTF-8 is escaped.
func (t *tree) textLine(name string, p []byte, after string) {
	shown := p
	if t.o.MaxPayload > 0 {
		shown = p[:cut(p, t.o.MaxPayload)]
	}
	t.label(name, len(p)-len(shown))
	for len(shown) > 0 {
		n := cut(shown, chunk)
		t.b = appendEscaped(t.b, shown[:n])
		shown = shown[n:]
		t.spill()
	}
	t.b = append(t.b, after...)
	t.b = append(t.b, '\n')
}

// label appends a name, with Wireshark's mark if bytes of what follows are left out.
func (t *tree) label(name string, left int) {
	t.b = append(t.b, name...)
	if left > 0 {
		t.b = append(t.b, " [truncated]"...)
	}
	t.b = append(t.b, ": "...)
}

// dumpPayload keeps the hex dumps of a frame for the end of the block.
func (t *tree) dumpPayload(f *dissect.Frame) {
	switch {
	case len(f.Payload) == 0:
	case f.Header.Masked:
		t.dumps = appendSource(t.dumps, "Unmasked data", f.Payload, t.o.MaxPayload)
	case len(t.dumps) == 0 || len(f.Packets) > 1:
		t.dumps = appendSource(t.dumps, "Payload", f.Payload, t.o.MaxPayload)
	}
	m := f.Message
	if m == nil || len(m.Payload) == 0 {
		return
	}
	if m.Compressed {
		t.dumps = appendSource(t.dumps, "Decompressed payload", m.Payload, t.o.MaxPayload)
	} else if m.Frames > 1 {
		t.dumps = appendSource(t.dumps, "Reassembled websocket Fragments", m.Payload, t.o.MaxPayload)
	}
}
