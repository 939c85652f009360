package filter

import "fmt"

// Link types, as in https://www.tcpdump.org/linktypes.html.
const (
	linkNull       = 0
	linkEthernet   = 1
	linkPPP        = 9
	linkRawBSD     = 12 // DLT_RAW of most systems, written by some tools as it is
	linkRawOpenBSD = 14 // DLT_RAW of OpenBSD
	linkPPPSerial  = 50
	linkRaw        = 101
	linkLoop       = 108
	linkSLL        = 113
	linkPPPD       = 166
	linkIPv4       = 228
	linkIPv6       = 229
	linkSLL2       = 276
)

type linkKind uint8

const (
	kindEthernet linkKind = iota
	kindRaw
	kindIPv4
	kindIPv6
	kindSLL
	kindSLL2
	kindNull
	kindLoop
	kindPPP
)

// layout is where the headers of a packet are. vlan, mpls and pppoes change it for what
// stands behind them in an expression.
type layout struct {
	kind    linkKind
	name    string
	header  int // offset of the link-layer header
	typ     int // offset of the protocol's number
	payload int // offset of what the link layer carries
	network int // offset of the network layer in payload: 0, but for MPLS labels
	llc     int // the same if an LLC header stands before it
	labels  int // MPLS labels so far
	tags    int // VLAN tags so far
}

// layoutOf is where a packet of a link type has its headers.
func layoutOf(link uint32) (layout, error) {
	switch link {
	case linkEthernet:
		return layout{kind: kindEthernet, name: "Ethernet", typ: 12, payload: 14, llc: 3}, nil
	case linkRaw, linkRawBSD, linkRawOpenBSD:
		return layout{kind: kindRaw, name: "Raw IP"}, nil
	case linkIPv4:
		return layout{kind: kindIPv4, name: "Raw IPv4"}, nil
	case linkIPv6:
		return layout{kind: kindIPv6, name: "Raw IPv6"}, nil
	case linkSLL:
		return layout{kind: kindSLL, name: "Linux cooked v1", typ: 14, payload: 16}, nil
	case linkSLL2:
		return layout{kind: kindSLL2, name: "Linux cooked v2", payload: 20}, nil
	case linkNull:
		return layout{kind: kindNull, name: "BSD loopback", payload: 4}, nil
	case linkLoop:
		return layout{kind: kindLoop, name: "OpenBSD loopback", payload: 4}, nil
	case linkPPP, linkPPPSerial, linkPPPD:
		return layout{kind: kindPPP, name: "PPP", typ: 2, payload: 4}, nil
	}
	return layout{}, fmt.Errorf("filter: %w: filters on link type %d", ErrUnsupported, link)
}

// ip is the offset of a byte of the network header.
func (l *layout) ip(offset int) int { return l.payload + l.network + offset }
