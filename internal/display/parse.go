package display

import (
	"errors"
	"net/netip"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
)

// Filter chooses events.
type Filter struct {
	match test
}

// Match reports whether the event is wanted.
func (f *Filter) Match(e dissect.Event) bool { return f.match(e) }

// test is a part of a filter.
type test func(dissect.Event) bool

// Parse reads a filter. Its error is an *Error.
func Parse(expr string) (*Filter, error) {
	tokens, err := lex(expr)
	if err != nil {
		return nil, err
	}
	p := parser{expr: expr, tokens: tokens}
	t, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if p.peek().kind != end {
		return nil, p.wrong("and, or, or the end expected")
	}
	return &Filter{t}, nil
}

type parser struct {
	expr   string
	tokens []token
	i      int
}

// maxDepth bounds brackets inside brackets.
const maxDepth = 100

func (p *parser) peek() token { return p.tokens[p.i] }

func (p *parser) wrong(msg string) error { return &Error{p.expr, p.peek().at, msg} }

// take goes on if the next token is one of the signs or words.
func (p *parser) take(texts ...string) (string, bool) {
	t := p.peek()
	if t.kind != sign && t.kind != word {
		return "", false
	}
	for _, s := range texts {
		if strings.EqualFold(t.text, s) {
			p.i++
			return s, true
		}
	}
	return "", false
}

func (p *parser) or(depth int) (test, error) {
	return p.chain(depth, p.and, func(a, b test) test {
		return func(e dissect.Event) bool { return a(e) || b(e) }
	}, "or", "||")
}

func (p *parser) and(depth int) (test, error) {
	return p.chain(depth, p.not, func(a, b test) test {
		return func(e dissect.Event) bool { return a(e) && b(e) }
	}, "and", "&&")
}

// chain reads operands with one operator between them.
func (p *parser) chain(depth int, operand func(int) (test, error), join func(a, b test) test, signs ...string) (test, error) {
	left, err := operand(depth)
	for err == nil {
		if _, ok := p.take(signs...); !ok {
			return left, nil
		}
		var right test
		if right, err = operand(depth); err == nil {
			left = join(left, right)
		}
	}
	return nil, err
}

func (p *parser) not(depth int) (test, error) {
	if depth > maxDepth {
		return nil, p.wrong("too many brackets")
	}
	if _, ok := p.take("not", "!"); ok {
		t, err := p.not(depth + 1)
		if err != nil {
			return nil, err
		}
		return func(e dissect.Event) bool { return !t(e) }, nil
	}
	if _, ok := p.take("("); ok {
		t, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, ok := p.take(")"); !ok {
			return nil, p.wrong("a closing bracket expected")
		}
		return t, nil
	}
	return p.comparison()
}

func (p *parser) comparison() (test, error) {
	t := p.peek()
	if t.kind != word {
		return nil, p.wrong("a field expected")
	}
	f := fieldOf(strings.ToLower(t.text))
	if f == nil {
		return nil, p.wrong("an unknown field")
	}
	p.i++
	op, ok := p.take("==", "=", "eq", "!=", "ne", ">=", "ge", "<=", "le", ">", "gt", "<", "lt", "contains", "matches", "~", "in")
	if !ok {
		return func(e dissect.Event) bool { return len(f(e)) > 0 && !f(e)[0].isFalse() }, nil
	}
	switch op {
	case "in":
		return p.set(f)
	case "matches", "~":
		return p.pattern(f)
	}
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	return compared(f, op, v), nil
}

// compared is a comparison with a value: true if it is so of one value of the field.
func compared(f field, op string, want value) test {
	ok := func(got value) bool {
		if op == "contains" {
			return strings.Contains(got.text, want.text)
		}
		n, comparable := got.compare(want)
		switch op {
		case "==", "=", "eq":
			return comparable && n == 0
		case "!=", "ne":
			return !comparable || n != 0
		case ">", "gt":
			return comparable && n > 0
		case "<", "lt":
			return comparable && n < 0
		case ">=", "ge":
			return comparable && n >= 0
		}
		return comparable && n <= 0
	}
	return func(e dissect.Event) bool {
		for _, v := range f(e) {
			if ok(v) {
				return true
			}
		}
		return false
	}
}

// set reads {a, b, c..d}.
func (p *parser) set(f field) (test, error) {
	if _, ok := p.take("{"); !ok {
		return nil, p.wrong("{ expected")
	}
	var tests []test
	for {
		low, err := p.value()
		if err != nil {
			return nil, err
		}
		t := compared(f, "==", low)
		if _, ok := p.take(".."); ok {
			high, err := p.value()
			if err != nil {
				return nil, err
			}
			from, to := compared(f, ">=", low), compared(f, "<=", high)
			t = func(e dissect.Event) bool { return from(e) && to(e) }
		}
		tests = append(tests, t)
		if _, ok := p.take(","); ok {
			continue
		}
		if _, ok := p.take("}"); !ok {
			return nil, p.wrong("} expected")
		}
		return func(e dissect.Event) bool {
			for _, t := range tests {
				if t(e) {
					return true
				}
			}
			return false
		}, nil
	}
}

func (p *parser) pattern(f field) (test, error) {
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	re, err := regexp.Compile("(?i)" + v.text)
	if err != nil {
		p.i--
		return nil, p.wrong("no regular expression" + reason(err))
	}
	return func(e dissect.Event) bool {
		for _, v := range f(e) {
			if re.MatchString(v.text) {
				return true
			}
		}
		return false
	}, nil
}

// reason is what is wrong with a regular expression, without its text.
func reason(err error) string {
	var e *syntax.Error
	if errors.As(err, &e) {
		return ", " + e.Code.String() + ","
	}
	return ""
}

// value reads what a field is compared with.
func (p *parser) value() (value, error) {
	t := p.peek()
	switch t.kind {
	case quoted:
		p.i++
		return value{kind: isText, text: t.text}, nil
	case word:
		p.i++
		return parseValue(t.text), nil
	}
	return value{}, p.wrong("a value expected")
}

func parseValue(s string) value {
	if n, err := strconv.ParseUint(s, 0, 64); err == nil {
		return value{kind: isNumber, number: n, text: s}
	}
	if a, err := netip.ParseAddr(s); err == nil {
		return value{kind: isAddr, prefix: netip.PrefixFrom(a, a.BitLen()), text: s}
	}
	if p, err := netip.ParsePrefix(s); err == nil {
		return value{kind: isAddr, prefix: p.Masked(), text: s}
	}
	switch strings.ToLower(s) {
	case "true":
		return value{kind: isNumber, number: 1, text: s}
	case "false":
		return value{kind: isNumber, text: s}
	}
	return value{kind: isText, text: s}
}
