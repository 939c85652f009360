package filter

// relation is a comparison of numbers. Before it stand the conditions that its fields are
// there at all.
func (c *compiler) relation(n *relation) (*cond, error) {
	a, hasA, err := c.number(n.a)
	if err != nil {
		return nil, err
	}
	b, hasB, err := c.number(n.b)
	if err != nil {
		return nil, err
	}
	var holds *cond
	switch n.op {
	case "=", "!=":
		holds = c.values.compareValues(testEqual, a, b)
	case ">", "<=":
		holds = c.values.compareValues(testGreater, a, b)
	case ">=", "<":
		holds = c.values.compareValues(testAtLeast, a, b)
	}
	switch n.op {
	case "!=", "<=", "<":
		holds = not(holds)
	}
	return all(hasA, hasB, holds), nil
}

var aluOps = map[string]aluOp{
	"+": aluAdd, "-": aluSub, "*": aluMul, "/": aluDiv, "%": aluMod,
	"&": aluAnd, "|": aluOr, "^": aluXor, "<<": aluShl, ">>": aluShr,
}

// number is the value of an arithmetic expression, with the condition, or nil, on which it
// has one. Of two operands tcpdump asks for the first one's condition only: whoever compares
// (ip[2:2] - tcp[12]) has to ask for tcp before.
func (c *compiler) number(n number) (valueID, *cond, error) {
	switch n := n.(type) {
	case *constant:
		return c.values.constant(n.v), nil, nil
	case *packetLen:
		return c.values.length(), nil, nil
	case *minus:
		x, has, err := c.number(n.x)
		if err != nil {
			return noValue, nil, err
		}
		return c.values.neg(x), has, nil
	case *operation:
		a, has, err := c.number(n.a)
		if err != nil {
			return noValue, nil, err
		}
		b, _, err := c.number(n.b)
		if err != nil {
			return noValue, nil, err
		}
		if err := c.rightValue(n, a, b); err != nil {
			return noValue, nil, err
		}
		return c.values.operation(aluOps[n.op], a, b), has, nil
	case *field:
		return c.field(n)
	}
	panic("filter: a number of no known type")
}

// rightValue refuses an operand that turns out to be a constant which makes no number. tcpdump
// may not find that out, where it leaves out the test that needs the number.
func (c *compiler) rightValue(n *operation, a, b valueID) error {
	k, known := c.values.known(c.values.folded(b))
	if !known {
		return nil
	}
	if _, known = c.values.known(c.values.folded(a)); known && (n.op == "<<" || n.op == ">>") {
		return nil // both are known: nothing is left, if by too many bits
	}
	if err := rightConstant(n.op, n.b.where(), k); err != nil {
		return unsupported(n.b.where(), "%s by %d", n.op, k)
	}
	return nil
}

// field is proto[index:size].
func (c *compiler) field(n *field) (valueID, *cond, error) {
	index, has, err := c.number(n.index)
	if err != nil {
		return noValue, nil, err
	}
	size := uint8(n.size)
	switch n.proto {
	case "link":
		return c.values.index(size, c.header, index), has, nil
	case "ip", "ip6", "arp", "rarp", "atalk", "decnet", "lat", "sca", "mopdl", "moprc":
		carried, err := c.linkType(n.place, etherTypes[n.proto])
		return c.values.index(size, c.ip(0), index), all(has, carried), err
	case "icmp6":
		carried, err := c.linkType(n.place, etherIP6)
		carried = all(has, carried, c.at(1, c.ip(6), protoICMP6))
		return c.values.index(size, c.ip(40), index), carried, err
	case "tcp", "udp", "sctp", "icmp", "igmp", "igrp", "pim", "vrrp", "carp":
		// Of IPv4 only, behind its options, and not in later fragments.
		ip, err := c.linkType(n.place, etherIP)
		if err != nil {
			return noValue, nil, err
		}
		carried, err := c.abbreviation(n.place, n.proto)
		behind := c.values.operation(aluAdd, index, c.values.header(c.ip(0)))
		return c.values.index(size, c.ip(0), behind), all(ip, has, carried, c.firstFragment()), err
	case "radio":
		return noValue, nil, wrong(n.place, "no radio header")
	}
	return noValue, nil, wrong(n.place, "no fields of %s", n.proto)
}
