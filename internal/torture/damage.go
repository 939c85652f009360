package torture

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/wsdissect/wsdissect/reassembly"
)

// Damage is something that happens to captures. Apply decides by r alone what becomes of
// which packets; it gives a new slice, which may share payloads with the old one.
type Damage struct {
	Name  string
	Apply func(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment
}

// Damages are all kinds of damage, in a fixed order.
func Damages() []Damage {
	return []Damage{
		{"drop some", dropSome},
		{"drop one", dropOne},
		{"drop a burst", dropBurst},
		{"drop acknowledgements", dropBare},
		{"lose the handshake", loseHandshake},
		{"one side only", oneSide},
		{"start in the middle", startLate},
		{"end early", endEarly},
		{"swap neighbours", swapNear},
		{"delay one", delayOne},
		{"duplicate", duplicate},
		{"overlap", overlap},
		{"contradict", contradict},
		{"keep-alives", keepAlives},
		{"snap length", snap},
		{"cut some", cutSome},
		{"split", split},
		{"merge", merge},
		{"odd clock", oddClock},
	}
}

// keep are the packets that f wants.
func keep(ps []reassembly.Segment, f func(i int) bool) []reassembly.Segment {
	out := make([]reassembly.Segment, 0, len(ps))
	for i := range ps {
		if f(i) {
			out = append(out, ps[i])
		}
	}
	return out
}

// renumbered gives the packets their numbers in the capture, and times that rise with
// them: those of the old order stay in their places.
func renumbered(ps []reassembly.Segment) []reassembly.Segment {
	for i := range ps {
		ps[i].Packet.Number = int64(i + 1)
	}
	return ps
}

// moved puts packets into the order of their keys; each place keeps its time.
func moved(ps []reassembly.Segment, keys []int) []reassembly.Segment {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(keys[a], keys[b]) })
	out := make([]reassembly.Segment, len(ps))
	for i, from := range order {
		out[i] = ps[from]
		out[i].Packet.Time = ps[i].Packet.Time
	}
	return out
}

// withCopies puts a copy of some packets behind them: copied gives what is captured after
// the packet at i was, and how many packets later.
func withCopies(ps []reassembly.Segment, copied func(i int) (s reassembly.Segment, later int, ok bool)) []reassembly.Segment {
	type place struct {
		key int
		s   reassembly.Segment
	}
	places := make([]place, 0, len(ps)+8)
	for i := range ps {
		places = append(places, place{i, ps[i]})
		if s, later, ok := copied(i); ok {
			at := min(i+later, len(ps)-1)
			s.Packet.Time = ps[at].Packet.Time
			places = append(places, place{at, s})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.key, b.key) })
	out := make([]reassembly.Segment, len(places))
	for i := range places {
		out[i] = places[i].s
	}
	return out
}

func wire(s *reassembly.Segment) int { return len(s.Payload) + max(s.Missing, 0) }

// cutTo leaves n payload bytes of a packet.
func cutTo(s *reassembly.Segment, n int) {
	if n < len(s.Payload) {
		s.Missing = wire(s) - n
		s.Payload = s.Payload[:n:n]
	}
}
