package conform

import (
	"fmt"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/rules"
)

// message judges a message (RFC 6455 5.4 and 5.6, RFC 7692 7.2).
func (j *Judge) message(c *conn, e *dissect.Message) {
	s, peer := c.of(e.Dir)
	if e.Why == dissect.WhyUnfinished && s.open && e.Frames > 0 && s.close == nil {
		s.unfinished().left = &unfinished{e.Meta, fmt.Sprintf("%s message of %d frames so far, and no last one", e.Opcode, e.Frames)}
	}
	s.open = false // true again with the frame that follows, if it begins another
	if e.Compressed {
		j.deflated(c, s, peer, e)
	}
	j.limits(s, e)
	if e.Opcode == frame.Text && !e.Text && !e.Inferred {
		j.text(s, peer, e)
	}
}

// text judges the payload of a text message that is not UTF-8 as it stands. 8.1: "When an
// endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in
// fact, a valid UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_."
func (j *Judge) text(s, peer *side, e *dissect.Message) {
	var u frame.UTF8
	bad, ok := u.Write(e.Payload)
	switch {
	case e.Unheld && (e.NotUTF8 || e.Complete):
		j.violation(rules.MsgInvalidUTF8, &e.Meta, "text is not UTF-8")
	case e.Unheld:
		return
	case !ok:
		j.violation(rules.MsgInvalidUTF8, &e.Meta, fmt.Sprintf("text is not UTF-8: byte 0x%02X at offset %d of the message", e.Payload[bad], bad))
	case e.Complete && !u.Close():
		j.violation(rules.MsgInvalidUTF8, &e.Meta, fmt.Sprintf("text is not UTF-8: it ends inside a character, after %d bytes", e.Length))
	default:
		return // the rest of the last character is missing in the capture
	}
	if e.Complete {
		s.faulty(peer, mark{e.Packet, s.end, s.behind}, rules.MsgInvalidUTF8)
	}
}

// gap notes that bytes of a direction are missing: what they may have held is not asked
// for.
func (j *Judge) gap(c *conn, e *dissect.Gap) {
	if e.Resync {
		return
	}
	s, peer := c.of(e.Dir)
	s.blind, s.lost = true, false
	for _, p := range [...]*pings{s.pings, peer.pings} {
		if p != nil {
			p.cover()
		}
	}
	if e.Dir == dissect.ClientToServer {
		c.masks.follows = false
	}
}
