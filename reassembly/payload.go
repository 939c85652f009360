package reassembly

import "math"

// acknowledge takes the peer's acknowledgement of the bytes of half d before ack.
func (a *Assembler) acknowledge(c *conn, d Dir, ack seq, p *PacketRef) {
	h := &c.half[d]
	if !h.has(started) {
		h.acked, h.flags = ack, h.flags|acking
		if at, held := h.earliest(); held && at.before(ack) && ack.from(at) <= maxWindow {
			a.startHeld(c, d, p) // the peer has what came before
			a.review(c, d, p)
		}
		return
	}
	if h.has(ended) || ack.from(h.top()) > maxWindow {
		return
	}
	first := !h.has(acking)
	h.flags |= acking
	if !h.acked.before(ack) && !first {
		return
	}
	if h.acked.before(ack) {
		h.acked = ack
	}
	if (h.wait != nil || ack.from(h.next) > 1) && !c.unheeded() {
		a.review(c, d, p)
	}
}

// size is the number of payload bytes on the wire. More than a uint32 holds is nonsense,
// and out of reach anyway.
func (s *Segment) size() int64 {
	return min(int64(len(s.Payload))+max(int64(s.Missing), 0), math.MaxUint32)
}

// payload takes the bytes of a segment, which begin at number at. expected tells that
// this is where a half without a SYN begins.
func (a *Assembler) payload(c *conn, d Dir, at seq, s *Segment, expected bool, p *PacketRef) {
	h := &c.half[d]
	if p.Len == 1 && isKeepAlive(s) && (h.next != at || h.flags&(started|acking) != started && at.before(h.acked)) {
		return // the octet before its last, which it makes up
	}
	if h.wait == nil && h.next == at && s.Missing <= 0 && h.flags&(started|finished) == started && a.want(c, p) {
		a.deliver(c, d, s.Payload, p)
		return
	}
	end := at.add(int64(p.Len))
	if !a.inReach(c, d, at, end, p) {
		return
	}
	switch {
	case h.has(started) && !h.next.before(end):
		if h.has(finished) && h.fin.before(end) {
			a.note(c, d, h.fin, DataAfterFin, p)
		}
		a.compare(c, d, at, s.Payload, p)
		return // a keep-alive, or all of it came before
	case h.has(finished) && !at.before(h.fin):
		a.note(c, d, h.fin, DataAfterFin, p)
		return
	case !h.has(started) && at == h.base && p.Len == 1 && !expected:
		return // a keep-alive
	}
	if !a.want(c, p) {
		a.follow(c, d, at, end, p)
		return
	}
	if !h.has(started) && expected {
		a.startAt(c, d, at, p)
	}
	b, missing := s.Payload, int64(p.Len)-int64(len(s.Payload))
	if h.has(finished) && h.fin.before(end) {
		a.note(c, d, h.fin, DataAfterFin, p)
		left := max(h.fin.from(at), 0)
		b = b[:min(left, int64(len(b)))]
		missing = min(missing, left-int64(len(b)))
	}
	a.insert(c, d, at, b, missing, p)
	a.review(c, d, p)
}

// compare remarks on a segment that was delivered before, with other bytes. The octet of
// a keep-alive may be anything (RFC 9293 3.8.4).
func (a *Assembler) compare(c *conn, d Dir, at seq, b []byte, p *PacketRef) {
	probe := len(b) == 1 && at.add(1) == c.half[d].next
	if c.wanted() && !probe && c.consumer.recent.conflicts(d, at, b, c.half[d].next, a.seed) {
		a.note(c, d, at, OverlapConflict, p)
	}
}

// inReach reports whether a segment lies near enough to be taken. Out of reach it is
// remarked on; but after several at the same place, the capture has a hole that large.
func (a *Assembler) inReach(c *conn, d Dir, at, end seq, p *PacketRef) bool {
	h := &c.half[d]
	from, back := h.next, int64(maxWindow)
	if !h.has(started) {
		first, held := h.earliest()
		switch {
		case !held:
			return int64(p.Len) <= maxWindow
		case h.holds():
			back = nearby
		}
		from = first
	}
	if n := at.from(from); n >= -back && n <= maxWindow && int64(p.Len) <= maxWindow {
		return true
	}
	if n := at.from(h.far); h.agree > 0 && n >= -nearby && n <= nearby {
		h.agree++
	} else {
		h.agree = 1
	}
	h.far = end
	if h.agree < agreement || !h.has(started) || h.has(finished) {
		h.agree = min(h.agree, agreement)
		a.note(c, d, h.next, OutOfWindow, p)
		return false
	}
	h.agree = 0
	a.flush(c, d, Lost, p)
	if h.has(ended) {
		return false
	}
	if !c.unheeded() {
		a.gap(c, d, int64(uint32(at-h.next)), Lost, p)
	}
	h.next, h.acked = at, at
	return true
}

