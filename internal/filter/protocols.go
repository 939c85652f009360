package filter

// abbreviation is the condition of a protocol that stands alone.
func (c *compiler) abbreviation(at place, word string) (*cond, error) {
	switch word {
	case "tcp", "udp", "sctp", "pim", "ah", "esp":
		return c.ipProtocol(at, "", ipNumbers[word])
	case "icmp", "igmp", "igrp", "vrrp", "carp":
		return c.ipProtocol(at, "ip", ipNumbers[word])
	case "icmp6":
		return c.ipProtocol(at, "ip6", protoICMP6)
	case "link":
		return nil, wrong(at, "the link layer is no condition")
	case "radio":
		return nil, wrong(at, "no radio header")
	}
	if typ, ok := etherTypes[word]; ok {
		return c.linkType(at, typ)
	}
	return nil, unsupported(at, "OSI protocols above CLNS")
}

// ipProtocol is the condition on the protocol in the header of IPv4, of IPv6 or, if proto
// is empty, of either. In IPv6 that may be behind a fragment header, and no other one.
func (c *compiler) ipProtocol(at place, proto string, number uint32) (*cond, error) {
	switch proto {
	case "ip":
		ip, err := c.linkType(at, etherIP)
		return all(ip, c.at(1, c.ip(9), number)), err
	case "ip6":
		ip, err := c.linkType(at, etherIP6)
		fragment := all(c.at(1, c.ip(6), protoFragment), c.at(1, c.ip(40), number))
		return all(ip, anyOf(c.at(1, c.ip(6), number), fragment)), err
	}
	ip4, err := c.ipProtocol(at, "ip", number)
	if err != nil {
		return nil, err
	}
	ip6, err := c.ipProtocol(at, "ip6", number)
	return anyOf(ip4, ip6), err
}

// proto is a value behind "proto".
func (c *compiler) proto(n *value) (*cond, error) {
	number := n.tok.number
	switch n.tok.kind {
	case tokenName:
		names, what := ipProtocols, "IP protocol"
		if n.q.proto == "link" {
			names, what = etherTypes, "Ethernet type"
		}
		if n.q.proto == "" || n.q.proto == "ip" || n.q.proto == "ip6" || n.q.proto == "link" {
			var ok bool
			if number, ok = names[n.tok.word]; !ok {
				return nil, wrong(n.place, "no %s has this name", what)
			}
		}
	case tokenNumber:
	default:
		return nil, wrong(n.place, "an address for a protocol")
	}
	switch n.q.proto {
	case "", "ip", "ip6":
		return c.ipProtocol(n.place, n.q.proto, number)
	case "link":
		return c.linkType(n.place, number)
	case "iso", "isis":
		return nil, unsupported(n.place, "OSI protocols above CLNS")
	}
	return nil, wrong(n.place, "no protocol is told in %s", n.q.proto)
}

// cast is broadcast or multicast.
func (c *compiler) cast(n *cast) (*cond, error) {
	switch n.proto {
	case "", "link":
		if c.kind != kindEthernet {
			return nil, wrong(n.place, "no link-layer %s on %s", n.word, c.name)
		}
		if n.word == "broadcast" {
			return c.mac(c.header, [6]byte{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}), nil
		}
		return c.bits(1, c.header, 1), nil
	case "ip":
		ip, err := c.linkType(n.place, etherIP)
		if n.word == "multicast" {
			first := c.values.load(1, c.ip(16))
			return all(ip, c.values.compare(testAtLeast, first, 224)), err
		}
		if c.conf.Target == Kernel {
			return nil, unsupported(n.place, "the netmask of an interface; its broadcast address can be named: ip dst 192.0.2.255")
		}
		// A file has no netmask; these are broadcast addresses with any.
		return all(ip, anyOf(c.at(4, c.ip(16), 0), c.at(4, c.ip(16), 0xFFFFFFFF))), err
	case "ip6":
		if n.word == "multicast" {
			ip, err := c.linkType(n.place, etherIP6)
			return all(ip, c.at(1, c.ip(24), 0xFF)), err
		}
	}
	return nil, wrong(n.place, "no %s of %s", n.word, n.proto)
}

// bits is the condition that one of the bits of mask is set.
func (c *compiler) bits(size uint8, offset int, mask uint32) *cond {
	return c.values.compare(testBits, c.values.load(size, offset), mask)
}

// mac is the condition on an Ethernet address, the later bytes first, as they differ more.
func (c *compiler) mac(offset int, m [6]byte) *cond {
	low := uint32(m[2])<<24 | uint32(m[3])<<16 | uint32(m[4])<<8 | uint32(m[5])
	return all(c.at(4, offset+2, low), c.at(2, offset, uint32(m[0])<<8|uint32(m[1])))
}
