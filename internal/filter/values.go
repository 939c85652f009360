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

// values numbers what a program computes, and computes what is known beforehand.
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

// load is size bytes at an offset in the packet or, below 0, of what the kernel knows beside
// it.
func (v *values) load(size uint8, offset int) valueID {
	return v.add(computed{kind: valueLoad, size: size, k: uint32(offset), a: noValue, b: noValue})
}

// nowhere is an offset that no packet has. It stands for those that an expression makes
// negative, which the kernel would take for something else.
const nowhere = 1<<31 - 1

// index is size bytes at an offset behind another value. Even behind a constant it is not the
// value of a load: tcpdump sees that both are the same when its tests are in order already,
// so that ip[9] does not stand for the test of a protocol before it.
func (v *values) index(size uint8, offset int, a valueID) valueID {
	return v.add(computed{kind: valueIndex, size: size, k: uint32(offset), a: a, b: noValue})
}

// folded is the value as a program computes it, a load where the index is a constant.
func (v *values) folded(id valueID) valueID {
	if id == noValue {
		return id
	}
	switch c := v.list[id]; c.kind {
	case valueALU:
		return v.alu(c.op, v.folded(c.a), v.folded(c.b))
	case valueIndex:
		return v.foldedIndex(c.size, c.k, v.folded(c.a))
	}
	return id
}

// foldedIndex adds constants to the offset in 32 bits, as tcpdump does it: ip[-1] is the byte
// before the header.
func (v *values) foldedIndex(size uint8, k uint32, a valueID) valueID {
	for {
		c := v.list[a]
		x, known := v.known(c.a)
		if c.kind != valueALU || c.op != aluAdd || !known {
			break
		}
		k += x
		a = c.b
	}
	if x, known := v.known(a); known {
		return v.load(size, int(min(k+x, nowhere)))
	}
	return v.add(computed{kind: valueIndex, size: size, k: min(k, nowhere), a: a, b: noValue})
}

func (v *values) header(offset int) valueID {
	return v.add(computed{kind: valueHeader, k: uint32(offset), a: noValue, b: noValue})
}

func (v *values) neg(a valueID) valueID { return v.operation(aluMul, a, v.constant(1<<32-1)) }

// operation is a op b, even where that is a constant: see index.
func (v *values) operation(op aluOp, a, b valueID) valueID {
	return v.add(computed{kind: valueALU, op: op, a: a, b: b})
}

// known is the number that a value is whatever the packet.
func (v *values) known(id valueID) (uint32, bool) {
	if id == noValue {
		return 0, false
	}
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
	case knownB && y == 0 && (op == aluMul || op == aluAnd):
		return b
	case knownA && x == 0 && op != aluAdd && op != aluSub && op != aluOr && op != aluXor:
		return a
	case knownB && neutral(op, y):
		return a
	case knownA && x == 0 && op != aluSub:
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
