package filter

import (
	"slices"

	"golang.org/x/net/bpf"
)

// opcode numbers what programs do, without gaps, for the switch in Match.
type opcode uint8

const (
	opReturn opcode = iota
	opJump
	opEqual
	opGreater
	opAtLeast
	opBits
	opEqualX
	opGreaterX
	opAtLeastX
	opLoad1
	opLoad2
	opLoad4
	opIndex1
	opIndex2
	opIndex4
	opHeader
	opLength
	opConstA
	opConstX
	opStore
	opFetchA
	opFetchX
	opAtoX
	opXtoA
	opALU  // with k
	opALUX // with X
)

// instruction is one of a program as Match reads it.
type instruction struct {
	op      opcode
	size    uint8 // of a load
	alu2    aluOp
	yes, no uint8
	k       uint32
}

func (i *instruction) skip(yes bool) int {
	if yes {
		return int(i.yes)
	}
	return int(i.no)
}

// alu is a op k or a op x; not ok for a division by zero. A shift by 32 bits or more leaves
// nothing.
func (i *instruction) alu(a, x uint32) (result uint32, ok bool) {
	y := x
	if i.op == opALU {
		y = i.k
	}
	if y == 0 && (i.alu2 == aluDiv || i.alu2 == aluMod) {
		return 0, false
	}
	return compute(i.alu2, a, y), true
}

// newProgram makes of instructions what Match reads.
func newProgram(code []bpf.Instruction, raw []bpf.RawInstruction) *Program {
	p := &Program{raw: raw, code: make([]instruction, len(code))}
	for n, from := range code {
		p.code[n] = decode(from)
	}
	return p
}

func decode(from bpf.Instruction) instruction {
	switch i := from.(type) {
	case bpf.RetConstant:
		return instruction{op: opReturn, k: i.Val}
	case bpf.Jump:
		return instruction{op: opJump, k: i.Skip}
	case bpf.JumpIf:
		ops := [...]opcode{testEqual: opEqual, testGreater: opGreater, testAtLeast: opAtLeast, testBits: opBits}
		return instruction{op: ops[testOf(i.Cond)], yes: i.SkipTrue, no: i.SkipFalse, k: i.Val}
	case bpf.JumpIfX:
		ops := [...]opcode{testEqual: opEqualX, testGreater: opGreaterX, testAtLeast: opAtLeastX}
		return instruction{op: ops[testOf(i.Cond)], yes: i.SkipTrue, no: i.SkipFalse}
	case bpf.LoadAbsolute:
		return instruction{op: sized(opLoad1, i.Size), size: uint8(i.Size), k: i.Off}
	case bpf.LoadIndirect:
		return instruction{op: sized(opIndex1, i.Size), size: uint8(i.Size), k: i.Off}
	case bpf.LoadMemShift:
		return instruction{op: opHeader, k: i.Off}
	case bpf.LoadExtension:
		return instruction{op: opLength}
	case bpf.LoadConstant:
		if i.Dst == bpf.RegX {
			return instruction{op: opConstX, k: i.Val}
		}
		return instruction{op: opConstA, k: i.Val}
	}
	return decodeRegisters(from)
}

// decodeRegisters is decode of what only moves and computes.
func decodeRegisters(from bpf.Instruction) instruction {
	switch i := from.(type) {
	case bpf.StoreScratch:
		return instruction{op: opStore, k: uint32(i.N)}
	case bpf.LoadScratch:
		if i.Dst == bpf.RegX {
			return instruction{op: opFetchX, k: uint32(i.N)}
		}
		return instruction{op: opFetchA, k: uint32(i.N)}
	case bpf.TAX:
		return instruction{op: opAtoX}
	case bpf.TXA:
		return instruction{op: opXtoA}
	case bpf.ALUOpConstant:
		return instruction{op: opALU, alu2: aluOf(i.Op), k: i.Val}
	case bpf.ALUOpX:
		return instruction{op: opALUX, alu2: aluOf(i.Op)}
	}
	panic("filter: an instruction that no program has")
}

func sized(one opcode, size int) opcode {
	switch size {
	case 1:
		return one
	case 2:
		return one + 1
	}
	return one + 2
}

func testOf(t bpf.JumpTest) testOp { return testOp(slices.Index(jumpTests[:], t)) }

func aluOf(op bpf.ALUOp) aluOp { return aluOp(slices.Index(aluInstructions[:], op)) }
