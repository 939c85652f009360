package pipeline

import (
	"sync/atomic"

	"github.com/wsdissect/wsdissect/dissect"
)

// Relay is a Sink that hands events to another one, which works on a goroutine of its own.
type Relay struct {
	next dissect.Sink
	full chan *events
	free chan *events
	done chan struct{}         // closed when the other goroutine is
	b    *events               // being filled
	lent *dissect.Message      // of a frame that was lent: its own event is to come
	err  atomic.Pointer[error] // of next; sticks
}

// NewRelay makes a Relay to next, of which Close must be called.
func NewRelay(next dissect.Sink) *Relay {
	r := &Relay{next: next, full: make(chan *events, batches), free: make(chan *events, batches), done: make(chan struct{})}
	for range batches {
		r.free <- newEvents()
	}
	r.b = <-r.free
	go r.work()
	return r
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

// Do lets the other goroutine call f, in its place among the events, unless an error came
// before it.
func (r *Relay) Do(f func()) error { return r.add(call(f)) }

// Flush lets the other goroutine come to all events given so far, without waiting for it.
func (r *Relay) Flush() error {
	if r.b.owed == nil && len(r.b.list) > 0 {
		r.send()
	}
	return r.failure()
}

// Close waits for the other goroutine, and gives the error of its Sink.
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

// wait lends an event itself to the other goroutine, and waits until it has taken it.
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

// work takes batches to the Sink. After its error nothing is done but to let go of them.
func (r *Relay) work() {
	defer close(r.done)
	for b := range r.full {
		if r.failure() == nil {
			r.fail(r.deliver(b))
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

func (r *Relay) deliver(b *events) error {
	for _, e := range b.list {
		if f, ok := e.(call); ok {
			f()
		} else if err := r.next.Emit(e); err != nil {
			return err
		}
	}
	return nil
}
