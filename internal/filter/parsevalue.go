package filter

// values reads one value, or several in parentheses, that have those qualifiers.
func (p *parser) values(q qualifiers) (operand, error) {
	if err := p.enter(); err != nil {
		return operand{}, err
	}
	defer p.leave()
	t := p.next()
	switch {
	case t.is("not"):
		p.take()
		o, err := p.values(q)
		o.cond = &negation{t.at, o.cond}
		return o, err
	case t.is("("):
		p.take()
		o, err := p.values(q)
		if err == nil {
			o, err = p.chain(o)
		}
		if err == nil {
			err = p.expect(")")
		}
		return o, err
	case t.kind == tokenKeyword:
		return operand{}, wrong(t.at, `a keyword for a value, which a \ before it would make a name`)
	case t.kind == tokenEnd || t.kind == tokenOperator:
		return operand{}, wrong(t.at, "a value is missing")
	}
	p.take()
	v := &value{place: t.at, tok: t, length: -1}
	if t.kind == tokenIPv4 && p.accept("mask") {
		v.mask = p.take()
		if v.mask.kind != tokenIPv4 {
			return operand{}, wrong(v.mask.at, "not a netmask")
		}
	} else if (t.kind == tokenIPv4 || t.kind == tokenIPv6) && p.accept("/") {
		n := p.take()
		if n.kind != tokenNumber {
			return operand{}, wrong(n.at, "not the length of a prefix")
		}
		v.length = int64(n.number)
	}
	return p.qualified(q, v)
}

// qualified is a value as an operand, if qualifiers have come for it.
func (p *parser) qualified(q qualifiers, v *value) (operand, error) {
	if !q.given {
		return operand{}, wrong(v.place, "a value without host, net, port or the like before it")
	}
	v.q = q
	return operand{cond: v, q: q, bare: true}, nil
}

// keyword reads a condition that begins with a keyword.
func (p *parser) keyword() (operand, error) {
	t := p.next()
	proto := ""
	if isProtocol(t.word) {
		p.take()
		proto = t.word
	}
	q := qualifiers{proto: proto, given: true}
	switch n := p.next(); {
	case n.kind != tokenKeyword:
	case n.word == "broadcast" || n.word == "multicast":
		p.take()
		return operand{cond: &cast{n.at, n.word, proto}}, nil
	case n.word == "type" || n.word == "subtype" || n.word == "dir":
		return operand{}, unsupported(n.at, "the header of IEEE 802.11")
	case n.word == "proto" || n.word == "protochain" || n.word == "gateway":
		p.take()
		q.kind = n.word
		return p.head(q)
	case p.direction(&q) || isAddressKind(n.word):
		if kind := p.next(); kind.kind == tokenKeyword && isAddressKind(kind.word) {
			p.take()
			q.kind = kind.word
		}
		return p.head(q)
	}
	if proto != "" {
		return operand{cond: &protocol{t.at, proto}}, nil
	}
	return p.primitive()
}

// head reads the values behind qualifiers.
func (p *parser) head(q qualifiers) (operand, error) {
	o, err := p.values(q)
	o.bare = false
	return o, err
}

func isAddressKind(word string) bool {
	return word == "host" || word == "net" || word == "port" || word == "portrange"
}

// direction reads src, dst, and both with "and" or "or" between them.
func (p *parser) direction(q *qualifiers) bool {
	t := p.next()
	switch t.word {
	case "src", "dst":
		p.take()
		q.dir = t.word
		if link := p.next(); link.is("and") || link.is("or") {
			// Nothing but the other direction can follow here.
			if other := p.after(); other.is("src") || other.is("dst") {
				if other.word != t.word {
					p.take()
					p.take()
					q.dir = "src " + link.word + " dst"
				}
			}
		}
		return true
	case "addr1", "addr2", "addr3", "addr4", "ra", "ta":
		p.take()
		q.dir = t.word
		return true
	}
	return false
}

// primitive reads what begins with none of the qualifiers.
func (p *parser) primitive() (operand, error) {
	t := p.take()
	n := &primitive{t.at, t.word, -1}
	switch t.word {
	case "inbound", "outbound", "pppoed":
		return operand{cond: n}, nil
	case "less", "greater", "ifindex":
		v := p.take()
		if v.kind != tokenNumber {
			return operand{}, wrong(v.at, "a number is missing")
		}
		n.number = int64(v.number)
		return operand{cond: n}, nil
	case "vlan", "mpls", "pppoes":
		if p.next().kind != tokenNumber && !p.next().is("(") {
			return operand{cond: n}, nil
		}
		v, err := p.plainNumber()
		n.number = int64(v)
		return operand{cond: n}, err
	case "mask":
		return operand{}, wrong(t.at, "syntax error")
	}
	return operand{}, unsupported(t.at, "this primitive")
}

// plainNumber reads a number, in parentheses or not.
func (p *parser) plainNumber() (uint32, error) {
	open := 0
	for p.accept("(") {
		open++
	}
	t := p.take()
	if t.kind != tokenNumber {
		return 0, wrong(t.at, "a number is missing")
	}
	for range open {
		if err := p.expect(")"); err != nil {
			return 0, err
		}
	}
	return t.number, nil
}
