package wstest

import (
	"bytes"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
)

func checkHandshake(e *dissect.Handshake, fail failure) {
	if e.Request == nil && e.Response == nil {
		fail("has neither request nor response")
	}
	if (e.Request != nil) != (e.RequestPacket.Number > 0) || (e.Response != nil) != (e.ResponsePacket.Number > 0) {
		fail("has the packets %d, %d", e.RequestPacket.Number, e.ResponsePacket.Number)
	}
	if e.Response != nil && e.Response.Status != e.Status {
		fail("has status %d, its head %d", e.Status, e.Response.Status)
	}
	if e.AcceptOK == dissect.Right && e.Accept != e.AcceptWant {
		fail("calls %q right, but wants %q", e.Accept, e.AcceptWant)
	}
}

func checkFrame(e *dissect.Frame, fail failure) {
	lost := uint64(0)
	end := uint64(0)
	for _, h := range e.Holes {
		if h.Len == 0 || h.At < end || h.At+h.Len < h.At {
			fail("has the holes %v", e.Holes)
			break
		}
		lost += h.Len
		end = h.At + h.Len
	}
	switch {
	case uint64(len(e.Payload)) > e.Captured:
		fail("holds %d of %d captured bytes", len(e.Payload), e.Captured)
	case e.HeaderOK && e.Captured+lost > e.Header.Length:
		fail("has %d bytes and lacks %d of %d", e.Captured, lost, e.Header.Length)
	case e.Complete && (!e.HeaderOK || e.Captured != e.Header.Length || len(e.Holes) > 0):
		fail("is complete with %d of %d bytes, holes %v", e.Captured, e.Header.Length, e.Holes)
	case e.HeaderOK && (e.Header.Size < 2 || e.Header.Size > frame.MaxHeaderSize):
		fail("has a header of %d bytes", e.Header.Size)
	case !e.HeaderOK && (len(e.Raw) == 0 || len(e.Raw) >= frame.MaxHeaderSize):
		fail("lacks a part of its header and has %d bytes of it", len(e.Raw))
	case !e.Header.Masked && e.Header.Key != [4]byte{}:
		fail("is not masked and has the key %x", e.Header.Key)
	case e.Offset < 0:
		fail("has the offset %d", e.Offset)
	case e.Text && len(e.Holes) == 0 && !utf8.Valid(e.Payload):
		fail("calls %q text", e.Payload)
	case e.CloseCode != 0 && e.Header.Opcode != frame.Close:
		fail("has a close code and is no close")
	}
	checkParts(e.Packets, e.Meta, fail)
}

func checkMessage(e *dissect.Message, fail failure) {
	switch {
	case e.Opcode != frame.Text && e.Opcode != frame.Binary && e.Complete:
		fail("is complete with opcode %v", e.Opcode)
	case e.Complete != (e.Why == dissect.WhyNone):
		fail("has complete %v, why %q", e.Complete, e.Why)
	case e.Complete && (e.Truncated || uint64(len(e.Payload)) != e.Length):
		fail("is complete with %d of %d bytes, truncated %v", len(e.Payload), e.Length, e.Truncated)
	case e.Complete && !e.Compressed && e.Length != e.WireLength:
		fail("has %d bytes of %d on the wire", e.Length, e.WireLength)
	case e.Text && (e.Opcode != frame.Text || !utf8.Valid(e.Payload)):
		fail("calls %q text", e.Payload)
	case e.Frames < len(e.Fragments):
		fail("has %d frames, and lists %d", e.Frames, len(e.Fragments))
	case e.Complete && len(e.Fragments) == e.Frames && sum(e.Fragments) != e.WireLength:
		fail("has %d bytes in the fragments %v", e.WireLength, e.Fragments)
	case e.Inferred && !e.Compressed:
		fail("has an inferred compression and is not compressed")
	}
	checkParts(e.Packets, e.Meta, fail)
	checkParts(e.Fragments, e.Meta, fail)
}

// checkParts checks that packets are those of the connection, up to the cause of the event.
func checkParts(parts []dissect.Part, m dissect.Meta, fail failure) {
	for _, p := range parts {
		if p.Packet < m.Conn.ID || p.Packet > m.Order.Packet {
			fail("lists the packets %v", parts)
			return
		}
	}
}

func sum(parts []dissect.Part) uint64 {
	n := uint64(0)
	for _, p := range parts {
		n += p.Len
	}
	return n
}

