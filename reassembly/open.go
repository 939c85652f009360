package reassembly

const (
	// maxWindow is how far from the next byte a segment or an acknowledgement may lie.
	// It is more than hosts offer in practice, if less than the 1 GiB of RFC 7323 2.3,
	// so that stray packets do not pass for a hole.
	maxWindow = 64 << 20
	// nearby bounds the disorder at the start of a half, and of what lies out of the window.
	nearby = 1 << 20
	// minWindow is how far an RST or SYN may lie from the next byte at least. The scale of
	// the window is not known, but none is offered without it that is larger.
	minWindow = 65535
	// agreement is how many segments in a row must lie out of the window at the same place
	// before they are believed.
	agreement = 4
)

// admit makes a connection for a segment of none; nil if it is not worth one.
func (a *Assembler) admit(s *Segment) *conn {
	data := len(s.Payload) > 0 || s.Missing > 0
	if s.Flags.Has(RST) || !s.Flags.Has(SYN) && (!data || isKeepAlive(s)) {
		a.stats.Ignored++
		return nil
	}
	c := a.slab.take()
	c.id, c.seen = s.Packet.Number, a.clock.now
	from := a.table.insert(s, c)
	a.due = min(a.due, c.seen+int64(a.config.IdleTimeout))
	a.stats.Connections++
	if from == highSide {
		c.flags |= highOpens
	}
	if !s.Flags.Has(SYN) {
		c.flags |= midstream
		a.stats.Midstream++
		a.slab.moveTo(open, c)
		return c
	}
	a.slab.moveTo(halfOpen, c)
	if s.Flags.Has(ACK) {
		c.flags ^= highOpens
		a.startAt(c, BtoA, seq(s.Seq).add(1), &s.Packet)
		a.startAt(c, AtoB, seq(s.Ack), &s.Packet)
	} else {
		a.startAt(c, AtoB, seq(s.Seq).add(1), &s.Packet)
	}
	return c
}

// isKeepAlive reports whether s is as keep-alives are that send an octet of garbage
// (RFC 9293 3.8.4). Of a known connection its number tells; of an unknown one only this.
func isKeepAlive(s *Segment) bool {
	return len(s.Payload) == 1 && s.Payload[0] == 0 && s.Missing == 0 && s.Flags&^URG == ACK
}

// afterClose finds the connection of a segment that comes after both ends of c: nil for
// what trails behind, another one if it begins there.
func (a *Assembler) afterClose(c *conn, d Dir, s *Segment) *conn {
	h, o := &c.half[d], &c.half[d.Reverse()]
	switch {
	case s.Flags.Has(RST):
		return nil
	case s.Flags.Has(SYN | ACK):
		if h.has(based) && h.base == seq(s.Seq) && o.has(based) && o.base.before(seq(s.Ack)) && !o.top().add(1).before(seq(s.Ack)) {
			return nil // again
		}
	case s.Flags.Has(SYN):
	default:
		if n := seq(s.Seq).from(h.next); len(s.Payload) == 0 || !h.has(started) || n >= -maxWindow && n <= maxWindow {
			return nil
		}
	}
	a.drop(c)
	return a.admit(s)
}

// synchronize takes a SYN on a known connection, and returns the connection that it
// belongs to: c, or another one that uses its addresses again. A SYN inside the window is
// neither (RFC 9293 3.10.7.4), unless the peer answers it.
func (a *Assembler) synchronize(c *conn, d Dir, s *Segment) *conn {
	h, o := &c.half[d], &c.half[d.Reverse()]
	isn, answer := seq(s.Seq), s.Flags.Has(ACK)
	switch {
	case h.has(started) && isn == h.base: // a duplicate
	case !h.has(started) && h.mayStartAt(isn.add(1)):
		a.restart(c, d, isn, &s.Packet)
	case h.pristine() && h.has(started) && (answer && o.pristine() || !answer && !o.has(started)):
		a.restart(c, d, isn, &s.Packet) // nobody answered the first one
	case answer && c.has(doubted) && seq(s.Ack) == a.doubts[c.index].isn.add(1):
		number := a.doubts[c.index].number
		n := a.reuse(c, s)
		n.id = number
		return n
	case h.has(finished) || !h.inWindow(isn, uint32(s.Window)) && !c.mayHaveSent(h, isn):
		return a.reuse(c, s)
	case !answer:
		c.flags |= doubted
		a.doubts[c.index] = doubt{isn, s.Packet.Number}
		return nil
	default:
		return nil
	}
	if answer && (!o.has(started) || seq(s.Ack) != o.base.add(1)) {
		a.confirm(c, d.Reverse(), seq(s.Ack), &s.Packet)
	}
	return c
}

