package dissect

import (
	"bytes"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
)

// awaitsAnswer reports whether the next that the server sends should answer an upgrade.
func (h *httpLayer) awaitsAnswer() bool {
	return len(h.wait) > 0 && h.wait[0].upgrade && h.side[h.client].state == inHold
}

// seekFrames looks for frames of the server where the answer to an upgrade should be, or
// behind the hole that it is in. It goes on with them when they are found.
func (h *httpLayer) seekFrames(s *httpSide, p reassembly.Piece) {
	if s.search == nil {
		s.search = newSearch(frame.Server, frame.RSV1, h.c.d.opts.Limits.Held)
	}
	s.search.add(p)
	h.foundFrames(s, false)
}

// foundFrames reports whether frames of the server were found. final says that nothing
// more will come of it.
func (h *httpLayer) foundFrames(s *httpSide, final bool) bool {
	at, ok := s.search.find(final)
	if !ok {
		return false
	}
	items := s.search.from(at)
	s.search = nil
	r := h.wait[0]
	h.upgrade(&r, nil, 0, r.packet)
	replay(items, h.c)
	return true
}

// startsAmiss reports whether the next head of a direction is missing: what comes is
// none, and its connection is on the way to frames.
func (h *httpLayer) startsAmiss(s *httpSide, p reassembly.Piece) bool {
	if s.begun {
		return false
	}
	if p.Dir != h.client { // a server that is early with a frame still answers behind it
		return h.awaitsAnswer() && http1.ProbeResponse(p.Data) == http1.No && !bytes.Contains(p.Data, []byte("HTTP/1."))
	}
	return h.side[p.Dir.Reverse()].state == inHold && http1.ProbeRequest(p.Data) == http1.No
}

// requestLost goes on without a request that the capture does not have: its response need
// not wait for it.
func (h *httpLayer) requestLost() {
	h.orphan = true
	h.release(&h.side[h.client.Reverse()])
}
