package torture

import (
	"cmp"
	"slices"
	"sort"

	"github.com/wsdissect/wsdissect/reassembly"
)

// count puts an item in its class.
func (j *judge) count(s *side, it *item, present spans) {
	c := j.class(s, it, present)
	j.v.Sent[c]++
	switch {
	case j.told[it.n]:
		j.v.Told[c]++
	case c == Certain:
		src, dst := s.conn.Addrs(s.stream.dir)
		j.fault("%v > %v: message at %d is not told: %v %.40q", src, dst, it.spans[0].from, it.opcode, it.payload)
	}
}

func (j *judge) class(s *side, it *item, present spans) Class {
	for _, x := range it.spans {
		if !present.has(x) {
			return Gone
		}
	}
	p := j.deliverer(s, it)
	switch {
	case p == nil:
		return Late
	case it.compressed && s.takeover && (p.shift != 0 || p.stream.gapIn(span{s.opening, it.end()})):
		return Unwound
	case !j.opened(p):
		return Unopened
	case p.first < it.end():
		return Searched
	}
	return Certain
}

// deliverer is the stream that has all of an item; nil for none.
func (j *judge) deliverer(s *side, it *item) *place {
next:
	for _, p := range j.bySide[s] {
		for _, x := range it.spans {
			if !p.stream.has(span{x.from - p.shift, x.to - p.shift}) {
				continue next
			}
		}
		return p
	}
	return nil
}

// opened reports whether the opening handshake is whole, both ways.
func (j *judge) opened(p *place) bool {
	peer := j.streams[way{p.way.conn, p.way.dir.Reverse()}]
	if p.shift != 0 || peer == nil || !peer.placed || peer.base != p.side.peer.base {
		return false
	}
	return p.stream.has(span{0, p.side.opening}) && peer.has(span{0, p.side.peer.opening})
}

// spans are runs of bytes by rising offset, none touching another.
type spans []span

func (s spans) has(x span) bool {
	i := sort.Search(len(s), func(i int) bool { return s[i].to >= x.to })
	return i < len(s) && s[i].from <= x.from
}

// captured are the bytes of each side that are in any packet, in whatever order.
func (o *Original) captured(ps []reassembly.Segment) map[*side]spans {
	all := map[*side]spans{}
	for i := range ps {
		p := &ps[i]
		if len(p.Payload) == 0 {
			continue
		}
		seq := p.Seq
		if p.Flags.Has(reassembly.SYN) {
			seq++
		}
		for _, s := range o.flows[flow{p.Src, p.Dst, p.Zone}] {
			if off := int64(int32(seq - s.base)); off+int64(len(p.Payload)) > 0 && off < s.end {
				all[s] = append(all[s], span{off, off + int64(len(p.Payload))})
				break
			}
		}
	}
	for s := range all {
		all[s] = all[s].union()
	}
	return all
}

func (s spans) union() spans {
	slices.SortFunc(s, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	out := s[:0]
	for _, x := range s {
		if n := len(out); n > 0 && x.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, x.to)
			continue
		}
		out = append(out, x)
	}
	return out
}
