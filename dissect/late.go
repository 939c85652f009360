package dissect

import (
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
)

// lateRequest is the request for an upgrade that is captured so late behind its 101 that
// frames are read already.
type lateRequest struct {
	parser http1.Parser
	begun  bool
	accept string // of the 101
}

// awaitRequest makes the frames of the client begin behind its request, if that comes.
func (w *webSocket) awaitRequest(accept string) {
	l := &lateRequest{accept: accept}
	l.parser = http1.Parser{Kind: http1.Request, Limit: w.c.d.opts.Limits.Head}
	w.busy(w.half(w.client)).late = l
}

// requestLate takes what a piece has of the request, and gives the rest. Where the client
// begins with anything but the request that the 101 answers, its frames are searched.
func (w *webSocket) requestLate(h *half, p reassembly.Piece) reassembly.Piece {
	l := h.late
	if !l.begun && (p.Offset != 0 || http1.ProbeRequest(p.Data) != http1.Yes) {
		w.noRequest(h)
		return p
	}
	l.begun = true
	n, state := l.parser.Feed(p.Data)
	p = cut(p, n)
	switch state {
	case http1.Done:
		head := l.parser.Head()
		body := http1.RequestBody(head)
		if key, ok := head.Value("Sec-WebSocket-Key"); !ok || frame.Accept(key) != l.accept || !body.Done() {
			w.noRequest(h)
			break
		}
		h.late = nil
		w.emitResync(h, p.Offset, p.Offset)
	case http1.TooLong:
		w.noRequest(h)
	}
	return p
}

// noRequest searches the frames of a client whose request does not come.
func (w *webSocket) noRequest(h *half) {
	if h.late != nil {
		h.late = nil
		w.lose(h)
	}
}
