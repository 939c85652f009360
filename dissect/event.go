package dissect

import (
	"net/netip"
	"time"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

// Event is something found in the capture: *Handshake, *Frame, *Message, *Anomaly, *Gap,
// *Closed or *Summary, and *Body where it is asked for. It is on loan until Emit returns, with all that it points to.
type Event interface {
	// Head is what all events have in common.
	Head() *Meta
}

// Sink takes the events, in their order. An error ends the dissection and is returned by it.
type Sink interface {
	Emit(Event) error
}

// Dir is a direction between the endpoints of RFC 6455.
type Dir uint8

const (
	Unknown        Dir = iota // nothing tells the client from the server
	ClientToServer            // "c2s"
	ServerToClient            // "s2c"
)

func (d Dir) String() string { return [...]string{"", "c2s", "s2c"}[d] }

// Reverse is the other direction; Unknown stays Unknown.
func (d Dir) Reverse() Dir {
	if d == Unknown {
		return d
	}
	return 3 - d
}

// Order is the place of an event in the output. Events are emitted by rising Order, which
// depends on the capture alone: not on the machine, a clock, or the number of cores.
type Order struct {
	Packet int64 // number of the packet that caused the event
	Phase  Phase
	Conn   int64  // connection; of the Summary, which comes last, the largest number
	N      uint32 // ordinal among the events of the connection with the same cause
}

// Phase tells events of one packet apart: what its time stamp caused, what its bytes
// caused, what the time that passed after it caused, what the end of the capture caused.
type Phase uint8

const (
	PhaseTick Phase = iota
	PhasePacket
	PhaseIdle // of a live capture only: see Dissector.Tick
	PhaseEnd
)

// Meta is common to all events. Conn is nil for a Summary.
type Meta struct {
	Order       Order
	Packet      reassembly.PacketRef // completed what the event tells
	FirstPacket int64                // number of the packet where that began; equal to Packet.Number mostly
	Conn        *reassembly.Conn
	Way         reassembly.Dir // of the packet, on the connection
	Dir         Dir            // the same between client and server; of an Anomaly, the endpoint at fault sends in it
	Stream      int64          // stream of an HTTP/2 connection; 0 for none
}

// Head implements Event.
func (m *Meta) Head() *Meta { return m }

// Addrs are the source and the destination of what the event tells.
func (m *Meta) Addrs() (src, dst netip.AddrPort) {
	if m.Conn == nil {
		return src, dst
	}
	return m.Conn.Addrs(m.Way)
}

// Verdict is the outcome of a check.
type Verdict uint8

const (
	Unchecked Verdict = iota // what it needs was not captured
	Right
	Wrong
)

// Handshake is an opening handshake of RFC 6455 4, accepted or not. Request or Response
// is nil where the capture does not have it.
type Handshake struct {
	Meta
	Request, Response             *http1.Head
	RequestPacket, ResponsePacket reassembly.PacketRef // of the last byte of each; Number 0 for none

	URI, Host, Origin   string
	Version             string
	Key                 string
	Accept              string // as received
	AcceptWant          string // as the key demands; empty without a key
	AcceptOK            Verdict
	SubprotocolsOffered []string
	Subprotocol         string
	ExtensionsOffered   []string // each as written, with its parameters
	Extensions          []string // as agreed
	Status              int      // 0 without a response
	Upgraded            bool     // frames follow

	// Early is the first packet with bytes of the client behind its request, sent before
	// anything of the response had reached it; Number 0 for none, and for a body.
	Early reassembly.PacketRef
	// Dropped is the packet with which the server ended the TCP connection where its
	// response was due; Number 0 where it did not.
	Dropped reassembly.PacketRef
}

// Hole is a part of a payload that the capture does not have.
type Hole struct {
	At  uint64 // offset in the payload, as on the wire
	Len uint64
}

// Part is what one packet carried of something.
type Part struct {
	Packet int64
	Len    uint64
}

// Frame is a frame of RFC 6455 5.2, complete or as far as it was captured.
type Frame struct {
	Meta
	Header frame.Header
	Offset int64 // of the header, in the bytes of its direction

	// Payload is unmasked and not inflated: the bytes held, without the holes.
	// It is shorter than Captured when the message limit was reached.
	Payload  []byte
	Captured uint64 // payload bytes that the capture has
	Holes    []Hole
	Complete bool // header and payload are whole in the capture
	Why      Why  // why it is not Complete: WhyGap, or WhyUnfinished where the direction ended inside it
	HeaderOK bool // the header is whole; else Header holds what could be read of it and Raw its bytes
	Raw      []byte

	Kind       frame.Opcode // opcode of the message that it belongs to; its own for control frames
	Compressed bool         // part of a compressed message
	Deflate    bool         // permessage-deflate is agreed on the connection
	Text       bool         // Payload is UTF-8 to be shown as text
	Packets    []Part       // the packets that carried it, bounded by Limits.Parts

	Violations frame.Violations // rules that its header breaks

	CloseCode   uint16 // of a Close with a body, else 0
	CloseReason []byte // as received

	Message *Message // the message that this frame completes; its own event follows
}

// Why tells why a message is not shown whole.
type Why uint8

const (
	WhyNone        Why = iota
	WhyGap             // bytes of it are missing in the capture
	WhyUnfinished      // the connection ended or went on without its last frame
	WhyTruncated       // larger than the limit; the first bytes are held
	WhyCompressed      // compressed in a way that is not inflated
	WhyCorrupt         // not valid DEFLATE
	WhyContextLost     // it refers to earlier bytes that the capture does not have
	WhyInflated        // larger than the limit when inflated, or too high a ratio
	NumWhy             // how many there are
)

func (w Why) String() string {
	return [...]string{"", "gap", "unfinished", "message limit", "compressed", "inflate error",
		"compression context lost", "inflate limit"}[w]
}

// Message is a data message of RFC 6455 5.4 and 5.6: all its fragments, inflated.
type Message struct {
	Meta
	Opcode     frame.Opcode
	Payload    []byte // what can be vouched for, from the first byte on
	Length     uint64 // bytes after inflating; bytes so far when not Complete
	WireLength uint64 // payload bytes of its frames on the wire
	Fragments  []Part // its frames: last packet and payload length of each, bounded by Limits.Parts
	Frames     int    // number of frames
	Packets    []Part // the packets that carried it, bounded by Limits.Parts
	Omitted    int    // packets beyond these
	Compressed bool
	Inferred   bool // inflated without an agreement seen
	Truncated  bool // more was sent than Payload holds
	Complete   bool
	Text       bool // Payload is valid UTF-8 of a text message
	Unheld     bool // there is no Payload, see Options.Unheld; the other members are as if there was
	NotUTF8    bool // of a text that is Unheld: a byte of it is wrong, whatever follows
	Why        Why

	Decoded *Decoded         // what it means; nil where no decoder knows it
	Facts   frame.Violations // rules that its compressed bytes break, see frame.Inflated

	// Of a compressed message, the furthest that a reference in it goes back, and the
	// furthest that one goes back before the begin of the message, in bytes.
	Distance, Reach int
}

// Anomaly is a violation of the RFCs, or another remark on the traffic.
type Anomaly struct {
	Meta
	Rule rules.ID
	Text string // quotes what was seen
}

// Gap is bytes of a WebSocket connection that the capture does not have, or (Resync)
// the place where frames were found again after one.
type Gap struct {
	Meta
	Offset int64 // in the bytes of its direction
	Len    int64 // bytes, 0 if unknown
	Cause  string
	Resync bool
}

// How a connection ended.
type How uint8

const (
	HowHandshake How = iota // the closing handshake of RFC 6455 7.1.2
	HowFin                  // FIN without a closing handshake
	HowReset                // RST
	HowIdle                 // nothing seen for the idle time
	HowReused               // its addresses were taken by a new connection
	HowDropped              // given up: too many connections
	HowCapture              // the capture ended before it
)

func (h How) String() string {
	return [...]string{"close handshake", "fin", "reset", "idle", "reused", "dropped", "capture end"}[h]
}

// Traffic counts what one direction sent.
type Traffic struct {
	Frames, Messages int64
	Payload          uint64 // payload bytes of all frames, as on the wire
	Inflated         uint64 // bytes of the messages, inflated
	Stream           int64  // bytes of the TCP direction, the handshake included
	Lost             int64  // bytes in gaps
	CloseSent        bool
	CloseCode        uint16 // 0 for none
	CloseReason      string
	LastOpcode       frame.Opcode   // of its last frame that was captured to the end
	LastPacket       int64          // packet that completed that frame; 0 for none
	End              reassembly.End // of the TCP direction
	Pings            Pings
}

// Pings tells of the Pings of an endpoint and how its peer answered them (RFC 6455 5.5.3).
// It is filled by package conform.
type Pings struct {
	Sent, Answered int64
	Unanswered     int64         // of those after the last one answered
	Min, Max, Sum  time.Duration // of the round trips of those answered, at the point of the capture
}

// Mean is the mean round trip; 0 without any.
func (p *Pings) Mean() time.Duration {
	if p.Answered == 0 {
		return 0
	}
	return p.Sum / time.Duration(p.Answered)
}

// Add puts the counts of another endpoint to these.
func (p *Pings) Add(o *Pings) {
	if o.Answered > 0 {
		if p.Answered == 0 || o.Min < p.Min {
			p.Min = o.Min
		}
		p.Max = max(p.Max, o.Max)
	}
	p.Sent += o.Sent
	p.Answered += o.Answered
	p.Unanswered += o.Unanswered
	p.Sum += o.Sum
}

// Closed is the end of a WebSocket connection.
type Closed struct {
	Meta
	By       Dir // who began the end; Unknown for the capture
	How      How
	Client   Traffic
	Server   Traffic
	Duration time.Duration // from its first packet to its last

	// BrowserCode is what a browser as the client would have told its page (RFC 6455
	// 7.1.5): the server's code, 1005 or 1006; 0 where the capture does not tell. It is
	// filled by package conform.
	BrowserCode uint16
}

// Summary is the last event: what was read, found and left out.
type Summary struct {
	Meta
	Packets, Bytes       int64 // read from the inputs
	TCPConnections       int64
	HTTPConnections      int64 // carried HTTP/1 that was not WebSocket
	TLSConnections       int64 // TLS without keys
	WebSocketConnections int64
	Midstream            int64 // of these, found without a handshake
	Handshakes           int64 // accepted or not
	Frames, Messages     int64
	Anomalies            [4]int64      // by rules.Severity
	Gaps, LostBytes      int64         // of WebSocket connections
	Incomplete           [NumWhy]int64 // messages not shown whole, by Why
	OtherPorts           int64         // TCP connections left out by the port filter
	Pings                Pings         // of all endpoints
	Limits               []Count       // how often limits were reached, by name, in a fixed order
	LeftOut              []Count       // packets left out, by reason, in a fixed order
	Damaged              []Damage
	Dropped              []Count // packets that a live capture could not take, by reason; nil for files
}

// Count is a number with its reason.
type Count struct {
	Reason string
	N      int64
}

// Damage is a defect of an input.
type Damage struct {
	File   string
	Offset int64
	Text   string
}
