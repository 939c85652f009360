package dissect

import (
	"slices"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
)

// detector is the first layer of a connection. It holds what comes until the bytes of a
// direction say what it is, and replays it into the layer that knows it.
//
// A direction whose beginning was captured is told by its first bytes. Where it is
// missing, any later piece may begin an HTTP head, and frames are searched.
type detector struct {
	c       *conn
	waiting backlog // both directions, in the order of the capture
	side    [2]detectSide
}

// detectSide is what is known of one direction.
type detectSide struct {
	lead   []byte // the first bytes, where one piece did not decide
	leadAt int64  // stream offset of the lead, or of the last piece
	search *search
	middle bool // the beginning is missing
	seen   bool // bytes of it have come
}

// leadSize is how many bytes of a direction a probe needs at most: a long request target.
const leadSize = 1024

// What is spent on a direction whose beginning is missing.
const (
	middleHeld  = 32 << 10  // bytes held
	middleBytes = 256 << 10 // bytes looked at
)

func newDetector(c *conn) *detector {
	d := c.d.pools.detectors.take()
	d.c = c
	d.side[reassembly.AtoB].middle = c.Midstream
	d.side[reassembly.BtoA].middle = c.Midstream
	return d
}

func (d *detector) Data(p reassembly.Piece) {
	s := &d.side[p.Dir]
	if p.Offset == 0 && (int32(p.Packet.Seq) > 1 || p.Packet.Ack > 1 && !d.side[p.Dir.Reverse()].seen) {
		s.middle = true // there were bytes before, of this direction or of the other
	}
	s.seen = true
	if d.assume(p) {
		return
	}
	lead := p.Data
	if len(s.lead) == 0 {
		s.leadAt = p.Offset
	} else {
		s.lead = append(s.lead, p.Data[:min(len(p.Data), leadSize)]...)
		lead = s.lead
	}
	request, response := http1.ProbeRequest(lead), http1.ProbeResponse(lead)
	switch {
	case request == http1.Yes:
		d.becomeHTTP(p.Dir, p)
		return
	case response == http1.Yes:
		d.becomeHTTP(p.Dir.Reverse(), p)
		return
	case (request == http1.More || response == http1.More) && len(lead) < leadSize:
		if len(s.lead) == 0 {
			s.lead = append(s.lead, p.Data...)
		}
		d.waiting.add(p)
		if s.middle {
			d.seek(s, p)
		}
		return
	}
	s.lead = nil
	if !s.middle {
		if l := newPreface(d.c, p.Dir, lead); l != nil {
			d.become(l, p)
			return
		}
	}
	switch {
	case isTLS(lead):
		d.c.d.summary.TLSConnections++
		d.c.ignore()
	case !s.middle:
		d.c.ignore()
	default:
		d.waiting.add(p)
		d.seek(s, p)
	}
}

// assume goes on with frames where the user said so, and the connection does not begin
// with HTTP. It reports whether it did.
func (d *detector) assume(p reassembly.Piece) bool {
	assumed := d.c.d.opts.Assume
	if assumed == nil || http1.ProbeRequest(p.Data) == http1.Yes || http1.ProbeResponse(p.Data) == http1.Yes {
		return false
	}
	for _, way := range [...]reassembly.Dir{reassembly.AtoB, reassembly.BtoA} {
		_, server := d.c.Addrs(way)
		a, ok := assumed(server.Port())
		if !ok {
			continue
		}
		agreed := compression{scheme: unknownScheme}
		if a.Deflate {
			agreed = compression{scheme: perMessage}
		}
		w := newWebSocket(d.c, way, agreed)
		d.c.d.summary.Midstream++
		for i := range w.side {
			if d.side[i].middle {
				w.lose(&w.side[i])
			}
		}
		d.become(w, p)
		return true
	}
	return false
}

// seek looks for frames in a direction whose beginning is missing.
func (d *detector) seek(s *detectSide, p reassembly.Piece) {
	if s.search == nil {
		s.search = newSearch(frame.RoleUnknown, frame.RSV1, middleHeld)
		s.search.detect = true
	}
	s.search.add(p)
	if at, ok := s.search.find(false); ok {
		d.found(p.Dir, at, p.Packet)
		return
	}
	for d.waiting.bytes > middleHeld {
		d.waiting.dropFirst()
	}
	if s.search.end-s.search.lost > middleBytes {
		d.c.ignore()
	}
}

// found goes on with frames, the first of which begins at a stream offset of direction
// way. The other direction has its own search still.
func (d *detector) found(way reassembly.Dir, at int64, packet reassembly.PacketRef) {
	client := way
	if !d.side[way].search.masked {
		client = way.Reverse()
	}
	c, held := d.c, d.waiting.take()
	c.infer(client, way, at, d.side[way].search.evidence, packet)
	replay(held, c)
	c.repeatEnds()
}

// becomeHTTP goes on with HTTP, whose first head begins with the lead of a direction. What
// the direction brought before is the end of something that the capture has not from its
// beginning.
func (d *detector) becomeHTTP(client reassembly.Dir, p reassembly.Piece) {
	h, all := newHTTP(d.c, client), len(d.waiting.items)
	d.waiting.items = slices.DeleteFunc(d.waiting.items, func(it heldItem) bool {
		return it.dir() == p.Dir && it.offset() < d.side[p.Dir].leadAt
	})
	h.side[p.Dir].amiss = len(d.waiting.items) < all
	d.become(h, p)
}

func (d *detector) become(l layer, p reassembly.Piece) {
	c, held := d.c, d.waiting.take()
	c.next(l)
	replay(held, c)
	c.Data(p)
}

func (d *detector) Gap(g reassembly.Gap) {
	s := &d.side[g.Dir]
	s.middle, s.lead = true, nil
	if s.search != nil {
		s.search.addGap(g)
	}
	d.waiting.addGap(g)
}

func (d *detector) Note(reassembly.Note) {}

// End decides with what there is: nothing more will come of the direction.
func (d *detector) End(e reassembly.End) {
	if s := d.side[e.Dir].search; s != nil {
		if at, ok := s.find(true); ok {
			c := d.c
			d.found(e.Dir, at, e.Packet)
			c.layer.End(e)
		}
	}
}

func (d *detector) finish() {}

// isTLS reports whether b begins like a TLS record (RFC 8446 5.1).
func isTLS(b []byte) bool {
	return len(b) >= 3 && b[0] >= 20 && b[0] <= 23 && b[1] == 3 && b[2] <= 4
}
