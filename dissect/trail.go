package dissect

import (
	"bytes"

	"github.com/wsdissect/wsdissect/frame"
)

// trail remembers where the chains of candidates came by, and how, while all are followed
// over the same bytes. Where two meet in the same state, they go the same way from there; so
// only the better one is followed, and no header is looked at for every candidate again.
type trail struct {
	marks map[int64]mark
	walk  []int64 // marks of the candidate that is followed now
}

// trailFrom is how many headers of a chain are not marked: few chains of other bytes have
// more.
const trailFrom = 2

// mark is the state of a chain at a header.
type mark struct {
	course
	standing
	dead bool // it led nowhere
}

// course is what decides where a chain goes on to.
type course struct {
	last          frame.Header
	empty         int
	inside, known bool
	masked        bool
	closed        bool
}

// standing is what decides whether a chain has evidence enough.
type standing struct {
	weight, solid, anchors int
	packed                 bool // each header stands where a packet begins
}

func (c *candidate) course() course {
	return course{c.last, c.empty, c.inside, c.known, c.masked, c.closed}
}

func (c *candidate) standing() standing {
	return standing{c.weight, c.solid, c.anchors, c.packets == c.headers}
}

// reaches reports whether a chain has evidence enough wherever one that stands like o does.
func (s standing) reaches(o standing) bool {
	return s.weight >= o.weight && s.solid >= o.solid && s.anchors >= o.anchors && (s.packed || !o.packed)
}

// end forgets the marks: they are of the bytes that were looked at, and may be many.
func (t *trail) end() { *t = trail{} }

// pass marks where a candidate is. It reports false where an earlier one came by in the same
// state and led nowhere, or has as much evidence: then this one need not be followed.
func (t *trail) pass(c *candidate) bool {
	if c.headers < trailFrom {
		return true
	}
	if m, ok := t.marks[c.pos]; ok {
		return m.course != c.course() || !m.dead && !m.standing.reaches(c.standing())
	}
	if t.marks == nil {
		t.marks = make(map[int64]mark)
	}
	t.marks[c.pos] = mark{course: c.course(), standing: c.standing()}
	t.walk = append(t.walk, c.pos)
	return true
}

// walk is step, and leaves the trail of the candidate.
func (s *search) walk(c *candidate, final bool) bool {
	t := &s.trail
	t.walk = t.walk[:0]
	alive := s.step(c, final)
	if !alive {
		for _, at := range t.walk {
			m := t.marks[at]
			m.dead = true
			t.marks[at] = m
		}
	}
	return alive
}

// zeros is how many bytes of b are zero before the first other one. A run of them is a chain
// of empty fragments, too long for a candidate to begin in it but at its end.
func zeros(b []byte) int { return len(b) - len(bytes.TrimLeft(b, "\x00")) }

// hopeless reports whether no chain of frames begins with b, for reasons that lie in a few
// bytes. It is a quick look for what step would find, and decides most bytes.
func (s *search) hopeless(b []byte) bool {
	if !mayBegin(b[0]) {
		return true
	}
	for empty := 0; len(b) >= 2; {
		op, fin, rsv1 := frame.Opcode(b[0]&0xF), b[0]&0x80 != 0, b[0]&0x40 != 0
		masked, length := b[1]&0x80 != 0, int(b[1]&0x7F)
		size := 2 + length
		if masked {
			size += 4
		}
		if len(b) < frame.MaxHeaderSize && length > 125 || len(b) < size-length || length > 125 && !op.IsControl() {
			return false // what a header without its end may be, and a long frame, is for step
		}
		switch {
		case !mayBegin(b[0]), rsv1 && s.rsv&frame.RSV1 == 0, op == frame.Continuation && rsv1:
			return true
		case op.IsControl() && (!fin || rsv1 || length > 125), op == frame.Close && length == 1:
			return true
		case s.role != frame.RoleUnknown && masked != (s.role == frame.Client):
			return true
		}
		if empty++; fin && length > 0 {
			return false
		}
		if empty > maxEmpty {
			return true
		}
		if size >= len(b) {
			return false
		}
		b = b[size:]
	}
	return false
}
