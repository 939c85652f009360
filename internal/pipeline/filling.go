package pipeline

import "github.com/wsdissect/wsdissect/reassembly"

// filling is the work of the goroutine that reads ahead.
type filling struct {
	a     *Ahead
	b     *segments // the batch at hand; nil once nobody wants more
	moved []byte    // where the next packet stands, if that is not where the last one did
}

// room gives the Reader another buffer. It still copies from the one that it leaves, so the
// batch with that is handed over with the next packet.
func (f *filling) room(size int) []byte {
	to := f.a.buffer(size)
	if f.moved != nil {
		f.a.giveBack(f.moved) // no packet stood there
	}
	f.moved = to
	return to
}

// move hands the batch over if the next packet stands in another buffer. It is false once
// nobody wants more.
func (f *filling) move() bool {
	if f.b == nil || f.moved == nil {
		return f.b != nil
	}
	if len(f.b.list) == 0 {
		f.b.view = f.a.r.View()
	}
	f.b, f.moved = f.a.leave(f.b, f.moved), nil
	return f.b != nil
}

// idle hands over what there is, as nothing more is at hand.
func (f *filling) idle(now int64) {
	if !f.move() {
		return
	}
	f.b.idle, f.b.now, f.b.view = true, now, f.a.r.View()
	f.b = f.a.send(f.b)
}

// take puts a segment, or an error, into a batch. It is false once nobody wants more.
func (f *filling) take(s *reassembly.Segment, err error) bool {
	if !f.move() {
		return false
	}
	r := f.a.r
	view := r.View()
	lend := err == nil && len(s.Payload) >= worthLending && r.Kept() && within(r.Current().Data, s.Payload)
	if b := f.b; len(b.list) > 0 && (b.view != view || err == nil && b.full(s, lend)) {
		if f.b = f.a.send(b); f.b == nil {
			return false
		}
	}
	f.b.view = view
	if err == nil {
		f.b.add(s, lend)
		return true
	}
	f.b.err = err
	f.b = f.a.send(f.b)
	return f.b != nil
}

// end hands over the last batch.
func (f *filling) end() {
	if f.b != nil {
		f.b.view = f.a.r.View()
		f.a.send(f.b)
	}
}

// within reports whether b is a part of whole, in memory.
func within(whole, b []byte) bool {
	at := cap(whole) - cap(b)
	return len(b) == 0 || at >= 0 && at+len(b) <= len(whole) && &whole[at] == &b[0]
}
