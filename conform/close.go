package conform

import (
	"fmt"
	"math/bits"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/rules"
)

// closing is the first Close frame of an endpoint.
type closing struct {
	mark
	code  uint16 // 0 for none
	known bool   // its body was captured
	bad   bool   // its body is not valid
	reply bool   // it was sent when that of the peer had come
}

// closeReplyLate is how long the answer to a Close may take: "as soon as practical" (RFC
// 6455 5.5.1).
const closeReplyLate = 5 * time.Second

// closeFrame judges a Close (RFC 6455 5.5.1).
func (j *Judge) closeFrame(s, peer *side, e *dissect.Frame) {
	n := &closing{mark: markOf(e), known: whole(e)}
	if n.known {
		check := frame.Checker{Role: role(e.Dir)}
		code, reason, v := check.Close(e.Payload)
		n.code, n.bad = code, v != 0
		for ; v != 0; v &= v - 1 {
			j.violation(ruleOf[trailing(v)], &e.Meta, describeClose(v&-v, code, reason))
		}
	}
	// "The Close frame" is one: nothing of 7.1 speaks of a second.
	if s.close != nil {
		j.violation(rules.CloseDuplicate, &e.Meta, fmt.Sprintf("Close with %s, after the Close in packet %d", codeText(n.code), s.close.packet.Number))
		return
	}
	if s.open {
		j.violation(rules.MsgUnfinished, &e.Meta, "Close, but a fragmented message is in progress")
		s.open = false
	}
	s.close = n
	if first := peer.close; first != nil && first.reached(e.Packet.Ack) {
		n.reply = true
		j.replies(s, peer, e)
	}
}

// replies judges the Close of s that answers that of its peer.
func (j *Judge) replies(s, peer *side, e *dissect.Frame) {
	first, reply := peer.close, s.close
	if !s.spoke && first.before(e.Packet, closeReplyLate) {
		j.violation(rules.CloseReplyLate, &e.Meta,
			fmt.Sprintf("Close %s after that in packet %d", seconds(e.Packet.Time-first.packet.Time), first.packet.Number))
	}
	// "When sending a Close frame in response, the endpoint typically echos the status code
	// it received."
	if peer.fault == nil && first.known && reply.known && !first.bad && first.code != 0 && reply.code != 0 && first.code != reply.code {
		j.violation(rules.CloseCodeEchoMismatch, &e.Meta, fmt.Sprintf("Close code %d in reply to %d", reply.code, first.code))
	}
}

func role(d dissect.Dir) frame.Role {
	if d == dissect.ServerToClient {
		return frame.Server
	}
	return frame.Client
}

func trailing(v frame.Violations) int { return bits.TrailingZeros32(uint32(v)) }

// describeClose says what was seen that breaks a rule of Close bodies.
func describeClose(v frame.Violations, code uint16, reason []byte) string {
	switch v {
	case frame.CloseBodyOneByte:
		return "Close with a body of one byte"
	case frame.CloseCodeForbidden:
		return fmt.Sprintf("Close code %d must not be sent", code)
	case frame.CloseCodeReserved:
		return fmt.Sprintf("Close code %d is reserved and not assigned", code)
	case frame.CloseCodeOutOfRange:
		return fmt.Sprintf("Close code %d is not from 1000 to 4999", code)
	case frame.CloseCodeWrongRole:
		return fmt.Sprintf("Close code %d, which is not used by servers", code)
	case frame.Close1010NoList:
		return fmt.Sprintf("Close code %d without the extensions that are needed", code)
	}
	var u frame.UTF8
	bad, ok := u.Write(reason)
	if ok {
		return "Close reason ends inside a character"
	}
	return fmt.Sprintf("Close reason is not UTF-8: byte 0x%02X at offset %d", reason[bad], bad)
}

func codeText(code uint16) string {
	if code == 0 {
		return "no code"
	}
	return fmt.Sprintf("code %d", code)
}

// seconds shows a time in nanoseconds.
func seconds(ns int64) string { return fmt.Sprintf("%.3f s", float64(ns)/1e9) }
