package inflate

import "encoding/binary"

const (
	maxMatch = 258
	// pairBits is the most that a length and a distance need: codes of 15 bits each, with
	// 5 and 13 extra bits.
	pairBits = 48
	// headroom is the most that an iteration of fast writes: literals down to pairBits and
	// a match, which is copied by words.
	headroom = 64 - pairBits + maxMatch + 8
)

// value is the base of an entry with the extra bits of b, which begins with the code.
func value(e uint32, b uint64) int {
	return int(e>>16) + int(uint32(b)&(1<<(e&31)-1)>>(e>>8&15))
}

// longLit looks a long code up in the subtable that e points to.
func (c *codes) longLit(e uint32, b uint64) uint32 {
	return c.lit[(e>>16+uint32(b>>(c.litBits&63))&(1<<(e>>8&15)-1))&(litSize-1)]
}

// longDist is longLit for distances.
func (c *codes) longDist(e uint32, b uint64) uint32 {
	return c.dist[(e>>16+uint32(b>>(c.distBits&63))&(1<<(e>>8&15)-1))&(distSize-1)]
}

// compressed decodes the rest of a block with Huffman codes.
func (d *Decoder) compressed(c *codes) status {
	for {
		if d.roomy() {
			if s := d.fast(c); s != fine {
				return s
			}
		}
		if s := d.symbol(c); s != fine {
			return s
		}
	}
}

// fast decodes symbols while the source has eight bytes more and the output has headroom.
// It returns fine when it can not go on.
func (d *Decoder) fast(c *codes) (s status) {
	src, out := d.src, d.out
	in, op, b, n := d.in, d.op, d.bits, d.n
	lit, litMask := &c.lit, c.litMask
	dist, distMask := &c.dist, c.distMask
	longest, tainted := 0, len(*d.unknown) > 0
	lastIn, lastOp := len(src)-8, len(out)-headroom
symbols:
	for in <= lastIn && op <= lastOp {
		b |= binary.LittleEndian.Uint64(src[in:]) << (n & 63)
		in += int(63-n) >> 3
		n |= 56
		e := lit[uint32(b)&litMask&(litSize-1)]
		for e&literal != 0 {
			out[op] = byte(e >> 16)
			op++
			b >>= e & 63
			n -= uint(e & 63)
			if n < pairBits {
				continue symbols
			}
			e = lit[uint32(b)&litMask&(litSize-1)]
		}
		if e&exceptional != 0 {
			if e&subtable != 0 {
				e = c.longLit(e, b)
			}
			if e&literal != 0 {
				out[op] = byte(e >> 16)
				op++
				b >>= e & 63
				n -= uint(e & 63)
				continue
			}
			if e&exceptional != 0 {
				if s = corrupt; e&endOfBlock != 0 {
					s = blockEnd
					b >>= e & 63
					n -= uint(e & 63)
				}
				break
			}
		}
		length := value(e, b)
		b >>= e & 63
		n -= uint(e & 63)
		e = dist[uint32(b)&distMask&(distSize-1)]
		if e&exceptional != 0 {
			if e&subtable != 0 {
				e = c.longDist(e, b)
			}
			if e&exceptional != 0 {
				s = corrupt
				break
			}
		}
		distance := value(e, b)
		b >>= e & 63
		n -= uint(e & 63)
		if distance > op || tainted {
			d.op = op
			s = d.match(distance, length)
			if op, tainted = d.op, len(*d.unknown) > 0; s != fine {
				break
			}
			continue
		}
		longest = max(longest, distance)
		op = copyMatch(out, op, distance, length)
	}
	d.in, d.op, d.bits, d.n = in, op, b, n
	d.result.Distance = max(d.result.Distance, longest)
	return s
}

// symbol decodes one literal or match, where fast can not.
func (d *Decoder) symbol(c *codes) status {
	d.fill()
	e := c.lit[uint32(d.bits)&c.litMask&(litSize-1)]
	if e&subtable != 0 {
		e = c.longLit(e, d.bits)
	}
	if uint(e&63) > d.n {
		return short
	}
	if e&literal != 0 {
		if d.op == len(d.out) && !d.room() {
			return full
		}
		d.out[d.op] = byte(e >> 16)
		d.op++
		d.drop(e)
		return fine
	}
	if e&exceptional != 0 {
		if e&endOfBlock == 0 {
			return corrupt
		}
		d.drop(e)
		return blockEnd
	}
	length := value(e, d.bits)
	d.drop(e)
	e = c.dist[uint32(d.bits)&c.distMask&(distSize-1)]
	if e&subtable != 0 {
		e = c.longDist(e, d.bits)
	}
	if uint(e&63) > d.n {
		return short
	}
	if e&exceptional != 0 {
		return corrupt
	}
	distance := value(e, d.bits)
	d.drop(e)
	return d.match(distance, length)
}

// drop consumes the code of an entry with its extra bits, which are available.
func (d *Decoder) drop(e uint32) {
	d.bits >>= e & 63
	d.n -= uint(e & 63)
}
