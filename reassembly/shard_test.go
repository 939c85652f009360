package reassembly

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"
)

// call is what a Stream got, with the packet during which it did.
type call struct {
	packet, conn int64
	what         string
}

type caller struct {
	calls *[]call
	now   *int64
	conn  int64
}

func (c caller) add(what any) {
	*c.calls = append(*c.calls, call{*c.now, c.conn, fmt.Sprintf("%T%v", what, what)})
}
func (c caller) Data(p Piece) { c.add(p) }
func (c caller) Gap(g Gap)    { c.add(g) }
func (c caller) Note(n Note)  { c.add(n) }
func (c caller) End(e End)    { c.add(e) }

// TestShards spreads connections over Assemblers that share nothing but the clock. The
// calls, merged by packet and connection, must be those of a single one.
func TestShards(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var all []Segment
	for i := range 60 {
		tr := makeTraffic(r.Uint64(), knobs(r.Uint32())%allKnobs)
		for j := range tr.segments {
			s := tr.segments[j]
			for _, p := range []*netip.AddrPort{&s.Src, &s.Dst} {
				if p.Port() == 40000 {
					*p = netip.AddrPortFrom(p.Addr(), uint16(1000+i))
				}
			}
			s.Packet.Time = 1e18 + int64(i)*2e9 + int64(j)*5e7
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(x, y Segment) int { return int(x.Packet.Time - y.Packet.Time) })
	for i := range all {
		all[i].Packet.Number = int64(i + 1)
	}
	run := func(shards int) []call {
		var calls []call
		now := int64(0)
		c := Config{IdleTimeout: 3 * time.Second, New: func(p Conn) Stream { return caller{&calls, &now, p.ID} }}
		var as []*Assembler
		for range shards {
			as = append(as, New(c))
		}
		for _, s := range all {
			now = s.Packet.Number
			for i, a := range as {
				if i == int(s.Src.Port()^s.Dst.Port())%shards {
					a.Push(&s)
				} else {
					a.Tick(s.Packet)
				}
			}
		}
		now++
		for _, a := range as {
			a.Close(all[len(all)-1].Packet)
		}
		slices.SortStableFunc(calls, func(x, y call) int {
			if x.packet != y.packet {
				return int(x.packet - y.packet)
			}
			return int(x.conn - y.conn)
		})
		return calls
	}
	one := run(1)
	if len(one) < len(all)/2 {
		t.Fatalf("%d calls for %d segments", len(one), len(all))
	}
	for _, n := range []int{2, 3, 7} {
		if got := run(n); !slices.Equal(got, one) {
			t.Errorf("%d shards give %d calls, one gives %d", n, len(got), len(one))
			for i := range min(len(got), len(one)) {
				if got[i] != one[i] {
					t.Fatalf("call %d: %+v, want %+v", i, got[i], one[i])
				}
			}
		}
	}
}
