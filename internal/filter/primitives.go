package filter

// What the kernel knows of a packet beside its bytes, as offsets (SKF_AD_OFF of
// linux/filter.h and what is added to it).
const (
	adOffset      = -0x1000
	adPacketType  = adOffset + 4
	adInterface   = adOffset + 8
	adVLANTag     = adOffset + 44
	adVLANPresent = adOffset + 48
)

// outgoing is PACKET_OUTGOING of linux/if_packet.h.
const outgoing = 4

// primitive is one of the words with a meaning of their own.
func (c *compiler) primitive(n *primitive) (*cond, error) {
	switch n.word {
	case "less":
		return not(c.values.compare(testGreater, c.values.length(), uint32(n.number))), nil
	case "greater":
		return c.values.compare(testAtLeast, c.values.length(), uint32(n.number)), nil
	case "inbound", "outbound":
		return c.direction(n)
	case "ifindex":
		switch {
		case c.conf.Target == Kernel:
			return c.at(4, adInterface, uint32(n.number)), nil
		case c.kind == kindSLL2:
			return c.at(4, c.header+4, uint32(n.number)), nil
		}
		return nil, wrong(n.place, "no interface in files of %s", c.name)
	case "vlan":
		return c.vlan(n)
	case "mpls":
		return c.mpls(n)
	case "pppoed":
		return c.linkType(n.place, etherPPPoED)
	case "pppoes":
		return c.pppoe(n)
	}
	return nil, unsupported(n.place, "this primitive")
}

// direction is inbound or outbound.
func (c *compiler) direction(n *primitive) (*cond, error) {
	var out *cond
	switch {
	case c.conf.Target == Kernel:
		out = c.at(2, adPacketType, outgoing)
	case c.kind == kindSLL:
		out = c.at(2, c.header, outgoing)
	case c.kind == kindSLL2:
		out = c.at(1, c.header+10, outgoing)
	default:
		return nil, wrong(n.place, "no direction in files of %s", c.name)
	}
	if n.word == "outbound" {
		return out, nil
	}
	return not(out), nil
}

// vlan is "vlan" or "vlan 5", after which everything is looked for behind the tag.
func (c *compiler) vlan(n *primitive) (*cond, error) {
	if c.labels > 0 {
		return nil, wrong(n.place, "no VLAN behind MPLS")
	}
	if c.kind != kindEthernet {
		return nil, wrong(n.place, "no VLAN on %s", c.name)
	}
	if n.number > 0xFFF {
		return nil, wrong(n.place, "a VLAN has a number up to 4095")
	}
	c.tags++
	if c.tagged && c.tags == 1 {
		if n.number < 0 {
			return &cond{kind: condTrue}, nil
		}
		return c.masked(2, adVLANTag, 0xFFF, uint32(n.number)), nil
	}
	here := tag(&c.values, c.typ)
	if n.number >= 0 {
		here = all(here, c.masked(2, c.payload, 0xFFF, uint32(n.number)))
	}
	c.typ += 4
	c.payload += 4
	return here, nil
}

// tag is the condition that a type is that of a VLAN tag.
func tag(v *values, typ int) *cond {
	field := v.load(2, typ)
	return anyOf(
		v.compare(testEqual, field, etherVLAN),
		v.compare(testEqual, field, etherQinQ),
		v.compare(testEqual, field, etherQinQOld))
}

// mpls is "mpls" or "mpls 5", after which everything is looked for behind the label.
func (c *compiler) mpls(n *primitive) (*cond, error) {
	var here *cond
	switch {
	case c.labels > 0:
		here = c.masked(1, c.ip(-2), 1, 0)
	case c.kind == kindEthernet || c.kind == kindPPP:
		var err error
		if here, err = c.linkType(n.place, etherMPLS); err != nil {
			return nil, err
		}
	default:
		return nil, wrong(n.place, "no MPLS on %s", c.name)
	}
	if n.number > 0xFFFFF {
		return nil, wrong(n.place, "an MPLS label has a number up to 1048575")
	}
	if n.number >= 0 {
		here = all(here, c.masked(4, c.ip(0), 0xFFFFF000, uint32(n.number)<<12))
	}
	c.network += 4
	c.llc += 4
	c.labels++
	return here, nil
}

// pppoe is "pppoes" or "pppoes 5", after which everything is looked for behind the header
// of the session, as if PPP were the link layer.
func (c *compiler) pppoe(n *primitive) (*cond, error) {
	if n.number > 0xFFFF {
		return nil, wrong(n.place, "a PPPoE session has a number up to 65535")
	}
	here, err := c.linkType(n.place, etherPPPoES)
	if err != nil {
		return nil, err
	}
	if n.number >= 0 {
		here = all(here, c.masked(4, c.payload, 0xFFFF, uint32(n.number)))
	}
	start := c.ip(6)
	c.layout = layout{kind: kindPPP, name: "PPP", header: start, typ: start, payload: start + 2,
		labels: c.labels, tags: c.tags}
	return here, nil
}
