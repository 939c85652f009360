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

// A graph that is larger is left as it is; rounds of making one shorter lead to nothing new
// long before this many.
const (
	maxShortened = 1 << 13
	maxRounds    = 64
)

// graph is a program as tests that lead to each other, never back.
type graph struct {
	values *values
	blocks []block // the first two are reject and accept
	ids    map[block]int
	root   int
	// ideal takes every packet to have all bytes. A test with one outcome is none then;
	// otherwise it still ends the program for a packet that is too short.
	ideal bool
}

// newGraph makes the graph of a condition.
func newGraph(v *values, c *cond, ideal bool) *graph {
	g := &graph{values: v, blocks: make([]block, 2), ids: map[block]int{}, ideal: ideal}
	g.root = g.add(c, accept, reject)
	for round := 0; round < maxRounds && len(g.blocks) < maxShortened && g.shorten(); round++ {
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

// intern is the index of a block, or of what follows if it is no test.
func (g *graph) intern(b block) int {
	if b.yes == b.no && (g.ideal || !g.values.fails(b.test.a) && !g.values.fails(b.test.b)) {
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
