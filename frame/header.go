package frame

import "errors"

// Opcode is the 4-bit frame type of RFC 6455 5.2.
type Opcode uint8

const (
	Continuation Opcode = 0x0
	Text         Opcode = 0x1
	Binary       Opcode = 0x2
	Close        Opcode = 0x8
	Ping         Opcode = 0x9
	Pong         Opcode = 0xA
)

// IsControl reports whether the opcode is that of a control frame (RFC 6455 5.5).
func (o Opcode) IsControl() bool { return o&0x8 != 0 }

// IsReserved reports whether RFC 6455 5.2 gives the opcode no meaning.
func (o Opcode) IsReserved() bool { return o&0x7 > 2 }

// String is the opcode's name in lower case, "reserved" where it has none.
func (o Opcode) String() string {
	switch o {
	case Continuation:
		return "continuation"
	case Text:
		return "text"
	case Binary:
		return "binary"
	case Close:
		return "close"
	case Ping:
		return "ping"
	case Pong:
		return "pong"
	}
	return "reserved"
}

// RSV bits of Header.RSV, as in the three-bit field of RFC 6455 5.2.
const (
	RSV1 uint8 = 4
	RSV2 uint8 = 2
	RSV3 uint8 = 1
)

// MaxHeaderSize is the size of the longest frame header: 64-bit length and masking key.
const MaxHeaderSize = 14

// Header is a frame header of RFC 6455 5.2, as it stands on the wire, valid or not.
type Header struct {
	Fin    bool
	RSV    uint8 // three bits: RSV1 is 4, RSV2 is 2, RSV3 is 1
	Opcode Opcode
	Masked bool
	Key    [4]byte // zero unless Masked
	Length uint64  // payload bytes as sent, the top bit included
	Size   uint8   // header bytes on the wire, 2 to 14: a length form longer than needed stays visible
}

// ErrShort says that the bytes end inside the header: more are needed.
var ErrShort = errors.New("frame: header is not complete")
