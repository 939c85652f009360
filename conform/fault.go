package conform

import (
	"fmt"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/rules"
)

// fault is a frame that its receiver has to fail the connection for (RFC 6455 7.1.7).
type fault struct {
	mark
	rule   rules.ID
	judged bool // what the receiver made of it
}

// fatal are the violations of a header that no receiver may live with: RFC 6455 5.1, 5.2,
// 5.4, 5.5 and RFC 7692 6.
const fatal = frame.RSVSet | frame.OpcodeReserved | frame.LengthMSB | frame.ControlTooLong |
	frame.ControlFragmented | frame.ContinuationUnexpected | frame.DataInterleaved |
	frame.ClientUnmasked | frame.ServerMasked | frame.RSV1Control | frame.RSV1Continuation

// failLate is how long a connection may stay open after a fault.
const failLate = 10 * time.Second

// failing judges what the sender of e does about a fault of its peer, and notes one of its
// own.
func (j *Judge) failing(s, peer *side, e *dissect.Frame, v frame.Violations) {
	if f := peer.fault; f != nil && !f.judged {
		j.reacts(f, s, e)
	}
	if v &= fatal; v != 0 {
		s.faulty(peer, markOf(e), ruleOf[trailing(v)])
	}
}

// faulty notes a fault, unless either side has closed: then nothing is processed any more.
func (s *side) faulty(peer *side, m mark, id rules.ID) {
	if s.fault == nil && s.close == nil && peer.close == nil {
		s.fault = &fault{mark: m, rule: id}
	}
}

// reacts judges the first frame that an endpoint sends when it knows of a fault.
func (j *Judge) reacts(f *fault, s *side, e *dissect.Frame) {
	knew := f.knownTo(s, e)
	if e.Header.Opcode != frame.Close {
		if !knew {
			return
		}
		f.judged = true
		// 7.1.7: "An endpoint MUST NOT continue to attempt to process data (including a
		// responding Close frame) from the remote endpoint after being instructed to _Fail
		// the WebSocket Connection_."
		j.violation(rules.FailNotPerformed, &e.Meta,
			fmt.Sprintf("%s frame, although the frame in packet %d breaks %s", e.Header.Opcode, f.packet.Number, f.rule.Code()))
		return
	}
	f.judged = true
	if knew && whole(e) && !suits(e.CloseCode) {
		j.violation(rules.FailCodeUnsuitable, &e.Meta,
			fmt.Sprintf("Close with %s, but the frame in packet %d breaks %s", codeText(e.CloseCode), f.packet.Number, f.rule.Code()))
	}
}

// suits reports whether a close code tells of something wrong with what was received, or
// may do so: those of applications do as they please.
func suits(code uint16) bool {
	switch code {
	case 1002, 1003, 1007, 1008, 1009, 1010, 1011:
		return true
	}
	return code >= 3000 && code <= 4999
}

// stayed judges an endpoint that did nothing about a fault until the connection ended.
func (j *Judge) stayed(e *dissect.Closed, dir dissect.Dir, f *fault, me, peer *dissect.Traffic) {
	if f == nil || f.judged || own(me.End) || me.Lost > 0 || peer.Lost > 0 || !f.before(me.End.Packet, failLate) {
		return
	}
	j.against(dir, rules.FailNotPerformed, &e.Meta, me.End.Packet, "the connection stays open for %s after the frame in packet %d, which breaks %s",
		seconds(me.End.Packet.Time-f.packet.Time), f.packet.Number, f.rule.Code())
}
