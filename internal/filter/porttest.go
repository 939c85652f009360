package filter

import (
	"strconv"
	"strings"
)

// transportOrder is the order in which a port is looked for.
var transportOrder = []struct {
	on     transports
	number uint32
}{{onSCTP, protoSCTP}, {onTCP, protoTCP}, {onUDP, protoUDP}}

// anyTransport is of a number, and of a name that TCP and UDP share.
const anyTransport = onTCP | onUDP | onSCTP

var portTransports = map[string]transports{
	"": anyTransport, "tcp": onTCP, "udp": onUDP, "sctp": onSCTP,
}

// port is a value behind port or portrange.
func (c *compiler) port(n *value) (*cond, error) {
	on, ok := portTransports[n.q.proto]
	if !ok {
		return nil, wrong(n.place, "%s has no ports", n.q.proto)
	}
	low, high := n.tok.number, n.tok.number
	switch n.tok.kind {
	case tokenNumber:
	case tokenName:
		var named transports
		var err error
		if low, high, named, err = portNames(n); err != nil {
			return nil, err
		}
		if named&on == 0 {
			return nil, wrong(n.place, "not a port of %s", n.q.proto)
		}
		on &= named
	default:
		return nil, wrong(n.place, "an address for a port")
	}
	if n.length >= 0 || n.mask.kind != tokenEnd {
		return nil, wrong(n.place, "a network for a port")
	}
	if max(low, high) > 65535 {
		return nil, wrong(n.place, "a port is a number up to 65535")
	}
	return c.ports(n, on, min(low, high), max(low, high))
}

// portNames is a port by its name, or a range of two by names or numbers. The hyphen that
// makes a range is the first one.
func portNames(n *value) (low, high uint32, on transports, err error) {
	from, to, isRange := strings.Cut(n.tok.word, "-")
	if n.q.kind == "port" {
		low, on, err = portName(n, n.tok.word)
		return low, low, on, err
	}
	if !isRange {
		return 0, 0, 0, wrong(n.place, "a range is of two ports: http-https")
	}
	low, onLow, err := portName(n, from)
	if err != nil {
		return 0, 0, 0, err
	}
	high, onHigh, err := portName(n, to)
	if onLow != onHigh {
		onLow = anyTransport
	}
	return low, high, onLow, err
}

// portName is a port by its name or, in a range, by its decimal number.
func portName(n *value, s string) (port uint32, on transports, err error) {
	if n.q.kind == "portrange" && s != "" && strings.Trim(s, "0123456789") == "" {
		v, err := strconv.ParseUint(s, 10, 16)
		if err != nil {
			return 0, 0, wrong(n.place, "a port is a number up to 65535")
		}
		return uint32(v), anyTransport, nil
	}
	known, ok := services[s]
	switch {
	case !ok:
		return 0, 0, unsupported(n.place, "this name of a port; write the number")
	case known.on == onTCP|onUDP:
		return uint32(known.port), anyTransport, nil
	}
	return uint32(known.port), known.on, nil
}

// ports is the condition on the ports of IPv6, right behind its header, and of IPv4, in
// first fragments.
func (c *compiler) ports(n *value, on transports, low, high uint32) (*cond, error) {
	ip6, err := c.linkType(n.place, etherIP6)
	if err != nil {
		return nil, err
	}
	ip4, err := c.linkType(n.place, etherIP)
	if err != nil {
		return nil, err
	}
	var conds4, conds6 []*cond
	for _, t := range transportOrder {
		if t.on&on == 0 {
			continue
		}
		conds6 = append(conds6, all(c.at(1, c.ip(6), t.number),
			c.directed(n.q.dir, func(source bool) *cond {
				return c.inRange(c.values.load(2, c.ip(40+side(source))), low, high)
			})))
		header := c.values.header(c.ip(0))
		conds4 = append(conds4, all(c.at(1, c.ip(9), t.number), c.firstFragment(),
			c.directed(n.q.dir, func(source bool) *cond {
				return c.inRange(c.values.index(2, c.ip(side(source)), header), low, high)
			})))
	}
	return anyOf(all(ip6, anyOf(conds6...)), all(ip4, anyOf(conds4...))), nil
}

// side is the offset of a port in TCP, UDP and SCTP.
func side(source bool) int {
	if source {
		return 0
	}
	return 2
}

func (c *compiler) firstFragment() *cond { return not(c.bits(2, c.ip(6), 0x1FFF)) }

func (c *compiler) inRange(v valueID, low, high uint32) *cond {
	if low == high {
		return c.values.compare(testEqual, v, low)
	}
	return all(c.values.compare(testAtLeast, v, low), not(c.values.compare(testGreater, v, high)))
}
