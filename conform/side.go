package conform

import (
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/reassembly"
)

// side is one endpoint of a connection, as a sender.
type side struct {
	pings *pings // nil before the first
	close *closing
	fault *fault // its first frame that the peer has to fail the connection for
	loose *loose // what it left without an end

	ended int64  // time of the packet of its last frame
	acked uint32 // acknowledgment number of that packet
	end   uint32 // acknowledgment number that covers its last frame

	behind   bool // its last frame came behind others of its packet
	open     bool // a fragmented message is in progress
	blind    bool // Pings of it may be missing in the capture
	spoke    bool // it sent frames after the Close of its peer
	inferred bool // that its compression is inferred was said
	lost     bool // that its compression window is lost was said
}

// loose is what an endpoint left without an end.
type loose struct {
	cut  *unfinished // the frame inside which its direction ended
	left *unfinished // the fragmented message
}

func (s *side) unfinished() *loose {
	if s.loose == nil {
		s.loose = new(loose)
	}
	return s.loose
}

// unfinished is one of them, to be told when it is known why.
type unfinished struct {
	meta dissect.Meta
	text string
}

// of are the sender of what m heads and the receiver.
func (c *conn) of(dir dissect.Dir) (sender, receiver *side) {
	if dir == dissect.ServerToClient {
		return &c.server, &c.client
	}
	return &c.client, &c.server
}

// drain is how long bytes may have waited to be sent, at most, when what they answer to
// had come: frames after it were written by an endpoint that knew.
const drain = time.Second

// mark is a frame and its place in the TCP streams, from which it is told later whether
// its receiver could know of it.
type mark struct {
	packet reassembly.PacketRef
	end    uint32 // acknowledgment number that covers the frame
	behind bool   // others came before it in its packet
}

// markOf is the mark of a frame that is whole.
func markOf(e *dissect.Frame) mark {
	end, behind := endOf(e)
	return mark{packet: e.Packet, end: end, behind: behind}
}

// endOf are the end and behind of a mark.
func endOf(e *dissect.Frame) (end uint32, behind bool) {
	end = uint32(e.Offset) + uint32(e.Header.Size) + uint32(e.Header.Length) + 1
	// Offsets of a stream whose begin was not captured may count from elsewhere.
	if n := end - e.Packet.Seq; n == 0 || n > e.Packet.Len {
		return e.Packet.Seq + e.Packet.Len, false
	}
	start := uint32(e.Offset) + 1 - e.Packet.Seq
	return end, e.FirstPacket == e.Packet.Number && start > 0 && start < e.Packet.Len
}

// reached reports whether an acknowledgment number covers the frame.
func (m *mark) reached(ack uint32) bool { return int32(ack-m.end) >= 0 }

// knownTo reports whether the receiver of the frame had it when it began e, which it sent.
//
// That TCP had it is told by the acknowledgment. That e did not wait in a buffer since
// earlier is told by an empty buffer: all bytes before e had been acknowledged with the
// frame. And it does not answer frames that came in one packet with that frame, before it,
// and were to be answered first. Else time tells.
func (m *mark) knownTo(receiver *side, e *dissect.Frame) bool {
	ack := e.Packet.Ack
	if e.FirstPacket != e.Packet.Number {
		ack = receiver.acked // e began before its last packet
	}
	if !m.reached(ack) {
		return false
	}
	return !m.behind && int32(m.packet.Ack-uint32(e.Offset)-1) >= 0 || m.before(e.Packet, drain)
}

// before reports whether the frame came by at least d before a packet.
func (m *mark) before(p reassembly.PacketRef, d time.Duration) bool {
	return time.Duration(p.Time-m.packet.Time) >= d
}
