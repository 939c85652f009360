package inflate

// A table entry is 32 bits:
//
//	bit  31     literal
//	bits 16-30  literal byte, base of a length or distance, or start of a subtable
//	bit  15     exceptional: subtable, end of block, or no code at all
//	bit  14     subtable
//	bit  13     end of block
//	bits 8-11   length of the code; of a subtable, the bits of its index
//	bits 0-5    bits to consume: the code and its extra bits
const (
	literal     = 1 << 31
	exceptional = 1 << 15
	subtable    = 1 << 14
	endOfBlock  = 1 << 13
)

// Bits that index the first level of each table, and entries of all its levels. The sizes
// are powers of two above the most that a complete code can need (1338, 408 and 128).
const (
	litBits  = 10
	litSize  = 2048
	distBits = 8
	distSize = 512
	preBits  = 7
	preSize  = 128
)

// Sizes of the alphabets (RFC 1951 3.2.5 to 3.2.7).
const (
	maxLit     = 286
	maxDist    = 30
	fixedLits  = 288
	fixedDists = 32
	preCodes   = 19
)

// codes are the two codes of a block, ready for decoding.
type codes struct {
	lit      [litSize]uint32
	dist     [distSize]uint32
	litMask  uint32 // of the first level
	distMask uint32
	litBits  uint8
	distBits uint8
}

// litBase, distBase and preBase are the entries of the symbols without the length of
// their code, which differs from block to block.
var (
	litBase  = literalsAndLengths()
	distBase = distances()
	preBase  = codeLengths()
)

// fixedCodes are those of RFC 1951 3.2.6. They are never written.
var fixedCodes = fixed()

// literalsAndLengths follows the table of RFC 1951 3.2.5. Length 258 has a code of its
// own; the last two symbols of the fixed code mean nothing.
func literalsAndLengths() (t [fixedLits]uint32) {
	for i := range 256 {
		t[i] = literal | uint32(i)<<16
	}
	t[256] = exceptional | endOfBlock
	base := uint32(3)
	for i := 257; i < 285; i++ {
		extra := uint32(0)
		if i >= 265 {
			extra = uint32(i-261) / 4
		}
		t[i] = base<<16 | extra
		base += 1 << extra
	}
	t[285] = 258 << 16
	t[286], t[287] = exceptional, exceptional
	return t
}

func distances() (t [fixedDists]uint32) {
	base := uint32(1)
	for i := range maxDist {
		extra := uint32(0)
		if i >= 4 {
			extra = uint32(i-2) / 2
		}
		t[i] = base<<16 | extra
		base += 1 << extra
	}
	t[30], t[31] = exceptional, exceptional
	return t
}

func codeLengths() (t [preCodes]uint32) {
	for i := range t {
		t[i] = uint32(i) << 16
	}
	return t
}

func fixed() *codes {
	var lits, dists []uint16
	for i := range fixedLits {
		length := 8
		switch {
		case i >= 144 && i < 256:
			length = 9
		case i >= 256 && i < 280:
			length = 7
		}
		lits = append(lits, pack(i, length))
	}
	for i := range fixedDists {
		dists = append(dists, pack(i, 5))
	}
	c := new(codes)
	c.build(lits, dists)
	return c
}

// build makes the tables of a block. It reports false when either set of code lengths is
// no prefix code.
func (c *codes) build(lits, dists []uint16) bool {
	bits, ok := build(c.lit[:], litBase[:], lits, litBits)
	if !ok {
		return false
	}
	c.litBits, c.litMask = uint8(bits), 1<<bits-1
	bits, ok = build(c.dist[:], distBase[:], dists, distBits)
	c.distBits, c.distMask = uint8(bits), 1<<bits-1
	return ok
}
