package dissect

import (
	"bytes"
	"testing"
)

// A payload stays what it is while its buffer grows, over sizes that are shared and others.
func TestBuffersExtend(t *testing.T) {
	var p buffers
	for _, step := range []int{1, 1000, 4096, 70_000, 3 << 20} {
		for range 2 { // the second time buffers are used again
			var b, want []byte
			for i := 0; len(b) < 20<<20 && i < 3000; i++ {
				n := len(b)
				b = p.extend(b, step, 64<<20)
				if len(b) != n+step {
					t.Fatalf("%d bytes, and %d more: %d", n, step, len(b))
				}
				piece := bytes.Repeat([]byte{byte(i)}, step)
				copy(b[n:], piece)
				want = append(want, piece...)
			}
			if !bytes.Equal(b, want) {
				t.Errorf("steps of %d: other bytes", step)
			}
			p.recycled(b)
		}
	}
	if n := free(&p); n != p.kept || n > maxKeptFree || n == 0 {
		t.Errorf("%d bytes are free, %d counted", n, p.kept)
	}
}

func TestBuffersKeepNoMoreThanTheLimit(t *testing.T) {
	var p buffers
	for range 10 {
		p.recycled(make([]byte, 0, 1<<mostShared))
	}
	if n := free(&p); n != maxKeptFree || p.kept != n {
		t.Errorf("%d bytes are free, %d counted", n, p.kept)
	}
	for range 10 {
		p.take(mostShared)
	}
	if n := free(&p); n != 0 || p.kept != 0 {
		t.Errorf("%d bytes are free, %d counted", n, p.kept)
	}
}

// What another has made is taken only if its size is one of those.
func TestBuffersTakeTheirOwnSizes(t *testing.T) {
	var p buffers
	for _, n := range []int{0, 1, 1 << 5, 1<<13 + 1, 1 << 24} {
		if p.give(make([]byte, 0, n)) {
			t.Errorf("%d bytes were taken", n)
		}
	}
}

func free(p *buffers) int {
	n := 0
	for _, list := range p.free {
		for _, b := range list {
			n += cap(b)
		}
	}
	return n
}
