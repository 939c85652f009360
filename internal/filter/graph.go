package filter

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
	ids    map[block]int
	root   int
	// prelude is a test whose values are loaded first, though it is none any more.
	prelude *test
}

// newGraph makes the graph of a condition.
func newGraph(v *values, c *cond) *graph {
	g := &graph{values: v, blocks: make([]block, 2), ids: map[block]int{}}
	g.root = g.add(c, accept, reject)
	for round := 0; round < maxRounds && len(g.blocks) < maxShortened; round++ {
		if !g.shorten() && !g.pull() {
			break
		}
	}
	// tcpdump leaves the loads of the first test where they are.
	if t := c.first(); t != nil && g.root > accept && g.blocks[g.root].test.a != t.a && v.fails(t.a) {
		g.prelude = t
	}
	return g
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
	return g.intern(block{c.test, yes, no})
}

// intern is the index of a block, or of what follows if that is the same on both outcomes.
func (g *graph) intern(b block) int {
	if b.yes == b.no {
		return b.yes
	}
	if id, ok := g.ids[b]; ok {
		return id
	}
	g.blocks = append(g.blocks, b)
	g.ids[b] = len(g.blocks) - 1
	return len(g.blocks) - 1
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
