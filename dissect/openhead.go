package dissect

import (
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
)

// openHead is a head in progress.
type openHead struct {
	parser http1.Parser
	first  reassembly.PacketRef // of its first byte
}

// begin makes a piece the beginning of a head.
func (h *httpLayer) begin(s *httpSide, p reassembly.Piece) {
	s.head = h.c.d.pools.heads.take()
	s.head.first = p.Packet
	s.head.parser.Kind, s.head.parser.Limit = http1.Response, h.c.d.opts.Limits.Head
	if p.Dir == h.client {
		s.head.parser.Kind = http1.Request
	}
}

// over ends a head in progress, and gives its first packet.
func (h *httpLayer) over(s *httpSide) reassembly.PacketRef {
	head := s.head
	s.head = nil
	head.parser.Reset()
	h.c.d.pools.heads.give(head)
	return head.first
}

// partial is the head in progress as far as it goes, if that says anything.
func (s *httpSide) partial() *http1.Head {
	if s.head == nil {
		return nil
	}
	return s.head.parser.Partial()
}

// beginsHead reports whether the piece starts like a message of its direction.
func (h *httpLayer) beginsHead(p reassembly.Piece) bool {
	if p.Dir == h.client {
		return http1.ProbeRequest(p.Data) == http1.Yes
	}
	return http1.ProbeResponse(p.Data) == http1.Yes
}

func (h *httpLayer) lose(s *httpSide) {
	if s.head != nil {
		h.over(s)
	}
	s.state = inLost
}
