package payload

import "github.com/wsdissect/wsdissect/dissect"

// Stream holds what a message has of a packet that goes on in the next one, for protocols
// that take WebSocket for a stream of bytes. The zero value is ready.
type Stream struct {
	held []byte
}

// maxHeld bounds what is held of a packet that is not whole.
const maxHeld = 1 << 20

// Join is what was held, and data behind it: a loan until the next call.
func (s *Stream) Join(data []byte) []byte {
	if len(s.held) == 0 {
		return data
	}
	s.held = append(s.held, data...)
	return s.held
}

// Hold keeps rest, the end of what Join gave. It is false if that is too much: then
// nothing is kept.
func (s *Stream) Hold(rest []byte) bool {
	if len(rest) > maxHeld {
		s.held = nil
		return false
	}
	if len(rest) != len(s.held) || len(rest) == 0 {
		s.held = append(s.held[:0], rest...)
	}
	return true
}

// Held is the number of bytes that wait for more.
func (s *Stream) Held() int { return len(s.held) }

// Reset forgets what is held.
func (s *Stream) Reset() { s.held = nil }

// Streamer is a Decoder that keeps bytes from one message to the next.
type Streamer interface {
	Decoder
	// Missed tells that a message of this direction was not captured whole.
	Missed(dissect.Dir)
}
