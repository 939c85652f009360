package reassembly

// fin takes the FIN of a half at number f. expected tells that the peer's packets or
// earlier ones of the sender say so, too.
func (a *Assembler) fin(c *conn, d Dir, f seq, expected bool, p *PacketRef) {
	h := &c.half[d]
	if h.has(finished) || h.has(ended) {
		return
	}
	if !h.has(started) && (expected || c.unheeded()) {
		a.startAt(c, d, f, p)
	}
	from, held := h.earliest()
	if h.has(started) {
		from, held = h.next, true
	}
	if n := f.from(from); held && (n < 0 || n > maxWindow) {
		if n < -maxWindow || n > maxWindow {
			a.note(c, d, h.next, OutOfWindow, p)
		}
		return
	}
	h.fin = f
	h.flags |= finished
	if h.wait != nil && h.wait.queue.truncate(f, &a.memory) {
		a.note(c, d, f, DataAfterFin, p)
	}
	if c.unheeded() {
		h.offset += f.from(h.next)
		h.next = f
	}
	a.drain(c, d, p)
	a.review(c, d, p)
}

// reset takes an RST. "In all states except SYN-SENT, all reset (RST) segments are
// validated by checking their SEQ fields" (RFC 9293 3.5.3).
func (a *Assembler) reset(c *conn, d Dir, s *Segment, p *PacketRef) {
	h, o := &c.half[d], &c.half[d.Reverse()]
	valid := h.has(started) && h.inWindow(seq(s.Seq), uint32(s.Window))
	if !h.has(started) {
		// Of an endpoint that never spoke, the number is 0 or what the peer acknowledged.
		valid = s.Flags.Has(ACK) && o.has(based) && !seq(s.Ack).before(o.base) && !o.top().add(1).before(seq(s.Ack)) ||
			!s.Flags.Has(ACK) && h.inWindow(seq(s.Seq), 0)
	}
	if !valid {
		a.note(c, d, h.next, ResetIgnored, p)
		return
	}
	if s.Flags.Has(ACK) {
		a.acknowledge(c, d.Reverse(), seq(s.Ack), p)
	}
	reasons := [2]Reason{Reset, PeerReset}
	if d == BtoA {
		reasons = [2]Reason{PeerReset, Reset}
	}
	a.endWith(c, Closed, reasons, p)
}

// end ends both halves for the same reason.
func (a *Assembler) end(c *conn, cause Cause, r Reason, p *PacketRef) {
	a.endWith(c, cause, [2]Reason{r, r}, p)
}

// endWith ends the halves that have not ended; their holes are gaps with the given
// cause, unless they were acknowledged.
func (a *Assembler) endWith(c *conn, cause Cause, reasons [2]Reason, p *PacketRef) {
	for d := range c.half {
		h := &c.half[d]
		if h.has(ended) {
			continue
		}
		a.flush(c, Dir(d), cause, p)
		if !h.has(ended) {
			a.finish(c, Dir(d), reasons[d], p)
		}
	}
}

// finish ends a half.
func (a *Assembler) finish(c *conn, d Dir, r Reason, p *PacketRef) {
	h := &c.half[d]
	h.flags |= ended
	if c.consumer != nil {
		c.consumer.stream.End(End{Dir: d, Offset: h.offset, Reason: r, Packet: *p})
	}
}

// retire lets go of the Stream of a connection that has ended, and keeps the rest for a
// while, so that what trails behind is not taken for another one.
func (a *Assembler) retire(c *conn) {
	for d := range c.half {
		a.release(&c.half[d])
	}
	c.consumer = nil
	c.flags |= closed
	c.seen = a.clock.now
	a.slab.moveTo(timeWait, c)
	a.due = min(a.due, c.seen+int64(a.config.TimeWait))
}

// drop forgets a connection.
func (a *Assembler) drop(c *conn) {
	for d := range c.half {
		a.release(&c.half[d])
	}
	c.consumer = nil
	if c.has(doubted) {
		delete(a.doubts, c.index)
	}
	a.table.remove(c)
	a.slab.give(c)
}
