package packet

import "encoding/binary"

const (
	ppiHeader    = 8
	pktapHeader  = 12 // up to the link type
	pktapLeast   = 108
	pktapMost    = 512
	pktapPacket  = 1 // the record holds a packet
	encHeader    = 12
	nflogHeader  = 4
	nflogPayload = 9
	fddiHeader   = 13
)

// ppi reads the Per-Packet Information header and a packet of the link type it names.
func (d *Decoder) ppi(c *cursor) Reason {
	if !c.enter() {
		return TooDeep
	}
	if len(c.b) < ppiHeader {
		return c.short(ppiHeader, BadLink)
	}
	n, link := int(binary.LittleEndian.Uint16(c.b[2:])), binary.LittleEndian.Uint32(c.b[4:])
	if c.b[0] != 0 || n < ppiHeader {
		return BadLink
	}
	if len(c.b) < n {
		return c.short(n, BadLink)
	}
	c.skip(n)
	return d.link(c, link)
}

// pktap reads the header that macOS puts before packets, and a packet of the link type
// it names.
func (d *Decoder) pktap(c *cursor) Reason {
	if !c.enter() {
		return TooDeep
	}
	if len(c.b) < pktapHeader {
		return c.short(pktapHeader, BadLink)
	}
	length, record := binary.LittleEndian.Uint32(c.b), binary.LittleEndian.Uint32(c.b[4:])
	link := binary.LittleEndian.Uint32(c.b[8:])
	if length < pktapLeast || length > pktapMost || record != pktapPacket {
		return BadLink
	}
	n := int(length)
	if len(c.b) < n {
		return c.short(n, BadLink)
	}
	c.skip(n)
	return d.link(c, link)
}

// enc reads the header of the IPsec interface of OpenBSD and FreeBSD.
func (d *Decoder) enc(c *cursor) Reason {
	if len(c.b) < encHeader {
		return c.short(encHeader, BadLink)
	}
	family := hostFamily(c.b)
	c.skip(encHeader)
	return d.family(c, family)
}

// pflog reads the header of the packet filter of OpenBSD: its length without padding,
// the address family, and what became of the packet.
func (d *Decoder) pflog(c *cursor) Reason {
	if len(c.b) < 4 {
		return c.short(4, BadLink)
	}
	n, family := (int(c.b[0])+3)&^3, uint32(c.b[1])
	if n < 4 {
		return BadLink
	}
	if len(c.b) < n {
		return c.short(n, BadLink)
	}
	c.skip(n)
	return d.family(c, family)
}

// nflog reads the header of Linux's netfilter log: an address family and attributes,
// one of which is the packet. Lengths and types are in the byte order of the machine
// that captured.
func (d *Decoder) nflog(c *cursor) Reason {
	if len(c.b) < nflogHeader {
		return c.short(nflogHeader, BadLink)
	}
	if c.b[1] != 0 {
		return BadLink
	}
	c.skip(nflogHeader)
	for {
		if len(c.b) < 4 {
			return c.short(4, BadLink)
		}
		length, typ := int(binary.LittleEndian.Uint16(c.b)), binary.LittleEndian.Uint16(c.b[2:])
		if typ > 0xff {
			length, typ = int(be16(c.b)), be16(c.b[2:])
		}
		if length < 4 {
			return BadLink
		}
		if typ == nflogPayload {
			c.skip(4)
			c.limit(length - 4)
			return d.ip(c)
		}
		n := (length + 3) &^ 3
		if len(c.b) < n {
			return c.short(n, BadLink)
		}
		c.skip(n)
	}
}

// prepended reads Ethernet behind the 4 bytes that a network analyser or a switch chip
// puts before it.
func (d *Decoder) prepended(c *cursor) Reason {
	const header = 4
	if len(c.b) < header {
		return c.short(header, BadLink)
	}
	c.skip(header)
	return d.ethernet(c)
}

// fddi reads frame control and addresses, ANSI X3.139.
func (d *Decoder) fddi(c *cursor) Reason {
	if len(c.b) < fddiHeader {
		return c.short(fddiHeader, BadLink)
	}
	c.skip(fddiHeader)
	return d.llc(c)
}

// switchTagged reads Ethernet from the port of a switch chip, which puts n bytes for
// its driver between the addresses and the EtherType.
func (d *Decoder) switchTagged(c *cursor, n int) Reason {
	header := ethernetHeader + n
	if len(c.b) < header {
		return c.short(header, BadLink)
	}
	typ := be16(c.b[header-2:])
	c.skip(header)
	if typ <= maxEtherLength {
		c.limit(int(typ))
		return d.llc(c)
	}
	return d.etherType(c, typ)
}
