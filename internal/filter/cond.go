package filter

type testOp uint8

const (
	testEqual testOp = iota
	testGreater
	testAtLeast
	testBits // a & k != 0
)

// test is a comparison of a value with the constant k or, if there is a b, with that.
type test struct {
	op   testOp
	a, b valueID
	k    uint32
}

type condKind uint8

const (
	condTest condKind = iota
	condAnd
	condOr
	condNot
	condTrue
	condFalse
)

// cond is a condition on a packet. Tests are made from left to right, and no more of them
// than are needed.
type cond struct {
	kind condKind
	test test
	a, b *cond
}

func all(conds ...*cond) *cond { return join(condAnd, conds) }

func anyOf(conds ...*cond) *cond { return join(condOr, conds) }

// join leaves nil out.
func join(kind condKind, conds []*cond) *cond {
	var whole *cond
	for _, c := range conds {
		switch {
		case c == nil:
		case whole == nil:
			whole = c
		default:
			whole = &cond{kind: kind, a: whole, b: c}
		}
	}
	return whole
}

func not(c *cond) *cond { return &cond{kind: condNot, a: c} }

func never() *cond { return &cond{kind: condFalse} }

// compare is a test of a value against a constant, as simple as it can be.
func (v *values) compare(op testOp, a valueID, k uint32) *cond {
	if x, ok := v.known(a); ok {
		return decided(op, x, k)
	}
	if c := v.list[a]; op == testEqual && c.kind == valueALU {
		if y, ok := v.known(c.b); ok {
			switch c.op {
			case aluAdd:
				return v.compare(op, c.a, k-y)
			case aluSub:
				return v.compare(op, c.a, k+y)
			}
		}
	}
	return &cond{test: test{op: op, a: a, b: noValue, k: k}}
}

// compareValues is a test of a value against another.
func (v *values) compareValues(op testOp, a, b valueID) *cond {
	if k, ok := v.known(b); ok {
		return v.compare(op, a, k)
	}
	if _, ok := v.known(a); ok && op == testEqual {
		a, b = b, a
		k, _ := v.known(b)
		return v.compare(op, a, k)
	}
	return &cond{test: test{op: op, a: a, b: b}}
}

func decided(op testOp, x, k uint32) *cond {
	yes := false
	switch op {
	case testEqual:
		yes = x == k
	case testGreater:
		yes = x > k
	case testAtLeast:
		yes = x >= k
	case testBits:
		yes = x&k != 0
	}
	if yes {
		return &cond{kind: condTrue}
	}
	return never()
}

// first is the test that is made first, nil if there is nothing to test.
func (c *cond) first() *test {
	for c.a != nil {
		c = c.a
	}
	if c.kind != condTest {
		return nil
	}
	return &c.test
}
