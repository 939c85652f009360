package pipeline

import (
	"sync/atomic"

	"github.com/wsdissect/wsdissect/dissect"
)

// Relay is a Sink that hands events to others, each of which works on a goroutine of its own.
type Relay struct {
	full chan *events
	free chan *events
	done chan struct{}         // closed when the goroutines are
	b    *events               // being filled
	lent *dissect.Message      // of a frame that was lent: its own event is to come
	err  atomic.Pointer[error] // of a Sink; sticks
}

// Stage makes a Sink that stands in front of another one.
type Stage func(next dissect.Sink) dissect.Sink

// NewRelay makes a Relay to a Sink, through stages in their order. Close must be called.
func NewRelay(last dissect.Sink, stages ...Stage) *Relay {
	n := batches * (1 + len(stages))
	r := &Relay{full: make(chan *events, n), free: make(chan *events, n), done: make(chan struct{})}
	for range n {
		r.free <- newEvents()
	}
	r.b = <-r.free
	in := r.full
	for _, s := range stages {
		in = r.stage(s, in)
	}
	go r.work(last, in)
	return r
}

// stage starts the goroutine of a stage. What the stage emits goes on in the place of what
// came in.
func (r *Relay) stage(s Stage, in chan *events) chan *events {
	out := make(chan *events, cap(in))
	var on passed
	sink := s(&on)
	go func() {
		defer close(out)
		for b := range in {
			if r.failure() == nil {
				r.fail(deliver(b, sink, func(f call) { on.list = append(on.list, f) }))
				b.list, on.list = on.list, b.list
				clear(on.list)
				on.list = on.list[:0]
			}
			out <- b // has room for all there are
		}
	}()
	return out
}

// passed are the events of a batch that a stage has passed on.
type passed struct{ list []dissect.Event }

// Emit implements dissect.Sink.
func (p *passed) Emit(e dissect.Event) error {
	p.list = append(p.list, e)
	return nil
}

// Emit implements dissect.Sink. The error is that of an event before.
func (r *Relay) Emit(e dissect.Event) error {
	switch e := e.(type) {
	case *dissect.Frame:
		return r.frame(e)
	case *dissect.Message:
		return r.message(e)
	case *dissect.Summary:
		return r.wait(e) // it is completed by others, and nothing follows
	}
	return r.add(dissect.Clone(e)) // of the others there are few
}

// Do lets the last goroutine call f, in its place among the events, unless an error came
// before it.
func (r *Relay) Do(f func()) error { return r.add(call(f)) }

// Flush lets the other goroutines come to all events given so far, without waiting for them.
func (r *Relay) Flush() error {
	if r.b.owed == nil && len(r.b.list) > 0 {
		r.send()
	}
	return r.failure()
}

// Close waits for the other goroutines, and gives the error of a Sink.
func (r *Relay) Close() error {
	r.send()
	close(r.full)
	<-r.done
	return r.failure()
}

// frame hands over a frame, with the message that it completes.
func (r *Relay) frame(e *dissect.Frame) error {
	if r.lent = nil; !fits(e) {
		r.lent = e.Message
		return r.wait(e)
	}
	if !r.b.room(e) {
		r.send()
	}
	return r.add(r.b.frame(e))
}

// message hands over a message: the one that came with its frame, so that what is hung on
// it there stays on it.
func (r *Relay) message(e *dissect.Message) error {
	if e == r.lent {
		r.lent = nil
		return r.wait(e)
	}
	if copied := r.b.settle(e); copied != nil {
		return r.add(copied)
	}
	if !fitsMessage(e) {
		return r.wait(e)
	}
	if !r.b.roomFor(e) {
		r.send()
	}
	return r.add(r.b.message(e))
}

// wait lends an event itself to the other goroutines, and waits until they have taken it.
func (r *Relay) wait(e dissect.Event) error {
	r.b.list = append(r.b.list, e)
	r.b.taken = make(chan struct{})
	taken := r.b.taken
	r.send()
	<-taken
	return r.failure()
}

// add appends what may be kept. A batch does not end between a frame and its message.
func (r *Relay) add(e dissect.Event) error {
	r.b.list = append(r.b.list, e)
	if len(r.b.list) >= eventBatch && r.b.owed == nil {
		r.send()
	}
	return r.failure()
}

func (r *Relay) send() {
	r.full <- r.b // has room for all there are
	r.b = <-r.free
}

func (r *Relay) failure() error {
	if err := r.err.Load(); err != nil {
		return *err
	}
	return nil
}

// work takes batches to the last Sink. After an error nothing is done but to let go of them.
func (r *Relay) work(last dissect.Sink, in chan *events) {
	defer close(r.done)
	for b := range in {
		if r.failure() == nil {
			r.fail(deliver(b, last, func(f call) { f() }))
		}
		if b.taken != nil {
			close(b.taken)
		}
		b.reset()
		r.free <- b // likewise
	}
}

func (r *Relay) fail(err error) {
	if err != nil {
		kept := err // only an error is moved to the heap
		r.err.Store(&kept)
	}
}

// deliver gives the events of a batch to a Sink, and the calls among them to another.
func deliver(b *events, to dissect.Sink, calls func(call)) error {
	for _, e := range b.list {
		if f, ok := e.(call); ok {
			calls(f)
		} else if err := to.Emit(e); err != nil {
			return err
		}
	}
	return nil
}
