package filter

// linkType is the condition that the link layer carries a protocol: an Ethernet type, or
// the service access point of an LLC header.
func (c *compiler) linkType(at place, typ uint32) (*cond, error) {
	if c.labels > 0 {
		return c.behindLabels(at, typ)
	}
	switch c.kind {
	case kindRaw:
		switch typ {
		case etherIP:
			return c.masked(1, c.header, 0xF0, 0x40), nil
		case etherIP6:
			return c.masked(1, c.header, 0xF0, 0x60), nil
		}
		return never(), nil
	case kindIPv4, kindIPv6:
		if typ == etherIP && c.kind == kindIPv4 || typ == etherIP6 && c.kind == kindIPv6 {
			return &cond{kind: condTrue}, nil
		}
		return never(), nil
	case kindSLL2:
		return c.at(2, c.typ, typ), nil
	case kindNull, kindLoop:
		return c.family(typ), nil
	case kindPPP:
		return c.at(2, c.typ, pppType(typ)), nil
	case kindSLL:
		return c.sllType(typ), nil
	}
	return c.etherType(typ), nil
}

// behindLabels tells IPv4 and IPv6 behind MPLS labels by the version, as no label says what
// comes. The last one is marked.
func (c *compiler) behindLabels(at place, typ uint32) (*cond, error) {
	version := uint32(0x40)
	switch typ {
	case etherIP:
	case etherIP6:
		version = 0x60
	default:
		return nil, wrong(at, "no such protocol over MPLS")
	}
	last := c.masked(1, c.ip(-2), 1, 1)
	return all(last, c.masked(1, c.ip(0), 0xF0, version)), nil
}

// family is the condition on the address family before a packet of a BSD loopback. IPv6 has
// another number on each system: macOS, the other BSDs, FreeBSD.
func (c *compiler) family(typ uint32) *cond {
	var families []uint32
	switch typ {
	case etherIP:
		families = []uint32{2}
	case etherIP6:
		families = []uint32{30, 24, 28}
	default:
		return never()
	}
	c.families = true
	var conds []*cond
	for _, f := range families {
		if c.kind == kindNull && !c.bigEndian {
			f <<= 24
		}
		conds = append(conds, c.at(4, c.header, f))
	}
	return anyOf(conds...)
}

// pppType is the PPP protocol of an Ethernet type, RFC 1661 and its kin.
func pppType(typ uint32) uint32 {
	switch typ {
	case etherIP:
		return 0x21
	case etherIP6:
		return 0x57
	case 0x6003: // DECnet
		return 0x27
	case etherATalk:
		return 0x29
	case 0x0600: // XNS
		return 0x25
	case sapISO:
		return 0x23
	case sapSTP:
		return 0x31
	case etherIPX, sapIPX:
		return 0x2B
	case etherMPLS:
		return 0x281
	}
	return typ
}

// etherType is the condition on the type field of Ethernet, or on the LLC header behind it
// where the field is a length.
func (c *compiler) etherType(typ uint32) *cond {
	field := c.values.load(2, c.typ)
	length := not(c.values.compare(testGreater, field, maxEtherFrame))
	switch typ {
	case sapISO, sapIP, sapNetBEUI:
		return all(length, c.at(2, c.payload, typ<<8|typ))
	case sapIPX:
		// In its four encapsulations; the last is no LLC header, but IPX without a checksum.
		return anyOf(
			c.at(2, c.typ, etherIPX),
			all(length, anyOf(
				c.snap(0, etherIPX),
				c.at(1, c.payload, sapIPX),
				c.at(2, c.payload, 0xFFFF))))
	case etherATalk:
		return anyOf(c.at(2, c.typ, typ), all(length, c.snap(0x080007, typ)))
	case etherAARP:
		return anyOf(c.at(2, c.typ, typ), all(length, c.snap(0, typ)))
	}
	if typ <= maxEtherFrame {
		return all(length, c.at(1, c.payload, typ))
	}
	return c.at(2, c.typ, typ)
}

// sllLLC and sllIPX are what stands for a type in Linux cooked packets without one.
const (
	sllIPX = 1
	sllLLC = 4
)

// sllType is the condition on the type of Linux cooked captures, version 1.
func (c *compiler) sllType(typ uint32) *cond {
	llc := c.at(2, c.typ, sllLLC)
	switch typ {
	case sapISO, sapIP, sapNetBEUI:
		return all(llc, c.at(2, c.payload, typ<<8|typ))
	case sapIPX:
		return anyOf(
			c.at(2, c.typ, etherIPX),
			c.at(2, c.typ, sllIPX),
			all(llc, anyOf(c.at(1, c.payload, sapIPX), c.snap(0, etherIPX))))
	case etherATalk:
		return anyOf(c.at(2, c.typ, typ), all(llc, c.snap(0x080007, typ)))
	case etherAARP:
		return anyOf(c.at(2, c.typ, typ), all(llc, c.snap(0, typ)))
	}
	if typ <= maxEtherFrame {
		return all(llc, c.at(1, c.payload, typ))
	}
	return c.at(2, c.typ, typ)
}

// snap is the condition on an LLC header with a SNAP header behind it.
func (c *compiler) snap(organization, typ uint32) *cond {
	return all(
		c.at(4, c.payload+4, organization<<16|typ),
		c.at(4, c.payload, 0xAAAA0300|organization>>16))
}
