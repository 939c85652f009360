package conform

import (
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/rules"
)

// opened is what the opening handshake leaves to be judged with the first frames.
type opened struct {
	ack     uint32  // what the client had received when it sent the request
	early   bool    // it did not wait for the response
	refused [3]bool // there should be no frames, by dissect.Dir; false again once that was said
}

// frameAtOpening judges a frame by the opening handshake: "The endpoint MUST ensure the
// WebSocket connection is in the OPEN state" (RFC 6455 6.1 step 1).
func (j *Judge) frameAtOpening(c *conn, e *dissect.Frame) {
	o := &c.opening
	if o.early && e.Dir == dissect.ClientToServer {
		if o.early = e.Packet.Ack == o.ack; o.early {
			j.violation(rules.FrameBeforeHandshake, &e.Meta, e.Header.Opcode.String()+" frame sent before the response to the handshake had come")
		}
	}
	if o.refused[e.Dir] {
		o.refused[e.Dir] = false
		j.violation(rules.FrameWithoutHandshake, &e.Meta, e.Header.Opcode.String()+" frame although the handshake was refused")
	}
}