// follow keeps track of a half that nobody wants.
func (a *Assembler) follow(c *conn, d Dir, at, end seq, p *PacketRef) {
	h := &c.half[d]
	if !h.has(started) {
		a.startAt(c, d, at, p)
	}
	if n := end.from(h.next); n > 0 && !h.has(finished) {
		h.next = end
		h.offset += n
	}
}

// unheed lets go of what is held for a consumer that wants no more.
func (a *Assembler) unheed(c *conn, p *PacketRef) {
	for d := range c.half {
		h := &c.half[d]
		if h.wait == nil || h.has(ended) {
			continue
		}
		to := h.top()
		if h.has(finished) {
			to = h.fin
		}
		if !h.has(started) {
			h.next, h.flags = to, h.flags|started
		}
		h.offset += to.from(h.next)
		h.next = to
		a.release(h)
		a.drain(c, Dir(d), p)
	}
}

// insert puts the bytes of a segment in place, and the part of it that was cut off. Of
// what was seen already the first bytes stand, except that any bytes fill a cut.
func (a *Assembler) insert(c *conn, d Dir, at seq, b []byte, missing int64, p *PacketRef) {
	h := &c.half[d]
	end := at.add(int64(len(b)))
	if w := h.wait; h.holds() && len(b) > 0 {
		if s, differs := w.queue.conflict(at, b); differs {
			a.note(c, d, s, OverlapConflict, p)
		}
		if w.queue.cuts > 0 {
			w.queue.uncut(at, end, &a.memory)
		}
	}
	a.fill(c, d, at, b, int64(len(b)), p)
	a.fill(c, d, end, nil, missing, p)
}

// fill takes those of the size bytes at number at that are not there yet: b, or nothing
// for bytes that were cut off.
func (a *Assembler) fill(c *conn, d Dir, at seq, b []byte, size int64, p *PacketRef) {
	h := &c.half[d]
	end := at.add(size)
	for at.before(end) && !h.has(ended) && c.wanted() {
		if h.has(started) && at.before(h.next) {
			at = h.next
			continue
		}
		stop := end
		if w := h.wait; h.holds() {
			x := w.queue.at(w.queue.seek(at))
			if x != nil && !at.before(x.seq) {
				if at == h.next && h.has(started) {
					a.drain(c, d, p)
				}
				at = x.end()
				continue
			}
			if x != nil && x.seq.before(stop) {
				stop = x.seq
			}
		}
		var part []byte
		if b != nil {
			part = b[int64(len(b))-end.from(at) : int64(len(b))-end.from(stop)]
		}
		switch {
		case h.has(started) && at == h.next && b != nil:
			a.deliver(c, d, part, p)
			a.drain(c, d, p)
		case h.has(started) && at == h.next:
			a.gap(c, d, stop.from(at), Cut, p)
			a.drain(c, d, p)
		case a.makeRoom(c, d, at, pieceCost+footprint(len(part)), p):
			continue // what is next may have changed
		default:
			a.hold(c, d, at, stop, part, p)
		}
		at = stop
	}
}

// hold queues the bytes between at and stop.
func (a *Assembler) hold(c *conn, d Dir, at, stop seq, part []byte, p *PacketRef) {
	q := &a.waitOf(c, d).queue
	x := piece{packet: *p, seq: at, size: uint32(stop - at)}
	if part != nil {
		x.data = a.memory.pool.copyOf(part)
	}
	q.insert(q.seek(at), x, &a.memory)
}

// makeRoom gives up holes until the connection may hold more, and reports whether it
// had to. Where that is not enough, bytes at number at are next.
func (a *Assembler) makeRoom(c *conn, d Dir, at seq, more int, p *PacketRef) bool {
	acted := false
	for c.queued()+more > a.config.MaxQueuedPerConn {
		acted = true
		v := d
		if o := c.half[d.Reverse()].wait; o != nil {
			if w := c.half[d].wait; w == nil || w.queue.cost < o.queue.cost {
				v = d.Reverse()
			}
		}
		a.limited(c, v, p)
		if c.queued() == 0 {
			a.forceTo(c, d, at, p)
			break
		}
		a.giveUp(c, v, Limit, p)
		a.review(c, v, p)
	}
	return acted
}

// forceTo makes at the next number of a half that holds nothing.
func (a *Assembler) forceTo(c *conn, d Dir, at seq, p *PacketRef) {
	if h := &c.half[d]; h.has(started) {
		a.gap(c, d, at.from(h.next), Limit, p)
		return
	}
	a.startAt(c, d, at, p)
}
