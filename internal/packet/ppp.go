package packet

// PPP protocols, https://www.iana.org/assignments/ppp-numbers.
const (
	pppIPv4   = 0x0021
	pppIPv6   = 0x0057
	pppMPLS   = 0x0281
	pppMPLSUp = 0x0283

	pppAddress  = 0xff // RFC 1662 3.1
	pppControl  = 0x03
	pppoeHeader = 6
	pppoeType   = 0x11 // version 1, type 1

	hdlcHeader    = 4
	hdlcUnicast   = 0x0f
	hdlcMulticast = 0x8f
)

// ppp reads a PPP frame, RFC 1661 2, with or without the address and control fields
// of RFC 1662 and the compression of the protocol field.
func (d *Decoder) ppp(c *cursor) Reason {
	if !c.enter() {
		return TooDeep
	}
	if len(c.b) >= 2 && c.b[0] == pppAddress && c.b[1] == pppControl {
		c.skip(2)
	}
	if len(c.b) < 2 {
		return c.short(2, BadLink)
	}
	n, protocol := 2, be16(c.b)
	if c.b[0]&1 != 0 {
		n, protocol = 1, uint16(c.b[0])
	}
	c.skip(n)
	switch protocol {
	case pppIPv4:
		return d.ip4(c)
	case pppIPv6:
		return d.ip6(c)
	case pppMPLS, pppMPLSUp:
		return d.mpls(c)
	}
	return PPPOther
}

// pppoe reads a session packet, RFC 2516 4.
func (d *Decoder) pppoe(c *cursor) Reason {
	if len(c.b) < pppoeHeader {
		return c.short(pppoeHeader, BadLink)
	}
	if c.b[0] != pppoeType {
		return BadLink
	}
	if c.b[1] != 0 {
		return PPPOther
	}
	length := int(be16(c.b[4:]))
	c.skip(pppoeHeader)
	c.limit(length)
	return d.ppp(c)
}

// serial reads a frame of a serial line: PPP, or Cisco's HDLC.
func (d *Decoder) serial(c *cursor) Reason {
	if len(c.b) > 0 && (c.b[0] == hdlcUnicast || c.b[0] == hdlcMulticast) {
		return d.hdlc(c)
	}
	return d.ppp(c)
}

func (d *Decoder) hdlc(c *cursor) Reason {
	if len(c.b) < hdlcHeader {
		return c.short(hdlcHeader, BadLink)
	}
	typ := be16(c.b[2:])
	c.skip(hdlcHeader)
	return d.etherType(c, typ)
}

// pppDirected reads PPP behind a byte that gives the direction; with LINKTYPE_PPP_PPPD
// that byte takes the place of the address field.
func (d *Decoder) pppDirected(c *cursor) Reason {
	if len(c.b) < 2 {
		return c.short(2, BadLink)
	}
	n := 1
	if c.b[1] == pppControl {
		n = 2
	}
	c.skip(n)
	return d.ppp(c)
}
