package pipeline

import (
	"iter"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/reassembly"
)

const (
	batches      = 4         // in flight between two stages, for each border
	segmentBatch = 512       // segments
	segmentBytes = 256 << 10 // of payload that is copied; a batch with more has one segment

	// worthLending is from when on a payload is handed over where it stands. Less is copied:
	// close together, payloads are faster to get at than among headers.
	worthLending = 256
)

// Ahead reads the segments of a capture on a goroutine of its own. It takes the place of
// the Reader, of which only Stop may still be called.
//
// Large payloads are handed over where they were read to. The Reader leaves a buffer to the
// last batch with segments in it, and takes one that comes back with those that are done.
type Ahead struct {
	r    *capture.Reader
	idle func(now int64)
	full chan *segments
	free chan *segments
	room chan []byte   // buffers that nobody looks into any more
	stop chan struct{} // closed when no more is wanted
	view *capture.View

	poison bool // overwrite what comes back, so that a use after that shows in tests
}

// segments is a batch.
type segments struct {
	list   []reassembly.Segment
	copied []byte        // payloads that are not lent
	room   []byte        // where the last of the packets stand; nil if those of the next batch do, too
	view   *capture.View // where its segments stand
	err    error         // of the capture, behind the segments
	idle   bool          // nothing more is at hand
	now    int64         // of idle
}

// NewAhead makes an Ahead. Nothing is read before Segments is iterated over.
func NewAhead(r *capture.Reader) *Ahead {
	return &Ahead{
		r:    r,
		view: r.View(),
		full: make(chan *segments, batches),
		free: make(chan *segments, batches),
		room: make(chan []byte, batches+1),
		stop: make(chan struct{}),
	}
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
			a.free <- &segments{list: make([]reassembly.Segment, 0, segmentBatch)}
		}
		go a.read()
		for b := range a.full {
			if !a.hand(b, yield) {
				close(a.stop)
				return
			}
			a.recycle(b)
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

// recycle takes back a batch that is done.
func (a *Ahead) recycle(b *segments) {
	if b.room != nil {
		if a.poison {
			clear(b.room)
		}
		a.giveBack(b.room)
		b.room = nil
	}
	a.free <- b // has room for all there are
}

// giveBack takes back a buffer.
func (a *Ahead) giveBack(room []byte) {
	select {
	case a.room <- room:
	default:
	}
}

// read fills batches until the capture ends or nobody wants more.
func (a *Ahead) read() {
	defer close(a.full)
	f := filling{a: a, b: a.next()}
	if f.b == nil {
		return
	}
	a.r.KeepPackets(f.room)
	a.r.OnIdle(f.idle)
	for s, err := range a.r.Segments() {
		if !f.take(s, err) {
			return
		}
	}
	f.end()
}

// send hands a batch over and gives the next one, for packets in the same buffer; nil if
// nobody wants more.
func (a *Ahead) send(b *segments) *segments {
	room := b.room
	b.room = nil
	return a.leave(b, room)
}

// leave hands a batch over, with its buffer, and gives the next one, for packets in another.
func (a *Ahead) leave(b *segments, room []byte) *segments {
	a.full <- b // has room for all there are
	n := a.next()
	if n != nil {
		n.room = room
	}
	return n
}

// next is an empty batch; nil if nobody wants more.
func (a *Ahead) next() *segments {
	select {
	case b := <-a.free:
		b.list, b.copied = b.list[:0], b.copied[:0]
		if cap(b.copied) > 2*segmentBytes {
			b.copied = nil
		}
		b.err, b.idle = nil, false
		return b
	case <-a.stop:
		return nil
	}
}

// buffer is one of at least that size, used before or not.
func (a *Ahead) buffer(size int) []byte {
	select {
	case b := <-a.room:
		if len(b) >= size {
			return b
		}
	default:
	}
	return make([]byte, size)
}

// full reports whether there is no room for s, whose payload is lent or has to be copied.
func (b *segments) full(s *reassembly.Segment, lend bool) bool {
	return len(b.list) == segmentBatch || !lend && len(b.copied)+len(s.Payload) > segmentBytes
}

// add takes a segment.
func (b *segments) add(s *reassembly.Segment, lend bool) {
	b.list = append(b.list, *s)
	if lend {
		return
	}
	n := len(b.copied)
	b.copied = append(b.copied, s.Payload...)
	b.list[len(b.list)-1].Payload = b.copied[n:len(b.copied):len(b.copied)]
}
