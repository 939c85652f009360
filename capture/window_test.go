package capture

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
	"time"
)

// TestWindow reads random bytes by random steps through small windows.
func TestWindow(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	input := make([]byte, 300_000)
	for i := range input {
		input[i] = byte(rng.Uint32())
	}
	readers := map[string]func(io.Reader) io.Reader{
		"whole": func(r io.Reader) io.Reader { return r },
		"bytes": iotest.OneByteReader,
		"half":  iotest.HalfReader,
		"data with error": func(r io.Reader) io.Reader {
			return iotest.DataErrReader(r)
		},
	}
	for name, wrap := range readers {
		t.Run(name, func(t *testing.T) {
			w := newWindow(64)
			w.reset(wrap(bytes.NewReader(input)))
			var got []byte
			for len(got) < len(input) {
				if w.offset() != int64(len(got)) {
					t.Fatalf("offset %d after %d bytes", w.offset(), len(got))
				}
				n := rng.IntN(1 << rng.IntN(14))
				b := w.need(n)
				if len(b) < n && len(got)+len(b) < len(input) {
					t.Fatalf("%d bytes, wanted %d, in the middle of the input", len(b), n)
				}
				n = min(n, len(b))
				got = append(got, b[:n]...)
				w.take(n)
			}
			if !bytes.Equal(got, input) {
				t.Error("other bytes")
			}
			if len(w.need(1)) != 0 || w.err != io.EOF {
				t.Errorf("at the end: %d bytes, %v", len(w.buffered()), w.err)
			}
		})
	}
}

// TestWindowKeeps looks at what was handed out when all has been read.
func TestWindowKeeps(t *testing.T) {
	input := make([]byte, 100_000)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range input {
		input[i] = byte(rng.Uint32())
	}
	for _, twice := range []bool{false, true} {
		w := newWindow(64)
		w.room = func(size int) []byte { return make([]byte, size) }
		var kept [][]byte
		large := 0
		w.reset(iotest.HalfReader(bytes.NewReader(input)))
		for range 2 {
			for {
				want := 1 + rng.IntN(30)
				if rng.IntN(50) == 0 {
					want = 300
				}
				n := min(want, len(w.need(want)))
				if n == 0 {
					break
				}
				b := w.buffered()[:n]
				if !w.kept {
					b = bytes.Clone(b)
					large++
				}
				kept = append(kept, b)
				w.take(n)
			}
			if twice { // as the next input
				w.reset(bytes.NewReader(input))
			}
		}
		want := input
		if twice {
			want = append(bytes.Clone(input), input...)
		}
		if got := bytes.Join(kept, nil); !bytes.Equal(got, want) {
			t.Errorf("%d bytes of %d, or other ones", len(got), len(want))
		}
		if large == 0 || large > len(kept)/2 {
			t.Errorf("%d of %d not kept", large, len(kept))
		}
	}
}

func TestWindowErrorSticks(t *testing.T) {
	bad := errors.New("bad sector")
	w := newWindow(64)
	w.reset(io.MultiReader(bytes.NewReader([]byte("abc")), iotest.ErrReader(bad)))
	for range 3 {
		if b := w.need(10); string(b) != "abc" || w.err != bad {
			t.Errorf("%q, %v", b, w.err)
		}
	}
}

// TestWindowGrowsByWhatArrives asks for far more than there is.
func TestWindowGrowsByWhatArrives(t *testing.T) {
	w := newWindow(64)
	w.reset(bytes.NewReader(make([]byte, 1000)))
	if b := w.need(100 << 20); len(b) != 1000 {
		t.Errorf("%d bytes", len(b))
	}
	if len(w.buf) > 4096 {
		t.Errorf("window of %d bytes for an input of 1000", len(w.buf))
	}
	if b := w.need(maxWindow + 1); len(b) != 1000 {
		t.Errorf("%d bytes", len(b))
	}
}

// brokenReader counts more than it was given room for, or nothing for ever.
type brokenReader struct{ n int }

func (r brokenReader) Read([]byte) (int, error) { return r.n, nil }

func TestWindowBrokenReader(t *testing.T) {
	for n, want := range map[int]error{0: io.ErrNoProgress, -1: errReader, 1 << 30: errReader} {
		w := newWindow(64)
		w.reset(brokenReader{n})
		if b := w.need(1); len(b) != 0 || w.err != want {
			t.Errorf("count %d: %d bytes, %v", n, len(b), w.err)
		}
	}
}
