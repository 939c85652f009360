package reassembly

import "net/netip"

// Conn names one TCP connection, from its first packet to its end. It is small, as a capture
// has very many: the addresses stay as they are in the table of connections.
type Conn struct {
	ID        int64 // number of its first packet
	Midstream bool  // the capture begins after the opening SYN and the answer to it

	highOpens bool   // A is the high side of the flow
	index     uint32 // in the slab, while it is there
	flow4     flow4
	flow6     *flow6 // instead of flow4, where that is no IPv4
}

// NewConn makes the name of a connection that A opened, for tests and for events that come
// from elsewhere; those of an Assembler come from it.
func NewConn(id int64, a, b netip.AddrPort, zone uint32) *Conn {
	c := &Conn{ID: id}
	s := &Segment{Src: a, Dst: b, Zone: zone}
	var from side
	if isV4(s) {
		c.flow4, from = newFlow4(s)
	} else {
		var k flow6
		k, from = newFlow6(s)
		c.flow6 = &k
	}
	c.highOpens = from == highSide
	return c
}

// A is the endpoint that sent the SYN; where none was seen, the first packet.
func (c *Conn) A() netip.AddrPort {
	a, _ := c.Addrs(AtoB)
	return a
}

// B is the other endpoint.
func (c *Conn) B() netip.AddrPort {
	_, b := c.Addrs(AtoB)
	return b
}

// Zone is that of its segments.
func (c *Conn) Zone() uint32 {
	if c.flow6 != nil {
		return c.flow6.zone
	}
	return c.flow4.zone()
}

// Addrs are source and destination of bytes that flow in direction d.
func (c *Conn) Addrs(d Dir) (src, dst netip.AddrPort) {
	if k := c.flow6; k != nil {
		src, dst = k.endpoints()
	} else {
		src, dst = c.flow4.endpoints()
	}
	if (d == AtoB) == c.highOpens {
		return dst, src
	}
	return src, dst
}

// Has reports whether a segment has the addresses of the connection.
func (c *Conn) Has(s *Segment) bool {
	if c.flow6 == nil {
		if !isV4(s) {
			return false
		}
		k, _ := newFlow4(s)
		return k == c.flow4
	}
	if isV4(s) {
		return false
	}
	k, _ := newFlow6(s)
	return k == *c.flow6
}

// describe is what a consumer sees of the connection.
func (a *Assembler) describe(c *conn) Conn {
	n := Conn{ID: c.id, Midstream: c.has(midstream), highOpens: c.has(highOpens), index: c.index}
	if c.has(v4) {
		n.flow4 = c.flow
	} else {
		k := *a.slab.flow6(c.index)
		n.flow6 = &k
	}
	return n
}

// Ignore says that no more bytes of a connection are wanted. Its packets are still followed,
// but its Stream gets nothing more than its two Ends. After these it does nothing. The Stream
// may call it, from its first bytes on.
func (a *Assembler) Ignore(c *Conn) {
	if x := a.delivering(c); x != nil {
		x.flags |= ignored
	}
}

// Overlook says whether the bytes of a connection that follow in direction d matter in
// themselves. While they do not, retransmissions of them are not compared. The
// Stream may call it, from its first bytes on.
func (a *Assembler) Overlook(c *Conn, d Dir, on bool) {
	x := a.delivering(c)
	if x == nil {
		return
	}
	x.flags &^= overlook(d)
	if on {
		x.flags |= overlook(d)
	}
}

// delivering is the state of a connection that has a Stream, else nil: its place may be
// that of another by now.
func (a *Assembler) delivering(c *Conn) *conn {
	if c.index >= a.slab.fresh {
		return nil
	}
	if x := a.slab.at(c.index); x.id == c.ID && x.consumer != nil {
		return x
	}
	return nil
}
