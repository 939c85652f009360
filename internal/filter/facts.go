package filter

// facts are outcomes of tests that are certain at some place of a graph: two bits for each
// test, known true and known false.
type facts []uint64

func newFacts(tests int) facts { return make(facts, (2*tests+63)/64) }

func (f facts) has(test int, outcome bool) bool {
	i := bit(test, outcome)
	return f[i/64]>>(i%64)&1 != 0
}

func (f facts) add(test int, outcome bool) {
	i := bit(test, outcome)
	f[i/64] |= 1 << (i % 64)
}

func (f facts) retain(other facts) {
	for i := range f {
		f[i] &= other[i]
	}
}

func bit(test int, outcome bool) int {
	if outcome {
		return 2 * test
	}
	return 2*test + 1
}

// shortener leads the graph around tests whose outcome is certain.
type shortener struct {
	*graph
	tests  map[test]int      // numbers of tests
	equals map[valueID][]int // tests of a value for being a constant
	at     []facts           // at the entry of a block; nil for none yet
	spare  facts
}

// shorten rebuilds the graph without tests that the way to them decides, and reports whether
// there were any.
func (g *graph) shorten() bool {
	order := g.order()
	s := &shortener{graph: g, tests: map[test]int{}, equals: map[valueID][]int{}}
	for _, id := range order {
		t := g.blocks[id].test
		if _, ok := s.tests[t]; !ok {
			n := len(s.tests)
			s.tests[t] = n
			if t.isEqual() {
				s.equals[t.a] = append(s.equals[t.a], n)
			}
		}
	}
	s.at = make([]facts, len(g.blocks))
	s.spare = newFacts(len(s.tests))
	changed := false
	ways := map[int][2]int{}
	for _, id := range order {
		if s.at[id] == nil && id != g.root {
			continue // no way leads here any more
		}
		b := g.blocks[id]
		yes, no := s.follow(id, true, b.yes), s.follow(id, false, b.no)
		changed = changed || yes != b.yes || no != b.no
		ways[id] = [2]int{yes, no}
	}
	if !changed {
		return false
	}
	g.rebuild(order, ways)
	return true
}

// follow is where the way from a block with that outcome leads, past all tests that are
// certain on it.
func (s *shortener) follow(from int, outcome bool, to int) int {
	clear(s.spare)
	copy(s.spare, s.at[from])
	s.spare.add(s.tests[s.blocks[from].test], outcome)
	for to > accept {
		yes, certain := s.outcome(s.blocks[to].test)
		if !certain {
			break
		}
		if yes {
			to = s.blocks[to].yes
		} else {
			to = s.blocks[to].no
		}
	}
	if to > accept {
		if s.at[to] == nil {
			s.at[to] = append(newFacts(0), s.spare...)
		} else {
			s.at[to].retain(s.spare)
		}
	}
	return to
}

// outcome of a test, if the facts in spare make it certain: it has been made already, or the
// value is something else.
func (s *shortener) outcome(t test) (yes, certain bool) {
	n := s.tests[t]
	switch {
	case s.spare.has(n, true):
		return true, true
	case s.spare.has(n, false):
		return false, true
	}
	if t.isEqual() {
		for _, other := range s.equals[t.a] {
			if s.spare.has(other, true) {
				return false, true
			}
		}
	}
	return false, false
}

// isEqual reports whether the test is one for a constant.
func (t test) isEqual() bool { return t.op == testEqual && t.b == noValue }

// rebuild makes the graph anew with other ways, the last blocks first.
func (g *graph) rebuild(order []int, ways map[int][2]int) {
	old, root := g.blocks, g.root
	g.blocks = make([]block, 2, len(order)+2)
	moved := make([]int, len(old))
	moved[accept] = accept
	for i := len(order) - 1; i >= 0; i-- {
		id := order[i]
		if w, reached := ways[id]; reached {
			moved[id] = g.put(block{old[id].test, moved[w[0]], moved[w[1]]})
		}
	}
	g.root = moved[root]
}
