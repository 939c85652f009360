package output

import (
	"encoding/binary"
	"encoding/hex"
	"io"
	"net/netip"
	"strconv"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
)

// list prints a line for each handshake, frame, gap and anomaly in the layout of tshark:
// number, time, source and destination, protocol, length of the packet, and Wireshark's
// words about a frame. What Wireshark lacks comes behind them, after two spaces: the
// payload's length and how it begins.
type list struct {
	writer
	o     Options
	pal   Palette
	clock clock
	iface string // of the packet, "" to print none
}

// NewList prints the list.
func NewList(w io.Writer, o Options) Printer {
	return &list{
		writer: writer{w: w, each: o.LineFlush},
		o:      o,
		pal:    o.Palette,
		clock:  newClock(&o),
	}
}

// Emit implements dissect.Sink.
func (l *list) Emit(e dissect.Event) error {
	if l.err != nil {
		return l.err
	}
	only := l.o.Only
	switch e := e.(type) {
	case *dissect.Frame:
		if only.Has(TypeFrame) {
			l.columns(&e.Meta, "WebSocket")
			l.frame(e)
			return l.line()
		}
	case *dissect.Message: // previewed with the frame that completes it
		if only.Names(TypeMessage) && !only.Names(TypeFrame) {
			l.columns(&e.Meta, "WebSocket")
			l.message(e)
			return l.line()
		}
	case *dissect.Handshake:
		if only.Has(TypeHandshake) {
			l.columns(&e.Meta, "HTTP")
			l.handshake(e)
			return l.line()
		}
	case *dissect.Body:
		if only.Has(TypeBody) {
			l.columns(&e.Meta, "HTTP")
			l.body(e)
			return l.line()
		}
	case *dissect.Anomaly:
		if only.Has(TypeAnomaly) {
			l.columns(&e.Meta, "WebSocket")
			l.anomaly(e)
			return l.line()
		}
	case *dissect.Gap:
		if only.Has(TypeGap) {
			l.columns(&e.Meta, "WebSocket")
			l.b = append(l.b, l.pal.warn.on...)
			l.b = appendGap(l.b, e)
			l.b = append(l.b, l.pal.warn.off...)
			return l.line()
		}
	case *dissect.Closed:
		if only.Names(TypeClose) {
			l.columns(&e.Meta, "WebSocket")
			l.b = append(l.b, l.pal.ending.on...)
			l.b = appendClosed(l.b, e)
			l.b = append(l.b, l.pal.ending.off...)
			return l.line()
		}
	case *dissect.Summary:
		if only.Names(TypeSummary) {
			l.b = appendSummary(l.b, e)
			return l.end()
		}
	}
	return nil
}

// line ends a line.
func (l *list) line() error {
	if l.iface != "" {
		l.b = append(l.b, "  on "...)
		l.b = appendEscaped(l.b, l.iface)
	}
	l.b = append(l.b, '\n')
	return l.end()
}

// columns appends all columns before the last, with tshark's widths.
func (l *list) columns(m *dissect.Meta, protocol string) {
	l.clock.see(m.Packet)
	l.iface = l.o.iface(m.Packet)
	start := len(l.b)
	l.b = strconv.AppendInt(l.b, m.Packet.Number, 10)
	l.b = alignRight(l.b, start, 5)
	l.b = append(l.b, ' ')
	start = len(l.b)
	l.b = l.clock.append(l.b, m.Packet)
	l.b = alignRight(l.b, start, 10)
	l.b = append(l.b, ' ')

	src, dst := m.Addrs()
	if l.o.Verbose == 0 && src.Addr() != dst.Addr() {
		src, dst = withoutPort(src), withoutPort(dst)
	}
	color := l.pal.dir(m.Dir)
	l.b = append(l.b, color.on...)
	start = len(l.b)
	l.b = appendAddr(l.b, src)
	l.b = alignRight(l.b, start, 12)
	l.b = append(l.b, " → "...)
	start = len(l.b)
	l.b = appendAddr(l.b, dst)
	l.b = appendSpaces(l.b, 12-(len(l.b)-start))
	l.b = append(l.b, color.off...)
	l.b = append(l.b, ' ')

	l.b = append(l.b, protocol...)
	l.b = append(l.b, ' ')
	l.b = strconv.AppendUint(l.b, uint64(m.Packet.Wire), 10)
	l.b = append(l.b, ' ')
}

// withoutPort has port 0: tshark does not show ports here. They are shown where nothing
// else tells the endpoints apart.
func withoutPort(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr(), 0) }

