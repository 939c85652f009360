package reassembly

import "net/netip"

// PacketRef names the packet of the capture that carried a byte or caused an event,
// with what a reader of Wireshark expects to see of it.
type PacketRef struct {
	Number   int64  // 1-based, counted over all inputs
	Time     int64  // nanoseconds since 1970-01-01 UTC, on the capture's clock
	Wire     uint32 // bytes on the wire
	Captured uint32 // bytes in the capture, at most Wire unless the capture is odd
	Seq      uint32 // relative to the sender's first byte, as Wireshark counts; set by the Assembler
	Ack      uint32 // relative to the peer's first byte; set by the Assembler
	Len      uint32 // TCP payload bytes on the wire
	Input    uint16 // index of the input file

	// Interface counts the capture's interfaces from 1 on; 0 is one without a name.
	Interface uint16
}

// Dir is a direction of a connection. A is the endpoint that opened it, see Conn.
type Dir uint8

const (
	AtoB Dir = iota
	BtoA
)

// Reverse is the other direction.
func (d Dir) Reverse() Dir { return d ^ 1 }

func (d Dir) String() string {
	if d == AtoB {
		return "A>B"
	}
	return "B>A"
}

// Flags are the TCP flags of RFC 9293 3.1 that reassembly looks at, in wire positions.
type Flags uint8

const (
	FIN Flags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
)

// Has reports whether all flags of f2 are set.
func (f Flags) Has(f2 Flags) bool { return f&f2 == f2 }

// Segment is one TCP segment as decoded from a packet.
// Payload is a read-only loan: it is valid until Push returns.
type Segment struct {
	Src, Dst netip.AddrPort
	Zone     uint32 // tells equal addresses apart: VLAN, tunnel; 0 for none
	Seq, Ack uint32 // as on the wire
	Window   uint16
	Flags    Flags
	Payload  []byte
	Missing  int // payload bytes on the wire behind Payload that were not captured
	Packet   PacketRef
}

// Piece is a run of bytes, in order, all from one packet. Data is a read-only loan
// until the call returns. Offset counts from the first byte of its direction (0).
type Piece struct {
	Dir    Dir
	Offset int64
	Data   []byte
	Packet PacketRef

	// Shuffled says that segments came out of order here: the next piece may be of a packet
	// that came before this one. While it is false, that is not so.
	Shuffled bool
}

// Cause is why bytes of a Gap are missing.
type Cause uint8

const (
	Lost    Cause = iota // acknowledged by the receiver, not in the capture
	Cut                  // on the wire, but cut off by the snap length
	Limit                // a limit of queued bytes was reached before the hole was filled
	Closed               // the connection ended before the hole was filled
	Evicted              // the connection was given up: idle, or too many
)

func (c Cause) String() string {
	return [...]string{"lost", "cut", "limit", "closed", "evicted"}[c]
}

// Gap is a run of bytes that the capture does not have. Packet is the packet that
// follows the hole, or the one that ended the wait for it.
type Gap struct {
	Dir    Dir
	Offset int64
	Len    int64 // bytes, above 0
	Cause  Cause
	Packet PacketRef
}

// Code is what a Note remarks.
type Code uint8

const (
	OverlapConflict Code = iota // retransmitted bytes differ from those first seen, which stand
	DataAfterFin                // payload beyond the sender's FIN
	OutOfWindow                 // a segment too far from the expected sequence number; not used
	ResetIgnored                // an RST outside the window; not used
	QueueFull                   // the limit of queued bytes was reached
)

func (c Code) String() string {
	return [...]string{"overlap conflict", "data after FIN", "out of window", "reset ignored", "queue full"}[c]
}

// Note is a remark on a segment that was odd but did not stop the stream. It may follow
// the End of its direction, while the other goes on.
type Note struct {
	Dir    Dir
	Offset int64 // where in the stream
	Code   Code
	Packet PacketRef
}

// Reason is why a direction ended.
type Reason uint8

const (
	Fin        Reason = iota // the sender's FIN, all bytes before it delivered
	Reset                    // RST from this direction's sender
	PeerReset                // RST from the other endpoint
	Reused                   // a new SYN took the addresses for another connection
	Idle                     // no packet for the idle time, on the capture's clock
	Dropped                  // too many connections: the least recently used goes
	CaptureEnd               // the capture ended
)

func (r Reason) String() string {
	return [...]string{"fin", "reset", "peer reset", "reused", "idle", "dropped", "capture end"}[r]
}

// End is the end of one direction: no Data and no Gap follows for it. A Stream gets
// exactly one for each direction, and then is released.
type End struct {
	Dir    Dir
	Offset int64 // bytes of the direction, gaps included
	Reason Reason
	Packet PacketRef
}

// Stream consumes one connection. Calls come in the order of the packets that caused them.
type Stream interface {
	Data(Piece)
	Gap(Gap)
	Note(Note)
	End(End)
}
