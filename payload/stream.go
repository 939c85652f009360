package payload

import "github.com/wsdissect/wsdissect/dissect"

// Stream holds what a message has of a packet that goes on in the next one, for protocols
// that take WebSocket for a stream of bytes. The zero value is ready.
type Stream struct {
	held []byte
	skip uint64 // bytes to come of a packet that is too large to be held
}

// maxHeld bounds what is held of a packet that is not whole.
const maxHeld = 1 << 20

// Join is what was held, and data behind it: a loan until the next call.
func (s *Stream) Join(data []byte) []byte {
	n := min(s.skip, uint64(len(data)))
	s.skip -= n
	data = data[n:]
	if len(s.held) == 0 {
		return data
	}
	s.held = append(s.held, data...)
	return s.held
}

// Hold keeps rest, the end of what Join gave, which is the begin of a packet of size
// bytes; 0 where that is not known yet. It is false if that is too much: then the packet
// is passed over as far as its size is known.
func (s *Stream) Hold(rest []byte, size uint64) bool {
	if max(uint64(len(rest)), size) > maxHeld {
		s.held = nil
		s.skip = max(size, uint64(len(rest))) - uint64(len(rest))
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
func (s *Stream) Reset() { *s = Stream{} }

// Streamer is a Decoder that keeps bytes from one message to the next.
type Streamer interface {
	Decoder
	// Missed tells that a message of this direction was not captured whole.
	Missed(dissect.Dir)
}
