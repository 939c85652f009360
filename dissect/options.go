package dissect

import "github.com/wsdissect/wsdissect/reassembly"

// Options say what to look at and how much to hold. The zero value looks at everything,
// with the default limits.
type Options struct {
	// Ports reports whether a TCP port is wanted. A connection is looked at when either
	// of its ports is. Nil wants all.
	Ports func(port uint16) bool

	// Assume tells of the server's TCP port whether connections to it are WebSocket though
	// the capture has no handshake of them. Nil looks at the bytes alone.
	Assume func(port uint16) (Assumption, bool)

	// Ignored is told of connections that turned out to be none of ours, and of which nothing
	// more is looked at. Nil drops that.
	Ignored func(*reassembly.Conn)

	// Bodies reports of the target of an HTTP/1 request whether its body and that of the
	// response are wanted, as a Body each. Nil wants none.
	Bodies func(target string) bool

	// Unheld says that nobody looks at the payloads of messages: those that need not be
	// inflated are judged as they pass, and not held.
	Unheld bool

	Limits     Limits
	Reassembly reassembly.Config // its New is set by the Dissector

	// Account completes the Summary with what only the source of the packets knows.
	Account func(*Summary)
}

// Assumption is what is said of connections without a handshake.
type Assumption struct {
	Deflate bool // permessage-deflate was agreed, without parameters
}

// DefaultMessage is the default of Limits.Message.
const DefaultMessage = 64 << 20

// Limits bound what is held. The zero value of each means its default; reaching one
// makes an event, and what follows is still read.
type Limits struct {
	Message  int   // payload bytes held of a message or frame, and of it inflated; default 64 MiB
	Messages int64 // payload bytes held of all messages in progress; default 512 MiB
	Held     int   // bytes of a direction held until it is known what they are; default 256 KiB
	AllHeld  int64 // such bytes of all connections, heads in progress included; default 256 MiB
	Head     int   // bytes of an HTTP head; default 64 KiB
	Parts    int   // packets and fragments listed of a frame or message; default 65,536
}

func (l Limits) withDefaults() Limits {
	set := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	set(&l.Message, DefaultMessage)
	set(&l.Held, 256<<10)
	if l.Messages <= 0 {
		l.Messages = 512 << 20
	}
	if l.AllHeld <= 0 {
		l.AllHeld = 256 << 20
	}
	set(&l.Head, 64<<10)
	set(&l.Parts, 65536)
	return l
}
