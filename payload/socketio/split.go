package socketio

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/frame"
)

// packet is one of Engine.IO, as it would be a message of WebSocket.
type packet struct {
	opcode frame.Opcode
	data   []byte
}

var errPayload = errors.New("not a payload of Engine.IO")

// split cuts a payload of several packets as the version has it; of version 3 it may be
// binary.
func split(b []byte, version int, binary bool) ([]packet, error) {
	switch {
	case version == 3 && binary:
		return splitBinary(b)
	case version == 3:
		return splitText(b)
	}
	var list []packet
	for len(b) > 0 {
		data, rest, _ := bytes.Cut(b, []byte{0x1E})
		list = append(list, packet{frame.Text, data})
		b = rest
	}
	return list, nil
}

// splitText is version 3: "<length>:<packet>", the length in units of UTF-16, as JavaScript
// counts.
func splitText(b []byte) (list []packet, err error) {
	for len(b) > 0 {
		units, rest, found := bytes.Cut(b[:min(len(b), maxDigits+1)], []byte{':'})
		n, ok := number(units, '0')
		if !found || !ok {
			return list, errPayload
		}
		b = b[len(b[:min(len(b), maxDigits+1)])-len(rest):]
		size, ok := utf16Len(b, n)
		if !ok {
			return list, errPayload
		}
		list = append(list, packet{frame.Text, b[:size]})
		b = b[size:]
	}
	return list, nil
}

// utf16Len is the number of bytes of n units of UTF-16.
func utf16Len(b []byte, n int) (size int, ok bool) {
	for n > 0 && size < len(b) {
		r, width := utf8.DecodeRune(b[size:])
		size += width
		if n--; r > 0xFFFF {
			n--
		}
	}
	return size, n == 0
}

// splitBinary is version 3 with binary packets: 0 for text or 1, the digits of the length as
// bytes of their value, 255, the packet.
func splitBinary(b []byte) (list []packet, err error) {
	for len(b) > 0 {
		kind := b[0]
		digits, _, found := bytes.Cut(b[1:min(len(b), maxDigits+2)], []byte{0xFF})
		n, ok := number(digits, 0)
		if !found || !ok || kind > 1 {
			return list, errPayload
		}
		if b = b[len(digits)+2:]; n > len(b) {
			return list, errPayload
		}
		opcode := frame.Text
		if kind == 1 {
			opcode = frame.Binary
		}
		list = append(list, packet{opcode, b[:n]})
		b = b[n:]
	}
	return list, nil
}

// maxDigits bounds the length of a packet: more than a payload has.
const maxDigits = 9

// number reads decimal digits, of which zero is the byte for 0.
func number(digits []byte, zero byte) (n int, ok bool) {
	for _, c := range digits {
		if c -= zero; c > 9 {
			return 0, false
		}
		n = 10*n + int(c)
	}
	return n, len(digits) > 0 && len(digits) <= maxDigits
}
