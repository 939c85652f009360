package capture

import (
	"errors"
	"io"
)

const (
	// windowSize is the buffer of an input: large enough that the system calls cost
	// nothing, small enough to stay in the cache of a core.
	windowSize = 1 << 18

	// maxWindow is the longest record that is held. A longer one is a damage.
	maxWindow = 128 << 20

	// roomToRead is the space behind the buffered bytes below which the window slides.
	roomToRead = 64 << 10
)

var errReader = errors.New("reader returned an impossible count")

// window slides over an input: a run of its bytes, to be looked at without a copy.
// It never waits for more bytes than asked for, and grows only when it is full of bytes
// that have arrived: no length that an input claims sizes an allocation.
type window struct {
	src  io.Reader
	buf  []byte
	r, w int    // buf[r:w] is buffered and not yet taken
	base int64  // offset of buf[0] in the input
	idle func() // called before src may have to be waited for; nil for none

	// A window that is kept leaves its buffer for another one instead of sliding: see
	// Reader.KeepPackets. It slides while it is larger than it began.
	room func(size int) []byte // gives the other buffer; nil for a window that is not kept
	size int                   // of these buffers
	kept bool                  // buf is one of them

	err error // why no more bytes come: io.EOF or a failure of src; it sticks
}

func newWindow(size int) *window { return &window{buf: make([]byte, size), size: size} }

// reset begins a new input.
func (w *window) reset(src io.Reader) {
	*w = window{src: src, buf: w.buf, idle: w.idle, room: w.room, size: w.size}
	if w.room != nil {
		w.leave()
	}
}

// leave goes to another buffer.
func (w *window) leave() { w.buf, w.kept = w.room(w.size), true }

// offset is the place in the input of the first byte that is not taken.
func (w *window) offset() int64 { return w.base + int64(w.r) }

// buffered are the bytes at hand. Like those of need, they stay in place until the next need.
func (w *window) buffered() []byte { return w.buf[w.r:w.w] }

// need returns all that is buffered once it is n bytes or more, and less only where the
// input ends, fails, or where n is more than maxWindow.
func (w *window) need(n int) []byte {
	if w.w-w.r < n {
		w.fill(n)
	}
	return w.buf[w.r:w.w]
}

// take moves on by n bytes, all of which must be buffered.
func (w *window) take(n int) { w.r += n }

func (w *window) fill(n int) {
	for idle := 0; w.w-w.r < n && w.err == nil; {
		if n > maxWindow {
			return
		}
		w.makeRoom(n)
		if w.idle != nil {
			w.idle()
		}
		k, err := w.src.Read(w.buf[w.w:])
		if k < 0 || k > len(w.buf)-w.w {
			k, err = 0, errReader
		}
		w.w += k
		if idle++; k > 0 {
			idle = 0
		}
		if err == nil && idle == 100 {
			err = io.ErrNoProgress
		}
		w.err = err
	}
}

// makeRoom slides the window when little room is left behind the buffered bytes or n
// bytes do not fit there. It doubles the window when more than half of it is wanted and
// half of it has arrived: so it slides once in half a window at most, whatever is asked. A
// window that is kept leaves its buffer instead, and comes back to a small one when that is enough.
func (w *window) makeRoom(n int) {
	held, from := w.w-w.r, w.buf
	switch {
	case 2*n > len(from) && 2*held >= len(from):
		w.buf, w.kept = make([]byte, 2*len(from)), false
	case w.r == 0 || (held > 0 || w.kept) && w.r+n <= len(from) && len(from)-w.w >= roomToRead:
		return
	case w.kept, w.room != nil && 2*max(n, held) <= w.size:
		w.leave()
	}
	copy(w.buf, from[w.r:w.w])
	w.base += int64(w.r)
	w.r, w.w = 0, held
}
