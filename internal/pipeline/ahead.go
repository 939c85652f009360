package pipeline

import (
	"iter"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/reassembly"
)

const (
	batches      = 4         // in flight between two stages, for each border
	segmentBatch = 512       // segments
	segmentBytes = 256 << 10 // of their payload; a batch with a larger one has it alone
)

// Ahead reads the segments of a capture on a goroutine of its own. It takes the place of
// the Reader, of which only Stop may still be called.
type Ahead struct {
	r    *capture.Reader
	idle func(now int64)
	full chan *segments
	free chan *segments
	stop chan struct{} // closed when no more is wanted
	view *capture.View
}

// segments is a batch.
type segments struct {
	list  []reassembly.Segment
	bytes []byte
	view  *capture.View // where its segments stand
	err   error         // of the capture, behind the segments
	idle  bool          // nothing more is at hand
	now   int64         // of idle
}

// NewAhead makes an Ahead. Nothing is read before Segments is iterated over.
func NewAhead(r *capture.Reader) *Ahead {
	return &Ahead{r: r, view: r.View(), full: make(chan *segments, batches), free: make(chan *segments, batches), stop: make(chan struct{})}
}

// OnIdle is that of the Reader; what it sets is called by the goroutine that iterates.
func (a *Ahead) OnIdle(f func(now int64)) { a.idle = f }

// View is that of the Reader, where the iteration stands.
func (a *Ahead) View() *capture.View { return a.view }

// Segments are those of the Reader, on loan like those. After the last one the Reader is
// done. Where the iteration is left before its end, the Reader may still be waiting for
// input, and must not be touched any more.
func (a *Ahead) Segments() iter.Seq2[*reassembly.Segment, error] {
	return func(yield func(*reassembly.Segment, error) bool) {
		for range batches {
			a.free <- &segments{list: make([]reassembly.Segment, 0, segmentBatch), bytes: make([]byte, 0, segmentBytes)}
		}
		go a.read()
		for b := range a.full {
			if !a.hand(b, yield) {
				close(a.stop)
				return
			}
			a.free <- b // has room for all there are
		}
	}
}

// hand yields what is in a batch.
func (a *Ahead) hand(b *segments, yield func(*reassembly.Segment, error) bool) bool {
	a.view = b.view
	for i := range b.list {
		if !yield(&b.list[i], nil) {
			return false
		}
	}
	if b.err != nil && !yield(nil, b.err) {
		return false
	}
	if b.idle && a.idle != nil {
		a.idle(b.now)
	}
	return true
}

// read fills batches until the capture ends or nobody wants more.
func (a *Ahead) read() {
	defer close(a.full)
	b := a.next()
	if b == nil {
		return
	}
	a.r.OnIdle(func(now int64) {
		if b == nil {
			return
		}
		b.idle, b.now, b.view = true, now, a.r.View()
		b = a.send(b)
	})
	for s, err := range a.r.Segments() {
		if b == nil {
			return
		}
		view := a.r.View()
		if len(b.list) > 0 && (b.view != view || b.full(s)) {
			if b = a.send(b); b == nil {
				return
			}
		}
		b.view = view
		if err == nil {
			b.add(s)
			continue
		}
		b.err = err
		if b = a.send(b); b == nil {
			return
		}
	}
	if b != nil {
		b.view = a.r.View()
		a.send(b)
	}
}

// send hands a batch over and gives the next one; nil if nobody wants more.
func (a *Ahead) send(b *segments) *segments {
	a.full <- b // likewise
	return a.next()
}

// next is an empty batch; nil if nobody wants more.
func (a *Ahead) next() *segments {
	select {
	case b := <-a.free:
		b.list, b.bytes = b.list[:0], b.bytes[:0]
		b.err, b.idle = nil, false
		return b
	case <-a.stop:
		return nil
	}
}

// full reports whether there is no room for s.
func (b *segments) full(s *reassembly.Segment) bool {
	return len(b.list) == segmentBatch || s != nil && len(b.bytes)+len(s.Payload) > segmentBytes
}

// add copies a segment.
func (b *segments) add(s *reassembly.Segment) {
	n := len(b.bytes)
	payload := s.Payload
	if n+len(payload) <= segmentBytes {
		b.bytes = append(b.bytes, payload...)
		payload = b.bytes[n:len(b.bytes):len(b.bytes)]
	} else {
		payload = append([]byte(nil), payload...)
	}
	b.list = append(b.list, *s)
	b.list[len(b.list)-1].Payload = payload
}