// frame follows the fragments of a message: they are contiguous but for control frames.
func (h *half) frame(e *dissect.Frame, fail failure) {
	op := e.Header.Opcode
	if !e.HeaderOK || op.IsControl() || op.IsReserved() {
		if e.Message != nil {
			fail("completes a message")
		}
		return
	}
	if op != frame.Continuation {
		if h.open {
			fail("begins a message inside another, of which no event told the end")
		}
		*h = half{open: true, opcode: op}
	}
	if h.open && e.Kind != h.opcode {
		fail("is of a %v message, but calls it %v", h.opcode, e.Kind)
	}
	h.frames++
	h.wire += e.Header.Length
	if e.Message != nil {
		h.pending = dissect.Clone(e.Message).(*dissect.Message)
		if !e.Header.Fin {
			fail("completes a message without FIN")
		}
		if m := e.Message; uint64(len(e.Payload)) <= uint64(len(m.Payload)) && !m.Compressed && m.Complete && !bytes.HasSuffix(m.Payload, e.Payload) {
			fail("has other bytes than its message")
		}
	}
}

// message checks a message against the frames before it.
func (h *half) message(e *dissect.Message, fail failure) {
	switch {
	case e.Complete && h.pending == nil:
		fail("is complete, but no frame completed it")
	case h.open && e.Complete && (e.Frames != h.frames || e.WireLength != h.wire || e.Opcode != h.opcode):
		fail("has %d frames and %d bytes of %v, its frames are %d with %d bytes of %v",
			e.Frames, e.WireLength, e.Opcode, h.frames, h.wire, h.opcode)
	}
	*h = half{}
}

// same reports whether a message is the one that its last frame announced.
func same(a, b *dissect.Message) bool {
	return a.Packet.Number == b.Packet.Number && a.FirstPacket == b.FirstPacket &&
		a.Opcode == b.Opcode && a.Length == b.Length && a.Frames == b.Frames &&
		a.Why == b.Why && bytes.Equal(a.Payload, b.Payload)
}

// end checks the counts of a connection against its events.
func (s *stream) end(e *dissect.Closed, fail failure) {
	for i := range s.halves {
		if s.halves[i].open {
			fail("leaves a message without an event of its end")
		}
	}
	frames := e.Client.Frames + e.Server.Frames
	messages := e.Client.Messages + e.Server.Messages
	if n := total(s.frames); frames > n || frames < total(s.complete) {
		fail("counts %d frames of %d, %d complete", frames, n, total(s.complete))
	}
	if n := total(s.messages); messages > n {
		fail("counts %d messages of %d", messages, n)
	}
	if e.Duration < 0 {
		fail("took %v", e.Duration)
	}
	for _, t := range []dissect.Traffic{e.Client, e.Server} {
		if t.Lost > t.Stream || t.CloseCode != 0 && !t.CloseSent {
			fail("counts %+v", t)
		}
	}
}

func total(n [3]int64) int64 { return n[0] + n[1] + n[2] }

// checkSummary checks the counts against the events of the whole.
func (v *Validator) checkSummary(e *dissect.Summary, fail failure) {
	n := &v.seen
	if e.Handshakes != n.Handshakes || e.Frames != n.Frames || e.Messages != n.Messages || e.Anomalies != n.Anomalies {
		fail("counts %d handshakes, %d frames, %d messages, %v anomalies of %d, %d, %d, %v",
			e.Handshakes, e.Frames, e.Messages, e.Anomalies, n.Handshakes, n.Frames, n.Messages, n.Anomalies)
	}
	if e.Gaps != n.Gaps || e.LostBytes != n.LostBytes {
		fail("counts %d gaps of %d, %d lost bytes of %d", e.Gaps, n.Gaps, e.LostBytes, n.LostBytes)
	}
	if e.Midstream > e.WebSocketConnections {
		fail("counts %d connections from the middle of %d", e.Midstream, e.WebSocketConnections)
	}
	open, closed := 0, int64(0)
	for _, s := range v.streams {
		switch {
		case s.closed:
			closed++
		case total(s.frames) > 0:
			open++
		}
	}
	if open > 0 {
		fail("%d connections with frames have no end", open)
	}
	if closed != e.WebSocketConnections {
		fail("counts %d WebSocket connections, %d ended", e.WebSocketConnections, closed)
	}
}
