package filter

import "slices"

// maxPulled bounds the work of pull, which grows with the square.
const maxPulled = 1 << 8

// pull moves a test of the value that is in the accumulator already before tests of others,
// where the order does not matter: in a chain of tests of which each leads to the same block
// on one outcome and to the next one on the other. It reports whether it moved one.
func (g *graph) pull() bool {
	order := g.order()
	if len(order) > maxPulled {
		return false
	}
	held := g.accumulators(order)
	for _, first := range slices.Backward(order) {
		if held[first] == noValue {
			continue
		}
		for _, or := range []bool{true, false} {
			c := chain{graph: g, first: first, or: or}
			if c.find(held[first]) && c.owned() {
				c.move()
				g.renumber()
				return true
			}
		}
	}
	return false
}

// accumulators are the values in A where a block begins, if there is one on all ways.
func (g *graph) accumulators(order []int) []valueID {
	held := make([]valueID, len(g.blocks))
	seen := make([]bool, len(g.blocks))
	held[g.root] = noValue
	seen[g.root] = true
	for _, id := range order {
		b := g.blocks[id]
		for _, to := range []int{b.yes, b.no} {
			if seen[to] && held[to] != b.test.a {
				held[to] = noValue
			} else {
				held[to] = b.test.a
			}
			seen[to] = true
		}
	}
	return held
}

// chain is a chain of tests, and a move in it.
type chain struct {
	*graph
	first   int
	or      bool // a test that holds leads out of the chain
	before  int  // the block before differs, or noBlock if that is first
	differs int  // the first block that tests another value
	last    int  // the block before same
	same    int  // the block to move before differs
}

// find looks for a move to be made.
func (c *chain) find(value valueID) bool {
	c.before, c.differs = noBlock, c.first
	for c.has(c.differs) && c.blocks[c.differs].test.a == value {
		c.before, c.differs = c.differs, *c.next(c.differs)
	}
	if !c.has(c.differs) {
		return false
	}
	c.last, c.same = c.differs, *c.next(c.differs)
	for c.has(c.same) && c.blocks[c.same].test.a != value {
		c.last, c.same = c.same, *c.next(c.same)
	}
	return c.has(c.same)
}

// owned reports whether there is no way into the chain but through its first block.
func (c *chain) owned() bool {
	outside := c.without(c.first)
	for id := *c.next(c.first); ; id = *c.next(id) {
		if outside[id] {
			return false
		}
		if id == c.same {
			return true
		}
	}
}

func (c *chain) move() {
	*c.next(c.last) = *c.next(c.same)
	*c.next(c.same) = c.differs
	if c.before != noBlock {
		*c.next(c.before) = c.same
		return
	}
	for id := accept + 1; id < len(c.blocks); id++ {
		if id == c.same {
			continue
		}
		for _, way := range []*int{&c.blocks[id].yes, &c.blocks[id].no} {
			if *way == c.first {
				*way = c.same
			}
		}
	}
}

// has reports whether a block leads out of the chain where the first one does.
func (c *chain) has(id int) bool { return id > accept && *c.exit(id) == *c.exit(c.first) }

func (c *chain) exit(id int) *int {
	if c.or {
		return &c.blocks[id].yes
	}
	return &c.blocks[id].no
}

func (c *chain) next(id int) *int {
	if c.or {
		return &c.blocks[id].no
	}
	return &c.blocks[id].yes
}

const noBlock = -1

// without are the blocks that can be reached without passing one.
func (g *graph) without(id int) []bool {
	reached := make([]bool, len(g.blocks))
	stack := []int{g.root}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if n == id || reached[n] {
			continue
		}
		reached[n] = true
		if n > accept {
			stack = append(stack, g.blocks[n].yes, g.blocks[n].no)
		}
	}
	return reached
}

// renumber makes the graph anew, so that blocks are in order again.
func (g *graph) renumber() {
	old := g.blocks
	g.blocks = make([]block, 2, len(old))
	moved := make([]int, len(old))
	moved[accept] = accept
	var visit func(int) int
	visit = func(id int) int {
		if id > accept && moved[id] == 0 {
			yes, no := visit(old[id].yes), visit(old[id].no)
			moved[id] = g.put(block{old[id].test, yes, no})
		}
		return moved[id]
	}
	g.root = visit(g.root)
}
