package filter

// valueID is a value that a program computes: equal values have equal IDs.
type valueID int32

const noValue valueID = -1

type valueKind uint8

const (
	valueConst  valueKind = iota // k
	valueLength                  // length of the packet on the wire
	valueLoad                    // size bytes at k
	valueIndex                   // size bytes at k + a
	valueHeader                  // 4 * (low half of the byte at k): length of an IPv4 header
	valueALU                     // a op b
	valueNeg                     // -a
)

type aluOp uint8

const (
	aluAdd aluOp = iota
	aluSub
	aluMul
	aluDiv
	aluMod
	aluAnd
	aluOr
	aluXor
	aluShl
	aluShr
)

// computed is how a value comes about.
type computed struct {
	kind valueKind
	op   aluOp
	size uint8
	k    uint32
	a, b valueID
}

// values numbers what a program computes, and computes what is known beforehand. Nothing
// that may end the program, as a load of a byte that is not there does, is ever left out.
type values struct {
	list []computed
	ids  map[computed]valueID
}

func (v *values) add(c computed) valueID {
	if id, ok := v.ids[c]; ok {
		return id
	}
	if v.ids == nil {
		v.ids = map[computed]valueID{}
	}
	id := valueID(len(v.list))
	v.list = append(v.list, c)
	v.ids[c] = id
	return id
}

func (v *values) constant(k uint32) valueID {
	return v.add(computed{kind: valueConst, k: k, a: noValue, b: noValue})
}

func (v *values) length() valueID {
	return v.add(computed{kind: valueLength, a: noValue, b: noValue})
}

// load is size bytes at an offset in the packet. Offsets wrap at 32 bits, as they do where
// a program runs.
func (v *values) load(size uint8, offset int) valueID {
	return v.add(computed{kind: valueLoad, size: size, k: uint32(int32(offset)), a: noValue, b: noValue})
}

// index is size bytes at an offset behind another value.
func (v *values) index(size uint8, offset int, a valueID) valueID {
	if k, ok := v.known(a); ok {
		return v.load(size, int(int32(uint32(int32(offset))+k)))
	}
	if c := v.list[a]; c.kind == valueALU && c.op == aluAdd {
		if k, ok := v.known(c.a); ok {
			return v.index(size, int(int32(uint32(int32(offset))+k)), c.b)
		}
	}
	return v.add(computed{kind: valueIndex, size: size, k: uint32(int32(offset)), a: a, b: noValue})
}

func (v *values) header(offset int) valueID {
	return v.add(computed{kind: valueHeader, k: uint32(int32(offset)), a: noValue, b: noValue})
}

func (v *values) neg(a valueID) valueID {
	if k, ok := v.known(a); ok {
		return v.constant(-k)
	}
	return v.add(computed{kind: valueNeg, a: a, b: noValue})
}

// known is the number that a value is whatever the packet.
func (v *values) known(id valueID) (uint32, bool) {
	c := v.list[id]
	return c.k, c.kind == valueConst
}

func (v *values) alu(op aluOp, a, b valueID) valueID {
	x, knownA := v.known(a)
	y, knownB := v.known(b)
	switch {
	case knownB && y == 0 && (op == aluDiv || op == aluMod):
		// The program has to end there, which is for the division to do.
	case knownA && knownB:
		return v.constant(compute(op, x, y))
	case knownB && neutral(op, y):
		return a
	case knownA && x == 0 && (op == aluAdd || op == aluOr || op == aluXor):
		return b
	}
	return v.add(computed{kind: valueALU, op: op, a: a, b: b})
}

// fails reports whether computing the value may end the program: it loads or divides.
func (v *values) fails(id valueID) bool {
	if id == noValue {
		return false
	}
	switch c := v.list[id]; c.kind {
	case valueConst, valueLength:
		return false
	case valueALU:
		divides := c.op == aluDiv || c.op == aluMod
		return divides || v.fails(c.a) || v.fails(c.b)
	case valueNeg:
		return v.fails(c.a)
	}
	return true
}

// neutral reports whether x op y is x.
func neutral(op aluOp, y uint32) bool {
	switch op {
	case aluMul, aluDiv:
		return y == 1
	case aluAnd:
		return y == 0xFFFFFFFF
	case aluMod:
		return false
	}
	return y == 0
}

func compute(op aluOp, x, y uint32) uint32 {
	switch op {
	case aluAdd:
		return x + y
	case aluSub:
		return x - y
	case aluMul:
		return x * y
	case aluDiv:
		return x / y
	case aluMod:
		return x % y
	case aluAnd:
		return x & y
	case aluOr:
		return x | y
	case aluXor:
		return x ^ y
	case aluShl:
		return x << y
	}
	return x >> y
}
