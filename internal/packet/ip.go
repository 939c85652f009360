package packet

import "net/netip"

// IP protocol numbers, https://www.iana.org/assignments/protocol-numbers.
const (
	protoHopByHop    = 0
	protoICMP        = 1
	protoIPv4        = 4
	protoTCP         = 6
	protoUDP         = 17
	protoIPv6        = 41
	protoRouting     = 43
	protoFragment    = 44
	protoGRE         = 47
	protoESP         = 50
	protoAH          = 51
	protoICMPv6      = 58
	protoDestOptions = 60
	protoEtherIP     = 97 // RFC 3378
	protoSCTP        = 132
	protoMobility    = 135
	protoMPLS        = 137 // RFC 4023
	protoHIP         = 139
	protoShim6       = 140
	protoEthernet    = 143 // RFC 8986
)

// ip reads a packet that has no header before IP.
func (d *Decoder) ip(c *cursor) Reason {
	if len(c.b) == 0 {
		return c.short(1, BadIP)
	}
	if c.b[0]>>4 == 6 {
		return d.ip6(c)
	}
	return d.ip4(c)
}

// ipPayload reads what IP carries between src and dst: the extension headers that are
// left, then the protocol.
func (d *Decoder) ipPayload(c *cursor, proto uint8, src, dst netip.Addr) Reason {
	for range maxDepth {
		switch proto {
		case protoTCP:
			return c.tcp(src, dst)
		case protoUDP:
			return d.udp(c, src, dst)
		case protoIPv4, protoIPv6, protoGRE, protoEtherIP, protoMPLS, protoEthernet:
			return d.ipTunnel(c, proto, src, dst)
		case protoHopByHop, protoRouting, protoFragment, protoAH, protoDestOptions, protoMobility, protoHIP, protoShim6:
		default:
			return leaf(proto)
		}
		// Each of them is at least 8 bytes long and begins with the Next Header.
		if len(c.b) < extHeader {
			return c.short(extHeader, BadIP)
		}
		next := c.b[0]
		switch proto {
		case protoFragment:
			return d.fragment6(c, src, dst)
		case protoRouting:
			dst = finalAddr(c.b, dst)
		}
		n := extLength(proto, c.b[1])
		if len(c.b) < n {
			return c.short(n, BadIP)
		}
		c.skip(n)
		proto = next
	}
	return TooDeep
}

// leaf is the reason for a protocol that carries no TCP, and TCP for one that may.
func leaf(proto uint8) Reason {
	switch proto {
	case protoTCP, protoUDP, protoAH, protoIPv4, protoIPv6, protoGRE, protoEtherIP, protoMPLS, protoEthernet:
		return TCP
	case protoICMP, protoICMPv6:
		return ICMP
	case protoSCTP:
		return SCTP
	case protoESP:
		return ESP
	}
	return OtherIP
}
