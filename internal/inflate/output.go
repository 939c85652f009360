package inflate

import "encoding/binary"

// minOut is the least memory that output is given at once.
const minOut = 1 << 10

// roomy makes headroom for the fast loop if the limit allows it, and reports whether
// there is some.
func (d *Decoder) roomy() bool {
	if len(d.out)-d.op >= headroom {
		return true
	}
	if d.result.Limited || uint64(len(d.out)) >= d.limit {
		return false
	}
	d.growOut()
	return len(d.out)-d.op >= headroom
}

// growOut doubles the memory for what is given out. It grows with what was inflated, not
// with what the source may promise.
func (d *Decoder) growOut() {
	size := max(2*uint64(len(d.out)), 4*uint64(len(d.src)), minOut)
	out := make([]byte, min(size, d.limit))
	copy(out, d.out[:d.op])
	d.out = out
}

// room makes room for at least one byte when out is full. It reports false when the
// limits are reached. Beyond what is given out the output goes to the window alone, a
// chunk at a time.
func (d *Decoder) room() bool {
	if !d.result.Limited {
		if uint64(len(d.out)) < d.limit {
			d.growOut()
			return true
		}
		d.result.Limited = true
		d.payload = d.out[:d.op]
		if d.chunk == nil && d.bound > d.limit {
			d.chunk = make([]byte, Size+headroom)
		}
	}
	done := d.base + uint64(d.op)
	if done >= d.bound {
		return false
	}
	d.window.add(&d.pool, d.out[:d.op], *d.unknown, Size)
	d.unseen, d.unknown = d.unseen[:0], &d.unseen
	d.out, d.op, d.base = d.chunk, 0, done
	if d.bound-done < uint64(len(d.chunk)) {
		d.out = d.chunk[:d.bound-done]
	}
	return true
}

// match writes length bytes that were output distance bytes ago, here or in the window.
func (d *Decoder) match(distance, length int) status {
	before := distance - d.op
	if before > 0 {
		if before > int(d.window.n) && !d.window.older {
			return corrupt
		}
		if d.base < uint64(before) {
			d.result.Reach = max(d.result.Reach, before-int(d.base))
		}
	}
	d.result.Distance = max(d.result.Distance, distance)
	if len(d.out)-d.op < length+8 {
		return d.matchBytes(distance, length)
	}
	if before > 0 {
		n := min(before, length)
		if !d.window.known(before, n) {
			return d.matchBytes(distance, length)
		}
		d.window.read(d.out[d.op:d.op+n], before)
		d.op += n
		length -= n
	}
	if from := d.op - distance; length > 0 && !d.unknown.lacks(from, min(from+length, d.op)) {
		return d.matchBytes(distance, length)
	}
	d.op = copyMatch(d.out, d.op, distance, length)
	return fine
}

// matchBytes is match byte by byte, where bytes may be unknown or the room may end.
func (d *Decoder) matchBytes(distance, length int) status {
	for range length {
		if d.op == len(d.out) && !d.room() {
			return full
		}
		var b byte
		known := true
		if before := distance - d.op; before > 0 {
			b, known = d.window.at(before)
		} else {
			b = d.out[-before]
			known = !d.unknown.has(-before)
		}
		if !known {
			if d.result.Unknown == 0 {
				d.result.FirstUnknown = d.base + uint64(d.op)
			}
			d.result.Unknown++
			d.unknown.add(d.op)
		}
		d.out[d.op] = b
		d.op++
	}
	return fine
}

// copyMatch writes length bytes that lie distance before op, by words: it may write seven
// bytes more. It gives the new op.
func copyMatch(out []byte, op, distance, length int) int {
	end := op + length
	from := op - distance
	switch {
	case distance >= 8:
		for op < end {
			binary.LittleEndian.PutUint64(out[op:], binary.LittleEndian.Uint64(out[from:]))
			op += 8
			from += 8
		}
	case distance == 1:
		word := uint64(out[from]) * 0x0101010101010101
		for op < end {
			binary.LittleEndian.PutUint64(out[op:], word)
			op += 8
		}
	default:
		for op < end {
			out[op] = out[from]
			op++
			from++
		}
	}
	return end
}
