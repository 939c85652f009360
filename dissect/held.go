package dissect

import (
	"fmt"

	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

// charge counts what the connection holds until it is known what it is. It is asked of the
// layer and not added up, so that no way out of a layer can be forgotten. Where all
// connections hold too much, the one that wants more now has to let go.
func (c *conn) charge(way reassembly.Dir, packet reassembly.PacketRef) {
	n := c.layer.held()
	more := n > int(c.held)
	c.recount(n)
	limit := c.d.opts.Limits.AllHeld
	if !more || c.d.held <= limit {
		return
	}
	m := Meta{Packet: packet, FirstPacket: packet.Number, Conn: &c.Conn, Way: way}
	letGo := c.ignore
	if w, ok := c.layer.(*webSocket); ok {
		m.Dir, letGo = w.half(way).dir(), w.forget
	}
	c.anomaly(rules.LimitHeldBytes, m, fmt.Sprintf("all connections together hold more than %d bytes until it is known what they are", limit))
	letGo()
	c.recount(c.layer.held())
}

func (c *conn) recount(n int) {
	c.d.held += int64(n) - int64(c.held)
	c.held = int32(n)
}

func (d *detector) held() int {
	n := d.waiting.bytes
	for i := range d.side {
		n += len(d.side[i].lead) + d.side[i].search.size()
	}
	return n
}

func (l *preface) held() int {
	return l.waiting.bytes + len(l.side[0].bytes) + len(l.side[1].bytes)
}

func (h *httpLayer) held() int {
	n := 0
	for i := range h.side {
		s := &h.side[i]
		n += s.held.bytes + s.search.size()
		if s.head != nil {
			n += s.head.parser.Buffered()
		}
	}
	return n
}

func (w *webSocket) held() int {
	n := 0
	for i := range w.side {
		h := &w.side[i]
		if h.progress == nil {
			continue
		}
		n += h.search.size()
		if h.late != nil {
			n += h.late.parser.Buffered()
		}
	}
	return n
}

func (discard) held() int { return 0 }

// forget goes on with searches that hold nothing.
func (w *webSocket) forget() {
	for i := range w.side {
		h := &w.side[i]
		if h.progress == nil {
			continue
		}
		w.noRequest(h)
		if h.search != nil {
			h.search.forget()
		}
	}
}

// candidateSize is about what following a candidate takes, in bytes.
const candidateSize = 160

// size is how many bytes are held, also by no search.
func (s *search) size() int {
	if s == nil {
		return 0
	}
	return s.held.bytes + candidateSize*cap(s.follow)
}

// forget drops all that is held.
func (s *search) forget() {
	s.held.take()
	s.follow = nil
	s.start, s.next = s.end, s.end
}
