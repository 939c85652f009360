package dissect

import "github.com/wsdissect/wsdissect/frame"

// counts are what is counted of a direction while it lasts: a Traffic without what its end
// says, and small.
type counts struct {
	frames, messages  int64
	payload, inflated uint64
	lost              int64
	lastPacket        int64
	close             *closeFrame // the first one sent, else nil
	lastOpcode        frame.Opcode
}

// closeFrame is what a Close frame says.
type closeFrame struct {
	code   uint16
	reason string
}

// frame counts a frame that a packet completed.
func (c *counts) frame(h *frame.Header, packet int64) {
	c.frames++
	c.payload += h.Length
	c.lastOpcode, c.lastPacket = h.Opcode, packet
}

func (c *counts) traffic() Traffic {
	t := Traffic{
		Frames:     c.frames,
		Messages:   c.messages,
		Payload:    c.payload,
		Inflated:   c.inflated,
		Lost:       c.lost,
		LastOpcode: c.lastOpcode,
		LastPacket: c.lastPacket,
	}
	if f := c.close; f != nil {
		t.CloseSent, t.CloseCode, t.CloseReason = true, f.code, f.reason
	}
	return t
}
