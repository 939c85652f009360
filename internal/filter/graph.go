package filter

import "slices"

// reject and accept are the blocks in which a program ends, by their indices in graph.
const (
	reject = 0
	accept = 1
)

// block is a test and the blocks that follow its outcomes.
type block struct {
	test    test
	yes, no int
}

// A graph of more blocks is left as it is; rounds of making one better lead to nothing new
// long before this many.
const (
	maxShortened = 1 << 13
	maxRounds    = 1 << 10
)

// graph is a program as tests that lead to each other, never back.
//
// Which test comes when, and which one is left out, matters for packets that are too short
// for one of them: it ends the program. So the graph is made better in just the ways in
// which tcpdump's optimizer does it.
type graph struct {
	values *values
	blocks []block // the first two are reject and accept
	root   int
	// prelude is a test whose values are loaded first, though it is none any more.
	prelude *test
}

// newGraph makes the graph of a condition.
func newGraph(v *values, c *cond) *graph {
	g := &graph{values: v, blocks: make([]block, 2)}
	g.root = g.add(c, accept, reject)
	for round := 0; round < maxRounds && len(g.blocks) < maxShortened; round++ {
		if !g.shorten() && !g.pull() {
			break
		}
	}
	g.fold()
	// tcpdump leaves the loads of the first test where they are.
	if t := c.first(); t != nil && g.root > accept {
		if a := v.folded(t.a); g.blocks[g.root].test.a != a && v.fails(a) {
			g.prelude = &test{op: t.op, a: a, b: v.folded(t.b), k: t.k}
		}
	}
	return g
}

// fold makes the tests those of the values that the program computes, and equal blocks one.
// A test stays even if both outcomes lead to the same block now: tcpdump makes it, which
// ends the program for a packet that is too short for it. Only at the root it does not.
func (g *graph) fold() {
	moved := make([]int, len(g.blocks))
	moved[accept] = accept
	ids := map[block]int{}
	for _, id := range slices.Backward(g.order()) {
		b := &g.blocks[id]
		b.test.a, b.test.b = g.values.folded(b.test.a), g.values.folded(b.test.b)
		b.yes, b.no = moved[b.yes], moved[b.no]
		if to, ok := g.values.certain(b); ok {
			b.yes, b.no = to, to
		}
		same, ok := ids[*b]
		if !ok {
			same = id
			ids[*b] = id
		}
		moved[id] = same
	}
	for g.root = moved[g.root]; g.root > accept && g.blocks[g.root].yes == g.blocks[g.root].no; {
		g.root = g.blocks[g.root].yes
	}
}

// add makes the blocks of a condition, given what follows its outcomes.
func (g *graph) add(c *cond, yes, no int) int {
	switch c.kind {
	case condAnd:
		return g.add(c.a, g.add(c.b, yes, no), no)
	case condOr:
		return g.add(c.a, yes, g.add(c.b, yes, no))
	case condNot:
		return g.add(c.a, no, yes)
	case condTrue:
		return yes
	case condFalse:
		return no
	}
	return g.put(block{c.test, yes, no})
}

// put is the index of a block, or of what follows if that is the same on both outcomes. Equal
// blocks are made one by fold only, as tests between them are left out otherwise.
func (g *graph) put(b block) int {
	if b.yes == b.no {
		return b.yes
	}
	g.blocks = append(g.blocks, b)
	return len(g.blocks) - 1
}

// certain is where a block leads whose test compares constants.
func (v *values) certain(b *block) (int, bool) {
	x, known := v.known(b.test.a)
	k := b.test.k
	if known && b.test.b != noValue {
		k, known = v.known(b.test.b)
	}
	switch {
	case !known:
		return 0, false
	case decided(b.test.op, x, k).kind == condTrue:
		return b.yes, true
	}
	return b.no, true
}

// order lists the blocks that can be reached, each before those that follow it.
func (g *graph) order() []int {
	var list []int
	reached := make([]bool, len(g.blocks))
	reached[g.root] = true
	// Blocks are made after those that follow them, so that indices are an order already.
	for id := g.root; id > accept; id-- {
		if reached[id] {
			list = append(list, id)
			reached[g.blocks[id].yes], reached[g.blocks[id].no] = true, true
		}
	}
	return list
}
