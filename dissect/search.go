package dissect

import (
	"math/bits"
	"slices"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/reassembly"
)

// search finds the place where frames begin again, in a direction whose frame boundary
// was lost, or whose beginning was not captured.
//
// Every offset is a candidate. A candidate is followed from header to header; each header
// that obeys RFC 6455, lands where the one before it ends, and frames text that is text
// is evidence. The first candidate with more of it than the bytes looked at could bring
// about by chance wins.
type search struct {
	role   frame.Role // of the sender; unknown takes masked and unmasked frames
	rsv    uint8      // RSV bits that may be set
	limit  int        // bytes held
	detect bool       // the connection may be anything

	// Of the chain that was found.
	masked   bool
	evidence int // bits of it beyond what chance explains

	held       backlog
	lost       int64 // where the search began, -1 before the first byte
	start, end int64 // stream offsets of what is held
	next       int64 // candidates below are decided or followed
	follow     []candidate
	trail      trail

	// Of all that was looked at.
	bytes, pieces int
	fins          int // bytes that a frame with FIN may begin with
}

const (
	maxFollow = 512 // candidates followed at once

	// Evidence beyond what chance explains:
	resyncBits = 20 // on a connection known to be WebSocket
	packedBits = 12 // there, where each frame begins and ends as a packet does
	detectBits = 28 // on a connection that may be anything
	ownBits    = 12 // for a first frame, once the next is found
)

func newSearch(role frame.Role, rsv uint8, limit int) *search {
	return &search{role: role, rsv: rsv, limit: limit, lost: -1}
}

func (s *search) add(p reassembly.Piece) {
	s.begin(p.Offset)
	s.held.add(p)
	s.end = p.Offset + int64(len(p.Data))
	s.bytes += len(p.Data)
	s.pieces++
	for _, b := range p.Data {
		if b >= 0x80 && b&0x30 == 0 && mayBegin(b) {
			s.fins++
		}
	}
	for s.held.bytes > s.limit && len(s.held.items) > 1 {
		s.drop()
	}
}

func (s *search) addGap(g reassembly.Gap) {
	s.begin(g.Offset)
	s.held.addGap(g)
	s.end = g.Offset + g.Len
}

func (s *search) begin(offset int64) {
	if s.lost < 0 {
		s.lost, s.start, s.next = offset, offset, offset
	}
}

// drop forgets the oldest item. A chain that began there goes on from its next header.
func (s *search) drop() {
	s.held.dropFirst()
	s.start = s.held.items[0].offset()
	s.next = max(s.next, s.start)
	kept := s.follow[:0]
	for _, c := range s.follow {
		if c.first < s.start {
			c.first, c.sure = c.pos, c.weight
		}
		if c.first >= s.start {
			kept = append(kept, c)
		}
	}
	s.follow = kept
}

// finBits is how rare the bytes are that a frame with FIN may begin with.
func (s *search) finBits() int {
	// A little of what random bytes have keeps few bytes from proving much.
	return min(headerBits, bits.Len(uint((s.bytes+256)/(s.fins+6)))-1)
}

// packetBits is how rare the places are where packets begin.
func (s *search) packetBits() int {
	return min(packetBits, bits.Len(uint(s.bytes/max(s.pieces, 1)))-1)
}

// landingBits is how rare it is that a short frame ends where a packet does: its length is
// one of 128.
func (s *search) landingBits() int {
	ends := min(s.pieces, 128*s.pieces/max(s.bytes, 1))
	return 7 - bits.Len(uint(max(ends, 1))) + 1
}

// find looks at what came since the last call. final says that nothing more will come.
func (s *search) find(final bool) (at int64, ok bool) {
	defer s.trail.end()
	s.advanceAll(final)
	for i := range s.held.items {
		it := &s.held.items[i]
		if it.gap.Len != 0 || it.end() <= s.next {
			continue
		}
		for s.next = max(s.next, it.piece.Offset); s.next < it.end(); s.next++ {
			b := it.piece.Data[s.next-it.piece.Offset:]
			if n := zeros(b) - 2*(maxEmpty+1); n > 0 {
				s.next += int64(n)
				b = b[n:]
			}
			if s.hopeless(b) || len(s.follow) >= maxFollow {
				continue
			}
			c := candidate{at: s.next, first: s.next, pos: s.next}
			if s.walk(&c, final) {
				s.follow = append(s.follow, c)
			}
		}
	}
	return s.best(final)
}

