package reassembly

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
	"time"
)

// Assembler puts the segments of a capture in order. It calls the Streams from within
// Push, Tick and Close, on the caller's goroutine; Streams must not call it back. What it
// does depends on what was pushed, never on a wall clock or on the order of a map.
//
// Connections affect each other only at the limits on all of them together, which act
// at the beginning of the next Push or Tick.
type Assembler struct {
	config Config
	stats  Stats
	clock  clock
	table  table
	slab   slab
	memory memory
	waits  [waitKinds]waitList
	due    int64            // clock before which no timeout ends
	batch  []*conn          // scratch of expire and Close
	doubts map[uint32]doubt // by conn.index
	seed   maphash.Seed
}

// New returns an Assembler without connections.
func New(c Config) *Assembler {
	a := &Assembler{config: c.withDefaults(), doubts: make(map[uint32]doubt), seed: maphash.MakeSeed()}
	a.empty()
	return a
}

// Stats returns what was counted until now.
func (a *Assembler) Stats() Stats { return a.stats }

// Segments is that count of Stats alone.
func (a *Assembler) Segments() int64 { return a.stats.Segments }

// Tick moves the capture's clock to a packet that is no TCP segment, or one that another
// Assembler takes. Push does the same for its segment.
func (a *Assembler) Tick(p PacketRef) { a.tick(&p) }

// ClockSet says that the clock that stamps the packets was set, ahead by a positive time: the
// time stamps that follow are off by that, and no time has passed. Without it, a clock that
// was set ahead looks like a capture in which nothing came for that long.
func (a *Assembler) ClockSet(by time.Duration) { a.clock.set(int64(by)) }

func (a *Assembler) tick(p *PacketRef) {
	a.clock.advance(p.Time)
	if a.clock.now >= a.due {
		a.expire(p)
	}
	for a.memory.used > a.config.MaxQueued && a.relieve(p) {
	}
	for a.slab.used() > a.config.MaxConns {
		a.evict(p)
	}
}

// Push takes the next segment of the capture. The Streams get its payload itself where it
// comes in order, else a copy, in a later call. The Segment is not kept.
func (a *Assembler) Push(s *Segment) {
	a.tick(&s.Packet)
	a.stats.Segments++
	i, from := a.table.find(s)
	c := a.connOf(i, from, s)
	if c == nil {
		return
	}
	d := c.dir(from)
	c.seen = a.clock.now
	if s.Flags.Has(SYN) {
		a.slab.moveTo(c.list, c)
	} else {
		a.slab.moveTo(open, c)
	}
	a.take(c, d, s)
}

// connOf is the connection that s belongs to, where the one with index i had its
// addresses before; nil if s is of no use to any.
func (a *Assembler) connOf(i uint32, from side, s *Segment) *conn {
	if i == 0 {
		return a.admit(s)
	}
	c := a.slab.at(i)
	if c.has(closed) {
		return a.afterClose(c, c.dir(from), s)
	}
	d := c.dir(from)
	switch {
	case s.Flags.Has(SYN) && !s.Flags.Has(RST):
		return a.synchronize(c, d, s)
	case c.openedAfter(d, s):
		a.stats.Ignored++
		return nil
	}
	return c
}

// take does what a segment of the connection asks for.
func (a *Assembler) take(c *conn, d Dir, s *Segment) {
	h, o := &c.half[d], &c.half[d.Reverse()]
	at := seq(s.Seq)
	if s.Flags.Has(SYN) {
		at = at.add(1)
	}
	expected := h.has(based) && at == h.base.add(1) && !h.holds()
	if !h.has(based) {
		h.setBase(at.add(-1))
	}
	p := s.Packet
	p.Seq, p.Ack = uint32(seq(s.Seq)-h.base), 0
	if s.Flags.Has(ACK) {
		if !o.has(based) {
			o.setBase(seq(s.Ack).add(-1))
		}
		p.Ack = s.Ack - uint32(o.base)
	}
	size := s.size()
	p.Len = uint32(size)

	if s.Flags.Has(RST) {
		a.reset(c, d, s, &p)
		a.settle(c, &p)
		return
	}
	if s.Flags.Has(ACK) {
		a.acknowledge(c, d.Reverse(), seq(s.Ack), &p)
	}
	if size > 0 {
		a.payload(c, d, at, s, expected, &p)
	}
	if s.Flags.Has(FIN) {
		a.fin(c, d, at.add(size), expected && size == 0, &p)
	}
	if h.wait != nil || o.wait != nil {
		a.countPacket(c, &p)
	}
	a.settle(c, &p)
}

// settle ends the work on a connection: after it nothing is held for a consumer that
// wants no more, and the connection is closed if both halves have ended.
func (a *Assembler) settle(c *conn, p *PacketRef) {
	if c.has(ignored) {
		a.unheed(c, p)
	}
	if c.half[AtoB].has(ended) && c.half[BtoA].has(ended) {
		a.retire(c)
	}
}

