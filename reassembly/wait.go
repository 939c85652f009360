package reassembly

import "math"

// wait is a half that cannot go on: a hole, with what lies behind it, or a start that
// is not yet sure.
type wait struct {
	queue      queue
	conn       *conn
	dir        Dir
	kind       waitKind
	since      int64 // clock when it began to be of its kind
	left       int   // packets of the connection until it is over
	upTo       seq   // holes that end there or before are lost then
	prev, next *wait // of its kind
}

const waitCost = 128 // bytes of a wait

// waitKind is what ends a wait.
type waitKind uint8

const (
	unarmed waitKind = iota
	late             // the missing bytes, which the peer has not acknowledged either
	lost             // the reordering window: the peer has acknowledged them
	blind            // a longer window: no packet of the peer is in the capture
	start            // the reordering window: earlier bytes of a half without a SYN
	waitKinds
)

const (
	// startPackets is how many packets of a connection the start of a half may wait for
	// earlier bytes, at most. It is few, as all that follows has to wait too.
	startPackets = 8
	// blindFactor is how much longer than acknowledged holes those may wait that cannot be
	// acknowledged: with the defaults, longer than the usual retransmission timeouts. As
	// these do not depend on the number of packets, that is not limited.
	blindFactor = 20
)

// waitList is a list of waits of a kind, the longest waiting first.
type waitList struct{ first, last *wait }

func (l *waitList) push(w *wait) {
	w.prev, w.next = l.last, nil
	if l.last != nil {
		l.last.next = w
	} else {
		l.first = w
	}
	l.last = w
}

func (l *waitList) remove(w *wait) {
	if w.prev != nil {
		w.prev.next = w.next
	} else {
		l.first = w.next
	}
	if w.next != nil {
		w.next.prev = w.prev
	} else {
		l.last = w.prev
	}
	w.prev, w.next = nil, nil
}

// window is how long waits of a kind last: packets of the connection, and capture time.
func (a *Assembler) window(k waitKind) (packets int, ns int64) {
	packets, ns = a.config.ReorderPackets, int64(a.config.ReorderTime)
	switch k {
	case blind:
		return math.MaxInt, ns * blindFactor
	case start:
		return min(packets, startPackets), ns
	}
	return packets, ns
}

// waitOf is the wait of a half, made if there is none.
func (a *Assembler) waitOf(c *conn, d Dir) *wait {
	h := &c.half[d]
	if h.wait == nil {
		h.wait = a.memory.takeWait()
		h.wait.conn, h.wait.dir = c, d
	}
	return h.wait
}

// arm makes the half wait in a way, from now on.
func (a *Assembler) arm(c *conn, d Dir, k waitKind, upTo seq) {
	w := a.waitOf(c, d)
	a.disarm(w)
	packets, ns := a.window(k)
	w.kind, w.since, w.upTo = k, a.clock.now, upTo
	w.left = packets
	if packets < math.MaxInt {
		w.left++ // the packet at hand is counted when it is done
	}
	a.waits[k].push(w)
	if k != late {
		a.due = min(a.due, w.since+ns)
	}
}

func (a *Assembler) disarm(w *wait) {
	if w.kind != unarmed {
		a.waits[w.kind].remove(w)
		w.kind = unarmed
	}
}

// release ends the wait of a half, and drops what it holds.
func (a *Assembler) release(h *half) {
	if h.wait != nil {
		a.disarm(h.wait)
		a.memory.giveWait(h.wait)
		h.wait = nil
	}
}

// review decides what a half has to wait for, after anything happened to it.
func (a *Assembler) review(c *conn, d Dir, p *PacketRef) {
	h := &c.half[d]
	if !h.has(started) && !h.has(ended) {
		if w := h.wait; (w == nil || w.kind != start) && (h.has(finished) || h.holds()) {
			a.arm(c, d, start, 0)
		}
		return
	}
	end, open := h.hole()
	if !open {
		a.release(h)
		return
	}
	w := h.wait
	switch {
	case h.has(finished) && h.fin.before(h.acked):
		a.loseTo(c, d, h.fin, p)
		a.release(h)
	case !h.acked.before(end):
		// A running wait goes on if it is for this hole.
		if w == nil || w.kind != lost || w.upTo.before(end) {
			a.arm(c, d, lost, h.acked)
		}
	case !h.has(acking):
		if w == nil || w.kind != blind || w.upTo.before(end) {
			a.arm(c, d, blind, h.top())
		}
	case w == nil || w.kind != late:
		a.arm(c, d, late, 0)
	}
}

// loseTo gives up the holes that end at or before upTo.
func (a *Assembler) loseTo(c *conn, d Dir, upTo seq, p *PacketRef) {
	h := &c.half[d]
	for end, open := h.hole(); open && !upTo.before(end); end, open = h.hole() {
		a.skip(c, d, end, Lost, p)
	}
}

// giveUp gives up one hole, or the wait for an earlier start, and reports whether there
// was one. A hole that was acknowledged is lost, whatever the cause.
func (a *Assembler) giveUp(c *conn, d Dir, cause Cause, p *PacketRef) bool {
	h := &c.half[d]
	if !h.has(started) {
		a.startHeld(c, d, p)
		return h.has(started)
	}
	end, open := h.hole()
	if !open {
		return false
	}
	if !h.acked.before(end) {
		cause = Lost
	}
	a.skip(c, d, end, cause, p)
	return true
}

// flush gives up all holes of a half.
func (a *Assembler) flush(c *conn, d Dir, cause Cause, p *PacketRef) {
	h := &c.half[d]
	for a.giveUp(c, d, cause, p) {
	}
	a.release(h)
}

// startHeld starts a half with the earliest bytes that are held, or with its FIN.
func (a *Assembler) startHeld(c *conn, d Dir, p *PacketRef) {
	if s, held := c.half[d].earliest(); held {
		a.startAt(c, d, s, p)
	}
}

// over ends a wait whose window has passed.
func (a *Assembler) over(c *conn, d Dir, p *PacketRef) {
	switch w := c.half[d].wait; w.kind {
	case start:
		a.startHeld(c, d, p)
	case lost, blind:
		a.loseTo(c, d, w.upTo, p)
	}
	a.review(c, d, p)
}

// countPacket counts a packet of the connection towards its waits.
func (a *Assembler) countPacket(c *conn, p *PacketRef) {
	for d := range c.half {
		w := c.half[d].wait
		if w == nil || w.kind == late {
			continue
		}
		if w.left--; w.left <= 0 {
			a.over(c, Dir(d), p)
		}
	}
}
