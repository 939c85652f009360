package packet

// EtherTypes that stand before another header of the link.
const (
	etherBridged  = 0x6558 // a whole Ethernet frame: transparent bridging
	etherMACsec   = 0x88e5 // IEEE 802.1AE
	etherPBB      = 0x88e7 // IEEE 802.1ah, backbone service instance tag
	etherCiscoCMD = 0x8909 // Cisco MetaData, with a security group
	etherVNTag    = 0x8926 // Cisco VN-Tag
	etherHSR      = 0x892f // IEC 62439-3
	etherETag     = 0x893f // IEEE 802.1BR
	etherRTag     = 0xf1c1 // IEEE 802.1CB
)

// tag reads the rarer EtherTypes that carry a packet on its way through a network.
func (d *Decoder) tag(c *cursor, typ uint16) Reason {
	switch typ {
	case etherVNTag, etherHSR, etherRTag:
		return d.skipTag(c, 4)
	case etherCiscoCMD, etherETag:
		return d.skipTag(c, 6)
	case etherPBB:
		return d.backbone(c)
	case etherBridged:
		if !c.enter() {
			return TooDeep
		}
		return d.ethernet(c)
	case etherMACsec:
		return d.macsec(c)
	}
	return OtherEtherType
}

// skipTag moves past n bytes that say nothing about the payload, to its EtherType.
func (d *Decoder) skipTag(c *cursor, n int) Reason {
	if !c.enter() {
		return TooDeep
	}
	if len(c.b) < n+2 {
		return c.short(n+2, BadLink)
	}
	typ := be16(c.b[n:])
	c.skip(n + 2)
	return d.etherType(c, typ)
}

// backbone reads the service instance tag of IEEE 802.1ah and the frame in it.
func (d *Decoder) backbone(c *cursor) Reason {
	if !c.enter() {
		return TooDeep
	}
	if len(c.b) < 4 {
		return c.short(4, BadLink)
	}
	c.zone = d.zones.tag(c.zone, zoneISID, be32(c.b)&0xffffff)
	c.skip(4)
	return d.ethernet(c)
}

const (
	macsecSCI       = 0x20
	macsecEncrypted = 0x08
	macsecChanged   = 0x04
)

// macsec reads a security tag, IEEE 802.1AE 9.3. Without encryption the frame follows,
// and its integrity check value is behind the end of IP.
func (d *Decoder) macsec(c *cursor) Reason {
	if len(c.b) < 1 {
		return c.short(1, BadLink)
	}
	if c.b[0]&(macsecEncrypted|macsecChanged) != 0 {
		return MACsec
	}
	n := 6
	if c.b[0]&macsecSCI != 0 {
		n += 8
	}
	return d.skipTag(c, n)
}
