package filter

import (
	"encoding/binary"
	"slices"

	"golang.org/x/net/bpf"
)

// Program is a compiled expression. It is read only, and may be used by several goroutines.
type Program struct {
	raw  []bpf.RawInstruction
	code []instruction
}

// Instructions are the program for the kernel (SO_ATTACH_FILTER), owned by the caller. It
// returns how many bytes of a packet to keep.
func (p *Program) Instructions() []bpf.RawInstruction { return slices.Clone(p.raw) }

// Match runs a program for [File] on a packet of which data was captured and wire bytes
// were sent. A test of a byte behind data ends in false for the whole expression, as with
// tcpdump; so does a division by zero.
func (p *Program) Match(data []byte, wire int) bool {
	var a, x uint32
	var memory [cells]uint32
	for pc := 0; pc < len(p.code); pc++ {
		i := &p.code[pc]
		switch i.op {
		case opReturn:
			return i.k != 0
		case opJump:
			pc += int(i.k)
		case opEqual:
			pc += i.skip(a == i.k)
		case opGreater:
			pc += i.skip(a > i.k)
		case opAtLeast:
			pc += i.skip(a >= i.k)
		case opBits:
			pc += i.skip(a&i.k != 0)
		case opEqualX:
			pc += i.skip(a == x)
		case opGreaterX:
			pc += i.skip(a > x)
		case opAtLeastX:
			pc += i.skip(a >= x)
		case opLoad1, opLoad2, opLoad4, opIndex1, opIndex2, opIndex4:
			at := uint64(i.k)
			if i.op >= opIndex1 {
				at += uint64(x)
			}
			size := uint64(i.size)
			if at+size > uint64(len(data)) {
				return false
			}
			switch size {
			case 1:
				a = uint32(data[at])
			case 2:
				a = uint32(binary.BigEndian.Uint16(data[at:]))
			default:
				a = binary.BigEndian.Uint32(data[at:])
			}
		case opHeader:
			if uint64(i.k) >= uint64(len(data)) {
				return false
			}
			x = 4 * uint32(data[i.k]&0xF)
		case opLength:
			a = uint32(wire)
		case opConstA:
			a = i.k
		case opConstX:
			x = i.k
		case opStore:
			memory[i.k%cells] = a
		case opFetchA:
			a = memory[i.k%cells]
		case opFetchX:
			x = memory[i.k%cells]
		case opAtoX:
			x = a
		case opXtoA:
			a = x
		default:
			var ok bool
			if a, ok = i.alu(a, x); !ok {
				return false
			}
		}
	}
	return false
}
