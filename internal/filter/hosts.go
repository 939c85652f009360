package filter

import (
	"encoding/binary"
	"net/netip"
)

// value is a value with its qualifiers.
func (c *compiler) value(n *value) (*cond, error) {
	switch n.q.dir {
	case "", "src", "dst", "src or dst", "src and dst":
	default:
		return nil, wrong(n.place, "%s is of IEEE 802.11 only", n.q.dir)
	}
	switch n.q.kind {
	case "gateway":
		return nil, unsupported(n.place, "gateway, which takes names of hosts; it is: ether host <MAC> and not host <IP>")
	case "protochain":
		return nil, unsupported(n.place, "protochain, for which the kernel has no loops")
	case "proto":
		if n.length >= 0 || n.mask.kind != tokenEnd {
			return nil, wrong(n.place, "a network for a protocol")
		}
		return c.proto(n)
	case "port", "portrange":
		return c.port(n)
	}
	if n.q.proto == "decnet" {
		return nil, unsupported(n.place, "DECnet addresses")
	}
	switch n.tok.kind {
	case tokenNumber:
		return c.numberedHost(n)
	case tokenIPv4:
		return c.host4(n)
	case tokenIPv6:
		return c.host6(n)
	case tokenMAC:
		return c.hostMAC(n)
	case tokenARCnet:
		return nil, wrong(n.place, "ARCnet addresses are of ARCnet only")
	}
	switch {
	case n.q.proto == "link":
		return nil, unsupported(n.place, "names of Ethernet addresses")
	case n.q.kind == "net":
		return nil, unsupported(n.place, "names of networks")
	}
	return nil, unsupported(n.place, "names of hosts are not looked up; write the address")
}

// numberedHost is a single number. A network lacks its last bytes, a host its first.
func (c *compiler) numberedHost(n *value) (*cond, error) {
	addr, mask := n.tok.number, uint32(0xFFFFFFFF)
	if n.q.kind == "net" {
		for addr != 0 && addr&0xFF000000 == 0 {
			addr <<= 8
			mask <<= 8
		}
	}
	return c.network4(n, addr, mask)
}

// host4 is an IPv4 address, whose missing bytes may be anything, or a network.
func (c *compiler) host4(n *value) (*cond, error) {
	addr, bits, err := parseIP4(n.tok)
	if err != nil {
		return nil, err
	}
	addr <<= 32 - bits
	mask := uint32(0xFFFFFFFF) << (32 - bits)
	switch {
	case n.mask.kind != tokenEnd:
		given, bits, err := parseIP4(n.mask)
		if err != nil {
			return nil, err
		}
		mask = given << (32 - bits)
	case n.length > 32:
		return nil, wrong(n.place, "an IPv4 prefix has up to 32 bits")
	case n.length >= 0:
		mask = uint32(uint64(0xFFFFFFFF) << (32 - n.length))
	}
	if addr&^mask != 0 {
		return nil, wrong(n.place, "bits of the host are set")
	}
	if (n.length >= 0 || n.mask.kind != tokenEnd) && n.q.kind != "net" {
		return nil, wrong(n.place, "a mask is for networks, behind net")
	}
	return c.network4(n, addr, mask)
}

// network4 is the condition on the addresses of IPv4, ARP and RARP.
func (c *compiler) network4(n *value, addr, mask uint32) (*cond, error) {
	protocols := []string{n.q.proto}
	switch n.q.proto {
	case "ip", "arp", "rarp":
	case "":
		protocols = []string{"ip", "arp", "rarp"}
		if c.labels > 0 {
			protocols = protocols[:1]
		}
	case "link":
		return nil, wrong(n.place, "not an Ethernet address")
	default:
		return nil, wrong(n.place, "%s has no IPv4 addresses", n.q.proto)
	}
	var conds []*cond
	for _, p := range protocols {
		src, dst := 14, 24
		if p == "ip" {
			src, dst = 12, 16
		}
		carried, err := c.linkType(n.place, etherTypes[p])
		if err != nil {
			return nil, err
		}
		// The link layer is asked anew for each address, which costs nothing where it is
		// known, and is tcpdump's order.
		conds = append(conds, c.directed(n.q.dir, func(source bool) *cond {
			offset := dst
			if source {
				offset = src
			}
			return all(carried, c.masked(4, c.ip(offset), mask, addr))
		}))
	}
	return anyOf(conds...), nil
}

// directed is a condition on the source, on the destination, or on both.
func (c *compiler) directed(dir string, side func(source bool) *cond) *cond {
	switch dir {
	case "src":
		return side(true)
	case "dst":
		return side(false)
	case "src and dst":
		return all(side(true), side(false))
	}
	return anyOf(side(true), side(false))
}

// host6 is an IPv6 address or network.
func (c *compiler) host6(n *value) (*cond, error) {
	addr, err := parseIP6(n.tok)
	if err != nil {
		return nil, err
	}
	if n.length > 128 {
		return nil, wrong(n.place, "an IPv6 prefix has up to 128 bits")
	}
	if n.q.proto != "" && n.q.proto != "ip6" {
		return nil, wrong(n.place, "%s has no IPv6 addresses", n.q.proto)
	}
	bits := 128
	if n.length >= 0 && n.length < 128 && n.q.kind != "net" {
		return nil, wrong(n.place, "a prefix is for networks, behind net")
	}
	if n.length >= 0 {
		bits = int(n.length)
	}
	if netip.PrefixFrom(addr, bits).Masked().Addr() != addr {
		return nil, wrong(n.place, "bits of the host are set")
	}
	carried, err := c.linkType(n.place, etherIP6)
	if err != nil {
		return nil, err
	}
	raw := addr.As16()
	return c.directed(n.q.dir, func(source bool) *cond {
		offset := 24
		if source {
			offset = 8
		}
		conds := []*cond{carried}
		for i := range 4 {
			mask := uint32(uint64(0xFFFFFFFF) << (32 - min(max(bits-32*i, 0), 32)))
			word := binary.BigEndian.Uint32(raw[4*i:])
			conds = append(conds, c.masked(4, c.ip(offset+4*i), mask, word))
		}
		return all(conds...)
	}), nil
}

// hostMAC is an Ethernet address.
func (c *compiler) hostMAC(n *value) (*cond, error) {
	if n.q.proto != "link" || n.q.kind == "net" {
		return nil, wrong(n.place, "an Ethernet address without ether before it")
	}
	if c.kind != kindEthernet {
		return nil, wrong(n.place, "no Ethernet addresses on %s", c.name)
	}
	m := parseMAC(n.tok.word)
	return c.directed(n.q.dir, func(source bool) *cond {
		if source {
			return c.mac(c.header+6, m)
		}
		return c.mac(c.header, m)
	}), nil
}
