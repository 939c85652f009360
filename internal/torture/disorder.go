package torture

import (
	"bytes"
	"math/rand/v2"
	"time"

	"github.com/wsdissect/wsdissect/reassembly"
)

// swapNear moves packets by a few places.
func swapNear(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	distance := 1 + r.IntN(8)
	keys := make([]int, len(ps))
	for i := range keys {
		keys[i] = i
		if r.IntN(3) == 0 {
			keys[i] += r.IntN(distance + 1)
		}
	}
	return moved(ps, keys)
}

// delayOne moves a packet anywhere behind its place. A SYN stays: behind the end of its
// connection it opens another, by all that TCP can tell.
func delayOne(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	late := r.IntN(len(ps))
	if ps[late].Flags.Has(reassembly.SYN) {
		return ps
	}
	keys := make([]int, len(ps))
	for i := range keys {
		keys[i] = 2 * i
	}
	keys[late] = 2*(late+r.IntN(len(ps)-late)) + 1
	return moved(ps, keys)
}

// memory is how long a closed connection is remembered: what is later belongs to another.
const memory = time.Minute

func duplicate(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	oneOf := 1 + r.IntN(20)
	return withCopies(ps, func(i int) (reassembly.Segment, int, bool) {
		later := r.IntN(5)
		if r.IntN(10) == 0 && !ps[i].Flags.Has(reassembly.SYN) {
			later = r.IntN(len(ps))
		}
		for later = min(later, len(ps)-1-i); time.Duration(ps[i+later].Packet.Time-ps[i].Packet.Time) > memory/2; {
			later /= 2
		}
		return ps[i], later, r.IntN(oneOf) == 0
	})
}

// follows reports whether b continues the bytes of a, in the same direction.
func follows(a, b *reassembly.Segment) bool {
	const ends = reassembly.SYN | reassembly.FIN | reassembly.RST
	return a.Src == b.Src && a.Dst == b.Dst && a.Zone == b.Zone && a.Flags&ends == 0 && b.Flags&ends == 0 &&
		a.Missing == 0 && len(a.Payload) > 0 && wire(b) > 0 && a.Seq+uint32(len(a.Payload)) == b.Seq
}

// nextOf is the packet near i that continues it, or -1.
func nextOf(ps []reassembly.Segment, i int) int {
	for j := i + 1; j < len(ps) && j < i+6; j++ {
		if follows(&ps[i], &ps[j]) {
			return j
		}
	}
	return -1
}

// overlap sends again, in one packet, the end of one and the beginning of the next.
func overlap(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	return withCopies(ps, func(i int) (reassembly.Segment, int, bool) {
		s := ps[i]
		j := nextOf(ps, i)
		if j < 0 || isKeepAlive(&s) || r.IntN(4) != 0 {
			return s, 0, false
		}
		from, to := r.IntN(len(s.Payload)), r.IntN(len(ps[j].Payload)+1)
		s.Payload = append(bytes.Clone(s.Payload[from:]), ps[j].Payload[:to]...)
		s.Seq += uint32(from)
		s.Ack = ps[j].Ack // as it was when the last of it was sent
		return s, r.IntN(8), true
	})
}

// contradict sends packets again with other bytes. What was seen first stands.
func contradict(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	return withCopies(ps, func(i int) (reassembly.Segment, int, bool) {
		s := ps[i]
		if len(s.Payload) == 0 || isKeepAlive(&s) || r.IntN(6) != 0 {
			return s, 0, false
		}
		s.Payload = bytes.Clone(s.Payload)
		s.Payload[r.IntN(len(s.Payload))] ^= byte(1 + r.IntN(255))
		return s, r.IntN(6), true
	})
}

// keepAlives sends a byte of garbage before the next one, as RFC 9293 3.8.4 has it.
func keepAlives(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	return withCopies(ps, func(i int) (reassembly.Segment, int, bool) {
		s := ps[i]
		if s.Flags != reassembly.ACK || wire(&s) > 0 || r.IntN(3) != 0 || !wasSeen(ps[:i], &s) {
			return s, 0, false
		}
		s.Payload = []byte{0}
		s.Seq--
		return s, 0, true
	})
}

// wasSeen reports whether the octet before s was among the last packets. Garbage that is
// seen before the true octet is taken for it.
func wasSeen(before []reassembly.Segment, s *reassembly.Segment) bool {
	for i := len(before) - 1; i >= max(0, len(before)-64); i-- {
		p := &before[i]
		if n := s.Seq - 1 - p.Seq; p.Src == s.Src && p.Dst == s.Dst && p.Zone == s.Zone && n < uint32(len(p.Payload)) {
			return true
		}
	}
	return false
}

// isKeepAlive reports whether a packet is one of ours, or just like it. Its byte is garbage,
// and garbage that is joined to a later packet would be first in its place; as garbage it
// is not kept, either, so that bytes which contradict it would be.
func isKeepAlive(s *reassembly.Segment) bool {
	return s.Flags == reassembly.ACK && len(s.Payload) == 1 && s.Payload[0] == 0
}

// split cuts packets in two or more.
func split(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	most := []int{2, 2, 5, 40}[r.IntN(4)]
	var out []reassembly.Segment
	for _, s := range ps {
		for n := r.IntN(most); n > 0 && len(s.Payload) > 1 && s.Flags&(reassembly.SYN|reassembly.RST) == 0; n-- {
			at := 1 + r.IntN(min(len(s.Payload)-1, 64))
			first := s
			first.Payload, first.Missing = s.Payload[:at:at], 0
			first.Flags &^= reassembly.FIN
			out = append(out, first)
			s.Payload = s.Payload[at:]
			s.Seq += uint32(at)
		}
		out = append(out, s)
	}
	return out
}

// merge joins packets that follow each other directly.
func merge(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	var out []reassembly.Segment
	for i := range ps {
		if n := len(out); n > 0 && follows(&out[n-1], &ps[i]) && !isKeepAlive(&out[n-1]) && r.IntN(2) == 0 {
			last := &out[n-1]
			last.Payload = append(bytes.Clone(last.Payload), ps[i].Payload...)
			last.Missing = ps[i].Missing
			last.Ack = ps[i].Ack
			continue
		}
		out = append(out, ps[i])
	}
	return out
}

// oddClock lets time stand still, leap, or go back a little.
func oddClock(r *rand.Rand, ps []reassembly.Segment) []reassembly.Segment {
	out := keep(ps, func(int) bool { return true })
	kind := r.IntN(3)
	shift := int64(0)
	for i := range out {
		switch kind {
		case 0:
			out[i].Packet.Time = ps[0].Packet.Time
			continue
		case 1:
			if r.IntN(20) == 0 && shift < int64(memory)/2 {
				shift += r.Int64N(int64(1e9))
			}
		case 2:
			shift = -r.Int64N(int64(5e6))
		}
		out[i].Packet.Time += shift
	}
	return out
}
