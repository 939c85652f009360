package conform

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/rules"
)

// ruleOf are the rules of the members of frame.Violations, by their bit.
var ruleOf = [...]rules.ID{
	rules.FrameRSVSet, rules.FrameOpcodeReserved, rules.FrameLengthNotMinimal, rules.FrameLengthMSB,
	rules.FrameControlTooLong, rules.FrameControlFragmented,
	rules.MsgContinuationUnexpected, rules.MsgDataInterleaved,
	rules.CloseBodyOneByte, rules.CloseCodeForbidden, rules.CloseCodeReserved, rules.CloseCodeOutOfRange,
	rules.CloseCodeWrongRole, rules.Close1010NoList, rules.CloseReasonInvalidUTF8,
	rules.PMDRSV1Control, rules.PMDRSV1Continuation, rules.PMDInflateError, rules.PMDDataIncomplete,
	rules.PMDTailNotRemoved, rules.PMDFinalPadding, rules.PMDWindowExceeded, rules.PMDContextTakeover,
	rules.FrameClientUnmasked, rules.FrameServerMasked, rules.MaskKeyZero,
}

// frame judges a frame by itself and by those before it (RFC 6455 5).
func (j *Judge) frame(c *conn, e *dissect.Frame) {
	s, peer := c.of(e.Dir)
	if s.loose != nil {
		s.loose.left = nil // something followed what was not finished
	}
	if e.Why == dissect.WhyUnfinished {
		s.unfinished().cut = &unfinished{e.Meta, cutText(e)}
	}
	if !e.HeaderOK {
		return
	}
	violations := c.terms.meant(e)
	for v := violations; v != 0; v &= v - 1 {
		j.violation(ruleOf[bits.TrailingZeros32(uint32(v))], &e.Meta, describe(v&-v, e))
	}
	if e.Why == dissect.WhyUnfinished {
		return
	}
	if e.Header.Masked && e.Dir == dissect.ClientToServer {
		j.masked(c, e)
	}
	j.failing(s, peer, e, violations)
	s.spoke = s.spoke || peer.close != nil && e.Header.Opcode != frame.Close
	switch op := e.Header.Opcode; {
	case op == frame.Close:
		j.closeFrame(s, peer, e)
	case op.IsControl():
		j.control(s, peer, e)
	case !op.IsReserved():
		j.data(s, peer, e)
	}
	j.goesOn(s, peer, e)
	s.ended, s.acked = e.Packet.Time, e.Packet.Ack
	s.end, s.behind = endOf(e)
}

// control judges a Ping or a Pong.
func (j *Judge) control(s, peer *side, e *dissect.Frame) {
	if s.close != nil {
		j.violation(rules.CloseControlAfter, &e.Meta, fmt.Sprintf("%s after the Close in packet %d", e.Header.Opcode, s.close.packet.Number))
	}
	switch e.Header.Opcode {
	case frame.Ping:
		s.ping(peer, e)
	case frame.Pong:
		j.pong(s, peer, e)
	}
}

// data judges where a data frame stands.
func (j *Judge) data(s, peer *side, e *dissect.Frame) {
	switch {
	// RFC 6455 5.5.1: "The application MUST NOT send any more data frames after sending a
	// Close frame."
	case s.close != nil:
		j.violation(rules.CloseDataAfter, &e.Meta, fmt.Sprintf("%s frame after the Close in packet %d", e.Header.Opcode, s.close.packet.Number))
	case peer.close != nil && !s.open && e.Header.Opcode != frame.Continuation && peer.close.knownTo(s, e):
		j.violation(rules.CloseDataAfterReceived, &e.Meta,
			fmt.Sprintf("%s message begun after the peer's Close in packet %d was acknowledged", e.Header.Opcode, peer.close.packet.Number))
	}
	if !e.Violations.Has(frame.ContinuationUnexpected) {
		s.open = !e.Header.Fin
	}
}

// whole reports whether all of a frame's payload is there, as the peer had it.
func whole(e *dissect.Frame) bool {
	return e.Complete && uint64(len(e.Payload)) == e.Header.Length
}

// cutText says where in a frame a direction ended.
func cutText(e *dissect.Frame) string {
	if !e.HeaderOK {
		return fmt.Sprintf("the stream ends inside a frame header, of which there are %d bytes", len(e.Raw))
	}
	n := e.Captured
	for _, h := range e.Holes {
		n += h.Len
	}
	return fmt.Sprintf("the stream ends inside a %s frame, %d of %d payload bytes were sent", e.Header.Opcode, n, e.Header.Length)
}

// describe says what was seen that breaks a rule of frame headers.
func describe(v frame.Violations, e *dissect.Frame) string {
	h := &e.Header
	switch v {
	case frame.RSVSet:
		return fmt.Sprintf("%s set on a %s frame, but no extension was agreed that gives it a meaning", rsvNames(h.RSV), h.Opcode)
	case frame.OpcodeReserved:
		return fmt.Sprintf("opcode 0x%X is reserved", uint8(h.Opcode))
	case frame.LengthNotMinimal:
		return fmt.Sprintf("length %d in the %d-bit form", h.Length, lengthBits(h))
	case frame.LengthMSB:
		return fmt.Sprintf("the top bit of the 64-bit length 0x%016X is 1", h.Length)
	case frame.ControlTooLong:
		return fmt.Sprintf("%s frame with a payload of %d bytes", h.Opcode, h.Length)
	case frame.ControlFragmented:
		return fmt.Sprintf("%s frame without FIN", h.Opcode)
	case frame.ContinuationUnexpected:
		return "continuation frame, but no message is in progress"
	case frame.DataInterleaved:
		return fmt.Sprintf("%s frame, but a fragmented message is in progress", h.Opcode)
	case frame.RSV1Control, frame.RSV1Continuation:
		return fmt.Sprintf("RSV1 set on a %s frame", h.Opcode)
	case frame.ClientUnmasked:
		return fmt.Sprintf("%s frame from the client is not masked", h.Opcode)
	case frame.ServerMasked:
		return fmt.Sprintf("%s frame from the server is masked, with the key %x", h.Opcode, h.Key)
	}
	return fmt.Sprintf("%s frame with the masking key %x", h.Opcode, h.Key)
}

func rsvNames(rsv uint8) string {
	var names []string
	for i, bit := range [...]uint8{frame.RSV1, frame.RSV2, frame.RSV3} {
		if rsv&bit != 0 {
			names = append(names, fmt.Sprintf("RSV%d", i+1))
		}
	}
	return strings.Join(names, ", ")
}

// lengthBits is the size of the length field that a header has.
func lengthBits(h *frame.Header) int {
	n := int(h.Size) - 2
	if h.Masked {
		n -= 4
	}
	return max(7, 8*n)
}
