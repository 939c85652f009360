package payload

import "github.com/wsdissect/wsdissect/dissect"

// Stream holds what a message has of a packet that goes on in the next one, for protocols
// that take WebSocket for a stream of bytes. The zero value is ready.
type Stream struct {
	held []byte
	need uint64 // size of the packet that is held in part; 0: not known
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
		s.held, s.need = nil, 0
		s.skip = max(size, uint64(len(rest))) - uint64(len(rest))
		return false
	}
	s.need = size
	if len(rest) != len(s.held) || len(rest) == 0 {
		s.held = append(s.held[:0], rest...)
	}
	return true
}

// Short reports whether b, which Join gave, is known not to have the whole packet yet: then
// there is no use in reading its begin again.
func (s *Stream) Short(b []byte) bool { return uint64(len(b)) < s.need && len(s.held) > 0 }

// Wait holds all of b, as before.
func (s *Stream) Wait(b []byte) bool { return s.Hold(b, s.need) }

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