// expire ends what has waited long enough by the capture's clock, by rising connection.
func (a *Assembler) expire(p *PacketRef) {
	now := a.clock.now
	for k := lost; k < waitKinds; k++ {
		_, ns := a.window(k)
		for w := a.waits[k].first; w != nil && now-w.since >= ns; w = w.next {
			a.collect(w.conn)
		}
	}
	idle := int64(a.config.IdleTimeout)
	for _, l := range [...]listID{halfOpen, open} {
		for c := a.slab.first(l); c != nil && now-c.seen >= idle; c = a.slab.next(c) {
			a.collect(c)
		}
	}
	for c := a.slab.first(timeWait); c != nil && now-c.seen >= int64(a.config.TimeWait); c = a.slab.first(timeWait) {
		a.drop(c)
	}
	slices.SortFunc(a.batch, func(x, y *conn) int { return cmp.Compare(x.id, y.id) })
	for _, c := range a.batch {
		c.flags &^= collected
		a.expireConn(c, p)
	}
	clear(a.batch)
	a.batch = a.batch[:0]
	a.schedule()
}

func (a *Assembler) collect(c *conn) {
	if !c.has(collected) {
		c.flags |= collected
		a.batch = append(a.batch, c)
	}
}

func (a *Assembler) expireConn(c *conn, p *PacketRef) {
	now := a.clock.now
	if now-c.seen >= int64(a.config.IdleTimeout) {
		a.stats.Idle++
		a.end(c, Evicted, Idle, p)
		a.drop(c)
		return
	}
	for d := range c.half {
		if w := c.half[d].wait; w != nil && w.kind >= lost {
			if _, ns := a.window(w.kind); now-w.since >= ns {
				a.over(c, Dir(d), p)
			}
		}
	}
	a.settle(c, p)
}

// schedule finds the clock at which the next timeout ends.
func (a *Assembler) schedule() {
	a.due = math.MaxInt64
	for k := lost; k < waitKinds; k++ {
		if w := a.waits[k].first; w != nil {
			_, ns := a.window(k)
			a.due = min(a.due, w.since+ns)
		}
	}
	for _, l := range [...]listID{halfOpen, open} {
		if c := a.slab.first(l); c != nil {
			a.due = min(a.due, c.seen+int64(a.config.IdleTimeout))
		}
	}
	if c := a.slab.first(timeWait); c != nil {
		a.due = min(a.due, c.seen+int64(a.config.TimeWait))
	}
}

// relieve gives up the hole that has waited longest, and reports whether there was one.
func (a *Assembler) relieve(p *PacketRef) bool {
	var oldest *wait
	for k := late; k < waitKinds; k++ {
		w := a.waits[k].first
		if w == nil {
			continue
		}
		if oldest == nil || cmp.Or(cmp.Compare(w.since, oldest.since), cmp.Compare(w.conn.id, oldest.conn.id)) < 0 {
			oldest = w
		}
	}
	if oldest == nil {
		return false
	}
	c, d := oldest.conn, oldest.dir
	a.limited(c, d, p)
	if a.giveUp(c, d, Limit, p) {
		a.review(c, d, p)
	} else {
		a.release(&c.half[d])
	}
	a.settle(c, p)
	return true
}

// evict makes room for another connection: one that has closed goes first; then the
// least recently used one, but of those that nobody answered if they are so many that
// it must be a flood.
func (a *Assembler) evict(p *PacketRef) {
	if c := a.slab.first(timeWait); c != nil {
		a.drop(c)
		return
	}
	c, o := a.slab.first(halfOpen), a.slab.first(open)
	if c == nil || o != nil && a.slab.count[halfOpen] <= max(a.config.MaxConns/4, 16) &&
		cmp.Or(cmp.Compare(o.seen, c.seen), cmp.Compare(o.id, c.id)) < 0 {
		c = o
	}
	a.stats.Evicted++
	a.end(c, Evicted, Dropped, p)
	a.drop(c)
}

// Close ends all connections, by rising ID, as the capture ends with packet p.
// The Assembler is then as new, but for its Stats and its clock.
func (a *Assembler) Close(p PacketRef) {
	for _, i := range a.slab.byID() {
		c := a.slab.at(i)
		a.end(c, Closed, CaptureEnd, &p)
		for d := range c.half {
			a.release(&c.half[d])
		}
		c.consumer = nil
	}
	a.empty()
}

// empty makes the Assembler one without connections.
func (a *Assembler) empty() {
	a.slab = slab{}
	a.table = newTable(&a.slab, a.seed)
	clear(a.doubts)
	a.batch, a.due = nil, math.MaxInt64
}
