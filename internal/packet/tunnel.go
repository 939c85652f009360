package packet

import "net/netip"

const (
	greChecksum  = 0x8000 // RFC 2784 2.1
	greRouting   = 0x4000 // RFC 1701; RFC 2784 2.3 has packets with it discarded
	greKey       = 0x2000 // RFC 2890
	greSequence  = 0x1000
	greAck       = 0x0080 // RFC 2637, version 1
	greVersion   = 0x0007
	grePPP       = 0x880b
	greERSPAN    = 0x88be // types I and II
	greERSPAN3   = 0x22eb
	greWCCP      = 0x883e
	etherIP      = 2 // the header of RFC 3378
	erspan2      = 8
	erspan3      = 12
	erspan3Extra = 8 // platform-specific subheader
)

// enterTunnel makes the tunnel between the addresses a and b, in either direction, the
// zone of what follows. It reports whether the tunnel may be followed.
func (d *Decoder) enterTunnel(c *cursor, kind zoneKind, value uint32, a, b netip.Addr) bool {
	if !c.enter() {
		return false
	}
	if b.Less(a) {
		a, b = b, a
	}
	c.zone = d.zones.id(zone{parent: c.zone, kind: kind, value: value, a: a, b: b})
	return true
}

// ipTunnel reads a packet that IP carries between src and dst, whose type is the
// protocol number or, with GRE, in a header.
func (d *Decoder) ipTunnel(c *cursor, proto uint8, src, dst netip.Addr) Reason {
	if proto == protoGRE {
		return d.gre(c, src, dst)
	}
	if !d.enterTunnel(c, zoneIP, 0, src, dst) {
		return TooDeep
	}
	switch proto {
	case protoIPv4:
		return d.ip4(c)
	case protoIPv6:
		return d.ip6(c)
	case protoMPLS:
		return d.mpls(c)
	case protoEtherIP:
		if len(c.b) < etherIP {
			return c.short(etherIP, BadTunnel)
		}
		c.skip(etherIP)
	}
	return d.ethernet(c)
}

// gre reads a GRE header: version 0 of RFC 2784 and 2890, version 1 of RFC 2637 (PPTP).
// The key is no zone: each direction may have its own.
func (d *Decoder) gre(c *cursor, src, dst netip.Addr) Reason {
	n := 4
	if len(c.b) < n {
		return c.short(n, BadTunnel)
	}
	flags, typ := be16(c.b), be16(c.b[2:])
	for _, f := range [...]uint16{greChecksum, greKey, greSequence} {
		if flags&f != 0 {
			n += 4
		}
	}
	version := flags & greVersion
	if version == 1 && flags&greAck != 0 {
		n += 4
	}
	if version > 1 || flags&greRouting != 0 {
		return BadTunnel
	}
	if version == 1 && flags&greSequence == 0 {
		return PPPOther // an acknowledgment alone
	}
	if len(c.b) < n {
		return c.short(n, BadTunnel)
	}
	c.skip(n)
	switch typ {
	case greERSPAN:
		if flags&greSequence == 0 {
			return d.mirrored(c, 0)
		}
		return d.mirrored(c, erspan2)
	case greERSPAN3:
		n := erspan3
		if len(c.b) >= n && c.b[n-1]&1 != 0 {
			n += erspan3Extra
		}
		return d.mirrored(c, n)
	}
	if !d.enterTunnel(c, zoneGRE, 0, src, dst) {
		return TooDeep
	}
	switch typ {
	case grePPP:
		return d.ppp(c)
	case greWCCP:
		return d.wccp(c)
	}
	return d.etherType(c, typ)
}

// mirrored reads an Ethernet frame behind a header of n bytes, sent by a switch to
// whoever watches. It is no zone: two switches may mirror one direction each.
func (d *Decoder) mirrored(c *cursor, n int) Reason {
	if !c.enter() {
		return TooDeep
	}
	if len(c.b) < n {
		return c.short(n, BadTunnel)
	}
	c.skip(n)
	return d.ethernet(c)
}

// wccp reads a packet that a router redirects to a web cache. Version 2 puts 4 bytes
// before it, of which the first never looks like IPv4.
func (d *Decoder) wccp(c *cursor) Reason {
	const header = 4
	if len(c.b) < header {
		return c.short(header, BadTunnel)
	}
	if c.b[0]>>4 != 4 {
		c.skip(header)
	}
	return d.ip4(c)
}
