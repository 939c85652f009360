package packet

const (
	mplsEntry       = 4
	mplsControlWord = 4 // RFC 4385
	mplsBottom      = 1 // in the third byte of an entry
)

// mpls reads a label stack, RFC 3032 2.1, and what is below it. Labels are no zone:
// each direction of a connection has its own.
func (d *Decoder) mpls(c *cursor) Reason {
	if !c.enter() {
		return TooDeep
	}
	for bottom := false; !bottom; {
		if len(c.b) < mplsEntry {
			return c.short(mplsEntry, BadLink)
		}
		bottom = c.b[2]&mplsBottom != 0
		c.skip(mplsEntry)
	}
	return d.labelled(c)
}

// labelled reads what only the router at the end of the path knows the type of. The
// first 4 bits tell IP from a pseudowire's control word (RFC 4928 3); where they could
// begin an address of Ethernet as well, lengths and EtherTypes decide.
func (d *Decoder) labelled(c *cursor) Reason {
	const need = 6 // up to the length of IPv6
	if len(c.b) < need {
		return c.short(need, BadLink)
	}
	switch c.b[0] >> 4 {
	case 4:
		if total := int(be16(c.b[2:])); c.b[0]&0x0f >= 5 && (total >= ip4Header && total <= c.wire || total == 0) {
			return d.ip4(c)
		}
	case 6:
		if ip6Header+int(be16(c.b[4:])) <= c.wire {
			return d.ip6(c)
		}
	case 1: // an associated channel, RFC 4385 5
		return OtherEtherType
	case 0:
		const need = mplsControlWord + ethernetHeader
		if len(c.b) < need {
			return c.short(need, BadLink)
		}
		if carrier(be16(c.b[mplsControlWord+12:])) || !carrier(be16(c.b[12:])) {
			c.skip(mplsControlWord)
		}
	}
	return d.ethernet(c)
}

// carrier reports whether packets of an EtherType are read further.
func carrier(typ uint16) bool {
	switch typ {
	case etherIPv4, etherIPv6, etherVLAN, etherQinQ, etherMPLS, etherPPPoE:
		return true
	}
	return false
}
