package reassembly

import (
	"bytes"
	"fmt"
	"testing"
	"time"
)

// chaos makes segments of any bytes, eight each: they need not make sense together.
func chaos(script []byte) []Segment {
	var out []Segment
	now := int64(1e18)
	for len(script) >= 8 && len(out) < 400 {
		w := script[:8]
		script = script[8:]
		d := Dir(w[0] & 1)
		s := segment4(7, 40000+uint16(w[0]>>1&1), d)
		s.Flags = Flags(w[1] & 0x17) // FIN SYN RST ACK
		if w[1]&0x60 != 0 {          // mostly plain segments
			s.Flags = ACK
		}
		s.Seq = place32(w[2], w[3])
		s.Ack = place32(w[4], w[5])
		s.Window = uint16(w[5]) << 4
		s.Payload = bytes.Repeat([]byte{w[3]}, int(w[6]&0x3f))
		for i := range s.Payload {
			s.Payload[i] += byte(i)
		}
		if w[6] >= 0xe0 {
			s.Missing = int(w[7])
		}
		now += int64(w[7]>>4) * int64(w[7]>>4) * 1e6
		if w[7] == 0xff {
			now += int64(time.Hour)
		}
		s.Packet = PacketRef{Number: int64(len(out) + 1), Time: now}
		out = append(out, s)
	}
	return out
}

// place32 is a sequence number: mostly near the wrap, at times near others or far off.
func place32(high, low byte) uint32 {
	switch {
	case high < 0xc0:
		return 0xFFFFFF80 + uint32(low) + uint32(high&3)
	case high < 0xe0:
		return 0xFFFFFF80 + uint32(low)<<8
	case high < 0xf0:
		return 0x7FFFFFF0 + uint32(low)
	}
	return uint32(high)<<24 | uint32(low)
}

// judge checks what must hold whatever the segments are.
type judge struct {
	t        *testing.T
	segments []Segment
	conn     *Conn
	a        **Assembler
	offset   [2]int64
	newest   [2]int64 // packet that none may be older than
	ended    [2]int
	log      *bytes.Buffer
	ignoreAt int64 // packet after which the Stream wants no more; 0 for none
	ignored  bool
}

func (j *judge) enter(d Dir, offset int64) {
	if j.ended[d] > 0 {
		j.t.Errorf("%v: a call after its End", d)
	}
	if j.ignored {
		j.t.Errorf("%v: a call after Ignore", d)
	}
	if offset != j.offset[d] {
		j.t.Errorf("%v: offset %d, want %d", d, offset, j.offset[d])
	}
}

func (j *judge) Data(p Piece) {
	j.enter(p.Dir, p.Offset)
	fmt.Fprintln(j.log, j.conn.ID, p)
	s := &j.segments[p.Packet.Number-1]
	if src, dst := j.conn.Addrs(p.Dir); s.Src != src || s.Dst != dst {
		j.t.Errorf("packet %d is of %v to %v", p.Packet.Number, s.Src, s.Dst)
	}
	if len(p.Data) == 0 || !bytes.Contains(s.Payload, p.Data) {
		j.t.Errorf("packet %d has no %x", p.Packet.Number, p.Data)
	}
	if p.Packet.Number < j.newest[p.Dir] {
		j.t.Errorf("packet %d after %d, which was not shuffled", p.Packet.Number, j.newest[p.Dir])
	}
	if !p.Shuffled {
		j.newest[p.Dir] = p.Packet.Number
	}
	j.offset[p.Dir] += int64(len(p.Data))
	if j.ignoreAt != 0 && p.Packet.Number >= j.ignoreAt {
		(*j.a).Ignore(j.conn)
		j.ignored = true
	}
}

func (j *judge) Gap(g Gap) {
	j.enter(g.Dir, g.Offset)
	fmt.Fprintln(j.log, j.conn.ID, g)
	if g.Len <= 0 || g.Len > 1<<32 {
		j.t.Errorf("%+v", g)
	}
	j.offset[g.Dir] += g.Len
}

func (j *judge) Note(n Note) {
	fmt.Fprintln(j.log, j.conn.ID, n)
	if j.ignored || n.Offset < 0 {
		j.t.Errorf("%+v, ignored: %v", n, j.ignored)
	}
}

func (j *judge) End(e End) {
	fmt.Fprintln(j.log, j.conn.ID, e)
	if !j.ignored && e.Offset != j.offset[e.Dir] {
		j.t.Errorf("%v: end at %d, want %d", e.Dir, e.Offset, j.offset[e.Dir])
	}
	j.ended[e.Dir]++
}

