package filter

import (
	"golang.org/x/net/bpf"
)

// maxKernel is how many instructions the kernel takes (BPF_MAXINSNS of linux/bpf_common.h).
const maxKernel = 4096

// cells is how many memory cells a program has (BPF_MEMWORDS).
const cells = 16

// emitter makes the instructions of the blocks of a graph.
type emitter struct {
	*graph
	code      []bpf.Instruction // of the block at hand
	a, x      valueID           // what the registers hold
	efforts   map[valueID]int
	overflown bool // more memory cells were needed than there are
}

// machine is a test as an instruction has it, and whether that is true for the opposite: x & k
// = 0 needs no masking.
func (v *values) machine(t test) (same test, opposite bool) {
	if c := v.list[t.a]; t.isEqual() && t.k == 0 && c.kind == valueALU && c.op == aluAnd {
		if k, known := v.known(c.b); known {
			return test{op: testBits, a: c.a, b: noValue, k: k}, true
		}
	}
	return t, false
}

// registers are what A and X hold at a place of the program.
type registers struct{ a, x valueID }

func (r registers) meet(other registers) registers {
	if r.a != other.a {
		r.a = noValue
	}
	if r.x != other.x {
		r.x = noValue
	}
	return r
}

// bodies are the instructions of each block in that order, without its test. What a
// register holds already, by each way to the block, is not loaded again.
func (e *emitter) bodies(order []int) [][]bpf.Instruction {
	entry := map[int]registers{e.root: {noValue, noValue}}
	all := make([][]bpf.Instruction, len(order))
	for i, id := range order {
		b := e.blocks[id]
		e.code, e.a, e.x = nil, entry[id].a, entry[id].x
		if e.prelude != nil && id == e.root {
			e.operands(e.prelude.a, e.prelude.b, 0)
		}
		t, _ := e.values.machine(b.test)
		e.operands(t.a, t.b, 0)
		all[i] = e.code
		for _, to := range []int{b.yes, b.no} {
			exit := registers{e.a, e.x}
			if r, ok := entry[to]; ok {
				exit = exit.meet(r)
			}
			entry[to] = exit
		}
	}
	return all
}

func (e *emitter) put(i bpf.Instruction) { e.code = append(e.code, i) }

// operands loads a into A and, unless it is noValue, b into X. Memory cells from that one
// on are free.
func (e *emitter) operands(a, b valueID, cell int) {
	switch {
	case b == noValue:
		e.loadA(a, cell)
	case e.a == a && e.x == b:
	case e.leavesA(b):
		e.loadA(a, cell)
		e.loadX(b, cell)
	case e.leavesX(a):
		e.loadX(b, cell)
		e.loadA(a, cell)
	case cell >= cells:
		e.overflown = true
	case e.effort(a) > e.effort(b):
		// The one that needs more cells first, while there are more.
		e.loadA(a, cell)
		e.put(bpf.StoreScratch{Src: bpf.RegA, N: cell})
		e.loadA(b, cell+1)
		e.put(bpf.TAX{})
		e.put(bpf.LoadScratch{Dst: bpf.RegA, N: cell})
		e.a, e.x = a, b
	default:
		e.loadA(b, cell)
		e.put(bpf.StoreScratch{Src: bpf.RegA, N: cell})
		e.loadA(a, cell+1)
		e.put(bpf.LoadScratch{Dst: bpf.RegX, N: cell})
		e.x = b
	}
}

// effort is how many memory cells a value needs, at most.
func (e *emitter) effort(v valueID) int {
	if n, ok := e.efforts[v]; ok {
		return n
	}
	n := 0
	switch c := e.values.list[v]; c.kind {
	case valueIndex:
		n = e.effort(c.a)
	case valueALU:
		a, b := e.effort(c.a), e.effort(c.b)
		if _, known := e.values.known(c.b); known {
			n = a
		} else if n = max(a, b); a == b {
			n++
		}
	}
	if e.efforts == nil {
		e.efforts = map[valueID]int{}
	}
	e.efforts[v] = n
	return n
}

// leavesA reports whether the value comes into X without A.
func (e *emitter) leavesA(v valueID) bool {
	kind := e.values.list[v].kind
	return kind == valueConst || kind == valueHeader
}

// leavesX reports whether the value comes into A without X.
func (e *emitter) leavesX(v valueID) bool {
	switch c := e.values.list[v]; c.kind {
	case valueConst, valueLength, valueLoad:
		return true
	case valueALU:
		_, known := e.values.known(c.b)
		return known && e.leavesX(c.a)
	}
	return false
}

func (e *emitter) loadA(v valueID, cell int) {
	if e.a == v {
		return
	}
	switch c := e.values.list[v]; c.kind {
	case valueConst:
		e.put(bpf.LoadConstant{Dst: bpf.RegA, Val: c.k})
	case valueLength:
		e.put(bpf.LoadExtension{Num: bpf.ExtLen})
	case valueLoad:
		e.put(bpf.LoadAbsolute{Off: c.k, Size: int(c.size)})
	case valueIndex:
		e.loadX(c.a, cell)
		e.put(bpf.LoadIndirect{Off: c.k, Size: int(c.size)})
	case valueHeader:
		e.loadX(v, cell)
		e.put(bpf.TXA{})
	case valueALU:
		if k, known := e.values.known(c.b); known {
			e.loadA(c.a, cell)
			e.put(bpf.ALUOpConstant{Op: aluInstructions[c.op], Val: k})
		} else {
			e.operands(c.a, c.b, cell)
			e.put(bpf.ALUOpX{Op: aluInstructions[c.op]})
		}
	}
	e.a = v
}

func (e *emitter) loadX(v valueID, cell int) {
	if e.x == v {
		return
	}
	switch c := e.values.list[v]; c.kind {
	case valueConst:
		e.put(bpf.LoadConstant{Dst: bpf.RegX, Val: c.k})
	case valueHeader:
		e.put(bpf.LoadMemShift{Off: c.k})
	default:
		e.loadA(v, cell)
		e.put(bpf.TAX{})
	}
	e.x = v
}

var aluInstructions = [...]bpf.ALUOp{
	aluAdd: bpf.ALUOpAdd, aluSub: bpf.ALUOpSub, aluMul: bpf.ALUOpMul, aluDiv: bpf.ALUOpDiv,
	aluMod: bpf.ALUOpMod, aluAnd: bpf.ALUOpAnd, aluOr: bpf.ALUOpOr, aluXor: bpf.ALUOpXor,
	aluShl: bpf.ALUOpShiftLeft, aluShr: bpf.ALUOpShiftRight,
}

var jumpTests = [...]bpf.JumpTest{
	testEqual: bpf.JumpEqual, testGreater: bpf.JumpGreaterThan,
	testAtLeast: bpf.JumpGreaterOrEqual, testBits: bpf.JumpBitsSet,
}
