package dissect

import (
	"fmt"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

// judgeFrame emits what is wrong with the frame that was emitted just now.
func (w *webSocket) judgeFrame(h *half, f *openFrame, ended bool) {
	v := f.violations
	if f.header.Opcode == frame.Close && ended && len(f.holes) == 0 && !f.truncated {
		_, _, body := h.check.Close(f.payload)
		v |= body
	}
	if v == 0 {
		return
	}
	meta := w.meta(h, f.first)
	for one := range v.All() {
		w.c.anomaly(ruleOf(one), meta, describe(one, f))
	}
}

// ruleOf is the rule that a violation of package frame breaks.
func ruleOf(v frame.Violations) rules.ID {
	switch v {
	case frame.RSVSet:
		return rules.FrameRSVSet
	case frame.OpcodeReserved:
		return rules.FrameOpcodeReserved
	case frame.LengthNotMinimal:
		return rules.FrameLengthNotMinimal
	case frame.LengthMSB:
		return rules.FrameLengthMSB
	case frame.ControlTooLong:
		return rules.FrameControlTooLong
	case frame.ControlFragmented:
		return rules.FrameControlFragmented
	case frame.ClientUnmasked:
		return rules.FrameClientUnmasked
	case frame.ServerMasked:
		return rules.FrameServerMasked
	case frame.MaskKeyZero:
		return rules.MaskKeyZero
	}
	return 0
}

func describe(v frame.Violations, f *openFrame) string {
	return fmt.Sprint(v)
}

// infer remarks that the connection is WebSocket by its frames alone.
func (w *webSocket) infer(way reassembly.Dir, at int64) {
	h := w.half(way)
	h.newest = w.c.d.cause
	w.c.anomaly(rules.HandshakeInferred, w.meta(h, h.newest.Number),
		fmt.Sprintf("no opening handshake in the capture; frames found at offset %d", at))
}

// judgeMessage emits what is wrong with the message that was emitted just now.
func (w *webSocket) judgeMessage(h *half, e *Message) {}
