package packet

import "encoding/binary"

const (
	sllHeader  = 16
	sll2Header = 20

	// ARPHRD values of Linux for which the protocol field means something else.
	arphrdNetlink  = 824
	arphrdRadiotap = 803
	arphrdFrad     = 770

	protocol8022 = 0x0004 // Linux's number for frames that begin with IEEE 802.2
)

// sll reads the cooked header of "tcpdump -i any", version 1 (LINKTYPE_LINUX_SLL).
func (d *Decoder) sll(c *cursor) Reason {
	if len(c.b) < sllHeader {
		return c.short(sllHeader, BadLink)
	}
	hardware, protocol := be16(c.b[2:]), be16(c.b[14:])
	c.skip(sllHeader)
	return d.cooked(c, hardware, protocol)
}

// sll2 reads the cooked header of "tcpdump -i any", version 2 (LINKTYPE_LINUX_SLL2).
// The interface is no zone: a packet seen on two of them is the same packet.
func (d *Decoder) sll2(c *cursor) Reason {
	if len(c.b) < sll2Header {
		return c.short(sll2Header, BadLink)
	}
	hardware, protocol := be16(c.b[8:]), be16(c.b[0:])
	c.skip(sll2Header)
	return d.cooked(c, hardware, protocol)
}

func (d *Decoder) cooked(c *cursor, hardware, protocol uint16) Reason {
	switch hardware {
	case arphrdNetlink, arphrdFrad:
		return OtherEtherType
	case arphrdRadiotap:
		return d.radiotap(c)
	}
	if protocol == protocol8022 {
		return d.llc(c)
	}
	return d.etherType(c, protocol)
}

// Address families of the systems that capture on loopback.
const (
	afINET         = 2
	afINET6Linux   = 10
	afINET6BSD     = 24 // NetBSD, OpenBSD, BSD/OS
	afINET6FreeBSD = 28
	afINET6Darwin  = 30
)

// null reads the header of BSD loopback: the address family in the byte order of the
// machine that captured. OpenBSD's (LINKTYPE_LOOP) is always big-endian.
func (d *Decoder) null(c *cursor) Reason {
	if len(c.b) < 4 {
		return c.short(4, BadLink)
	}
	family := hostFamily(c.b)
	c.skip(4)
	return d.family(c, family)
}

// hostFamily is an address family in the byte order of the machine that captured.
// Families are below 65536, which tells the order.
func hostFamily(b []byte) uint32 {
	if family := binary.LittleEndian.Uint32(b); family <= 0xffff {
		return family
	}
	return be32(b)
}

func (d *Decoder) family(c *cursor, family uint32) Reason {
	switch family {
	case afINET:
		return d.ip4(c)
	case afINET6BSD, afINET6FreeBSD, afINET6Darwin, afINET6Linux:
		return d.ip6(c)
	}
	return OtherFamily
}
