package dissect

import "github.com/wsdissect/wsdissect/frame"

// Bounds of what one message may inflate to, beside Limits.Message.
const (
	inflateRatio = 256     // bytes for each byte on the wire,
	inflateFloor = 8 << 20 // looked at above this size
)

// inflateLimits stop a bomb early. As much again is inflated for the history alone, so
// that the messages behind a large one stay readable.
func (w *webSocket) inflateLimits(wire int) frame.InflateLimits {
	most := min(uint64(w.c.d.opts.Limits.Message), max(inflateFloor, inflateRatio*uint64(wire)))
	return frame.InflateLimits{Output: most, Discard: most}
}

// inflaterOf is the inflater of a direction, made where there is none yet.
func (w *webSocket) inflaterOf(h *half) *frame.Inflater {
	if h.inflater != nil {
		return h.inflater
	}
	p := w.compression.server
	if h.way == w.client {
		p = w.compression.client
	}
	made := frame.NewInflater(frame.Params{NoContextTakeover: p.noTakeover, WindowBits: int(p.windowBits)})
	h.inflater = &made
	if h.has(forgot) {
		h.inflater.Lose()
	}
	return h.inflater
}

// forget says that the history of a direction is lost.
func (h *half) forget() {
	h.state |= forgot
	if h.inflater != nil {
		h.inflater.Lose()
	}
}

// inflate fills the event of a compressed message.
func (w *webSocket) inflate(h *half, e *Message) {
	if w.compression.scheme == perFrame {
		w.inflatedFrames(h, e)
		return
	}
	s := &w.c.d.scratch
	r := w.inflaterOf(h).Message(&s.inflate, s.inflated[:0], e.Payload, w.inflateLimits(len(e.Payload)))
	s.keep(r.Payload)
	e.Inferred = w.compression.scheme != perMessage
	e.Payload, e.Length = r.Known(), r.Length
	e.Distance, e.Reach = r.Distance, r.Reach
	if e.Why == WhyNone && !e.Truncated {
		e.Why = whyNot(&r)
		e.Truncated = r.Limited
		h.msg.facts = r.Facts
		return
	}
	h.forget()
}

// whyNot is why an inflated message is not whole.
func whyNot(r *frame.Inflated) Why {
	switch {
	case r.Limited:
		return WhyInflated
	case !r.Whole:
		return WhyCorrupt
	case r.Unknown > 0:
		return WhyContextLost
	}
	return WhyNone
}

// inflateFrame appends the payload of a frame to its message where each frame is
// compressed by itself (the deflate-frame extensions).
func (w *webSocket) inflateFrame(h *half) {
	f, m := h.cur, h.msg
	payload := m.payload[f.start:]
	why := WhyNone
	if len(f.holes) > 0 {
		payload, why = payload[:min(uint64(len(payload)), f.holes[0].At)], WhyGap
	} else if f.truncated {
		why = WhyTruncated
	}
	if f.header.RSV&frame.RSV1 != 0 {
		m.compressed = true
		s := &w.c.d.scratch
		r := w.inflaterOf(h).Message(&s.inflate, s.inflated[:0], payload, w.inflateLimits(len(payload)))
		s.keep(r.Payload)
		payload = r.Known()
		if why != WhyNone {
			h.forget()
		} else {
			why = whyNot(&r)
			m.facts |= r.Facts
		}
	}
	room := w.c.d.room(len(m.inflated))
	w.c.d.pools.held += int64(m.appendInflated(payload, why, room))
}

// appendInflated appends what a frame came to, as far as there is room, unless a frame
// before it was not whole. It returns how many bytes that were.
func (m *message) appendInflated(payload []byte, why Why, room int) int {
	if m.why != WhyNone {
		return 0
	}
	if len(payload) > room {
		payload, why = payload[:room], WhyInflated
	}
	m.inflated = append(m.inflated, payload...)
	m.why = why
	return len(payload)
}

// inflatedFrames fills the event of a message whose frames were inflated one by one.
func (w *webSocket) inflatedFrames(h *half, e *Message) {
	m := h.msg
	e.Payload, e.Length = m.inflated, uint64(len(m.inflated))
	if e.Why == WhyNone {
		e.Why = m.why
	}
	e.Truncated = e.Truncated || m.why == WhyInflated
}

// keep holds on to a buffer for the next message, unless it grew too large.
func (s *scratch) keep(b []byte) {
	if cap(b) <= maxKept && cap(b) > cap(s.inflated) {
		s.inflated = b[:0]
	}
}
