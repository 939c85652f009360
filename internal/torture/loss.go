package torture

import (
	"math/rand/v2"
	"net/netip"

	"github.com/wsdissect/wsdissect/reassembly"
)

func dropSome(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	oneOf := []int{100, 20, 5, 2}[r.IntN(4)]
	return keep(ps, func(int) bool { return r.IntN(oneOf) != 0 })
}

func dropOne(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	lost := r.IntN(len(ps))
	return keep(ps, func(i int) bool { return i != lost })
}

func dropBurst(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	from := r.IntN(len(ps))
	to := from + 1 + r.IntN(max(len(ps)/4, 1))
	return keep(ps, func(i int) bool { return i < from || i >= to })
}

// dropBare drops packets without payload: acknowledgements, and now and then SYN or FIN.
func dropBare(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	return keep(ps, func(i int) bool { return wire(&ps[i]) > 0 || r.IntN(3) == 0 })
}

// flowKey is a connection, whichever side sent.
type flowKey struct {
	a, b netip.AddrPort
	zone uint32
}

func flowOf(s *reassembly.Segment) flowKey {
	if s.Src.Compare(s.Dst) < 0 {
		return flowKey{s.Src, s.Dst, s.Zone}
	}
	return flowKey{s.Dst, s.Src, s.Zone}
}

// loseHandshake drops some of the first packets of each connection.
func loseHandshake(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	seen := map[flowKey]int{}
	return keep(ps, func(i int) bool {
		f := flowOf(&ps[i])
		seen[f]++
		return seen[f] > 8 || r.IntN(2) == 0
	})
}

// oneSide drops what one side of each connection sends.
func oneSide(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	lost := map[flowKey]bool{}
	return keep(ps, func(i int) bool {
		f := flowOf(&ps[i])
		side, ok := lost[f]
		if !ok {
			side = r.IntN(2) == 0
			lost[f] = side
		}
		return (f.a == ps[i].Src) != side
	})
}

func startLate(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	from := r.IntN(len(ps))
	return keep(ps, func(i int) bool { return i >= from })
}

// endEarly ends the capture, mostly inside a packet.
func endEarly(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	to := 1 + r.IntN(len(ps))
	out := keep(ps, func(i int) bool { return i < to })
	last := &out[len(out)-1]
	cutTo(last, r.IntN(len(last.Payload)+1))
	return out
}

// snap cuts all packets to a length.
func snap(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	n := []int{0, 2, 6, 14, 42, 74, 202, 458, 1000}[r.IntN(9)] + r.IntN(4)
	out := keep(ps, func(int) bool { return true })
	for i := range out {
		cutTo(&out[i], n)
	}
	return out
}

func cutSome(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	out := keep(ps, func(int) bool { return true })
	for i := range out {
		if r.IntN(10) == 0 {
			cutTo(&out[i], r.IntN(len(out[i].Payload)+1))
		}
	}
	return out
}
