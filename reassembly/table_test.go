package reassembly

import (
	"hash/maphash"
	"math/rand/v2"
	"net/netip"
	"testing"
)

// flowSegment is a segment of flow n, from its one side or the other.
func flowSegment(n int, v6, back bool) *Segment {
	host := netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
	server := netip.AddrFrom4([4]byte{192, 0, 2, 1})
	if v6 {
		host = netip.AddrFrom16([16]byte{0x20, 1, 13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)})
		server = netip.IPv6Loopback()
	}
	s := &Segment{Src: netip.AddrPortFrom(host, 50000), Dst: netip.AddrPortFrom(server, 80)}
	if back {
		s.Src, s.Dst = s.Dst, s.Src
	}
	return s
}

// TestTableAgainstMap does the same to a table and to a map, and compares what they find.
func TestTableAgainstMap(t *testing.T) {
	type key struct {
		n  int
		v6 bool
	}
	for _, c := range []struct {
		name        string
		flows       int // of each family
		steps       int
		insertsOf10 int
	}{
		{"few, coming and going", 40, 20_000, 5},
		{"growing", 5000, 40_000, 9},
		{"emptied", 2000, 40_000, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, uint64(c.steps)))
			conns := &slab{}
			table, want := newTable(conns, maphash.MakeSeed()), map[key]*conn{}
			for range c.steps {
				k := key{r.IntN(c.flows), r.IntN(2) == 0}
				held, insert := want[k], r.IntN(10) < c.insertsOf10
				switch {
				case held == nil && insert:
					x := conns.take()
					conns.moveTo(open, x)
					table.insert(flowSegment(k.n, k.v6, r.IntN(2) == 0), x)
					want[k] = x
				case held != nil && !insert:
					table.remove(held)
					conns.give(held)
					delete(want, k)
				}
				if table.used != len(want) {
					t.Fatalf("%d connections, not %d", table.used, len(want))
				}
				k = key{r.IntN(c.flows), r.IntN(2) == 0}
				index := uint32(0)
				if x := want[k]; x != nil {
					index = x.index
				}
				for _, back := range []bool{false, true} {
					got, from := table.find(flowSegment(k.n, k.v6, back))
					if got != index {
						t.Fatalf("flow %v: connection %d, not %d", k, got, index)
					}
					if low := !k.v6 != back; (from == lowSide) != low { // 10.x is below 192.0.2.1, 2001:: above ::1
						t.Fatalf("flow %v, backwards %v: from side %v", k, back, from)
					}
				}
			}
		})
	}
}

// TestTableClose frees slots in tables where the tags collide and the search goes on at the
// beginning, and expects that all others are still found.
func TestTableClose(t *testing.T) {
	const last = leastSlots - 1
	for _, c := range []struct {
		name string
		tags []uint32
	}{
		{"one place", []uint32{5, 5, 5, 5}},
		{"equal in the lowest bits", []uint32{5, 5 + leastSlots, 5 + 2*leastSlots, 5 + 4*leastSlots}},
		{"a run of neighbours", []uint32{5, 6, 5, 7, 6, 9, 5}},
		{"around the end", []uint32{last, last, last - 1, 0, last, 1, 0, 3}},
		{"all in place", []uint32{1, 2, 3, 4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for freed := range c.tags {
				table := newTable(&slab{}, maphash.MakeSeed())
				for i, tag := range c.tags {
					table.place(slot{tag, uint32(i + 1)})
				}
				for at := range table.slots {
					if table.slots[at].index == uint32(freed+1) {
						table.close(uint32(at))
						break
					}
				}
				for i, tag := range c.tags {
					index, at := table.probe(tag, tag)
					for index != 0 && index != uint32(i+1) {
						index, at = table.probe(tag, at)
					}
					if found := index != 0; found == (i == freed) {
						t.Errorf("without slot %d: %d found: %v", freed, i, found)
					}
				}
			}
		})
	}
}

// BenchmarkTable opens connections and finds each again, a long time later.
func BenchmarkTable(b *testing.B) {
	const flows = 200_000
	segments := make([]*Segment, flows)
	for i := range segments {
		segments[i] = flowSegment(i*7919%flows, false, false)
	}
	b.Run("table", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			conns := &slab{}
			t := newTable(conns, maphash.MakeSeed())
			for _, s := range segments {
				if i, _ := t.find(s); i == 0 {
					t.insert(s, conns.take())
				}
			}
			for _, s := range segments {
				if i, _ := t.find(s); conns.at(i).index == 0 {
					b.Fatal("not found")
				}
			}
		}
	})
	b.Run("map", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			conns := &slab{}
			m := make(map[flow4]uint32)
			for _, s := range segments {
				if k, _ := newFlow4(s); m[k] == 0 {
					c := conns.take()
					c.flow = k
					m[k] = c.index
				}
			}
			for _, s := range segments {
				k, _ := newFlow4(s)
				if conns.at(m[k]).index == 0 {
					b.Fatal("not found")
				}
			}
		}
	})
}
