package inflate

import "encoding/binary"

const (
	maxMatch = 258
	// headroom is what an iteration of the fast loop may write: three literals or a
	// literal and a match, which is copied by words.
	headroom = maxMatch + 16
)

// compressed decodes the rest of a block with Huffman codes.
func (d *Decoder) compressed(c *codes) status {
	for {
		if !d.unknown.any && d.roomy() {
			if s := d.fast(c); s != fine {
				return s
			}
		}
		if s := d.symbol(c); s != fine {
			return s
		}
	}
}

// fast decodes symbols while the source has eight bytes more and the output has headroom,
// and no byte of it is unknown. It returns fine when it can not go on.
func (d *Decoder) fast(c *codes) status {
	src, out := d.src, d.out
	in, op, b, n := d.in, d.op, d.bits, d.n
	far := 0 // longest distance
	lit, litMask := &c.lit, c.litMask
	dist, distMask := &c.dist, c.distMask
	lastIn, lastOp := len(src)-8, len(out)-headroom
	s := fine
	for in <= lastIn && op <= lastOp {
		b |= binary.LittleEndian.Uint64(src[in:]) << (n & 63)
		in += int(63-n) >> 3
		n |= 56
		e := lit[uint32(b)&litMask&(litSize-1)]
		if e&literal != 0 {
			out[op] = byte(e >> 16)
			op++
			b >>= e & 63
			n -= uint(e & 63)
			e = lit[uint32(b)&litMask&(litSize-1)]
			if e&literal != 0 {
				out[op] = byte(e >> 16)
				op++
				b >>= e & 63
				n -= uint(e & 63)
				e = lit[uint32(b)&litMask&(litSize-1)]
				if e&literal != 0 {
					out[op] = byte(e >> 16)
					op++
					b >>= e & 63
					n -= uint(e & 63)
					continue
				}
			}
			if n < 48 { // the most that a length and a distance need
				continue
			}
		}
		if e&exceptional != 0 {
			if e&subtable != 0 {
				e = lit[(e>>16+uint32(b>>(c.litBits&63))&(1<<(e>>8&15)-1))&(litSize-1)]
			}
			if e&(literal|exceptional) != 0 {
				if e&literal != 0 {
					out[op] = byte(e >> 16)
					op++
					b >>= e & 63
					n -= uint(e & 63)
					continue
				}
				if s = corrupt; e&endOfBlock != 0 {
					s = blockEnd
					b >>= e & 63
					n -= uint(e & 63)
				}
				break
			}
		}
		length := int(e>>16) + int(uint32(b)&(1<<(e&31)-1)>>(e>>8&15))
		b >>= e & 63
		n -= uint(e & 63)
		e = dist[uint32(b)&distMask&(distSize-1)]
		if e&exceptional != 0 {
			if e&subtable != 0 {
				e = dist[(e>>16+uint32(b>>(c.distBits&63))&(1<<(e>>8&15)-1))&(distSize-1)]
			}
			if e&exceptional != 0 {
				s = corrupt
				break
			}
		}
		distance := int(e>>16) + int(uint32(b)&(1<<(e&31)-1)>>(e>>8&15))
		b >>= e & 63
		n -= uint(e & 63)
		if distance > op {
			d.op = op
			s = d.match(distance, length)
			if op = d.op; s != fine || d.unknown.any {
				break
			}
			continue
		}
		far = max(far, distance)
		op = copyMatch(out, op, distance, length)
	}
	d.in, d.op, d.bits, d.n = in, op, b, n
	d.result.Distance = max(d.result.Distance, far)
	return s
}

// symbol decodes one literal or match, where fast can not.
func (d *Decoder) symbol(c *codes) status {
	d.fill()
	e := c.lit[uint32(d.bits)&c.litMask&(litSize-1)]
	if e&subtable != 0 {
		e = c.lit[(e>>16+uint32(d.bits>>(c.litBits&63))&(1<<(e>>8&15)-1))&(litSize-1)]
	}
	size := uint(e & 63)
	if size > d.n {
		return short
	}
	if e&literal != 0 {
		if d.op == len(d.out) && !d.room() {
			return full
		}
		d.out[d.op] = byte(e >> 16)
		d.op++
		d.take(size)
		return fine
	}
	if e&exceptional != 0 {
		if e&endOfBlock == 0 {
			return corrupt
		}
		d.take(size)
		return blockEnd
	}
	length := int(e>>16) + int(d.take(size)>>(e>>8&15))
	e = c.dist[uint32(d.bits)&c.distMask&(distSize-1)]
	if e&subtable != 0 {
		e = c.dist[(e>>16+uint32(d.bits>>(c.distBits&63))&(1<<(e>>8&15)-1))&(distSize-1)]
	}
	size = uint(e & 63)
	if size > d.n {
		return short
	}
	if e&exceptional != 0 {
		return corrupt
	}
	distance := int(e>>16) + int(d.take(size)>>(e>>8&15))
	return d.match(distance, length)
}
