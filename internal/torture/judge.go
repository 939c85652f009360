package torture

import (
	"bytes"
	"fmt"

	"github.com/wsdissect/wsdissect/reassembly"
)

// Class tells how much of the way to an item, and to its bytes, the damage left.
type Class uint8

const (
	Gone      Class = iota // bytes of it are missing
	Late                   // its bytes came after they had been given up for lost
	Certain                // TCP alone tells where it is: it must be told
	Unopened               // the opening handshake is damaged: frames must be recognised
	Searched               // a frame header before it is missing: frames must be found again
	Unwound                // compressed, and what it may refer to is missing
	ClassSize              // number of classes
)

func (c Class) String() string {
	return [...]string{"gone", "late", "certain", "unopened", "searched", "unwound"}[c]
}

// Verdict is the outcome of a case.
type Verdict struct {
	Sent   [ClassSize]int // items of the original
	Told   [ClassSize]int // of these, told whole
	Faults []string       // what is wrong
}

// Add adds the counts of another case.
func (v *Verdict) Add(o *Verdict) {
	for c := range v.Sent {
		v.Sent[c] += o.Sent[c]
		v.Told[c] += o.Told[c]
	}
}

// Judge dissects a damaged copy of the original and judges what is told of it.
func (o *Original) Judge(ps []reassembly.Segment) (v Verdict) {
	if len(ps) == 0 {
		return v
	}
	defer func() {
		if r := recover(); r != nil {
			v.Faults = append(v.Faults, fmt.Sprintf("panic: %v", r))
		}
	}()
	ps = renumbered(ps)
	j := &judge{o: o, v: &v, told: make([]bool, o.Items), streams: assembled(ps)}
	t := dissected(ps, o.wrap)
	if t.err != nil {
		j.fault("%v", t.err)
	}
	j.place()
	for i := range t.frames {
		j.frame(&t.frames[i])
	}
	for i := range t.messages {
		j.message(&t.messages[i], t.frames)
	}
	present := o.captured(ps)
	for _, s := range o.sides {
		for _, it := range s.items {
			j.count(s, it, present[s])
		}
	}
	return v
}

// judge is the state of a case.
type judge struct {
	o       *Original
	v       *Verdict
	told    []bool          // by item
	streams map[way]*stream // of the damaged capture
	places  map[way][]*place
	bySide  map[*side][]*place
}

// place is where a stream of the damaged capture lies in one of the original.
type place struct {
	way    way
	stream *stream
	side   *side
	shift  int64 // offset in side of offset 0
	last   int64 // where the last item told ends
	first  int64 // offset in the side of the first frame header that is missing
}

func (j *judge) fault(format string, args ...any) {
	if len(j.v.Faults) < 5 {
		j.v.Faults = append(j.v.Faults, fmt.Sprintf(format, args...))
	}
}

// place finds out where the streams of the damaged capture lie.
func (j *judge) place() {
	j.places, j.bySide = map[way][]*place{}, map[*side][]*place{}
	for w, st := range j.streams {
		if !st.placed {
			continue
		}
		src, dst := st.conn.Addrs(w.dir)
		for _, s := range j.o.flows[flow{src, dst, st.conn.Zone()}] {
			shift := int64(int32(st.base - s.base))
			if shift+st.end < -1 || shift > s.end {
				continue
			}
			p := &place{way: w, stream: st, side: s, shift: shift, last: -1}
			p.first = p.firstLost()
			j.places[w] = append(j.places[w], p)
			j.bySide[s] = append(j.bySide[s], p)
		}
	}
}

// firstLost is the offset of the first frame whose header is not whole.
func (p *place) firstLost() int64 {
	for i := range p.side.frames {
		h := p.side.frames[i].head()
		if !p.stream.has(span{h.from - p.shift, h.to - p.shift}) {
			return h.from
		}
	}
	return p.side.end + 1
}

// placeOf is the place that a frame begins in; nil if nobody knows. Where a hole hides that
// the addresses were used again, a stream lies in several.
func (j *judge) placeOf(f *toldFrame) *place {
	places := j.places[f.way]
	for _, p := range places {
		if at := f.offset + p.shift; at >= 0 && at < p.side.end {
			return p
		}
	}
	if len(places) > 0 {
		return places[0]
	}
	return nil
}

// frame: none may be told that was not sent.
func (j *judge) frame(f *toldFrame) {
	p := j.placeOf(f)
	if p == nil {
		return
	}
	i, ok := p.side.index[f.offset+p.shift]
	switch {
	case !ok:
		j.fault("%v: invented a frame at %d: %+v", f.way, f.offset+p.shift, f.header)
	case p.side.frames[i].header != f.header:
		j.fault("%v: frame at %d is %+v, was %+v", f.way, f.offset+p.shift, f.header, p.side.frames[i].header)
	case f.dir != 0 && f.dir != p.side.dir:
		j.fault("%v: frame at %d goes the other way", f.way, f.offset+p.shift)
	}
}

// message: what is told whole must be what was sent, once, in its order; what is told in
// part must be its beginning.
func (j *judge) message(m *toldMessage, frames []toldFrame) {
	if len(m.frames) == 0 {
		if m.complete {
			j.fault("a whole message without frames: %.40q", m.payload)
		}
		return
	}
	f := &frames[m.frames[0]]
	p := j.placeOf(f)
	if p == nil {
		if m.complete {
			j.unplaced(m)
		}
		return
	}
	at := f.offset + p.shift
	it := p.side.begin[at]
	switch {
	case it == nil:
		if m.complete {
			j.fault("%v: a whole message at %d that was not sent: %.40q", f.way, at, m.payload)
		}
	case m.opcode != it.opcode:
		j.fault("%v: message at %d is %v, was %v", f.way, at, m.opcode, it.opcode)
	case !m.complete:
		if m.opcode.IsControl() || !bytes.HasPrefix(it.payload, m.payload) {
			j.partial(m, f, it, at)
		}
	case !bytes.Equal(m.payload, it.payload):
		j.fault("%v: message at %d is %.40q, was %.40q", f.way, at, m.payload, it.payload)
	case j.told[it.n]:
		j.fault("%v: message at %d is told twice", f.way, at)
	case it.end() < p.last:
		j.fault("%v: message at %d is told after what ends at %d", f.way, at, p.last)
	default:
		j.told[it.n], p.last = true, it.end()
	}
}

// partial judges what is told of a message that is not whole.
func (j *judge) partial(m *toldMessage, f *toldFrame, it *item, at int64) {
	if m.opcode.IsControl() || it.compressed && !m.compressed {
		return // with holes between its bytes, or inflating was given up
	}
	j.fault("%v: part of message at %d is %.40q, was %.40q", f.way, at, m.payload, it.payload)
}

// unplaced: of a stream that lies nobody knows where, only what was sent by anybody counts.
func (j *judge) unplaced(m *toldMessage) {
	for _, s := range j.o.sides {
		for _, it := range s.items {
			if it.opcode == m.opcode && bytes.Equal(it.payload, m.payload) {
				return
			}
		}
	}
	j.fault("a message that was not sent: %.40q", m.payload)
}
