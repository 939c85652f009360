package dissect

import (
	"math/bits"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/reassembly"
)

// search finds the place where frames begin again, in a direction whose frame boundary
// was lost, or whose beginning was not captured.
//
// Every offset is a candidate. A candidate is followed from header to header; each header
// that obeys RFC 6455, lands where the one before it ends, and frames text that is text
// is evidence, weighed in bits: how unlikely random bytes are to do the same. The first
// candidate with more evidence than the bytes looked at could bring about by chance wins.
type search struct {
	role   frame.Role // of the sender; unknown takes masked and unmasked frames
	rsv    uint8      // RSV bits that may be set
	limit  int        // bytes held
	margin int        // bits of evidence beyond what chance explains
	masked bool       // of the chain that was found

	held       backlog
	lost       int64 // where the search began, -1 before the first byte
	start, end int64 // stream offsets of what is held
	next       int64 // candidates below are decided or followed
	follow     []candidate
}

// candidate is a chain of headers, each where the frame before it ends.
type candidate struct {
	at     int64 // where the first frame begins
	second int64 // where the second begins, 0 before it is known
	pos    int64 // where the next header is expected
	weight int   // evidence so far
	own    int   // evidence of the first frame alone
	inside bool  // a message is unfinished at pos
	known  bool  // inside is known
	masked bool
	stuck  bool // pos is in a hole, or the header there cannot be read
}

const (
	maxFollow   = 512     // candidates followed at once
	maxClaim    = 1 << 30 // bytes that a frame of a chain may claim
	sampleSize  = 64      // payload bytes looked at
	headerBits  = 6       // a header with FIN, right in mask, opcode and length
	weakBits    = 2       // one without FIN
	emptyBits   = 1       // one without payload
	pieceBits   = 10      // beginning where a packet begins
	landingBits = 7       // ending on a proven boundary
	resyncBits  = 12      // margin on a connection known to be WebSocket
	detectBits  = 24      // margin on one that may be anything
)

func newSearch(role frame.Role, rsv uint8, limit int) *search {
	return &search{role: role, rsv: rsv, limit: limit, margin: resyncBits, lost: -1}
}

