package packet

import "encoding/binary"

// EtherTypes, IEEE 802 numbers.
const (
	etherIPv4       = 0x0800
	etherARP        = 0x0806
	etherRARP       = 0x8035
	etherVLAN       = 0x8100 // IEEE 802.1Q
	etherIPv6       = 0x86dd
	etherQinQ       = 0x88a8 // IEEE 802.1ad
	etherMPLS       = 0x8847 // RFC 3032
	etherMPLSUp     = 0x8848 // the same, upstream-assigned: RFC 5332
	etherPPPoEDisc  = 0x8863 // RFC 2516
	etherPPPoE      = 0x8864
	etherQinQ9100   = 0x9100 // the same before the standard
	etherQinQ9200   = 0x9200
	maxEtherLength  = 1500 // up to here it is the length of an IEEE 802.3 frame
	ethernetHeader  = 14
	vlanHeader      = 4
	llcSNAPHeader   = 8
	llcHeader       = 3
	sapSNAP         = 0xaa
	sapIP           = 0x06
	llcUnnumbered   = 0x03 // control: unnumbered information
	ouiBridgeTunnel = 0x0000f8
)

func be16(b []byte) uint16 { return binary.BigEndian.Uint16(b) }
func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }

// ethernet reads destination, source and EtherType.
func (d *Decoder) ethernet(c *cursor) Reason {
	if len(c.b) < ethernetHeader {
		return c.short(ethernetHeader, BadLink)
	}
	typ := be16(c.b[12:])
	c.skip(ethernetHeader)
	if typ <= maxEtherLength {
		c.limit(int(typ))
		return d.llc(c)
	}
	return d.etherType(c, typ)
}

// etherType reads what an EtherType announces. Encapsulations other than Ethernet
// that name their payload so (SLL, GRE, Geneve, SNAP) come here too.
func (d *Decoder) etherType(c *cursor, typ uint16) Reason {
	switch typ {
	case etherIPv4:
		return d.ip4(c)
	case etherIPv6:
		return d.ip6(c)
	case etherVLAN, etherQinQ, etherQinQ9100, etherQinQ9200:
		return d.vlan(c)
	case etherMPLS, etherMPLSUp:
		return d.mpls(c)
	case etherPPPoE:
		return d.pppoe(c)
	case etherPPPoEDisc:
		return PPPOther
	case etherARP, etherRARP:
		return ARP
	}
	return d.tag(c, typ)
}

// vlan reads one tag, IEEE 802.1Q 9.6. VLAN 0 only carries a priority, and is none.
func (d *Decoder) vlan(c *cursor) Reason {
	if !c.enter() {
		return TooDeep
	}
	if len(c.b) < vlanHeader {
		return c.short(vlanHeader, BadLink)
	}
	if id := be16(c.b) & 0x0fff; id != 0 {
		c.zone = d.zones.tag(c.zone, zoneVLAN, uint32(id))
	}
	typ := be16(c.b[2:])
	c.skip(vlanHeader)
	if typ <= maxEtherLength {
		c.limit(int(typ))
		return d.llc(c)
	}
	return d.etherType(c, typ)
}

// llc reads an IEEE 802.2 header, with SNAP (RFC 1042) or the old SAP of IP.
func (d *Decoder) llc(c *cursor) Reason {
	if len(c.b) < llcHeader {
		return c.short(llcHeader, LLC)
	}
	switch dsap, ssap, control := c.b[0], c.b[1], c.b[2]; {
	case control != llcUnnumbered:
		return LLC
	case dsap == sapIP && ssap == sapIP:
		c.skip(llcHeader)
		return d.ip4(c)
	case dsap != sapSNAP || ssap != sapSNAP:
		return LLC
	}
	if len(c.b) < llcSNAPHeader {
		return c.short(llcSNAPHeader, BadLink)
	}
	if oui := be32(c.b[2:]) & 0xffffff; oui != 0 && oui != ouiBridgeTunnel {
		return LLC
	}
	typ := be16(c.b[6:])
	c.skip(llcSNAPHeader)
	return d.etherType(c, typ)
}
