package dissect

import (
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
)

// Body is the body of an HTTP/1 message that Options.Bodies asks for: of a request, or of
// the response to it.
type Body struct {
	Meta
	Request   *http1.Head
	Response  *http1.Head // nil: the body is that of the request
	Payload   []byte      // without the framing of chunks, up to the first byte that is missing
	Length    uint64      // bytes captured
	Truncated bool        // more was captured than Payload holds
	Complete  bool        // Payload is all that was sent

	Decoded *Decoded // what it means; nil where no decoder knows it
}

const (
	maxBody   = 1 << 20  // bytes held of a body
	maxBodies = 64 << 20 // bytes held of all bodies
)

// gathering is a body in progress.
type gathering struct {
	body Body
	lost bool // bytes of it are missing
}

// gather begins to hold the body that follows a head, if there is one. The head began in
// packet first.
func (s *httpSide) gather(request, response *http1.Head, first int64) {
	if request != nil && !s.body.Done() {
		s.gathered = &gathering{body: Body{Request: request, Response: response, Meta: Meta{FirstPacket: first}}}
	}
}

// gathers takes what a piece has of the body that is held.
func (h *httpLayer) gathers(s *httpSide, p reassembly.Piece, data []byte, done bool) {
	g := s.gathered
	if !g.lost {
		g.body.Length += uint64(len(data))
		fits := max(0, min(len(data), maxBody-len(g.body.Payload), maxBodies-h.c.d.bodies))
		g.body.Truncated = g.body.Truncated || fits < len(data)
		g.body.Payload = append(g.body.Payload, data[:fits]...)
		h.c.d.bodies += fits
	}
	g.body.Packet, g.body.Way = p.Packet, p.Dir
	if done {
		h.gatheredAll(s, !g.lost)
	}
}

// gatheredAll emits the body that is held, of which nothing more will come.
func (h *httpLayer) gatheredAll(s *httpSide, whole bool) {
	g := s.gathered
	if g == nil {
		return
	}
	s.gathered = nil
	h.c.d.bodies -= len(g.body.Payload)
	if g.body.Packet.Number == 0 {
		return // nothing of it was captured
	}
	e := &g.body
	e.Conn, e.Dir, e.Complete = &h.c.Conn, ServerToClient, whole && !e.Truncated
	if e.Way == h.client {
		e.Dir = ClientToServer
	}
	h.c.d.emit(e)
}

// leave gives up what is held when another layer takes over, or none.
func (h *httpLayer) leave() {
	for i := range h.side {
		h.gatheredAll(&h.side[i], false)
		h.c.d.asm.Overlook(&h.c.Conn, reassembly.Dir(i), false)
	}
}
