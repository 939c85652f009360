package reassembly

// want reports whether somebody takes the bytes of c, and asks if nobody was asked yet.
func (a *Assembler) want(c *conn, p *PacketRef) bool {
	if !c.has(asked) {
		a.ask(c, p)
	}
	return c.wanted()
}

func (a *Assembler) ask(c *conn, p *PacketRef) {
	c.flags |= asked
	if a.config.New == nil {
		return
	}
	stream := a.config.New(a.describe(c))
	if stream == nil {
		return
	}
	c.consumer = &consumer{stream: stream}
	for d := range c.half { // a FIN may have come before any byte
		if c.half[d].has(ended) {
			stream.End(End{Dir: Dir(d), Reason: Fin, Packet: *p})
		}
	}
}

// deliver hands over the next bytes of a half.
func (a *Assembler) deliver(c *conn, d Dir, b []byte, p *PacketRef) {
	h := &c.half[d]
	if k := c.consumer; c.wanted() {
		overlooked := c.has(overlook(d))
		if overlooked {
			k.recent.pass(d, h.next)
		} else {
			k.recent.delivered(d, h.next, b, a.seed)
		}
		k.stream.Data(Piece{Dir: d, Offset: h.offset, Data: b, Packet: *p, Shuffled: h.holds()})
		if overlooked && !c.has(overlook(d)) { // its end matters
			k.recent.delivered(d, h.next, b, a.seed)
		}
	}
	h.next = h.next.add(int64(len(b)))
	h.offset += int64(len(b))
}

// gap reports that the next n bytes of a half are missing.
func (a *Assembler) gap(c *conn, d Dir, n int64, cause Cause, p *PacketRef) {
	h := &c.half[d]
	if a.want(c, p) {
		a.stats.Gaps++
		a.stats.LostBytes += n
		c.consumer.recent.pass(d, h.next)
		c.consumer.stream.Gap(Gap{Dir: d, Offset: h.offset, Len: n, Cause: cause, Packet: *p})
	}
	h.next = h.next.add(n)
	h.offset += n
}

// skip gives up the hole that ends at to, and delivers what lies behind it.
func (a *Assembler) skip(c *conn, d Dir, to seq, cause Cause, p *PacketRef) {
	h := &c.half[d]
	behind := p
	if h.holds() {
		behind = &h.wait.queue.first().packet
	}
	a.gap(c, d, to.from(h.next), cause, behind)
	a.drain(c, d, p)
}

// note remarks on a segment of a half, at number s.
func (a *Assembler) note(c *conn, d Dir, s seq, code Code, p *PacketRef) {
	if !c.wanted() {
		return
	}
	n := Note{Dir: d, Code: code, Packet: *p}
	if h := &c.half[d]; h.has(started) {
		n.Offset = max(h.offsetOf(s), 0)
	}
	c.consumer.stream.Note(n)
}

// limited remarks that a limit of queued bytes was reached.
func (a *Assembler) limited(c *conn, d Dir, p *PacketRef) {
	a.stats.Limited++
	a.note(c, d, c.half[d].next, QueueFull, p)
}

// drain delivers what waited for the bytes that have just come, and the end.
func (a *Assembler) drain(c *conn, d Dir, p *PacketRef) {
	h := &c.half[d]
	if w := h.wait; w != nil {
		for !w.queue.empty() {
			x := w.queue.first()
			if x.seq != h.next {
				break
			}
			if x.data != nil {
				a.deliver(c, d, x.data, &x.packet)
			} else {
				a.gap(c, d, int64(x.size), Cut, &x.packet)
			}
			w.queue.removeFirst(&a.memory)
		}
	}
	if h.has(finished) && h.has(started) && !h.has(ended) && h.next == h.fin {
		a.finish(c, d, Fin, p)
	}
}
