package filter

// maxDepth bounds parentheses, "not" and arithmetic within each other.
const maxDepth = 400

// Parse reads an expression; an empty one matches every packet. The error is a
// [*SyntaxError].
func Parse(expr string) (*Expr, error) {
	e := &Expr{text: expr}
	tokens, err := lex(expr)
	if err == nil && len(tokens) > 1 {
		e.root, err = (&parser{tokens: tokens}).whole()
	}
	if err != nil {
		return nil, located(err, expr)
	}
	return e, nil
}

// parser is a recursive descent. The language is not quite made for it: what a ( opens is
// known only from what it holds, so that operand has a type for each.
type parser struct {
	tokens []token // ends in tokenEnd
	i      int
	depth  int
}

func (p *parser) next() token { return p.tokens[p.i] }

func (p *parser) after() token { return p.tokens[min(p.i+1, len(p.tokens)-1)] }

func (p *parser) take() token {
	t := p.tokens[p.i]
	if t.kind != tokenEnd {
		p.i++
	}
	return t
}

// accept takes the next token if it is that word.
func (p *parser) accept(word string) bool {
	if p.next().is(word) {
		p.i++
		return true
	}
	return false
}

func (p *parser) expect(word string) error {
	if !p.accept(word) {
		return wrong(p.next().at, "%q is missing", word)
	}
	return nil
}

func (p *parser) enter() error {
	if p.depth++; p.depth > maxDepth {
		return wrong(p.next().at, "nested too deep")
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

// operand is what may stand in parentheses.
type operand struct {
	cond   node       // nil for a number
	number number     // nil for a condition
	q      qualifiers // for values that follow
	bare   bool       // cond is values only, whose qualifiers stood before: 80 or 90
}

func (p *parser) whole() (node, error) {
	o, err := p.term(qualifiers{}, false)
	if err == nil {
		o, err = p.chain(o)
	}
	if err != nil {
		return nil, err
	}
	if t := p.next(); t.kind != tokenEnd {
		return nil, wrong(t.at, "syntax error")
	}
	return o.cond, nil
}

// chain reads what may follow a first operand with "and" and "or", which bind equally:
// conditions, or only values if it was those.
func (p *parser) chain(left operand) (operand, error) {
	for p.next().is("and") || p.next().is("or") {
		t := p.take()
		read := p.values
		if !left.bare {
			read = func(q qualifiers) (operand, error) { return p.term(q, true) }
		}
		right, err := read(left.q)
		if err != nil {
			return left, err
		}
		left.cond = &logic{t.at, t.word == "or", left.cond, right.cond}
		left.q = right.q
	}
	return left, nil
}

// term reads one condition. values says whether it may be a value with the qualifiers of
// an earlier one.
func (p *parser) term(q qualifiers, values bool) (operand, error) {
	o, err := p.item(q, values)
	if err != nil || o.cond != nil {
		return o, err
	}
	return p.asValue(o, q, values)
}

// asValue makes a number that no relation follows a value.
func (p *parser) asValue(o operand, q qualifiers, values bool) (operand, error) {
	c, ok := o.number.(*constant)
	if !ok {
		return o, wrong(p.next().at, "a relation such as = is missing")
	}
	if !values {
		return o, wrong(c.place, "a number without port, net or the like before it, or a relation behind it")
	}
	return p.qualified(q, &value{place: c.place, tok: token{kind: tokenNumber, number: c.v}, length: -1})
}

// item reads a condition or, if no relation makes it one, a number.
func (p *parser) item(q qualifiers, values bool) (operand, error) {
	if err := p.enter(); err != nil {
		return operand{}, err
	}
	defer p.leave()
	t := p.next()
	switch {
	case t.is("not"):
		p.take()
		o, err := p.term(q, values)
		o.cond = &negation{t.at, o.cond}
		return o, err
	case t.is("("):
		o, err := p.parentheses(q, values)
		if err != nil || o.cond != nil {
			return o, err
		}
		return p.finishNumber(o.number)
	case t.kind == tokenNumber, t.is("-"), t.is("len"), p.atField():
		n, err := p.primary()
		if err != nil {
			return operand{}, err
		}
		return p.finishNumber(n)
	case t.kind == tokenKeyword:
		return p.keyword()
	case t.kind == tokenEnd || t.kind == tokenOperator:
		return operand{}, wrong(t.at, "syntax error: a condition is missing")
	case !values:
		return operand{}, wrong(t.at, "a value without host, net, port or the like before it")
	}
	return p.values(q)
}

// parentheses reads what stands in them, which their place and what it begins with decide.
func (p *parser) parentheses(q qualifiers, values bool) (operand, error) {
	p.take()
	o, err := p.item(q, values)
	if err != nil {
		return o, err
	}
	if o.number != nil {
		if p.accept(")") {
			return o, nil
		}
		if o, err = p.asValue(o, q, values); err != nil {
			return o, err
		}
	}
	if o, err = p.chain(o); err != nil {
		return o, err
	}
	o.q = q
	return o, p.expect(")")
}

// finishNumber reads the arithmetic and the relation that may follow a number.
func (p *parser) finishNumber(n number) (operand, error) {
	n, err := p.arithmeticFrom(n, "")
	if err != nil {
		return operand{}, err
	}
	t := p.next()
	if !isRelation(t) {
		return operand{number: n}, nil
	}
	p.take()
	b, err := p.arithmetic("")
	if err != nil {
		return operand{}, err
	}
	return operand{cond: &relation{t.at, t.word, n, b}}, nil
}

func isRelation(t token) bool {
	if t.kind != tokenOperator {
		return false
	}
	switch t.word {
	case "=", "!=", "<", "<=", ">", ">=":
		return true
	}
	return false
}
