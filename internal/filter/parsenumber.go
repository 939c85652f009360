package filter

// rank is how strongly an arithmetic operator binds. tcpdump gives % and ^ no rank at all:
// zero here.
func rank(op string) int {
	switch op {
	case "|":
		return 1
	case "&":
		return 2
	case "<<", ">>":
		return 3
	case "+", "-":
		return 4
	case "*", "/":
		return 5
	case unary:
		return 6
	}
	return 0
}

// unary is the operator of -x.
const unary = "unary -"

// binds reports whether next takes the operand that stands between it and before; before
// is empty for the first operand. Where one of them has no rank, the later one does: all
// that follows a % is its right side.
func binds(before, next string) bool {
	return before == "" || rank(before) == 0 || rank(next) == 0 || rank(next) > rank(before)
}

func isArithmetic(t token) bool {
	if t.kind != tokenOperator {
		return false
	}
	switch t.word {
	case "+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>":
		return true
	}
	return false
}

// arithmetic reads a number behind that operator.
func (p *parser) arithmetic(before string) (number, error) {
	n, err := p.primary()
	if err != nil {
		return nil, err
	}
	return p.arithmeticFrom(n, before)
}

// arithmeticFrom goes on behind the first operand.
func (p *parser) arithmeticFrom(n number, before string) (number, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	for {
		t := p.next()
		if !isArithmetic(t) || !binds(before, t.word) {
			return n, nil
		}
		p.take()
		b, err := p.arithmetic(t.word)
		if err != nil {
			return nil, err
		}
		if err := rightSide(t, b); err != nil {
			return nil, err
		}
		n = &operation{t.at, t.word, n, b}
	}
}

// rightSide refuses constants that make no number. tcpdump takes the constant that its code
// for the operand begins with for the operand: it refuses len / ip[0] too.
func rightSide(op token, n number) error {
	if c := leading(n); c != nil {
		return rightConstant(op.word, c.place, c.v)
	}
	return nil
}

func rightConstant(op string, at place, v uint32) error {
	switch op {
	case "/", "%":
		if v == 0 {
			return wrong(at, "division by zero, or what tcpdump takes for one,")
		}
	case "<<", ">>":
		if v > 31 {
			return wrong(at, "a shift by more than 31 bits, or what tcpdump takes for one,")
		}
	}
	return nil
}

// leading is the constant that the code for a number begins with, or nil.
func leading(n number) *constant {
	for {
		switch m := n.(type) {
		case *constant:
			return m
		case *field:
			n = m.index
		case *operation:
			n = m.a
		case *minus:
			n = m.x
		default:
			return nil
		}
	}
}

// primary reads a number up to the first operator between two.
func (p *parser) primary() (number, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	t := p.next()
	switch {
	case t.kind == tokenNumber:
		p.take()
		return &constant{t.at, t.number}, nil
	case t.is("len"):
		p.take()
		return &packetLen{t.at}, nil
	case t.is("-"):
		p.take()
		x, err := p.arithmetic(unary)
		return &minus{t.at, x}, err
	case t.is("("):
		p.take()
		n, err := p.arithmetic("")
		if err != nil {
			return nil, err
		}
		return n, p.expect(")")
	case p.atField():
		return p.field()
	}
	return nil, wrong(t.at, "a number is missing")
}

// atField reports whether a proto[ follows.
func (p *parser) atField() bool {
	t := p.next()
	return t.kind == tokenKeyword && isProtocol(t.word) && p.after().is("[")
}

// field reads proto[index:size].
func (p *parser) field() (number, error) {
	t := p.take()
	p.take()
	index, err := p.arithmetic("")
	if err != nil {
		return nil, err
	}
	f := &field{t.at, t.word, index, 1}
	if p.accept(":") {
		size := p.take()
		if size.kind != tokenNumber || size.number != 1 && size.number != 2 && size.number != 4 {
			return nil, wrong(size.at, "a field has 1, 2 or 4 bytes")
		}
		f.size = size.number
	}
	return f, p.expect("]")
}
