package capture

import (
	"encoding/binary"
	"io"
)

const (
	// noSnapLen is what a Writer says of its interfaces: packets are as long as they are.
	noSnapLen = 0

	writeAt = 256 << 10 // bytes that are worth a write

	nanoseconds = 9 // if_tsresol
)

// Writer writes packets as a pcapng file: time stamps in nanoseconds, each interface and
// link type described before its first packet. What a Reader yields comes out of the file as
// it was. An error of the underlying writer sticks.
type Writer struct {
	w          io.Writer
	b          []byte
	interfaces []Interface
	size       int64
	err        error
}

// NewWriter begins a file on w. Interfaces that are known already are described at once.
func NewWriter(w io.Writer, known ...Interface) *Writer {
	f := &Writer{w: w}
	f.block(blockSectionHeader, func(b []byte) []byte {
		b = binary.LittleEndian.AppendUint32(b, byteOrderMagic)
		b = binary.LittleEndian.AppendUint16(b, 1)
		b = binary.LittleEndian.AppendUint16(b, 0)
		return binary.LittleEndian.AppendUint64(b, 1<<64-1) // section length unknown
	})
	for _, i := range known {
		f.number(i)
	}
	return f
}

// Write appends a packet that was captured on an interface, whose name may be empty.
func (f *Writer) Write(p *Packet, on Interface) error {
	i := f.number(on)
	time := uint64(max(p.Time, 0))
	f.block(blockEnhanced, func(b []byte) []byte {
		b = binary.LittleEndian.AppendUint32(b, i)
		b = binary.LittleEndian.AppendUint32(b, uint32(time>>32))
		b = binary.LittleEndian.AppendUint32(b, uint32(time))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(p.Data)))
		b = binary.LittleEndian.AppendUint32(b, p.Length)
		return append(b, p.Data...)
	})
	if len(f.b) >= writeAt {
		return f.Flush()
	}
	return f.err
}

// Flush writes what is still in memory.
func (f *Writer) Flush() error {
	if f.err == nil && len(f.b) > 0 {
		_, f.err = f.w.Write(f.b)
	}
	f.b = f.b[:0]
	return f.err
}

// Size is the length of the file so far, in bytes, with what is still in memory.
func (f *Writer) Size() int64 { return f.size }

// number is that of an interface, which is described if it is new.
func (f *Writer) number(on Interface) uint32 {
	for n, i := range f.interfaces {
		if i == on {
			return uint32(n)
		}
	}
	f.interfaces = append(f.interfaces, on)
	f.block(blockInterface, func(b []byte) []byte {
		b = binary.LittleEndian.AppendUint16(b, uint16(on.LinkType))
		b = binary.LittleEndian.AppendUint16(b, 0)
		b = binary.LittleEndian.AppendUint32(b, noSnapLen)
		if on.Name != "" {
			b = appendOption(b, optionName, []byte(on.Name))
		}
		b = appendOption(b, optionTSResol, []byte{nanoseconds})
		return appendOption(b, optionEnd, nil)
	})
	return uint32(len(f.interfaces) - 1)
}

// block appends a block with a body.
func (f *Writer) block(kind uint32, body func([]byte) []byte) {
	start := len(f.b)
	b := binary.LittleEndian.AppendUint32(f.b, kind)
	b = binary.LittleEndian.AppendUint32(b, 0)
	b = pad(body(b), start)
	n := uint32(len(b) - start + 4)
	binary.LittleEndian.PutUint32(b[start+4:], n)
	f.b = binary.LittleEndian.AppendUint32(b, n)
	f.size += int64(n)
}

func appendOption(b []byte, code uint16, value []byte) []byte {
	start := len(b)
	b = binary.LittleEndian.AppendUint16(b, code)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(value)))
	return pad(append(b, value...), start)
}

// pad fills b to a multiple of 32 bits from start on.
func pad(b []byte, start int) []byte {
	for (len(b)-start)%4 != 0 {
		b = append(b, 0)
	}
	return b
}
