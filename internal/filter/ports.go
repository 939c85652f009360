package filter

import "slices"

// Ports makes a program for packets that may belong to a TCP connection of one of the
// ports, in either direction, over IPv4 or IPv6 and behind up to three VLAN tags. To miss
// nothing it also keeps fragments of IP, whose ports may be in another one, and IPv6 packets
// with extension headers, behind which a classic program finds nothing. It is for both
// targets: the kernel keeps the outer tag beside the packet, where it is in nobody's way.
func Ports(link uint32, ports []uint16) (*Program, error) {
	return (&Expr{}).Program(Config{Link: link, Ports: ports})
}

// maxTags is how many VLAN tags Ports looks behind.
const maxTags = 3

// connections is the condition of [Ports]. It leaves the layout somewhere behind tags.
func (c *compiler) connections(ports []uint16) *cond {
	ports = slices.Clone(ports)
	slices.Sort(ports)
	ports = slices.Compact(ports)
	var tagged []*cond // the tags before the headers looked for
	var either []*cond
	for range maxTags + 1 {
		either = append(either, all(all(tagged...), c.connection(ports)))
		if c.kind != kindEthernet && c.kind != kindSLL && c.kind != kindSLL2 {
			break
		}
		tagged = append(tagged, tag(&c.values, c.typ))
		c.typ, c.payload = c.payload+2, c.payload+4
	}
	return anyOf(either...)
}

// connection is the condition on the headers at one place.
func (c *compiler) connection(ports []uint16) *cond {
	// Without MPLS labels there is no error.
	ip4, _ := c.linkType(place{}, etherIP)
	ip6, _ := c.linkType(place{}, etherIP6)
	header := c.values.header(c.ip(0))
	const moreOrLater = 0x3FFF
	tcp4 := all(ip4, c.at(1, c.ip(9), protoTCP), anyOf(
		c.bits(2, c.ip(6), moreOrLater),
		c.oneOf(c.values.index(2, c.ip(0), header), ports),
		c.oneOf(c.values.index(2, c.ip(2), header), ports)))
	tcp6 := all(c.at(1, c.ip(6), protoTCP), anyOf(
		c.oneOf(c.values.load(2, c.ip(40)), ports),
		c.oneOf(c.values.load(2, c.ip(42)), ports)))
	extended := c.oneOf(c.values.load(1, c.ip(6)),
		[]uint16{protoHopByHop, protoRouting, protoFragment, protoAH, protoDestOpts})
	return anyOf(tcp4, all(ip6, anyOf(tcp6, extended)))
}

func (c *compiler) oneOf(v valueID, numbers []uint16) *cond {
	var conds []*cond
	for _, n := range numbers {
		conds = append(conds, c.values.compare(testEqual, v, uint32(n)))
	}
	return anyOf(conds...)
}
