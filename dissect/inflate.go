package dissect

// inflate fills the event of a compressed message.
func (w *webSocket) inflate(h *half, e *Message) {
	if e.Why == WhyNone {
		e.Why = WhyCompressed
	}
	e.Payload = e.Payload[:0]
}