// advanceAll follows the candidates to the end of what is there.
func (s *search) advanceAll(final bool) {
	kept := s.follow[:0]
	for _, c := range s.follow {
		if s.walk(&c, final) {
			kept = append(kept, c)
		}
	}
	s.follow = kept
}

// best gives the first of the candidates that has evidence enough.
func (s *search) best(final bool) (at int64, ok bool) {
	kept := s.follow[:0]
	for _, c := range s.follow {
		if c.proven = s.proven(&c, final); c.proven || !c.stuck {
			kept = append(kept, c)
		}
	}
	s.follow = kept
	for i := range kept {
		if c := &kept[i]; c.proven && !c.hasRival(kept[:i]) {
			s.masked, s.evidence = c.masked, c.weight-s.chance()
			return c.first, true
		}
	}
	return 0, false
}

// hasRival reports whether a chain may as well begin in the middle of a frame of an earlier
// one, which is like frames by itself: time will tell.
func (c *candidate) hasRival(earlier []candidate) bool {
	return slices.ContainsFunc(earlier, func(o candidate) bool {
		return o.at < c.first && c.first < o.pos && o.pos != c.pos && o.weight >= ownBits
	})
}

// proven reports whether a chain has evidence enough. Of a Close what counts is that
// nothing follows.
func (s *search) proven(c *candidate, final bool) bool {
	if c.closed && !final {
		return false
	}
	weight, chance := c.weight, s.chance()
	lands := s.lands(c)
	if lands {
		weight += s.landingBits()
	}
	switch {
	case lands && c.packets == c.headers && c.empty < c.headers && !s.detect:
		// A length of two bytes is like a header without FIN, where a packet begins with it.
		return weight >= packedBits+chance
	case c.anchors < 2 && c.solid < resyncBits:
		// Lists of binary items, each behind a byte for its kind and one for its length, are
		// like chains of frames. But their items do not begin where packets do.
		return false
	case s.detect:
		return weight >= detectBits+chance
	}
	return weight >= resyncBits+chance
}

// chance is how many bits of evidence the bytes looked at may bring about by themselves.
func (s *search) chance() int { return bits.Len64(uint64(s.end - s.lost)) }

// lands reports whether a chain ends where a packet ends.
func (s *search) lands(c *candidate) bool {
	if c.pos == c.at {
		return false
	}
	for i := len(s.held.items) - 1; i >= 0; i-- {
		if end := s.held.items[i].end(); end <= c.pos {
			return end == c.pos
		}
	}
	return false
}

// near is how many bytes that the capture has stand before at, up to nearBytes.
func (s *search) near(at int64) int {
	n := int64(0)
	for i := s.held.itemAt(at); i >= 0 && n < nearBytes; i-- {
		if i == len(s.held.items) || s.held.items[i].gap.Len != 0 {
			continue
		}
		p := &s.held.items[i].piece
		n += max(0, min(at-p.Offset, int64(len(p.Data))))
	}
	return int(min(n+s.start-s.lost, nearBytes))
}

// skipped is how many bytes that the capture has stand before at.
func (s *search) skipped(at int64) int64 {
	n := at - s.lost
	for i := range s.held.items {
		if it := &s.held.items[i]; it.gap.Len != 0 && it.gap.Offset < at {
			n -= it.gap.Len
		}
	}
	return n
}

// from gives what is held from at on, and empties the search.
func (s *search) from(at int64) []heldItem {
	items := s.held.take()
	for len(items) > 0 && items[0].end() <= at {
		items = items[1:]
	}
	if len(items) > 0 && items[0].gap.Len == 0 && items[0].piece.Offset < at {
		items[0].piece = cut(items[0].piece, int(at-items[0].piece.Offset))
	}
	return items
}

// looksLikeFrames reports whether bytes that were held begin like frames of the role, in
// which the bits of rsv may be set.
func looksLikeFrames(role frame.Role, rsv uint8, items ...heldItem) bool {
	s := newSearch(role, rsv, 1<<20)
	for i := range items {
		if it := &items[i]; it.gap.Len != 0 {
			s.addGap(it.gap)
		} else {
			s.add(it.piece)
		}
	}
	c := candidate{at: s.start, first: s.start, pos: s.start}
	return s.end > s.start && s.step(&c, true) && c.weight >= headerBits
}
