package dissect

// pools recycle what connections need only while something is in progress, so that an
// idle connection is small and a busy one does not allocate.
type pools struct {
	frames     freeList[openFrame]
	messages   freeList[message]
	progresses freeList[progress]
	heads      freeList[openHead]
	detectors  freeList[detector]
	ends       freeList[ends]
	buffers    buffers
	held       int64 // payload bytes of all frames and messages in progress
	kept       int   // bytes of the buffers that have come back, also while they are used again
}

// freeList keeps what is to be used again.
type freeList[T any] []*T

func (l *freeList[T]) take() *T {
	n := len(*l)
	if n == 0 {
		return new(T)
	}
	x := (*l)[n-1]
	*l = (*l)[:n-1]
	return x
}

func (l *freeList[T]) give(x *T) { *l = append(*l, x) }

const (
	maxKept    = 1 << 20  // the largest buffer that goes back to a pool
	maxKeptAll = 32 << 20 // of all that stay with what is used again: a large one may hold little then
	partSize   = 16       // bytes of a Part or a Hole
)

func (p *pools) freeFrame(f *openFrame) {
	p.held -= int64(len(f.payload))
	holes, payload, packets, reused := f.holes[:0], p.buffers.recycled(f.payload), f.packets.recycled(), f.reused
	*f = openFrame{}
	f.holes, f.payload, f.packets, f.reused = holes, payload, packets, reused
	if !p.keep(&f.reused, cap(f.payload)+partSize*(cap(f.holes)+cap(f.packets.list))) {
		*f = openFrame{}
	}
	p.frames.give(f)
}

func (p *pools) freeMessage(m *message) {
	if m.loan {
		m.payload = m.own
	}
	p.held -= int64(m.size() + len(m.inflated))
	payload, inflated := p.buffers.recycled(m.payload), recycled(m.inflated)
	fragments, packets, reused := m.fragments.recycled(), m.packets.recycled(), m.reused
	*m = message{}
	m.payload, m.inflated, m.fragments, m.packets, m.reused = payload, inflated, fragments, packets, reused
	if !p.keep(&m.reused, cap(m.payload)+cap(m.inflated)+partSize*(cap(m.fragments.list)+cap(m.packets.list))) {
		*m = message{}
	}
	p.messages.give(m)
}

// keep counts n bytes of buffers, of which reused were counted before; it is false if they
// are too many.
func (p *pools) keep(reused *int, n int) bool {
	p.kept += n - *reused
	*reused = n
	if p.kept > maxKeptAll {
		p.kept -= n
		return false
	}
	return true
}

func recycled(b []byte) []byte {
	if cap(b) > maxKept {
		return nil
	}
	return b[:0]
}

func (p *parts) recycled() parts { return parts{list: p.list[:0]} }
