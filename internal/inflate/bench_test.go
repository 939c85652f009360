package inflate

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	kflate "github.com/klauspost/compress/flate"
)

// messages of about n bytes of JSON, and what a sender with context takeover makes of them.
func benchMessages(b testing.TB, n int) (plain, wire [][]byte, size int64) {
	random := rand.New(rand.NewPCG(1, uint64(n)))
	s := newSender(b, 6)
	for range 64 {
		var m []byte
		for len(m) < n {
			m = fmt.Appendf(m, `{"type":"trade","symbol":"ABC%d","price":%d.%02d,"volume":%d,"side":"buy"}`,
				random.IntN(50), random.IntN(1000), random.IntN(100), random.IntN(1e6))
		}
		m = m[:n]
		plain = append(plain, m)
		wire = append(wire, s.send(b, m))
		size += int64(len(m))
	}
	return plain, wire, size
}

func benchSizes(b *testing.B, run func(b *testing.B, plain, wire [][]byte)) {
	for _, n := range []int{50, 200, 500, 2000, 20000, 500000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			plain, wire, size := benchMessages(b, n)
			b.SetBytes(size / int64(len(wire)))
			b.ReportAllocs()
			run(b, plain, wire)
		})
	}
}

func BenchmarkInflate(b *testing.B) {
	benchSizes(b, func(b *testing.B, plain, wire [][]byte) {
		var d Decoder
		var w Window
		dst := make([]byte, 1<<20)
		i := 0
		for b.Loop() {
			if i == len(wire) {
				i = 0
			}
			r := d.Inflate(&w, dst, wire[i], roomyLimits, Size)
			if r.Ending != Complete || len(r.Out) != len(plain[i]) {
				b.Fatal(r.Ending, len(r.Out))
			}
			i++
		}
	})
}

// After a loss that the sender keeps referring to, every byte is looked at.
func BenchmarkInflateUnknown(b *testing.B) {
	benchSizes(b, func(b *testing.B, plain, wire [][]byte) {
		var d Decoder
		var w Window
		dst := make([]byte, 1<<20)
		for i := 1; b.Loop(); i = max(1, (i+1)%len(wire)) {
			if i == 1 {
				w.Lose()
			}
			r := d.Inflate(&w, dst, wire[i], roomyLimits, Size)
			if r.Ending != Complete || len(r.Out) != len(plain[i]) || i == 1 && r.Unknown == 0 {
				b.Fatal(r.Ending, len(r.Out), r.Unknown)
			}
		}
	})
}

// The others keep the history as a dictionary, which their Reset copies.
func benchReader(b *testing.B, plain, wire [][]byte, reader io.ReadCloser, reset func(io.Reader, []byte) error) {
	var history []byte
	dst := make([]byte, 1<<20)
	src := bytes.NewReader(nil)
	buf := make([]byte, 0, 1<<20)
	i := 0
	for b.Loop() {
		if i == len(wire) {
			i = 0
		}
		buf = append(append(buf[:0], wire[i]...), "\x00\x00\xff\xff\x01\x00\x00\xff\xff"...)
		src.Reset(buf)
		reset(src, history)
		n, err := io.ReadFull(reader, dst)
		if err != io.ErrUnexpectedEOF && err != io.EOF || n != len(plain[i]) {
			b.Fatal(n, err)
		}
		if n >= Size {
			history = append(history[:0], dst[n-Size:n]...)
		} else {
			if over := len(history) + n - Size; over > 0 {
				history = append(history[:0], history[over:]...)
			}
			history = append(history, dst[:n]...)
		}
		i++
	}
}

func BenchmarkKlauspost(b *testing.B) {
	benchSizes(b, func(b *testing.B, plain, wire [][]byte) {
		r := kflate.NewReader(nil)
		benchReader(b, plain, wire, r, r.(kflate.Resetter).Reset)
	})
}

func BenchmarkStandard(b *testing.B) {
	benchSizes(b, func(b *testing.B, plain, wire [][]byte) {
		r := flate.NewReader(nil)
		benchReader(b, plain, wire, r, r.(flate.Resetter).Reset)
	})
}
