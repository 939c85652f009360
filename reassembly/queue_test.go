package reassembly

import (
	"math/rand/v2"
	"testing"
)

func TestQueuePagesStayFull(t *testing.T) {
	const n = 100 * pageLen
	for _, c := range []struct {
		name string
		at   func(i int) int // where the i-th piece goes
		most int             // pages
	}{
		{"in order", func(i int) int { return i }, n / pageLen},
		{"in reverse", func(i int) int { return n - 1 - i }, n / pageLen},
		{"the second half first", func(i int) int { return (i + n/2) % n }, n / pageLen},
		{"inwards", func(i int) int {
			if i%2 == 0 {
				return i / 2
			}
			return n - 1 - i/2
		}, 2 * n / pageLen},
		{"all over", func(i int) int { return i * 999983 % n }, 2 * n / pageLen}, // a prime
	} {
		t.Run(c.name, func(t *testing.T) {
			var m memory
			w := m.takeWait()
			q := &w.queue
			for i := range n {
				s := seq(0xFFFFFF00 + uint32(c.at(i)))
				q.insert(q.seek(s), piece{seq: s, size: 1, data: m.pool.copyOf([]byte{byte(s)})}, &m)
			}
			if len(q.pages) > c.most {
				t.Errorf("%d pages for %d pieces, want at most %d", len(q.pages), n, c.most)
			}
			h := half{wait: w}
			checkQueue(t, &h)
			for i := range n {
				if x := q.first(); x.seq != seq(0xFFFFFF00+uint32(i)) || x.data[0] != byte(x.seq) {
					t.Fatalf("piece %d is %d: %x", i, x.seq, x.data)
				}
				q.removeFirst(&m)
			}
			m.giveWait(w)
			if m.used != 0 {
				t.Errorf("%d bytes used", m.used)
			}
		})
	}
}

func TestPoolIsBounded(t *testing.T) {
	var p pool
	var held [][]byte
	r := rand.New(rand.NewPCG(5, 6))
	for total := 0; total < 3*maxFree; {
		n := 1 + r.IntN(70_000)
		b := p.copyOf(make([]byte, n))
		if len(b) != n || cap(b) != footprint(n) {
			t.Fatalf("%d of %d bytes for %d", len(b), cap(b), n)
		}
		held = append(held, b)
		total += n
	}
	for _, b := range held {
		p.recycle(b)
	}
	if p.bytes > maxFree || p.bytes < maxFree/2 {
		t.Errorf("%d bytes kept", p.bytes)
	}
}