// openedAfter reports whether s is from before the connection, of one that had its
// addresses: an answer acknowledges the SYN (RFC 9293 3.10.7.3). A zero, as some write it
// into captures, says nothing.
func (c *conn) openedAfter(d Dir, s *Segment) bool {
	h, o := &c.half[d], &c.half[d.Reverse()]
	return !h.has(started) && !c.has(midstream) && o.has(started) &&
		s.Flags.Has(ACK) && s.Ack != 0 && !o.base.before(seq(s.Ack))
}

// mayHaveSent reports whether a SYN with this number may be the one that opened the
// connection, late: the capture has not seen that.
func (c *conn) mayHaveSent(h *half, isn seq) bool {
	behind := h.next.from(isn)
	return c.has(midstream) && h.has(started) && behind > 0 && behind <= maxWindow
}

// confirm takes the number that a SYN-ACK acknowledges for the start of the other half,
// if nothing else is known of it: of several SYNs, this one counted.
func (a *Assembler) confirm(c *conn, d Dir, ack seq, p *PacketRef) {
	h := &c.half[d]
	if h.has(started) {
		n := ack.from(h.base)
		if !h.pristine() || n > 0 && n <= minWindow { // the SYN had data
			return
		}
	} else if !h.mayStartAt(ack) {
		return
	}
	a.restart(c, d, ack.add(-1), p)
}

// restart makes isn the initial sequence number of a half without bytes delivered.
func (a *Assembler) restart(c *conn, d Dir, isn seq, p *PacketRef) {
	h := &c.half[d]
	h.setBase(isn)
	a.startAt(c, d, isn.add(1), p)
	a.review(c, d, p)
}

// mayStartAt reports whether s is a plausible start, as for what is held already.
func (h *half) mayStartAt(s seq) bool {
	first, held := h.earliest()
	n := first.from(s)
	return !held || n >= 0 && n <= nearby
}

// inWindow reports whether s lies where the receiver may still accept it.
func (h *half) inWindow(s seq, window uint32) bool {
	if !h.has(started) && !h.has(based) {
		return false
	}
	low, high := h.base.add(1), h.top()
	if h.has(started) {
		low = h.next
	}
	switch {
	case !h.has(acking):
		low = low.add(-minWindow)
	case h.acked.before(low):
		low = h.acked
	case high.before(h.acked):
		high = h.acked
	}
	return !s.before(low) && s.from(high) <= int64(max(window, minWindow))
}

// reuse ends c, whose addresses s takes for another connection.
func (a *Assembler) reuse(c *conn, s *Segment) *conn {
	p := s.Packet
	p.Len = uint32(s.size())
	a.end(c, Closed, Reused, &p)
	a.drop(c)
	return a.admit(s)
}

// startAt makes s the number of the first byte of a half. Nothing before it is held.
func (a *Assembler) startAt(c *conn, d Dir, s seq, p *PacketRef) {
	h := &c.half[d]
	if !h.has(based) {
		h.setBase(s.add(-1))
	}
	h.next, h.flags = s, h.flags|started
	if n := h.acked.from(s); !h.has(acking) || n < -maxWindow || n > maxWindow {
		h.acked = s
	}
	a.drain(c, d, p)
}
