package dissect

import "math/bits"

// buffers recycles the buffers that payloads grow out of, and those of messages that are
// over. Their sizes are powers of two; a smaller buffer stays with what it belongs to.
type buffers struct {
	free [sizes][][]byte
	kept int // bytes of them
}

const (
	leastShared = 6  // bits of the smallest size
	mostShared  = 23 // and of the largest
	sizes       = mostShared - leastShared + 1
	maxKeptFree = 32 << 20 // bytes of all buffers that wait for their use
	maxAttached = 4 << 10  // the largest buffer that stays with what it belongs to
)

// extend is b with n bytes more, which are not cleared. No more than limit bytes come
// together.
func (p *buffers) extend(b []byte, n, limit int) []byte {
	size := len(b) + n
	switch {
	case size <= cap(b):
		return b[:size]
	case size > 1<<mostShared: // what is outgrown is garbage, and memory that is never touched costs nothing
		large := make([]byte, size, max(size, min(4*len(b), limit)))
		copy(large, b)
		p.give(b)
		return large
	}
	larger := p.take(max(bits.Len(uint(size-1)), leastShared))[:size]
	copy(larger, b)
	p.give(b)
	return larger
}

// take is a buffer of 2^order bytes, which are not cleared if it was used before.
func (p *buffers) take(order int) []byte {
	list := &p.free[order-leastShared]
	last := len(*list) - 1
	if last < 0 {
		return make([]byte, 0, 1<<order)
	}
	b := (*list)[last]
	(*list)[last] = nil
	*list = (*list)[:last]
	p.kept -= 1 << order
	return b
}

// give takes back a buffer, if it is of a size that is shared, and reports whether it was.
func (p *buffers) give(b []byte) bool {
	order := bits.Len(uint(cap(b))) - 1
	if order < leastShared || order > mostShared || cap(b) != 1<<order {
		return false
	}
	if p.kept += 1 << order; p.kept > maxKeptFree {
		p.kept -= 1 << order
		return true
	}
	p.free[order-leastShared] = append(p.free[order-leastShared], b[:0])
	return true
}

// recycled is what stays of a buffer with what it belongs to.
func (p *buffers) recycled(b []byte) []byte {
	if cap(b) > maxAttached && p.give(b) {
		return nil
	}
	return recycled(b)
}