func (s *search) add(p reassembly.Piece) {
	s.begin(p.Offset)
	s.held.add(p)
	s.end = p.Offset + int64(len(p.Data))
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

// drop forgets the oldest piece. A chain that began there goes on from its next header.
func (s *search) drop() {
	s.held.bytes -= len(s.held.items[0].piece.Data) + pieceOverhead
	s.held.items = s.held.items[1:]
	s.start = s.held.items[0].offset()
	s.next = max(s.next, s.start)
	kept := s.follow[:0]
	for _, c := range s.follow {
		if c.at < s.start {
			c.at, c.second, c.own = c.pos, 0, c.weight
		}
		if c.at >= s.start {
			kept = append(kept, c)
		}
	}
	s.follow = kept
}

func (i *heldItem) offset() int64 {
	if i.gap.Len != 0 {
		return i.gap.Offset
	}
	return i.piece.Offset
}

func (i *heldItem) end() int64 {
	if i.gap.Len != 0 {
		return i.gap.Offset + i.gap.Len
	}
	return i.piece.Offset + int64(len(i.piece.Data))
}

// find looks at what came since the last call. final says that nothing more will come.
func (s *search) find(final bool) (at int64, ok bool) {
	for i := range s.held.items {
		it := &s.held.items[i]
		if it.gap.Len != 0 || it.end() <= s.next {
			continue
		}
		for s.next = max(s.next, it.piece.Offset); s.next < it.end(); s.next++ {
			c := candidate{at: s.next, pos: s.next}
			if s.next == it.piece.Offset {
				c.weight, c.own = pieceBits, pieceBits
			}
			if !mayBegin(it.piece.Data[s.next-it.piece.Offset]) || !s.step(&c, final) {
				continue
			}
			if len(s.follow) < maxFollow {
				s.follow = append(s.follow, c)
			}
		}
	}
	return s.best(final)
}

// best follows the candidates and gives the first that has evidence enough.
func (s *search) best(final bool) (at int64, ok bool) {
	need := s.margin + bits.Len64(uint64(s.end-s.lost))
	kept := s.follow[:0]
	for _, c := range s.follow {
		if !s.step(&c, final) {
			continue
		}
		kept = append(kept, c)
		if c.weight+s.landing(&c) >= need && !ok {
			at, ok = c.at, true
			s.masked = c.masked
			if c.second != 0 && c.own+landingBits < need {
				at = c.second
			}
		}
	}
	s.follow = kept
	return at, ok
}

// landing is the evidence in a chain that ends where a packet ends.
func (s *search) landing(c *candidate) int {
	if c.pos == c.at {
		return 0
	}
	for i := len(s.held.items) - 1; i >= 0; i-- {
		if it := &s.held.items[i]; it.end() == c.pos {
			return landingBits
		} else if it.end() < c.pos {
			break
		}
	}
	return 0
}

// mayBegin reports whether a frame may begin with b: no reserved bit but RSV1, and no
// reserved opcode.
func mayBegin(b byte) bool {
	return b&0x30 == 0 && !frame.Opcode(b&0xF).IsReserved()
}

// step follows a candidate over all headers that are there. It reports false when one
// shows that the candidate is none.
func (s *search) step(c *candidate, final bool) bool {
	for c.pos < s.end && !c.stuck {
		var buf [frame.MaxHeaderSize + sampleSize]byte
		n, more := s.peek(c.pos, buf[:])
		h, size, err := frame.ParseHeader(buf[:n])
		if err != nil {
			c.stuck = !more
			return c.pos != c.at || more && !final
		}
		if !s.plausible(c, h) {
			return false
		}
		payload := buf[size:n]
		payload = payload[:min(uint64(len(payload)), h.Length)]
		whole := uint64(len(payload)) == h.Length
		if !whole && len(payload) < sampleSize && more && !final {
			return true
		}
		weight, ok := s.weigh(h, payload, whole)
		if !ok {
			return false
		}
		if c.pos == c.at {
			c.own += weight
			c.masked = h.Masked
		} else if c.second == 0 {
			c.second = c.pos
		}
		c.weight += weight
		c.order(h)
		c.pos += int64(size) + int64(h.Length)
	}
	return true
}

// order follows the fragmentation of RFC 6455 5.4 along the chain.
func (c *candidate) order(h frame.Header) {
	if !h.Opcode.IsControl() {
		c.inside, c.known = !h.Fin, true
	}
}

// plausible reports whether a header may stand at the end of the chain.
func (s *search) plausible(c *candidate, h frame.Header) bool {
	switch {
	case h.Opcode.IsReserved(), h.RSV&^s.rsv != 0, !h.Minimal(), h.Length > maxClaim:
		return false
	case h.Opcode.IsControl() && (!h.Fin || h.Length > 125 || h.RSV != 0):
		return false
	case h.Opcode == frame.Close && h.Length == 1:
		return false
	case h.Opcode == frame.Continuation && (h.RSV != 0 || c.known && !c.inside):
		return false
	case (h.Opcode == frame.Text || h.Opcode == frame.Binary) && c.known && c.inside:
		return false
	case s.role != frame.RoleUnknown && h.Masked != (s.role == frame.Client):
		return false
	}
	return c.pos == c.at || h.Masked == c.masked
}

// weigh is the evidence of one frame; ok is false when its payload cannot be what its
// header says. whole says that all of the payload is there.
func (s *search) weigh(h frame.Header, payload []byte, whole bool) (weight int, ok bool) {
	switch {
	case h.Length == 0:
		return emptyBits, true
	case !h.Fin:
		weight = weakBits
	default:
		weight = headerBits
	}
	if h.Masked {
		frame.XOR(payload, payload, h.Key, 0)
	}
	switch {
	case h.Opcode == frame.Close:
		if len(payload) < 2 {
			return weight, true
		}
		_, _, v := frame.ParseClose(payload)
		return weight + 2*headerBits, v == 0
	case h.Opcode == frame.Text && h.RSV == 0:
		n, ok := textBits(payload, whole && h.Fin)
		return weight + n, ok
	}
	return weight, true
}

// textBits is the evidence in a payload that should be text: a bit for each printable
// character, up to a bound. whole says that it must not end inside a character.
func textBits(p []byte, whole bool) (weight int, ok bool) {
	for i := 0; i < len(p); {
		r, n := utf8.DecodeRune(p[i:])
		if r == utf8.RuneError && n == 1 {
			return weight, !whole && !utf8.FullRune(p[i:])
		}
		switch {
		case r >= ' ' && r != 0x7F, r == '\t', r == '\n', r == '\r':
			weight += n
		default:
			weight -= 4
		}
		i += n
	}
	return min(weight, 24), true
}

// peek copies the bytes at a stream offset, up to a hole or the end. more says that it
// was the end, so that more may come.
func (s *search) peek(at int64, dst []byte) (n int, more bool) {
	items := s.held.items
	i := s.itemAt(at)
	for ; i < len(items) && n < len(dst); i++ {
		it := &items[i]
		if it.gap.Len != 0 {
			return n, false
		}
		n += copy(dst[n:], it.piece.Data[at+int64(n)-it.piece.Offset:])
	}
	return n, i == len(items)
}

// itemAt is the index of the item that has a stream offset.
func (s *search) itemAt(at int64) int {
	lo, hi := 0, len(s.held.items)
	for lo < hi {
		if mid := (lo + hi) / 2; s.held.items[mid].end() <= at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
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
	c := candidate{at: s.start, pos: s.start}
	return s.end > s.start && s.step(&c, true) && c.weight >= headerBits
}
