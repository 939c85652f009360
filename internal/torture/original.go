package torture

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/reassembly"
)

// Original is an undamaged capture and all that was sent in it.
type Original struct {
	Packets []reassembly.Segment
	Items   int // messages and control frames
	wrap    Wrap
	sides   []*side
	flows   map[flow][]*side
}

// flow is where the bytes of a direction come from and go to.
type flow struct {
	src, dst netip.AddrPort
	zone     uint32
}

// side is what one endpoint of a connection sent.
type side struct {
	stream
	dir      dissect.Dir
	takeover bool
	opening  int64 // bytes before the first frame
	peer     *side
	frames   []sentFrame     // by offset
	index    map[int64]int   // of frames, by offset
	items    []*item         // by the offset of their first frame
	begin    map[int64]*item // by that offset
}

type sentFrame struct {
	header frame.Header
	offset int64
}

func (f *sentFrame) head() span { return span{f.offset, f.offset + int64(f.header.Size)} }
func (f *sentFrame) span() span {
	return span{f.offset, f.offset + int64(f.header.Size) + int64(f.header.Length)}
}

// item is a message or a control frame.
type item struct {
	n          int // among all
	opcode     frame.Opcode
	payload    []byte
	compressed bool
	spans      []span // of its frames
}

func (i *item) end() int64 { return i.spans[len(i.spans)-1].to }

// NewOriginal dissects an undamaged capture. The packets must have all of every WebSocket
// connection, from its start; what of them was not told whole is not judged.
func NewOriginal(ps []reassembly.Segment, wrap Wrap) (*Original, error) {
	if len(ps) == 0 {
		return nil, errors.New("no packets")
	}
	o := &Original{Packets: renumbered(ps), wrap: wrap, flows: map[flow][]*side{}}
	t, streams := dissected(ps, wrap), assembled(ps)
	if t.err != nil {
		return nil, t.err
	}
	sides := map[way]*side{}
	for i := range t.frames {
		f := &t.frames[i]
		s := sides[f.way]
		if s == nil {
			s = o.side(f, streams, t.shakes)
			if s == nil {
				return nil, fmt.Errorf("connection %d: not all of it is there", f.way.conn)
			}
			sides[f.way] = s
		}
		s.index[f.offset] = len(s.frames)
		s.frames = append(s.frames, sentFrame{f.header, f.offset})
	}
	for w, s := range sides {
		if s.peer = sides[way{w.conn, w.dir.Reverse()}]; s.peer == nil {
			s.peer = o.silent(way{w.conn, w.dir.Reverse()}, streams)
		}
	}
	for i := range t.messages {
		o.item(&t.messages[i], t.frames, sides)
	}
	return o, nil
}

// side is the sender of the first frame of a direction.
func (o *Original) side(f *toldFrame, streams map[way]*stream, shakes map[int64]takeover) *side {
	st := streams[f.way]
	takes, ok := shakes[f.way.conn]
	if st == nil || !st.placed || st.conn.Midstream || len(st.gaps) > 0 || !ok {
		return nil
	}
	s := &side{stream: *st, dir: f.dir, takeover: takes[f.dir], opening: f.offset, index: map[int64]int{}, begin: map[int64]*item{}}
	o.add(s)
	return s
}

// silent is a side that sent no frames, only its part of the opening handshake.
func (o *Original) silent(w way, streams map[way]*stream) *side {
	s := &side{stream: stream{dir: w.dir}}
	if st := streams[w]; st != nil {
		s.stream = *st
		s.opening = st.end
	}
	return s
}

func (o *Original) add(s *side) {
	src, dst := s.conn.Addrs(s.stream.dir)
	k := flow{src, dst, s.conn.Zone()}
	o.sides = append(o.sides, s)
	o.flows[k] = append(o.flows[k], s)
}

func (o *Original) item(m *toldMessage, frames []toldFrame, sides map[way]*side) {
	if !m.complete {
		return
	}
	s := sides[frames[m.frames[0]].way]
	it := &item{n: o.Items, opcode: m.opcode, payload: m.payload, compressed: m.compressed}
	for _, i := range m.frames {
		it.spans = append(it.spans, s.frames[s.index[frames[i].offset]].span())
	}
	o.Items++
	s.items = append(s.items, it)
	s.begin[it.spans[0].from] = it
}
