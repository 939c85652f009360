package packet

import "net/netip"

const (
	ip6Header = 40
	extHeader = 8 // the least length of an extension header

	optPad1         = 0
	optJumbo        = 0xc2 // RFC 2675
	minJumbo        = 1 << 16
	routingSegments = 4 // type of the IPv6 Segment Routing Header, RFC 8754
	routingSource   = 0 // RFC 5095 deprecated it
	routingHome     = 2 // RFC 6275
)

// ip6 reads an IPv6 header, RFC 8200 3.
func (d *Decoder) ip6(c *cursor) Reason {
	b := c.b
	if len(b) < ip6Header {
		return c.short(ip6Header, BadIP)
	}
	if b[0]>>4 != 6 {
		return BadIP
	}
	next := b[6]
	payload := int(be16(b[4:]))
	if payload == 0 {
		// BIG TCP: what was on the wire, unless a jumbo option says less.
		payload = jumboLength(b[ip6Header:], next, c.wire-ip6Header)
	}
	c.b = b[ip6Header:min(ip6Header+payload, len(b))]
	c.wire = payload

	src, dst := netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
	if next == protoTCP {
		return c.tcp(src, dst)
	}
	return d.ipPayload(c, next, src, dst)
}

// jumboLength is the payload length of a packet whose Payload Length is 0 and which
// has wire bytes behind its IPv6 header. It never exceeds wire, since nothing else
// vouches for a length of up to 4 GiB.
func jumboLength(b []byte, next uint8, wire int) int {
	if next != protoHopByHop || len(b) < extHeader {
		return wire
	}
	options := b[2:min(extLength(next, b[1]), len(b))]
	for len(options) >= 2 {
		if options[0] == optPad1 {
			options = options[1:]
			continue
		}
		n := int(options[1])
		if options[0] == optJumbo && n == 4 && len(options) >= 6 {
			if length := be32(options[2:]); length >= minJumbo && uint64(length) < uint64(wire) {
				return int(length)
			}
			return wire
		}
		if len(options) < 2+n {
			break
		}
		options = options[2+n:]
	}
	return wire
}

// extLength is the length in bytes of an extension header of type proto whose second
// byte is length.
func extLength(proto, length uint8) int {
	if proto == protoAH { // RFC 4302 2.2: 32-bit words, minus 2
		return (int(length) + 2) * 4
	}
	return (int(length) + 1) * 8
}

// finalAddr is the last destination that the routing header at the start of b names:
// the one that ends the connection, which packets back have as their source. It is
// dst if b names none or is cut.
func finalAddr(b []byte, dst netip.Addr) netip.Addr {
	n := min(extLength(protoRouting, b[1]), len(b))
	segmentsLeft := b[3]
	at := 0
	switch b[2] {
	case routingSegments: // in reverse order: the first is the last
		at = extHeader
	case routingSource, routingHome:
		at = extHeader + (int(b[1])/2-1)*16
	}
	if segmentsLeft == 0 || at < extHeader || at+16 > n {
		return dst
	}
	return netip.AddrFrom16([16]byte(b[at : at+16]))
}
