package packet

import "net/netip"

// fragmentKey names a datagram: RFC 791 3.2 and RFC 8200 4.5, the latter without proto.
type fragmentKey struct {
	src, dst netip.Addr
	id, zone uint32
	proto    uint8
}

// fragment is a part of an IP datagram.
type fragment struct {
	key  fragmentKey
	off  int    // of its first byte in the datagram
	size int    // bytes on the wire
	data []byte // those that were captured, from the first on
	last bool
	next uint8 // what the datagram carries, if off is 0
	time int64 // on the capture's clock
}

// fragment4 keeps a fragment of IPv4, and reads on when its datagram is complete.
func (d *Decoder) fragment4(c *cursor, f fragment) Reason {
	if r := leaf(f.key.proto); r != TCP {
		return r
	}
	return d.join(c, f)
}

const ip6FragmentMore = 1

// fragment6 reads the fragment header of IPv6, RFC 8200 4.5, all in c.b.
func (d *Decoder) fragment6(c *cursor, src, dst netip.Addr) Reason {
	next, off, id := c.b[0], be16(c.b[2:]), be32(c.b[4:])
	c.skip(extHeader)
	f := fragment{
		key:  fragmentKey{src: src, dst: dst, id: id, zone: c.zone},
		off:  int(off &^ 7),
		last: off&ip6FragmentMore == 0,
		next: next,
	}
	if f.off == 0 && f.last { // an atomic fragment, RFC 6946: apart from all others
		if !c.enter() {
			return TooDeep
		}
		return d.ipPayload(c, next, src, dst)
	}
	return d.join(c, f)
}

// join adds what is left in c to its datagram, and decodes the datagram if that
// completes it.
func (d *Decoder) join(c *cursor, f fragment) Reason {
	if !c.enter() {
		return TooDeep
	}
	f.data, f.size, f.time = c.b, c.wire, c.seg.Packet.Time
	whole, r := d.fragments.add(&f)
	if whole == nil {
		return r
	}
	c.b, c.wire = d.fragments.out, whole.total
	return d.ipPayload(c, whole.proto, f.key.src, f.key.dst)
}
