package dissect

import (
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/reassembly"
)

// scratch is memory that is used again: the events that are emitted most, and what
// inflating needs.
type scratch struct {
	frame     Frame
	message   Message
	handshake Handshake
	closed    Closed
	inflate   frame.Scratch
	inflated  []byte
}

// meta is that of something of direction h that a packet shows.
func (w *webSocket) meta(h *half, shows reassembly.PacketRef) Meta {
	return Meta{Packet: shows, FirstPacket: shows.Number, Conn: &w.c.Conn, Way: h.way, Dir: h.dir()}
}

// describe fills the meta of what began in packet first and is complete with the newest. The
// events that are emitted most are filled in place, field by field: a literal is built
// elsewhere and copied, which waits for its own stores.
func (w *webSocket) describe(m *Meta, h *half, first int64) {
	m.Packet, m.FirstPacket, m.Conn, m.Way, m.Dir = h.newest, first, &w.c.Conn, h.way, h.dir()
}

// frameDone emits the frame that has all its bytes or holes, and the message with it.
func (w *webSocket) frameDone(h *half) {
	f := h.cur
	w.countFrame(h, &f.header)
	if f.alone {
		if f.header.Opcode == frame.Close {
			w.sawClose(h)
		}
		w.emitFrame(h, WhyNone, nil)
		return
	}
	m := h.msg
	limit := w.c.d.opts.Limits.Parts
	m.frames++
	m.fragments.add(h.newest.Number, f.header.Length, limit)
	for _, p := range f.packets.list {
		m.packets.add(p.Packet, p.Len, limit)
	}
	if w.compression.scheme == perFrame {
		w.inflateFrame(h)
	}
	if !f.header.Fin {
		w.emitFrame(h, WhyNone, nil)
		return
	}
	e := w.complete(h, WhyNone)
	w.emitFrame(h, WhyNone, e)
	w.emitMessage(h, e)
}

// emitFrame emits the frame in progress. why says why its last byte, seen or missing, will
// not come, if it has not passed.
func (w *webSocket) emitFrame(h *half, why Why, m *Message) {
	f, e := h.cur, &w.c.d.scratch.frame
	payload := f.payload
	if !f.alone && f.whole {
		payload = h.msg.payload[f.start:]
	}
	*e = Frame{}
	w.describe(&e.Meta, h, f.first)
	e.Header = f.header
	e.HeaderOK = f.whole
	e.Offset = f.offset
	e.Payload = payload
	e.Captured = f.captured
	e.Holes = f.holes
	e.Complete = f.whole && why == WhyNone && len(f.holes) == 0
	e.Why = why
	e.Kind = f.kind
	e.Compressed = f.compressed
	e.Deflate = w.compression.scheme == perMessage
	e.Packets = f.packets.list
	e.Violations = f.violations
	e.Message = m
	if !f.whole {
		e.Raw = f.decoder.Partial()
		e.Offset = h.edge
	}
	if len(f.holes) > 0 && why == WhyNone {
		e.Why = WhyGap
	}
	e.Text = e.isText()
	if f.header.Opcode == frame.Close && f.whole && len(f.holes) == 0 && f.captured >= 2 {
		e.CloseCode, e.CloseReason, _ = frame.ParseClose(payload)
	}
	w.c.d.emit(e)
	h.cur = nil
	w.c.d.pools.freeFrame(f)
}

// isText reports whether the payload, up to its first hole, is to be shown as text.
func (e *Frame) isText() bool {
	switch {
	case e.Kind == frame.Text && !e.Compressed, e.Kind == frame.Ping, e.Kind == frame.Pong:
		return e.HeaderOK && utf8.Valid(e.sound())
	}
	return false
}

// sound is the payload up to the first hole.
func (e *Frame) sound() []byte {
	if len(e.Holes) > 0 && e.Holes[0].At < uint64(len(e.Payload)) {
		return e.Payload[:e.Holes[0].At]
	}
	return e.Payload
}

// complete fills the event of the message in progress, as far as it goes.
func (w *webSocket) complete(h *half, why Why) *Message {
	m, e := h.msg, &w.c.d.scratch.message
	*e = Message{}
	w.describe(&e.Meta, h, m.first)
	e.Opcode = m.opcode
	e.Payload = m.payload
	e.Length = m.wire
	e.WireLength = m.wire
	e.Fragments = m.fragments.list
	e.Frames = m.frames
	e.Packets = m.packets.list
	e.Omitted = m.packets.all - len(m.packets.list)
	e.Truncated = m.truncated
	e.Why = why
	if m.sound >= 0 {
		e.Payload, e.Why = m.payload[:min(m.sound, len(m.payload))], WhyGap
	}
	if m.compressed {
		e.Compressed = true
		w.inflate(h, e)
	}
	e.Facts = m.facts
	if e.Truncated && e.Why == WhyNone {
		e.Why = WhyTruncated
	}
	e.Complete = e.Why == WhyNone
	if m.unheld {
		m.judge(e)
		return e
	}
	e.Text = e.Opcode == frame.Text && utf8.Valid(e.Payload)
	return e
}

// abandon emits the message in progress, of which nothing more will come.
func (w *webSocket) abandon(h *half, why Why) {
	w.emitMessage(h, w.complete(h, why))
}

func (w *webSocket) emitMessage(h *half, e *Message) {
	w.c.d.emit(e)
	w.countMessage(h, e.Length)
	w.c.d.pools.freeMessage(h.msg)
	h.msg = nil
}

func (w *webSocket) emitGap(h *half, g reassembly.Gap) {
	w.c.d.emit(&Gap{Meta: w.meta(h, g.Packet), Offset: g.Offset, Len: g.Len, Cause: g.Cause.String()})
}

// emitResync tells that frames are found again at a stream offset, after skipped bytes
// that the capture has.
func (w *webSocket) emitResync(h *half, at, skipped int64) {
	w.c.d.emit(&Gap{Meta: w.meta(h, h.newest), Offset: at, Len: skipped, Cause: "resync", Resync: true})
}
