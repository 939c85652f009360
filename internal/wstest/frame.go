package wstest

import (
	"encoding/binary"
	"slices"

	"github.com/wsdissect/wsdissect/frame"
)

// Frame is a frame to be sent, valid or not. Payload is neither masked nor changed.
// Its methods return a changed copy.
type Frame struct {
	Header  frame.Header
	Payload []byte
}

// NewFrame is an unmasked frame with FIN set and the right length.
func NewFrame(op frame.Opcode, payload []byte) Frame {
	return Frame{frame.Header{Fin: true, Opcode: op, Length: uint64(len(payload))}, payload}
}

// Text is a text message of one frame.
func Text(s string) Frame { return NewFrame(frame.Text, []byte(s)) }

// Binary is a binary message of one frame.
func Binary(b []byte) Frame { return NewFrame(frame.Binary, b) }

// Continuation is the last fragment of a message.
func Continuation(s string) Frame { return NewFrame(frame.Continuation, []byte(s)) }

// Ping is a Ping with application data.
func Ping(s string) Frame { return NewFrame(frame.Ping, []byte(s)) }

// Pong is a Pong with application data.
func Pong(s string) Frame { return NewFrame(frame.Pong, []byte(s)) }

// Close is a Close frame with a body.
func Close(code uint16, reason string) Frame {
	return NewFrame(frame.Close, append(binary.BigEndian.AppendUint16(nil, code), reason...))
}

// Fragments are the frames of a message that is cut into fragments of n bytes.
func Fragments(op frame.Opcode, payload []byte, n int) []Frame {
	var fs []Frame
	for part := range slices.Chunk(payload, n) {
		fs = append(fs, NewFrame(op, part).More())
		op = frame.Continuation
	}
	if fs == nil {
		return []Frame{NewFrame(op, payload)}
	}
	fs[len(fs)-1].Header.Fin = true
	return fs
}

// More clears FIN: fragments follow.
func (f Frame) More() Frame {
	f.Header.Fin = false
	return f
}

// Masked masks with the key of the samples in RFC 6455 5.7.
func (f Frame) Masked() Frame { return f.MaskedWith([4]byte{0x37, 0xfa, 0x21, 0x3d}) }

// MaskedWith masks with the given key.
func (f Frame) MaskedWith(key [4]byte) Frame {
	f.Header.Masked, f.Header.Key = true, key
	return f
}

// RSV sets the three reserved bits, as in frame.Header.
func (f Frame) RSV(bits uint8) Frame {
	f.Header.RSV = bits
	return f
}

// Long writes the length in a form that is longer than needed: 16 or 64 bits.
// It comes last, after masking.
func (f Frame) Long(bits int) Frame {
	f.Header.Size = uint8(2 + bits/8)
	if f.Header.Masked {
		f.Header.Size += 4
	}
	return f
}

// Claiming writes a length into the header that is not that of the payload.
func (f Frame) Claiming(length uint64) Frame {
	f.Header.Length = length
	return f
}

// Append appends the frame as it stands on the wire.
func (f Frame) Append(b []byte) []byte {
	b = f.Header.Append(b)
	start := len(b)
	b = append(b, f.Payload...)
	if f.Header.Masked {
		frame.XOR(b[start:], b[start:], f.Header.Key, 0)
	}
	return b
}

// Bytes is the frame as it stands on the wire.
func (f Frame) Bytes() []byte { return f.Append(nil) }

// Frames are the bytes of frames that follow each other.
func Frames(fs ...Frame) []byte {
	var b []byte
	for _, f := range fs {
		b = f.Append(b)
	}
	return b
}
