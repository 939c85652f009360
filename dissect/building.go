package dissect

import "github.com/wsdissect/wsdissect/frame"

// openFrame is a frame in progress.
type openFrame struct {
	decoder    frame.Decoder
	header     frame.Header
	whole      bool // the header is whole
	offset     int64
	first      int64 // packet of its first byte
	kind       frame.Opcode
	compressed bool
	alone      bool // belongs to no message: its payload is here
	truncated  bool
	violations frame.Violations
	start      int // where in the message's buffer its payload begins
	pos        uint64
	captured   uint64
	holes      []Hole
	packets    parts
	payload    []byte // unless it is the message's
	reused     int    // what it has of pools.kept
}

// isWhole reports whether b is all there is of a message: what a frame carries without a
// mask, in one packet.
func (f *openFrame) isWhole(b []byte) bool {
	h := &f.header
	return h.Fin && !h.Masked && h.Opcode != frame.Continuation && uint64(len(b)) == h.Length
}

// message is a message in progress.
type message struct {
	opcode     frame.Opcode
	compressed bool
	first      int64
	payload    []byte // of all its frames, unmasked, as on the wire
	own        []byte // while payload is on loan, the buffer instead of it
	loan       bool   // payload is the packet's: the message ends before the packet does
	wire       uint64
	frames     int
	fragments  parts
	packets    parts
	sound      int // bytes of payload before the first hole; -1 while there is none
	truncated  bool
	facts      frame.Violations // what inflating showed
	inflated   []byte           // where each frame is compressed by itself
	why        Why              // the first that inflated has no more
	unheld     bool             // payload stays empty
	passed     int              // bytes that would be in it
	text       frame.UTF8       // of these, as far as they count
	reused     int              // what it has of pools.kept
}

func (m *message) begin(op frame.Opcode, first int64, compressed bool) {
	m.opcode, m.first, m.compressed, m.sound = op, first, compressed, -1
}

// borrow makes bytes of the packet the payload, without a copy.
func (m *message) borrow(b []byte) {
	m.own, m.payload, m.loan = m.payload, b, true
}

// size is how many payload bytes count as held, beside those inflated.
func (m *message) size() int { return len(m.payload) + m.passed }

// hole notes that bytes are missing behind what is held.
func (m *message) hole() {
	if m.sound < 0 {
		m.sound = m.size()
	}
}

// parts lists packets with what each carried, the first ones up to a limit.
type parts struct {
	list []Part
	all  int // how many there were
}

func (p *parts) add(packet int64, n uint64, limit int) {
	if last := len(p.list) - 1; last >= 0 && p.list[last].Packet == packet && p.all == len(p.list) {
		p.list[last].Len += n
		return
	}
	p.all++
	if len(p.list) < limit {
		p.list = append(p.list, Part{packet, n})
	}
}
