package dissect

import (
	"math/bits"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/frame"
)

// candidate is a chain of headers, each where the frame before it ends. What speaks for
// it is counted in bits: how unlikely other bytes are to look the same.
type candidate struct {
	at     int64 // where the first frame begins
	first  int64 // where the first begins that is sure, if the rest is
	pos    int64 // where the next header is expected
	weight int   // evidence so far
	solid  int   // of weight, what only WebSocket explains: text behind its header, masks
	sure   int   // evidence that a frame begins at first

	headers int // in the chain
	packets int // of these, where packets begin
	anchors int // of these, not like the header before
	empty   int // of these, the last in a row that prove nothing

	last   frame.Header // the one before pos
	inside bool         // a message is unfinished at pos
	known  bool         // inside is known
	closed bool         // a Close was sent
	masked bool
	stuck  bool // pos is in a hole
	proven bool // has evidence enough
}

const (
	maxClaim   = 1 << 30 // bytes that a frame of a chain may claim
	maxEmpty   = 16      // headers in a row that prove nothing
	sampleSize = 64      // payload bytes looked at
	nearBytes  = 128     // a frame that ends somewhere begins so near, unless its length proves more

	headerBits = 6  // most for a header with FIN, right in its opcode and mask bit
	packetBits = 10 // most for beginning where a packet does
	anchorBits = 4  // least for that to tell frames from other items
	closeBits  = 5  // for a close code that may be used
	codeBits   = 12 // for one of the few that RFC 6455 7.4.1 defines
	textBits   = 24 // most for text
	keyBits    = 10 // most for text that may be another's under a wrong key: four bytes have to fit
	fewBits    = 6  // most for text behind text
	strayBits  = 20 // most for text behind what cannot be a character
	rareBits   = 4  // against a fragment that begins no message, which is rarer in traffic than in other bytes
)

// mayBegin reports whether a frame may begin with b: no reserved bit but RSV1, and no
// reserved opcode.
func mayBegin(b byte) bool {
	return b&0x30 == 0 && !frame.Opcode(b&0xF).IsReserved()
}

// step follows a candidate over all headers that are there. It reports false when one
// shows that the candidate is none.
func (s *search) step(c *candidate, final bool) bool {
	for c.pos < s.end && !c.stuck {
		if !s.trail.pass(c) {
			return false
		}
		var buf [frame.MaxHeaderSize + sampleSize]byte
		n, more, begins := s.held.peek(c.pos, buf[:])
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
		weight, ok := s.weigh(c, h, payload, whole)
		if !ok || c.empty > maxEmpty {
			return false
		}
		if begins {
			weight += s.anchor(c, h)
		}
		s.advance(c, h, weight)
	}
	return true
}

// anchor is the evidence in a header that stands where a packet begins. Items of one size
// that fill packets evenly do, once the first does.
func (s *search) anchor(c *candidate, h frame.Header) int {
	n := s.packetBits()
	if n == 0 {
		return 0
	}
	c.packets++
	if h == c.last {
		return 0
	}
	if n >= anchorBits {
		c.anchors++
	}
	if c.headers > 0 {
		n = s.landingBits()
	}
	return n
}

// advance goes on to the next header.
func (s *search) advance(c *candidate, h frame.Header, weight int) {
	switch {
	case c.headers == 0:
		c.masked = h.Masked
		c.sure = ending(h, weight)
	case c.sure < s.sureBits(c):
		// The frame before may have landed here by chance; the less so, the more it is like one.
		c.sure = ending(h, weight) + max(0, c.sure-bits.Len(nearBytes))
		c.first = c.pos
	}
	c.headers++
	c.weight += weight
	c.last = h
	// RFC 6455 5.4: fragments of a message follow each other, control frames between them.
	if !h.Opcode.IsControl() {
		c.inside, c.known = !h.Fin, true
	}
	// RFC 6455 5.5.1: "The application MUST NOT send any more data frames after sending a
	// Close frame."
	c.closed = c.closed || h.Opcode == frame.Close
	c.pos += int64(h.Size) + int64(h.Length)
}

// ending is the evidence of a frame that ends where it must, as all bits of its length
// tell.
func ending(h frame.Header, weight int) int {
	if h.Opcode == frame.Continuation {
		weight -= rareBits
	}
	if h.Length == 0 {
		return weight
	}
	n := int(h.Size) - 1
	if h.Masked {
		n -= len(h.Key)
	}
	return weight + 8*n
}

// sureBits is how much evidence a frame needs that ends where another begins.
func (s *search) sureBits(c *candidate) int {
	return ownBits + bits.Len(uint(s.near(c.pos)))
}

// plausible reports whether a header may stand at the end of the chain.
func (s *search) plausible(c *candidate, h frame.Header) bool {
	switch {
	case c.closed, h.Opcode.IsReserved(), h.RSV&^s.rsv != 0, !h.Minimal(), h.Length > maxClaim:
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
//
// A frame that is empty, or not the last of its message, begins with small numbers, which
// are everywhere: it proves nothing.
func (s *search) weigh(c *candidate, h frame.Header, payload []byte, whole bool) (weight int, ok bool) {
	c.empty++
	if h.Length == 0 {
		return 0, true
	}
	if h.Fin {
		c.empty = 0
		if h != c.last { // as bytes of one kind repeat, so do headers in them
			weight = s.finBits()
		}
	}
	most := s.textMost(c, h)
	if h.Masked {
		c.solid += weight
		frame.XOR(payload, payload, h.Key, 0)
	}
	switch {
	case h.Opcode == frame.Close:
		if len(payload) < 2 {
			return weight, true
		}
		code, reason, v := frame.ParseClose(payload)
		if !whole {
			return weight, v == 0
		}
		n := closeBits
		if code < 3000 {
			n = codeBits
		}
		text, _ := weighText(reason, false)
		if n += min(text, most); h.Masked {
			c.solid += n
		}
		return weight + n, v == 0
	case h.Opcode == frame.Text && h.RSV == 0:
		n, ok := weighText(payload, whole && h.Fin)
		n = min(n, most)
		if h.Masked || most == strayBits {
			c.solid += n
		}
		return weight + n, ok
	}
	return weight, true
}

// textMost is how much text in a frame can prove. Without a mask it may as well be the
// middle of a longer text, unless the header could not be in that: its first byte is no
// character behind one of ASCII. With a mask, among frames that have one, it may be the text
// of one of these under a wrong key.
func (s *search) textMost(c *candidate, h frame.Header) int {
	switch {
	case h.Masked && s.detect:
		return textBits
	case h.Masked:
		return keyBits
	case !h.Fin || c.pos <= s.start:
		return fewBits
	}
	var before [1]byte
	if n, _, _ := s.held.peek(c.pos-1, before[:]); n == 1 && before[0] < utf8.RuneSelf {
		return strayBits
	}
	return fewBits
}

// weighText is the evidence in a payload that should be text: a bit for each byte of
// printable characters. whole says that it must not end inside a character.
func weighText(p []byte, whole bool) (weight int, ok bool) {
	for i := 0; i < len(p); {
		r, n := utf8.DecodeRune(p[i:])
		if r == utf8.RuneError && n == 1 {
			return max(weight, 0), !whole && !utf8.FullRune(p[i:])
		}
		switch {
		case r >= ' ' && r != 0x7F, r == '\t', r == '\n', r == '\r':
			weight += n
		default:
			weight -= 4
		}
		i += n
	}
	return max(weight, 0), true
}