func runChaos(t *testing.T, segments []Segment, c Config, ignoreAt int64) []byte {
	var log bytes.Buffer
	var judges []*judge
	var a *Assembler
	c.New = func(p Conn) Stream {
		j := &judge{t: t, segments: segments, conn: &p, a: &a, log: &log, ignoreAt: ignoreAt}
		judges = append(judges, j)
		return j
	}
	a = New(c)
	a.memory.pool.poison = true
	var last PacketRef
	for _, s := range segments {
		last = s.Packet
		s.Payload = bytes.Clone(s.Payload)
		a.Push(&s)
		for i := range s.Payload {
			s.Payload[i] = 0xAA
		}
		checkState(t, a)
	}
	a.Close(last)
	for _, j := range judges {
		if j.ended != [2]int{1, 1} {
			t.Errorf("connection %d: ends %v", j.conn.ID, j.ended)
		}
	}
	checkEmpty(t, a)
	return log.Bytes()
}

// checkState checks the Assembler's own books.
func checkState(t *testing.T, a *Assembler) {
	used, waits := int64(0), 0
	for l := unlisted + 1; l < lists; l++ {
		n := 0
		for c := a.slab.first(l); c != nil; c = a.slab.next(c) {
			n++
			if c.list != l || c.has(collected) {
				t.Errorf("connection %d: list %d of %d, flags %b", c.id, c.list, l, c.flags)
			}
			if c.queued() > a.config.MaxQueuedPerConn {
				t.Errorf("connection %d: %d bytes queued", c.id, c.queued())
			}
			for d := range c.half {
				if w := c.half[d].wait; w != nil {
					waits++
					used += waitCost + checkQueue(t, &c.half[d])
				}
			}
		}
		if n != a.slab.count[l] {
			t.Errorf("list %d: %d connections, %d counted", l, n, a.slab.count[l])
		}
	}
	if used != a.memory.used {
		t.Errorf("%d bytes used, %d counted", used, a.memory.used)
	}
	for k := unarmed; k < waitKinds; k++ {
		for w := a.waits[k].first; w != nil; w = w.next {
			waits--
			if w.kind != k || k == unarmed {
				t.Errorf("a wait of kind %d in the list of %d", w.kind, k)
			}
		}
	}
	if waits != 0 {
		t.Errorf("%d waits in no list", waits)
	}
}

func checkQueue(t *testing.T, h *half) (used int64) {
	q := &h.wait.queue
	cuts, cost, at := 0, 0, h.next
	for n, p := range q.pages {
		used += pageCost
		if p.from >= p.to || p.from < 0 || p.to > pageLen {
			t.Fatalf("page from %d to %d", p.from, p.to)
		}
		for i := p.from; i < p.to; i++ {
			x := &p.slots[i]
			used += int64(footprintOf(x))
			cost += pieceCost + footprintOf(x)
			if x.data == nil {
				cuts++
			} else if len(x.data) != int(x.size) {
				t.Errorf("%d bytes in a piece of %d", len(x.data), x.size)
			}
			first := n == 0 && i == p.from
			if x.size == 0 || !first && x.seq.before(at) || first && h.has(started) && !at.before(x.seq) {
				t.Errorf("a piece of %d at %d, want behind %d", x.size, x.seq, at)
			}
			at = x.end()
		}
	}
	if cuts != q.cuts || cost != q.cost {
		t.Errorf("%d cut pieces, cost %d; counted %d, %d", cuts, cost, q.cuts, q.cost)
	}
	return used
}

func FuzzSegments(f *testing.F) {
	// A handshake, data in reverse, FIN of both.
	f.Add([]byte{
		0, 0x02, 0, 10, 0, 0, 0, 0,
		1, 0x12, 0, 90, 0, 11, 0, 0,
		0, 0x60, 0, 31, 0, 91, 20, 0x10,
		0, 0x60, 0, 11, 0, 91, 20, 0x10,
		1, 0x60, 0, 91, 0, 51, 0xe9, 5,
		0, 0x11, 0, 51, 0, 105, 0, 0x10,
		1, 0x11, 0, 105, 0, 52, 0, 0x10,
	}, uint16(0))
	// From the middle, a hole, an RST, the addresses again.
	f.Add([]byte{
		0, 0x60, 0, 60, 0, 91, 20, 0x10,
		0, 0x60, 0, 10, 0, 91, 20, 0x10,
		1, 0x60, 0, 91, 0, 80, 20, 0xf0,
		1, 0x14, 0, 111, 0, 80, 0, 0x10,
		0, 0x02, 0xe0, 10, 0, 0, 5, 0xff,
		0, 0x60, 0xf7, 1, 0, 0, 20, 0xff,
	}, uint16(0x1234))
	f.Fuzz(func(t *testing.T, script []byte, limits uint16) {
		segments := chaos(script)
		c := Config{
			MaxQueuedPerConn: 1 + int(limits&7)*200,
			MaxQueued:        1 + int64(limits>>3&7)*2000,
			MaxConns:         1 + int(limits>>6&3),
			ReorderPackets:   1 + int(limits>>8&7),
			IdleTimeout:      time.Minute << (limits >> 11 & 7),
		}
		ignoreAt := int64(limits >> 14 * 5)
		first := runChaos(t, segments, c, ignoreAt)
		if again := runChaos(t, segments, c, ignoreAt); !bytes.Equal(first, again) {
			t.Error("the same segments gave other calls")
		}
	})
}
