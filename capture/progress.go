package capture

import (
	"io"
	"os"
	"sync/atomic"
)

// Progress tells how many bytes of the inputs have been read, compressed as they are, and
// how many there are: 0 where an input is no regular file. It may be called at any time,
// on any goroutine.
func (r *Reader) Progress() (read, size int64) { return r.taken.Load(), r.size.Load() }

// counting counts what is read.
type counting struct {
	io.ReadCloser
	n *atomic.Int64
}

// Read implements io.Reader.
func (c counting) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.n.Add(int64(n))
	return n, err
}

// sizeOf is the size of all inputs; 0 where that is not known.
func sizeOf(inputs []Input) int64 {
	size := int64(0)
	for _, in := range inputs {
		info, err := os.Stat(in.path)
		if err != nil {
			continue // its opening will tell
		}
		if !info.Mode().IsRegular() {
			return 0
		}
		size += info.Size()
	}
	return size
}
