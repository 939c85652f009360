package packet

import "net/netip"

// UDP ports of tunnels, https://www.iana.org/assignments/service-names-port-numbers.
const (
	portL2TP       = 1701
	portGTP        = 2152
	portTeredo     = 3544
	portVXLAN      = 4789
	portVXLANGPE   = 4790
	portGeneve     = 6081
	portMPLS       = 6635
	portVXLANLinux = 8472 // the default of Linux, older than the assigned one
	portTZSP       = 37008

	udpHeader    = 8
	vxlanHeader  = 8
	geneveHeader = 8
	gtpHeader    = 8
	gtpOptional  = 4
)

// udp reads a UDP header, RFC 768, and the tunnels that are told by their port. What
// does not look like the tunnel of its port is plain UDP.
func (d *Decoder) udp(c *cursor, src, dst netip.Addr) Reason {
	if len(c.b) < udpHeader {
		return c.short(udpHeader, UDP)
	}
	from, to, length := be16(c.b), be16(c.b[2:]), int(be16(c.b[4:]))
	c.skip(udpHeader)
	if length >= udpHeader {
		c.limit(length - udpHeader)
	}
	switch to {
	case portVXLAN, portVXLANLinux:
		return d.vxlan(c, src, dst)
	case portVXLANGPE:
		return d.vxlanGPE(c, src, dst)
	case portGeneve:
		return d.geneve(c, src, dst)
	case portGTP:
		return d.gtp(c, src, dst)
	case portL2TP:
		return d.l2tp(c, src, dst)
	case portTZSP:
		return d.tzsp(c)
	case portMPLS:
		if !d.enterTunnel(c, zoneMPLS, 0, src, dst) {
			return TooDeep
		}
		return d.mpls(c)
	}
	if from == portTeredo || to == portTeredo {
		return d.teredo(c, src, dst)
	}
	return UDP
}

const vxlanVNI = 0x08 // the VNI is valid

// vxlan reads a VXLAN header, RFC 7348 5.
func (d *Decoder) vxlan(c *cursor, src, dst netip.Addr) Reason {
	if len(c.b) < vxlanHeader {
		return c.short(vxlanHeader, UDP)
	}
	if c.b[0]&vxlanVNI == 0 {
		return UDP
	}
	if !d.enterTunnel(c, zoneVXLAN, be32(c.b[4:])>>8, src, dst) {
		return TooDeep
	}
	c.skip(vxlanHeader)
	return d.ethernet(c)
}

// vxlanGPE reads the header of the draft that adds a Next Protocol to VXLAN.
func (d *Decoder) vxlanGPE(c *cursor, src, dst netip.Addr) Reason {
	if len(c.b) < vxlanHeader {
		return c.short(vxlanHeader, UDP)
	}
	if c.b[0]&vxlanVNI == 0 {
		return UDP
	}
	if !d.enterTunnel(c, zoneVXLAN, be32(c.b[4:])>>8, src, dst) {
		return TooDeep
	}
	next := c.b[3]
	c.skip(vxlanHeader)
	switch next {
	case 1:
		return d.ip4(c)
	case 2:
		return d.ip6(c)
	case 3:
		return d.ethernet(c)
	case 5:
		return d.mpls(c)
	}
	return UDP
}

// geneve reads a Geneve header, RFC 8926 3.4.
func (d *Decoder) geneve(c *cursor, src, dst netip.Addr) Reason {
	if len(c.b) < geneveHeader {
		return c.short(geneveHeader, UDP)
	}
	if c.b[0]>>6 != 0 {
		return UDP
	}
	n := geneveHeader + int(c.b[0]&0x3f)*4
	if len(c.b) < n {
		return c.short(n, UDP)
	}
	if !d.enterTunnel(c, zoneGeneve, be32(c.b[4:])>>8, src, dst) {
		return TooDeep
	}
	typ := be16(c.b[2:])
	c.skip(n)
	return d.etherType(c, typ)
}

const (
	gtpVersion   = 0x30 // version 1, protocol type GTP
	gtpExtension = 0x04
	gtpAny       = 0x07 // any of extension, sequence number, N-PDU number
	gtpData      = 255
)

