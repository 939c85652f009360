package frame

import "encoding/binary"

// ParseHeader reads the frame header that b begins with (RFC 6455 5.2) and its size n.
//
// The only error is ErrShort. The header then holds what could be read of it, n is 0, and
// Size is 0 unless the first two bytes are there to tell it. Everything else is shown as
// it was sent: reserved bits and opcodes, lengths that are too long or written too long.
// A Checker says what is wrong with it.
func ParseHeader(b []byte) (h Header, n int, err error) {
	if len(b) < 2 {
		if len(b) == 1 {
			h.first(b[0])
		}
		return h, 0, ErrShort
	}
	h.first(b[0])
	h.Masked = b[1]&0x80 != 0
	short := b[1] & 0x7F
	n = 2
	switch short {
	case 126:
		n = 4
	case 127:
		n = 10
	default:
		h.Length = uint64(short)
	}
	h.Size = uint8(n)
	if h.Masked {
		h.Size += 4
	}
	if len(b) < int(h.Size) {
		return h, 0, ErrShort
	}
	switch short {
	case 126:
		h.Length = uint64(binary.BigEndian.Uint16(b[2:]))
	case 127:
		h.Length = binary.BigEndian.Uint64(b[2:])
	}
	if h.Masked {
		h.Key = [4]byte(b[n:])
	}
	return h, int(h.Size), nil
}

func (h *Header) first(b byte) {
	h.Fin = b&0x80 != 0
	h.RSV = b >> 4 & 7
	h.Opcode = Opcode(b & 0xF)
}

// Append appends the header as it stands on the wire: the inverse of ParseHeader.
//
// Size chooses among the three forms of the length, so that one longer than needed stays
// as it was. Where Size fits none, or one too short for Length, the shortest form that
// holds Length is written; a Header made by hand may leave Size zero.
func (h Header) Append(b []byte) []byte {
	first := h.RSV&7<<4 | uint8(h.Opcode)&0xF
	if h.Fin {
		first |= 0x80
	}
	var mask uint8
	if h.Masked {
		mask = 0x80
	}
	switch max(h.form(), shortestForm(h.Length)) {
	case 2:
		b = append(b, first, mask|uint8(h.Length))
	case 4:
		b = append(b, first, mask|126)
		b = binary.BigEndian.AppendUint16(b, uint16(h.Length))
	default:
		b = append(b, first, mask|127)
		b = binary.BigEndian.AppendUint64(b, h.Length)
	}
	if h.Masked {
		b = append(b, h.Key[:]...)
	}
	return b
}

// Minimal reports whether the length is in its shortest form. RFC 6455 5.2: "in all
// cases, the minimal number of bytes MUST be used to encode the length".
func (h Header) Minimal() bool { return h.form() <= shortestForm(h.Length) }

// form is the size of the header without the masking key, 0 when Size is that of none.
func (h Header) form() uint8 {
	n := h.Size
	if h.Masked {
		n -= 4
	}
	switch n {
	case 2, 4, 10:
		return n
	}
	return 0
}

func shortestForm(length uint64) uint8 {
	switch {
	case length < 126:
		return 2
	case length < 1<<16:
		return 4
	}
	return 10
}
