package packet

import "net/netip"

const (
	ip4Header        = 20
	ip4MoreFragments = 0x2000
	ip4OffsetMask    = 0x1fff
)

// ip4 reads an IPv4 header, RFC 791 3.1. Options are skipped, whatever they hold.
func (d *Decoder) ip4(c *cursor) Reason {
	b := c.b
	if len(b) < ip4Header {
		return c.short(ip4Header, BadIP)
	}
	header := int(b[0]&0x0f) * 4
	total := int(be16(b[2:]))
	if total == 0 {
		// The sender's network card was to set it: a large send that is cut into
		// packets below the point of capture, over 65535 bytes with BIG TCP.
		total = c.wire
	}
	if b[0]>>4 != 4 || header < ip4Header || total < header {
		return BadIP
	}
	if len(b) < header {
		return c.short(header, Cut)
	}
	c.b = b[header:min(total, len(b))]
	c.wire = total - header

	src, dst := netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
	proto := b[9]
	if ff := be16(b[6:]); ff&(ip4MoreFragments|ip4OffsetMask) != 0 {
		return d.fragment4(c, fragment{
			key:  fragmentKey{src: src, dst: dst, id: uint32(be16(b[4:])), zone: c.zone, proto: proto},
			off:  int(ff&ip4OffsetMask) * 8,
			last: ff&ip4MoreFragments == 0,
			next: proto,
		})
	}
	if proto == protoTCP {
		return c.tcp(src, dst)
	}
	return d.ipPayload(c, proto, src, dst)
}
