package payload

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
)

// Session is what the handshake tells of a connection. It is empty where that was not
// captured.
type Session struct {
	Path, Query string // of the request target
	Subprotocol string // as agreed
}

// Decoder understands the messages of one connection, both directions, in their order.
type Decoder interface {
	// Decode explains a complete message, which is on loan. Nil says that it is none of
	// the protocol: it is then shown by its content.
	Decode(m *dissect.Message) *dissect.Decoded
}

// Protocol is a row in the list of what is understood.
type Protocol struct {
	Name string // stable: the protocol of Decoded, and the name for --decode-as

	// What chooses it; nil never does. Subprotocol gets the agreed one in lower case.
	Subprotocol func(name string) bool
	Path        func(s *Session) bool
	Content     func(m *dissect.Message) bool // sure of it by this one message

	New func(s *Session) Decoder

	// HTTP is for what goes over HTTP before WebSocket takes over; nil for nothing. It and
	// New may share a state, so that a list of protocols serves one Stage.
	HTTP *HTTP
}

// HTTP explains the bodies of HTTP messages.
type HTTP struct {
	Wants  func(target string) bool // those of requests for this target
	Decode func(b *dissect.Body) *dissect.Decoded
}

// Is makes a Subprotocol of names; one that ends in * stands for all that begin so.
func Is(names ...string) func(string) bool {
	return func(agreed string) bool {
		for _, n := range names {
			if p, all := strings.CutSuffix(n, "*"); all && strings.HasPrefix(agreed, p) || n == agreed {
				return true
			}
		}
		return false
	}
}

// DecoderFunc is a Decoder without a state.
type DecoderFunc func(m *dissect.Message) *dissect.Decoded

// Decode implements Decoder.
func (f DecoderFunc) Decode(m *dissect.Message) *dissect.Decoded { return f(m) }
