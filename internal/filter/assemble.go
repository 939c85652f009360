package filter

import (
	"fmt"
	"math"
	"slices"

	"golang.org/x/net/bpf"
)

// farthest is how many instructions a jump on a condition may skip, two less than fit into
// its byte: so many may come between as jumps of more.
const farthest = math.MaxUint8 - 2

// emit makes the program of a graph. whole is for an error about all of the expression.
func emit(g *graph, conf Config, whole place) (*Program, error) {
	e := &emitter{graph: g}
	order := g.order()
	bodies := e.bodies(order)
	if e.overflown {
		return nil, unsupported(whole, "arithmetic that needs more memory than a program has")
	}
	code := link(g, order, bodies, kept(conf.Snaplen))
	if conf.Target == Kernel && len(code) > maxKernel {
		return nil, unsupported(whole, "a program of %d instructions, where the kernel takes %d", len(code), maxKernel)
	}
	raw, err := bpf.Assemble(code)
	if err != nil {
		return nil, fmt.Errorf("filter: assembling a program: %w", err)
	}
	return newProgram(code, raw), nil
}

// kept is what a program returns for a packet that matches: the bytes to keep.
func kept(snaplen int) uint32 {
	if snaplen <= 0 || uint64(snaplen) > math.MaxUint32 {
		return math.MaxUint32
	}
	return uint32(snaplen)
}

// link puts blocks one after the other and sets their jumps. It goes from the end to the
// start, as all jumps lead forward: where they lead is there already.
func link(g *graph, order []int, bodies [][]bpf.Instruction, keep uint32) []bpf.Instruction {
	code := []bpf.Instruction{bpf.RetConstant{Val: 0}, bpf.RetConstant{Val: keep}}
	// start is how many instructions there are from the first one of a block to the end.
	start := make([]int, len(g.blocks))
	start[reject], start[accept] = 1, 2
	for i, id := range slices.Backward(order) {
		b := g.blocks[id]
		yes, no := start[b.yes], start[b.no]
		t, opposite := g.values.machine(b.test)
		if opposite {
			yes, no = no, yes
		}
		if len(code)-no > farthest {
			code = append(code, bpf.Jump{Skip: uint32(len(code) - no)})
			no = len(code)
		}
		if len(code)-yes > farthest {
			code = append(code, bpf.Jump{Skip: uint32(len(code) - yes)})
			yes = len(code)
		}
		code = append(code, jump(t, uint8(len(code)-yes), uint8(len(code)-no)))
		for _, instruction := range slices.Backward(bodies[i]) {
			code = append(code, instruction)
		}
		start[id] = len(code)
	}
	if g.root == accept {
		code = code[1:]
	}
	slices.Reverse(code)
	return code
}

func jump(t test, yes, no uint8) bpf.Instruction {
	if t.b != noValue {
		return bpf.JumpIfX{Cond: jumpTests[t.op], SkipTrue: yes, SkipFalse: no}
	}
	return bpf.JumpIf{Cond: jumpTests[t.op], Val: t.k, SkipTrue: yes, SkipFalse: no}
}