// appendAddr appends an address, with its port unless that is 0.
func appendAddr(b []byte, a netip.AddrPort) []byte {
	switch addr := a.Addr().Unmap(); {
	case !a.IsValid():
		return b
	case a.Port() == 0:
		return addr.AppendTo(b)
	default:
		return netip.AddrPortFrom(addr, a.Port()).AppendTo(b)
	}
}

// alignRight moves what stands behind start to the right end of a column.
func alignRight(b []byte, start, width int) []byte {
	text := len(b) - start
	if text >= width {
		return b
	}
	b = appendSpaces(b, width-text)
	copy(b[start+width-text:], b[start:start+text])
	for i := range width - text {
		b[start+i] = ' '
	}
	return b
}

// frame appends Wireshark's words, then the length and how the payload begins.
func (l *list) frame(f *dissect.Frame) {
	if f.HeaderOK || len(f.Raw) > 0 {
		l.name(&f.Header)
	} else {
		l.b = append(l.b, "WebSocket"...)
	}
	l.b = append(l.b, "  "...)
	if !f.HeaderOK {
		l.b = append(l.b, l.pal.warn.on...)
		l.b = append(l.b, "incomplete header, "...)
		l.b = appendCount(l.b, uint64(len(f.Raw)), "byte")
		l.b = append(l.b, l.pal.warn.off...)
		return
	}
	l.b = appendCount(l.b, f.Header.Length, "byte")
	if !f.Complete {
		l.b = append(l.b, ", "...)
		l.b = append(l.b, l.pal.warn.on...)
		l.b = strconv.AppendUint(l.b, f.Captured, 10)
		l.b = append(l.b, " captured"...)
		l.b = append(l.b, l.pal.warn.off...)
	}
	if m := f.Message; m != nil {
		l.completes(m)
	}
	l.preview(f)
}

// name appends what Wireshark's list says of a frame.
func (l *list) name(h *frame.Header) {
	l.b = append(l.b, "WebSocket "...)
	l.b = painted(l.b, l.pal.opcode(h.Opcode), frameName(h.Opcode))
	if h.Fin {
		l.b = append(l.b, " [FIN]"...)
	} else {
		l.b = append(l.b, "[FRAGMENT]"...)
	}
	if h.Masked {
		if !h.Fin {
			l.b = append(l.b, ' ')
		}
		l.b = append(l.b, " [MASKED]"...)
	}
}

// completes says in what the message differs from the frame that completes it.
func (l *list) completes(m *dissect.Message) {
	if m.Frames > 1 {
		l.b = append(l.b, ", message of "...)
		l.b = strconv.AppendUint(l.b, m.WireLength, 10)
		l.b = append(l.b, " in "...)
		l.b = appendCount(l.b, uint64(m.Frames), "frame")
	}
	if m.Compressed && m.Complete {
		l.b = append(l.b, ", "...)
		l.b = strconv.AppendUint(l.b, m.Length, 10)
		l.b = append(l.b, " inflated, ratio "...)
		l.b = appendRatio(l.b, m)
		if m.Inferred {
			l.b = append(l.b, " (inferred)"...)
		}
	}
	if m.Why != dissect.WhyNone {
		l.b = append(l.b, ", "...)
		l.b = painted(l.b, l.pal.warn, m.Why.String())
	}
}

// preview appends how a payload begins.
func (l *list) preview(f *dissect.Frame) {
	parts := runsOf(f)
	held := parts.next().data
	left := len(f.Payload) - len(held)
	switch op := f.Header.Opcode; {
	case op == frame.Close:
		l.closing(held)
	case op.IsControl() || op.IsReserved():
		if f.Text {
			l.text(held, left)
		} else {
			l.hex(held, left)
		}
	case f.Message != nil && (f.Complete || f.Compressed || f.Message.Frames > 1):
		l.content(f.Message)
	case f.Compressed: // not inflated before its message is complete
	case f.Text || f.Kind == frame.Text:
		l.text(held, left)
	default:
		l.hex(held, left)
	}
}

// content appends what a message means, else how it begins.
func (l *list) content(m *dissect.Message) {
	if d := m.Decoded; d != nil {
		l.b = append(l.b, "  "...)
		l.b = appendEscaped(l.b, d.Protocol)
		if d.Error != "" {
			l.b = append(l.b, " ["...)
			l.b = painted(l.b, l.pal.warn, "Not decoded: ")
			l.b = appendEscaped(l.b, d.Error)
			l.b = append(l.b, ']')
		}
		if d.Brief != "" {
			l.text([]byte(d.Brief), 0)
			return
		}
	}
	left := 0
	if m.Truncated {
		left = 1
	}
	if m.Opcode == frame.Text {
		l.text(m.Payload, left)
	} else {
		l.hex(m.Payload, left)
	}
}

