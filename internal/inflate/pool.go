package inflate

import "math/bits"

// pool keeps memory of windows that are gone, for those to come.
type pool struct {
	rings [6][][]byte // by size, from minRing to Size
	holes []*holes
}

// pooled is how many pieces of one kind a pool keeps.
const pooled = 64

// getRing gives a ring of at least n bytes; n is at most Size.
func (p *pool) getRing(n int) []byte {
	class := bits.Len(uint(max(n, minRing)-1)) - bits.Len(minRing-1)
	if free := p.rings[class]; len(free) > 0 {
		ring := free[len(free)-1]
		p.rings[class] = free[:len(free)-1]
		return ring
	}
	return make([]byte, minRing<<class)
}

func (p *pool) putRing(ring []byte) {
	if len(ring) == 0 {
		return
	}
	class := bits.Len(uint(len(ring)-1)) - bits.Len(minRing-1)
	if len(p.rings[class]) < pooled {
		p.rings[class] = append(p.rings[class], ring)
	}
}

func (p *pool) getHoles() *holes {
	if n := len(p.holes); n > 0 {
		h := p.holes[n-1]
		p.holes = p.holes[:n-1]
		*h = holes{}
		return h
	}
	return new(holes)
}

func (p *pool) putHoles(h *holes) {
	if h != nil && len(p.holes) < pooled {
		p.holes = append(p.holes, h)
	}
}
