package wstest

import (
	"cmp"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wsdissect/wsdissect/reassembly"
)

// Packets are packets in the order of a capture.
type Packets []Packet

// Merge brings the packets of conversations together, by their time.
func Merge(talks ...*Talk) Packets {
	var ps Packets
	for _, t := range talks {
		ps = append(ps, t.Packets...)
	}
	slices.SortStableFunc(ps, func(a, b Packet) int { return cmp.Compare(a.Time, b.Time) })
	return ps
}

// Segments are the packets as reassembly sees them, numbered from 1.
func (ps Packets) Segments() []reassembly.Segment {
	out := make([]reassembly.Segment, len(ps))
	for i := range ps {
		out[i] = ps[i].Segment(int64(i + 1))
	}
	return out
}

// Capture is a pcap file of the packets.
func (ps Packets) Capture() []byte {
	b := AppendFileHeader(nil)
	for i := range ps {
		b = AppendRecord(b, ps[i].Time, ps[i].Size(), ps[i].Bytes())
	}
	return b
}

// TempFile writes a pcap file of the packets and returns its path. The test removes it.
func (ps Packets) TempFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "capture.pcap")
	if err := os.WriteFile(path, ps.Capture(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Shuffled are the packets in an order that depends on the seed alone: each comes at most
// distance places before one that was sent before it. Time stamps stay in their places,
// as a capture has them in the order of arrival.
func (ps Packets) Shuffled(seed uint64, distance int) Packets {
	r := rand.New(rand.NewPCG(seed, 0))
	type place struct{ key, index int }
	places := make([]place, len(ps))
	for i := range ps {
		places[i] = place{i + r.IntN(distance+1), i}
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.key, b.key) })
	out := make(Packets, len(ps))
	for i, p := range places {
		out[i] = ps[p.index]
		out[i].Time = ps[i].Time
	}
	return out
}

// Duplicated are the packets with some sent twice, the second time a few places later.
// One of n is, for n above 0; which ones depends on the seed alone.
func (ps Packets) Duplicated(seed uint64, n int) Packets {
	r := rand.New(rand.NewPCG(seed, 1))
	type place struct{ key, index int }
	var places []place
	for i := range ps {
		places = append(places, place{i, i})
		if r.IntN(n) == 0 {
			places = append(places, place{i + r.IntN(5), i})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.key, b.key) })
	out := make(Packets, len(places))
	for i, p := range places {
		out[i] = ps[p.index]
		out[i].Time = ps[min(p.key, len(ps)-1)].Time
	}
	return out
}

// Without are the packets but those at the given indexes.
func (ps Packets) Without(indexes ...int) Packets {
	var out Packets
	for i := range ps {
		if !slices.Contains(indexes, i) {
			out = append(out, ps[i])
		}
	}
	return out
}
