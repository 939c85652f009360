package dissect

import (
	"fmt"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

// webSocket is the layer that cuts the bytes of both directions into frames and joins
// them to messages.
type webSocket struct {
	// per connection
	c           *conn
	side        [2]half // by reassembly.Dir
	client      reassembly.Dir
	compression compression
	first       closing // the first Close frame
}

// closing says who sent a Close frame first.
type closing struct {
	sent bool
	way  reassembly.Dir
}

// newWebSocket makes the layer for the frames of a connection.
func newWebSocket(c *conn, client reassembly.Dir, agreed compression) *webSocket {
	c.websocket = true
	c.d.summary.WebSocketConnections++
	w := &webSocket{c: c, client: client, compression: agreed}
	for way := range w.side {
		h := &w.side[way]
		h.way, h.check.Role = reassembly.Dir(way), frame.Server
		if h.way == client {
			h.check.Role = frame.Client
		}
		if w.compression.scheme != noCompression {
			h.check.RSV = frame.RSV1
		}
		h.check.PerFrame = w.compression.scheme == perFrame
	}
	return w
}

func (w *webSocket) half(way reassembly.Dir) *half { return &w.side[way] }

func (w *webSocket) Data(p reassembly.Piece) {
	h := w.half(p.Dir)
	if h.has(ended) {
		return
	}
	w.busy(h)
	w.data(h, p)
	w.rest(h, p.Shuffled)
}

// data takes the next piece of a busy direction.
func (w *webSocket) data(h *half, p reassembly.Piece) {
	if p.Packet.Number > h.newest.Number {
		h.newest = p.Packet
	}
	if h.late != nil {
		if p = w.requestLate(h, p); len(p.Data) == 0 {
			return
		}
	}
	if h.search != nil {
		h.search.add(p)
		w.seek(h, false)
		return
	}
	if h.cur == nil {
		h.edge = p.Offset
	}
	w.eat(h, p)
}

// eat runs the frames of a piece.
func (w *webSocket) eat(h *half, p reassembly.Piece) {
	b := p.Data
	for h.cur != nil || len(b) > 0 {
		tok, n := w.open(h, p.Packet.Number).decoder.Next(b)
		b = b[n:]
		switch tok.Kind {
		case frame.None:
			w.share(h, p.Packet.Number, p.Offset, p.Offset+int64(len(p.Data)))
			return
		case frame.Head:
			w.head(h, tok)
		case frame.Data:
			w.payload(h, tok.Data)
		case frame.End:
			end := p.Offset + int64(len(p.Data)-len(b))
			w.share(h, p.Packet.Number, p.Offset, end)
			h.edge = end
			w.frameDone(h)
		}
	}
}

// share notes what a packet carried of the frame in progress: from its own stream offset
// up to another.
func (w *webSocket) share(h *half, packet, offset, end int64) {
	n := end - max(offset, h.edge)
	if n <= 0 {
		return
	}
	h.cur.packets.add(packet, uint64(n), w.c.d.opts.Limits.Parts)
}

// open is the frame in progress, begun by a packet where there is none.
func (w *webSocket) open(h *half, packet int64) *openFrame {
	if h.cur == nil {
		h.cur = w.c.d.pools.frames.take()
		h.cur.first = packet
		h.cur.decoder.Reset(h.edge)
	}
	return h.cur
}

// head begins a frame, and with it a message where it begins one.
func (w *webSocket) head(h *half, tok frame.Token) {
	f := h.cur
	f.header, f.whole, f.offset = *tok.Header, true, tok.Offset
	f.violations = h.check.Header(f.header)
	op := f.header.Opcode
	f.kind = op
	switch {
	case op == frame.Text || op == frame.Binary:
		if h.msg != nil {
			w.abandon(h, WhyUnfinished)
		}
		h.msg = w.c.d.pools.messages.take()
		h.msg.begin(op, f.first, f.header.RSV&frame.RSV1 != 0)
		h.msg.unheld = w.c.d.opts.Unheld && !h.msg.compressed && w.compression.scheme != perFrame
	case op == frame.Continuation && h.msg != nil:
		f.kind = h.msg.opcode
	default:
		f.alone = true
		return
	}
	f.start = len(h.msg.payload)
	f.compressed = h.msg.compressed
	if w.compression.scheme == perFrame {
		f.compressed = f.header.RSV&frame.RSV1 != 0
	}
}

// payload takes payload bytes as they are on the wire.
func (w *webSocket) payload(h *half, b []byte) {
	f := h.cur
	f.pos += uint64(len(b))
	f.captured += uint64(len(b))
	buf, full, size := &f.payload, &f.truncated, len(f.payload)
	if m := h.msg; !f.alone {
		buf, full, size = &m.payload, &m.truncated, m.size()
		m.wire += uint64(len(b))
	}
	if *full {
		f.truncated = true
		return
	}
	n := min(len(b), w.c.d.room(size))
	*full = n < len(b)
	f.truncated = *full
	if !f.alone && h.msg.unheld {
		w.c.d.pools.held += int64(n)
		h.msg.pass(b[:n], f.header, f.pos-uint64(len(b)))
		return
	}
	if !f.alone && n == len(b) && f.isWhole(b) {
		h.msg.borrow(b)
		return
	}
	w.c.d.pools.held += int64(n)
	held := len(*buf)
	*buf = w.c.d.pools.buffers.extend(*buf, n, w.c.d.opts.Limits.Message)
	unmask((*buf)[held:], b[:n], f.header, f.pos-uint64(len(b)))
}

// room is how many more payload bytes may be held of a message of which there are n.
func (d *Dissector) room(n int) int {
	l := &d.opts.Limits
	return int(max(0, min(int64(l.Message-n), l.Messages-d.pools.held)))
}

// unmask copies b, which stands at payload offset pos, without its mask.
func unmask(dst, b []byte, h frame.Header, pos uint64) {
	if h.Masked {
		frame.XOR(dst, b, h.Key, pos)
	} else {
		copy(dst, b)
	}
}

// Gap is a hole. Inside a payload the frame's end stays known; else the next frame must
// be searched.
func (w *webSocket) Gap(g reassembly.Gap) {
	h := w.half(g.Dir)
	if h.has(ended) {
		return
	}
	w.totalsOf(h).lost += g.Len
	w.emitGap(h, g)
	w.skip(h, g)
}

// skip goes on behind a hole that was told of.
func (w *webSocket) skip(h *half, g reassembly.Gap) {
	w.noRequest(h)
	if h.search != nil {
		h.search.addGap(g)
		return
	}
	f := h.cur
	if f == nil || !f.whole {
		w.lose(h)
		return
	}
	left := f.header.Length - f.pos
	kept := f.decoder.Skip(g.Len)
	w.hole(h, min(left, uint64(g.Len)))
	if !kept {
		w.lose(h)
		return
	}
	w.eat(h, reassembly.Piece{Dir: g.Dir, Offset: g.Offset + g.Len, Packet: g.Packet})
}

// hole notes n missing bytes in the payload of the frame in progress.
func (w *webSocket) hole(h *half, n uint64) {
	if n == 0 {
		return
	}
	f := h.cur
	f.holes = append(f.holes, Hole{f.pos, n})
	f.pos += n
	if m := h.msg; !f.alone {
		m.hole()
		m.wire += n
	}
}

// lose gives up the frame in progress and its message: where the next frame begins is
// not known.
func (w *webSocket) lose(h *half) {
	w.busy(h)
	w.flush(h, WhyGap)
	h.check.Lose()
	h.forget()
	h.search = newSearch(h.check.Role, h.check.RSV, w.c.d.opts.Limits.Held)
}

// doubt makes the frames of both sides prove that they are some, as on a connection that may
// be anything.
func (w *webSocket) doubt() {
	for i := range w.side {
		h := &w.side[i]
		w.busy(h).late = nil
		w.lose(h)
		h.search.detect = true
	}
}

// flush emits what there is of a frame and a message that will not be completed.
func (w *webSocket) flush(h *half, why Why) {
	if h.cur != nil {
		w.emitFrame(h, why, nil)
	}
	if h.msg != nil {
		w.abandon(h, why)
	}
}

// seek asks the search whether the next frame is found, and goes on there.
func (w *webSocket) seek(h *half, final bool) {
	at, ok := h.search.find(final)
	if !ok {
		return
	}
	s := h.search
	h.search = nil
	w.emitResync(h, at, s.skipped(at))
	h.newest = reassembly.PacketRef{} // frames are complete where they were, not where they were found
	items := s.from(at)
	for i := range items {
		if it := &items[i]; it.gap.Len != 0 {
			w.skip(h, it.gap)
		} else {
			w.data(h, it.piece)
		}
	}
}

// Note passes on what was odd about a segment.
func (w *webSocket) Note(n reassembly.Note) {
	h := w.half(n.Dir)
	w.c.anomaly(ruleOfNote(n.Code), w.meta(h, n.Packet), fmt.Sprintf("%s at offset %d", n.Code, n.Offset))
}

func ruleOfNote(c reassembly.Code) rules.ID {
	switch c {
	case reassembly.OverlapConflict:
		return rules.CaptureOverlapConflict
	case reassembly.DataAfterFin:
		return rules.CaptureDataAfterFin
	case reassembly.OutOfWindow:
		return rules.CaptureOutOfWindow
	case reassembly.ResetIgnored:
		return rules.CaptureResetIgnored
	}
	return rules.LimitQueuedBytes
}

// End tells what a direction leaves unfinished.
func (w *webSocket) End(e reassembly.End) {
	h := w.half(e.Dir)
	if h.has(ended) {
		return
	}
	h.state |= ended
	if h.progress == nil {
		return
	}
	if h.search != nil {
		w.seek(h, true)
	}
	w.flush(h, WhyUnfinished)
	h.search = nil
	if h.inflater != nil {
		h.inflater.Release(&w.c.d.scratch.inflate)
		h.inflater = nil
	}
}

// finish tells how the connection ended.
func (w *webSocket) finish() {
	w.emitClosed()
	for i := range w.side {
		w.leave(&w.side[i])
	}
}

// infer remarks that the connection is WebSocket by its frames alone, and how sure that is.
func (w *webSocket) infer(way reassembly.Dir, at int64, evidence int, packet reassembly.PacketRef) {
	w.c.anomaly(rules.HandshakeInferred, w.meta(w.half(way), packet),
		fmt.Sprintf("no opening handshake in the capture; frames found at offset %d, by chance once in 2^%d times", at, evidence))
}
