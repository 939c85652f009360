package dissect

import (
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/reassembly"
)

// half is one direction. A capture has very many that are idle, and this is what these need.
type half struct {
	*progress // nil while the direction is idle

	tally      tally
	lastPacket int64 // of the last frame
	lastOpcode frame.Opcode
	way        reassembly.Dir
	check      frame.Checker
	state      halfState
}

type halfState uint8

const (
	forgot halfState = 1 << iota // the inflater begins without the history that there was
	ended
)

func (h *half) has(s halfState) bool { return h.state&s != 0 }

// dir is the direction between client and server.
func (h *half) dir() Dir {
	if h.check.Role == frame.Client {
		return ClientToServer
	}
	return ServerToClient
}

// progress is what a direction has only while something is in progress, or since something
// that few have.
type progress struct {
	newest reassembly.PacketRef // of the last piece, or a later one of a piece before
	edge   int64                // stream offset where the frame in progress begins

	msg *message   // else nil
	cur *openFrame // else nil

	search   *search         // looks for the next frame where the boundary is lost, else nil
	late     *lateRequest    // before the first frame, where it may come, else nil
	inflater *frame.Inflater // nil before the first message that needs it
	totals   *totals         // nil before something did not fit the tally
}

// busy is what is in progress of a direction, if only since now.
func (w *webSocket) busy(h *half) *progress {
	if h.progress == nil {
		h.progress = w.c.d.pools.progresses.take()
	}
	return h.progress
}

// rest lets go of it if nothing is. The newest packet is kept while pieces that follow may
// come from older ones.
func (w *webSocket) rest(h *half, shuffled bool) {
	x := h.progress
	if x == nil || shuffled || x.cur != nil || x.msg != nil || x.search != nil || x.late != nil || x.inflater != nil || x.totals != nil {
		return
	}
	w.leave(h)
}

// leave lets go of what is in progress, whatever it is.
func (w *webSocket) leave(h *half) {
	x := h.progress
	if x == nil {
		return
	}
	h.progress = nil
	*x = progress{}
	w.c.d.pools.progresses.give(x)
}
