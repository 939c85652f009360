package capture

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
)

const (
	aheadBuffers = 4
	aheadSize    = 128 << 10
)

var errStopped = errors.New("reading was stopped")

// ahead decompresses an input in a goroutine of its own, a few buffers ahead of the one
// that reads.
type ahead struct {
	full  chan []byte // in order; closed at the end, err is set then
	empty chan []byte
	stop  chan struct{}
	once  sync.Once
	input io.Closer
	err   error

	buf  []byte // being read
	rest []byte // of buf
}

// newAhead begins to decompress head and what follows it in src. The goroutine ends when
// src does, or after close: at once if src is an *os.File, else when its Read returns.
// It closes src.
func newAhead(c codec, head []byte, src io.ReadCloser) *ahead {
	a := &ahead{
		full:  make(chan []byte, aheadBuffers),
		empty: make(chan []byte, aheadBuffers),
		stop:  make(chan struct{}),
		input: src,
	}
	for range aheadBuffers {
		a.empty <- make([]byte, aheadSize)
	}
	in := io.MultiReader(bytes.NewReader(bytes.Clone(head)), src)
	go func() {
		defer close(a.full)
		defer src.Close()
		a.err = decompress(c, a, in)
	}()
	return a
}

// Write implements io.Writer, for the goroutine.
func (a *ahead) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		select {
		case buf := <-a.empty:
			k := copy(buf[:cap(buf)], b)
			a.full <- buf[:k] // has room for all buffers there are
			b = b[k:]
		case <-a.stop:
			return 0, errStopped
		}
	}
	return n, nil
}

// Read implements io.Reader: it waits for some bytes, not for all that are wanted.
func (a *ahead) Read(b []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.buf != nil {
			a.empty <- a.buf // likewise
			a.buf = nil
		}
		buf, ok := <-a.full
		if !ok {
			if a.err != nil {
				return 0, a.err
			}
			return 0, io.EOF
		}
		a.buf, a.rest = buf, buf
	}
	n := copy(b, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// close ends the goroutine.
func (a *ahead) close() {
	a.once.Do(func() { close(a.stop) })
	input := a.input
	if c, ok := input.(counting); ok {
		input = c.ReadCloser
	}
	if f, ok := input.(*os.File); ok {
		_ = f.Close() // wakes a Read that waits
	}
}
