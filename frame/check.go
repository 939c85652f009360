package frame

// Role is the endpoint that sends the frames of a direction.
type Role uint8

const (
	RoleUnknown Role = iota // rules that depend on the role are not judged
	Client
	Server
)

func (r Role) String() string {
	return [...]string{"unknown", "client", "server"}[r]
}

// Checker judges the headers of one direction, in their order, by the rules that a header
// alone can break. The zero value expects a first frame without extensions.
type Checker struct {
	Role     Role
	RSV      uint8 // bits to which an agreed extension gives a meaning
	PerFrame bool  // RSV1 speaks of each frame, not of its message (x-webkit-deflate-frame)

	message progress
}

// progress is what is known of the fragmented message of a direction.
type progress uint8

const (
	noMessage progress = iota
	inMessage
	unknownMessage
)

// Lose says that frames are missing in the capture: whether the next one continues a
// message can not be judged.
func (c *Checker) Lose() { c.message = unknownMessage }

// Header gives every rule that h breaks, and takes note of how its message goes on.
func (c *Checker) Header(h Header) Violations {
	return c.reserved(h) | length(h) | c.masking(h) | c.order(h)
}

func (c *Checker) reserved(h Header) Violations {
	var v Violations
	// 5.2: "MUST be 0 unless an extension is negotiated that defines meanings for
	// non-zero values."
	if h.RSV&^c.RSV != 0 {
		v |= RSVSet
	}
	if h.RSV&c.RSV&RSV1 != 0 {
		switch {
		// RFC 7692 6: "An endpoint MUST NOT set the "Per-Message Compressed" bit of
		// control frames and non-first fragments of a data message."
		case h.Opcode.IsControl():
			v |= RSV1Control
		case h.Opcode == Continuation && !c.PerFrame:
			v |= RSV1Continuation
		}
	}
	// 5.2: "If an unknown opcode is received, the receiving endpoint MUST _Fail the
	// WebSocket Connection_."
	if h.Opcode.IsReserved() {
		v |= OpcodeReserved
	}
	return v
}

func length(h Header) Violations {
	var v Violations
	if !h.Minimal() {
		v |= LengthNotMinimal
	}
	// 5.2: "the most significant bit MUST be 0"
	if h.Length>>63 != 0 {
		v |= LengthMSB
	}
	// 5.5: "All control frames MUST have a payload length of 125 bytes or less and MUST
	// NOT be fragmented."
	if h.Opcode.IsControl() {
		if h.Length > 125 {
			v |= ControlTooLong
		}
		if !h.Fin {
			v |= ControlFragmented
		}
	}
	return v
}

func (c *Checker) masking(h Header) Violations {
	var v Violations
	switch {
	// 5.1: "a client MUST mask all frames that it sends to the server"
	case c.Role == Client && !h.Masked:
		v |= ClientUnmasked
	// 5.1: "A server MUST NOT mask any frames that it sends to the client."
	case c.Role == Server && h.Masked:
		v |= ServerMasked
	case h.Masked && h.Key == [4]byte{}:
		v |= MaskKeyZero
	}
	return v
}

// order judges how data frames follow each other (RFC 6455 5.4). Frames with a reserved
// opcode are left out: nothing says what they do to a message.
func (c *Checker) order(h Header) Violations {
	var v Violations
	switch h.Opcode {
	case Continuation:
		if c.message == noMessage {
			v = ContinuationUnexpected
			break
		}
		if c.message = inMessage; h.Fin {
			c.message = noMessage
		}
	case Text, Binary:
		interleaved := c.message == inMessage
		if interleaved {
			v = DataInterleaved
		}
		switch {
		case !h.Fin:
			c.message = inMessage
		case interleaved:
			// The message before may go on or be given up; either is no further violation.
			c.message = unknownMessage
		default:
			c.message = noMessage
		}
	}
	return v
}