// closing appends code and reason of a Close.
func (l *list) closing(body []byte) {
	if len(body) < 2 {
		l.hex(body, 0)
		return
	}
	code := binary.BigEndian.Uint16(body)
	l.b = append(l.b, "  "...)
	l.b = append(l.b, l.pal.ending.on...)
	l.b = strconv.AppendUint(l.b, uint64(code), 10)
	l.b = append(l.b, ' ')
	l.b = append(l.b, frame.CloseName(code)...)
	l.b = append(l.b, l.pal.ending.off...)
	l.text(body[2:], 0)
}

// text appends the beginning of a text. Left is how many bytes follow that are not in p.
func (l *list) text(p []byte, left int) {
	if len(p) == 0 {
		return
	}
	shown := p
	if l.o.MaxPayload > 0 {
		shown = p[:cut(p, l.o.MaxPayload)]
	}
	l.b = append(l.b, "  "...)
	for rest := shown; len(rest) > 0; {
		n := cut(rest, chunk)
		l.b = appendEscaped(l.b, rest[:n])
		rest = rest[n:]
		l.spill()
	}
	l.ellipsis(len(p) - len(shown) + left)
}

// hex appends the first bytes, half as many as of a text: each takes two columns.
func (l *list) hex(p []byte, left int) {
	if len(p) == 0 {
		return
	}
	shown := p
	if limit := (l.o.MaxPayload + 1) / 2; limit > 0 && len(p) > limit {
		shown = p[:limit]
	}
	l.b = append(l.b, "  "...)
	for rest := shown; len(rest) > 0; {
		n := min(len(rest), chunk)
		l.b = hex.AppendEncode(l.b, rest[:n])
		rest = rest[n:]
		l.spill()
	}
	l.ellipsis(len(p) - len(shown) + left)
}

func (l *list) ellipsis(left int) {
	if left > 0 {
		l.b = append(l.b, "…"...)
	}
}

// message appends a message, where no frame is printed that would show it.
func (l *list) message(m *dissect.Message) {
	l.b = append(l.b, "WebSocket "...)
	l.b = painted(l.b, l.pal.opcode(m.Opcode), frameName(m.Opcode))
	l.b = append(l.b, " message  "...)
	l.b = appendCount(l.b, m.WireLength, "byte")
	l.completes(m)
	l.content(m)
}

// handshake appends request and response in a line.
func (l *list) handshake(h *dissect.Handshake) {
	if h.Request != nil {
		l.b = appendEscaped(l.b, h.Request.Method)
		l.b = append(l.b, ' ')
		l.b = appendEscaped(l.b, h.Request.Target)
	} else {
		l.b = append(l.b, "request not captured"...)
	}
	l.b = append(l.b, " → "...)
	if h.Response == nil {
		l.b = painted(l.b, l.pal.warn, "response not captured")
		return
	}
	color := l.pal.warn
	if h.Upgraded {
		color = style{}
	}
	l.b = append(l.b, color.on...)
	l.b = strconv.AppendInt(l.b, int64(h.Status), 10)
	if h.Response.Phrase != "" {
		l.b = append(l.b, ' ')
		l.b = appendEscaped(l.b, h.Response.Phrase)
	}
	l.b = append(l.b, color.off...)
	if h.AcceptOK == dissect.Wrong {
		l.b = append(l.b, "  "...)
		l.b = painted(l.b, l.pal.fail, "accept wrong")
	}
	if h.Subprotocol != "" {
		l.b = append(l.b, "  subprotocol "...)
		l.b = appendEscaped(l.b, h.Subprotocol)
	}
	for i, x := range h.Extensions {
		if i == 0 {
			l.b = append(l.b, "  extensions "...)
		} else {
			l.b = append(l.b, ", "...)
		}
		l.b = appendEscaped(l.b, x)
	}
}

func (l *list) anomaly(a *dissect.Anomaly) {
	severity := a.Rule.Rule().Severity
	color := l.pal.severity(severity)
	l.b = append(l.b, color.on...)
	l.b = append(l.b, '[')
	l.b = append(l.b, severityName(severity)...)
	l.b = append(l.b, "] "...)
	l.b = appendViolation(l.b, a)
	l.b = append(l.b, color.off...)
}
