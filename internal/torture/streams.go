package torture

import (
	"sort"

	"github.com/wsdissect/wsdissect/reassembly"
)

// stream is a direction of a connection as reassembly delivers it.
type stream struct {
	conn   *reassembly.Conn
	dir    reassembly.Dir
	base   uint32 // sequence number at offset 0
	placed bool   // base is known
	end    int64
	gaps   []span
}

// span is a run of bytes of a stream.
type span struct{ from, to int64 }

// has reports whether a run of bytes was delivered whole.
func (s *stream) has(x span) bool {
	return x.from >= 0 && x.to <= s.end && !s.gapIn(x)
}

func (s *stream) gapIn(x span) bool {
	i := sort.Search(len(s.gaps), func(i int) bool { return s.gaps[i].to > x.from })
	return i < len(s.gaps) && s.gaps[i].from < x.to
}

// assembled runs reassembly alone, as dissect configures it.
func assembled(ps []reassembly.Segment) map[way]*stream {
	r := &recorder{ps: ps, streams: map[way]*stream{}}
	a := reassembly.New(reassembly.Config{New: r.open})
	for i := range ps {
		s := ps[i]
		a.Push(&s)
	}
	a.Close(ps[len(ps)-1].Packet)
	return r.streams
}

type recorder struct {
	ps      []reassembly.Segment
	streams map[way]*stream
}

func (r *recorder) open(c reassembly.Conn) reassembly.Stream {
	x := &recordedConn{r: r}
	for d := range x.side {
		x.side[d] = &stream{conn: &c, dir: reassembly.Dir(d)}
		r.streams[way{c.ID, reassembly.Dir(d)}] = x.side[d]
	}
	return x
}

type recordedConn struct {
	r    *recorder
	side [2]*stream
}

func (c *recordedConn) Data(p reassembly.Piece) {
	s := c.side[p.Dir]
	s.end = p.Offset + int64(len(p.Data))
	if s.placed {
		return
	}
	packet := &c.r.ps[p.Packet.Number-1]
	// A piece that is a part of its packet may be any.
	if len(p.Data) == len(packet.Payload) {
		s.base, s.placed = packet.Seq-uint32(p.Offset), true
		if packet.Flags.Has(reassembly.SYN) {
			s.base++
		}
	}
}

func (c *recordedConn) Gap(g reassembly.Gap) {
	s := c.side[g.Dir]
	s.end = g.Offset + g.Len
	s.gaps = append(s.gaps, span{g.Offset, s.end})
}

func (c *recordedConn) Note(reassembly.Note) {}
func (c *recordedConn) End(reassembly.End)   {}