// gtp reads a G-PDU, 3GPP TS 29.281 5. The tunnel endpoint identifier is no zone: each
// direction has its own.
func (d *Decoder) gtp(c *cursor, src, dst netip.Addr) Reason {
	if len(c.b) < gtpHeader {
		return c.short(gtpHeader, UDP)
	}
	flags := c.b[0]
	if flags&0xf0 != gtpVersion || c.b[1] != gtpData {
		return UDP
	}
	length := int(be16(c.b[2:]))
	c.skip(gtpHeader)
	c.limit(length)
	if flags&gtpAny != 0 {
		if len(c.b) < gtpOptional {
			return c.short(gtpOptional, UDP)
		}
		next := c.b[3]
		c.skip(gtpOptional)
		for flags&gtpExtension != 0 && next != 0 {
			if len(c.b) < 1 {
				return c.short(1, UDP)
			}
			n := int(c.b[0]) * 4
			if n == 0 {
				return UDP
			}
			if len(c.b) < n {
				return c.short(n, UDP)
			}
			next = c.b[n-1]
			c.skip(n)
		}
	}
	if !d.enterTunnel(c, zoneGTP, 0, src, dst) {
		return TooDeep
	}
	return d.ip(c)
}

const (
	l2tpControl  = 0x8000
	l2tpLength   = 0x4000
	l2tpSequence = 0x0800
	l2tpOffset   = 0x0200
	l2tpVersion  = 0x000f
)

// l2tp reads a data message of version 2, RFC 2661 3.1.
func (d *Decoder) l2tp(c *cursor, src, dst netip.Addr) Reason {
	if len(c.b) < 2 {
		return c.short(2, UDP)
	}
	flags := be16(c.b)
	if flags&l2tpControl != 0 || flags&l2tpVersion != 2 {
		return UDP
	}
	n := 6
	if flags&l2tpLength != 0 {
		n += 2
	}
	if flags&l2tpSequence != 0 {
		n += 4
	}
	if flags&l2tpOffset != 0 {
		n += 2
		if len(c.b) < n {
			return c.short(n, UDP)
		}
		n += int(be16(c.b[n-2:]))
	}
	if len(c.b) < n {
		return c.short(n, UDP)
	}
	if !d.enterTunnel(c, zoneL2TP, 0, src, dst) {
		return TooDeep
	}
	c.skip(n)
	return d.ppp(c)
}

// teredo reads IPv6 behind the indicators of RFC 4380 5.1.1.
func (d *Decoder) teredo(c *cursor, src, dst netip.Addr) Reason {
	const origin, authentication = 8, 13
	for range 2 {
		if len(c.b) < 4 {
			return c.short(4, UDP)
		}
		n := 0
		switch be16(c.b) {
		case 0:
			n = origin
		case 1:
			n = authentication + int(c.b[2]) + int(c.b[3])
		}
		if len(c.b) < n {
			return c.short(n, UDP)
		}
		c.skip(n)
	}
	if len(c.b) < 1 {
		return c.short(1, UDP)
	}
	if c.b[0]>>4 != 6 {
		return UDP
	}
	if !d.enterTunnel(c, zoneTeredo, 0, src, dst) {
		return TooDeep
	}
	return d.ip6(c)
}

// tzsp reads a frame that a router sends to whoever watches (TaZmen Sniffer Protocol).
// As with ERSPAN it is no zone.
func (d *Decoder) tzsp(c *cursor) Reason {
	const (
		header         = 4
		tagPad, tagEnd = 0, 1
		ethernet, wifi = 1, 0x12
	)
	if len(c.b) < header {
		return c.short(header, UDP)
	}
	if c.b[0] != 1 {
		return UDP
	}
	proto := be16(c.b[2:])
	c.skip(header)
	for {
		if len(c.b) < 1 {
			return c.short(1, UDP)
		}
		tag := c.b[0]
		c.skip(1)
		if tag == tagEnd {
			break
		}
		if tag == tagPad {
			continue
		}
		if len(c.b) < 1 {
			return c.short(1, UDP)
		}
		n := 1 + int(c.b[0])
		if len(c.b) < n {
			return c.short(n, UDP)
		}
		c.skip(n)
	}
	switch proto {
	case ethernet:
		return d.mirrored(c, 0)
	case wifi:
		if !c.enter() {
			return TooDeep
		}
		return d.wifi(c, 1)
	}
	return UDP
}
