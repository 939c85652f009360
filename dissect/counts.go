package dissect

import (
	"math"

	"github.com/wsdissect/wsdissect/frame"
)

// tally is what is counted of a direction while it is little. Where a count would not fit,
// all go to the totals.
type tally struct{ frames, messages, payload, inflated uint32 }

// totals are counts that went out of a tally, and what few directions have to tell.
type totals struct {
	frames, messages  int64
	payload, inflated uint64
	lost              int64
	close             *closeFrame // the first one sent, else nil
}

// closeFrame is what a Close frame says.
type closeFrame struct {
	code   uint16
	reason string
}

// add takes the counts of a tally.
func (t *totals) add(n tally) {
	t.frames += int64(n.frames)
	t.messages += int64(n.messages)
	t.payload += uint64(n.payload)
	t.inflated += uint64(n.inflated)
}

// plus adds n to one of the counts of a tally, and reports whether it fits.
func plus(count *uint32, n uint64) bool {
	if n > uint64(math.MaxUint32-*count) {
		return false
	}
	*count += uint32(n)
	return true
}

// countFrame counts a frame that the newest packet completed.
func (w *webSocket) countFrame(h *half, f *frame.Header) {
	h.lastOpcode, h.lastPacket = f.Opcode, h.newest.Number
	if h.tally.frames == math.MaxUint32 {
		w.totalsOf(h)
	}
	h.tally.frames++
	if !plus(&h.tally.payload, f.Length) {
		w.totalsOf(h).payload += f.Length
	}
}

// countMessage counts a message by its length without compression.
func (w *webSocket) countMessage(h *half, length uint64) {
	if h.tally.messages == math.MaxUint32 {
		w.totalsOf(h)
	}
	h.tally.messages++
	if !plus(&h.tally.inflated, length) {
		w.totalsOf(h).inflated += length
	}
}

// totalsOf are the totals of a direction, with its tally added to them.
func (w *webSocket) totalsOf(h *half) *totals {
	x := w.busy(h)
	if x.totals == nil {
		x.totals = new(totals)
	}
	x.totals.add(h.tally)
	h.tally = tally{}
	return x.totals
}

// closed reports whether the direction has sent a Close frame.
func (h *half) closed() bool { return h.progress != nil && h.totals != nil && h.totals.close != nil }

// traffic is what was counted of a direction.
func (h *half) traffic() Traffic {
	var n totals
	if h.progress != nil && h.totals != nil {
		n = *h.totals
	}
	n.add(h.tally)
	t := Traffic{
		Frames:     n.frames,
		Messages:   n.messages,
		Payload:    n.payload,
		Inflated:   n.inflated,
		Lost:       n.lost,
		LastOpcode: h.lastOpcode,
		LastPacket: h.lastPacket,
	}
	if f := n.close; f != nil {
		t.CloseSent, t.CloseCode, t.CloseReason = true, f.code, f.reason
	}
	return t
}
