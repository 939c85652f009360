package inflate

import "encoding/binary"

// status is how a step of decoding went.
type status uint8

const (
	fine     status = iota
	blockEnd        // the end-of-block symbol was read
	tailEnd         // a stored block whose length is the tail that the sender removed
	short           // the source ends too early
	corrupt         // no valid DEFLATE
	full            // the limits are reached
)

// left is the number of source bits not consumed.
func (d *Decoder) left() uint64 { return uint64(d.n) + uint64(len(d.src)-d.in)*8 }

// align drops the rest of a byte that has begun and gives back all bytes read ahead.
func (d *Decoder) align() {
	d.in -= int(d.n >> 3)
	d.bits, d.n = 0, 0
}

// fill makes at least 56 bits available, or all that are left.
func (d *Decoder) fill() {
	if len(d.src)-d.in >= 8 {
		d.bits |= binary.LittleEndian.Uint64(d.src[d.in:]) << (d.n & 63)
		d.in += int(63-d.n) >> 3
		d.n |= 56
		return
	}
	for d.n < 56 && d.in < len(d.src) {
		d.bits |= uint64(d.src[d.in]) << (d.n & 63)
		d.in++
		d.n += 8
	}
}

// take consumes n bits that are available.
func (d *Decoder) take(n uint) uint32 {
	v := uint32(d.bits) & (1<<n - 1)
	d.bits >>= n
	d.n -= n
	return v
}

// blocks decodes until the end of the source (RFC 1951 3.2.3). A final block is not the
// end: RFC 7692 7.2.3.4 lets a message, and the next, go on behind it.
func (d *Decoder) blocks() Ending {
	for {
		d.fill()
		if left := d.left(); left < 3 {
			if left == 0 && (d.finished || d.empty) {
				d.result.Tail = d.empty
				return Complete
			}
			return Open
		}
		header := d.take(3)
		d.empty = false
		var s status
		switch header >> 1 {
		case 0:
			s = d.stored()
		case 1:
			s = d.compressed(fixedCodes)
		case 2:
			if s = d.readCodes(); s == fine {
				s = d.compressed(&d.dynamic)
			}
		default:
			s = corrupt
		}
		switch s {
		case corrupt:
			return Corrupt
		case short:
			return Cut
		case full:
			return Stopped
		}
		if d.finished = header&1 != 0; d.finished {
			d.result.Final = true
			d.result.Padding = d.result.Padding || d.bits&(1<<(d.n&7)-1) != 0
			d.align()
		}
		if s == tailEnd {
			return Complete
		}
	}
}

// stored copies a block that is not compressed (RFC 1951 3.2.4).
func (d *Decoder) stored() status {
	d.align()
	rest := d.src[d.in:]
	if len(rest) == 0 {
		return tailEnd
	}
	if len(rest) < 4 {
		return short
	}
	n := int(binary.LittleEndian.Uint16(rest))
	if binary.LittleEndian.Uint16(rest[2:]) != ^uint16(n) {
		return corrupt
	}
	d.in += 4
	d.empty = n == 0
	for n > 0 {
		if d.op == len(d.out) && !d.room() {
			return full
		}
		k := copy(d.out[d.op:], d.src[d.in:min(d.in+n, len(d.src))])
		if k == 0 {
			return short
		}
		d.op += k
		d.in += k
		n -= k
	}
	return fine
}

// order is that of the lengths of the code length code (RFC 1951 3.2.7).
var order = [preCodes]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// readCodes reads the codes of a block with dynamic Huffman codes (RFC 1951 3.2.7).
func (d *Decoder) readCodes() status {
	d.fill()
	if d.n < 14 {
		return short
	}
	lits := int(d.take(5)) + 257
	dists := int(d.take(5)) + 1
	pres := int(d.take(4)) + 4
	if lits > maxLit || dists > maxDist {
		return corrupt
	}
	var lengths [preCodes]uint8
	for _, symbol := range order[:pres] {
		if d.n < 3 {
			if d.fill(); d.n < 3 {
				return short
			}
		}
		lengths[symbol] = uint8(d.take(3))
	}
	used := d.used[:0]
	for symbol, length := range lengths {
		if length != 0 {
			used = append(used, pack(symbol, int(length)))
		}
	}
	var table [preSize]uint32
	bits, ok := build(table[:], preBase[:], used, preBits)
	if !ok || len(used) < 2 { // this code must be complete
		return corrupt
	}
	n, s := d.readLengths(&table, 1<<bits-1, lits+dists)
	if s != fine {
		return s
	}
	return d.buildDynamic(d.used[:n], lits)
}

// readLengths decodes the lengths of the codes of total symbols and puts those in use
// into d.used, of which it gives the number.
func (d *Decoder) readLengths(table *[preSize]uint32, mask uint32, total int) (int, status) {
	n := 0
	last := 0
	for i := 0; i < total; {
		if d.n < 14 {
			d.fill()
		}
		e := table[uint32(d.bits)&mask&(preSize-1)]
		symbol, size := int(e>>16), uint(e&63)
		repeat, base := uint(0), 1
		switch symbol {
		case 16:
			repeat, base = 2, 3
		case 17:
			repeat, base = 3, 3
		case 18:
			repeat, base = 7, 11
		}
		if d.n < size {
			return 0, short
		}
		if e&exceptional != 0 || symbol == 16 && i == 0 {
			return 0, corrupt
		}
		if d.n < size+repeat {
			return 0, short
		}
		d.take(size)
		base += int(d.take(repeat))
		if i+base > total {
			return 0, corrupt
		}
		if symbol != 16 {
			last = symbol
		}
		if last > 0 && last <= maxCodeLen {
			for k := range base {
				d.used[n] = pack(i+k, last)
				n++
			}
		} else {
			last = 0
		}
		i += base
	}
	return n, fine
}

// buildDynamic makes the tables of the codes whose lengths are used: those of the first
// lits symbols are for literals and lengths, the others for distances.
func (d *Decoder) buildDynamic(used []uint16, lits int) status {
	split, ends := len(used), false
	for i, u := range used {
		symbol := int(u >> 4)
		if symbol == 256 {
			ends = true
		}
		if symbol >= lits {
			split = min(split, i)
			used[i] = u - uint16(lits)<<4
		}
	}
	// As in zlib, a block that can not end is no block.
	if !ends || !d.dynamic.build(used[:split], used[split:]) {
		return corrupt
	}
	return fine
}
