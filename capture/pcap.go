package capture

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
)

const (
	headSize       = 12 // bytes that are looked at to tell a format
	magicSize      = 8  // of them, what is quoted when it is none
	pcapHeaderSize = 24 // of the file

	// maxSnapLen is the largest snapshot length of libpcap (MAXIMUM_SNAPLEN). A file
	// may announce a larger one; up to maxAnnounced it is believed.
	maxSnapLen   = 256 << 10
	maxAnnounced = 16 << 20

	// maxWireLen is the length of a packet on the wire from which on it is odd.
	maxWireLen = 16 << 20
)

// Magic numbers of pcap, as read in the order of the file.
const (
	magicMicro    = 0xa1b2c3d4
	magicNano     = 0xa1b23c4d
	magicModified = 0xa1b2cd34 // Kuznetzov: interface, protocol and packet type in the record
	magicIxiaHW   = 0x1c0001ac // Ixia lcap, nanoseconds; 4 bytes more of file header
	magicIxiaSW   = 0x1c0001ab // the same, microseconds
)

// pcap reads the records of a pcap file.
//
// The record on loan stays at the head of the window until the one behind it has been
// looked at: where that is none, the length of the first was wrong perhaps, and packets
// are to be found inside it.
type pcap struct {
	*file
	swapped  bool // big endian
	order    lengthOrder
	header   int    // bytes of a record header
	units    uint32 // of its time stamps, in a second
	unit     int64  // nanoseconds of one
	linkType uint32
	maxLen   uint32 // longest packet that is believed without a look behind it

	loan    int    // bytes of the record on loan
	time    int64  // of the record on loan, 0 for none
	trusted int64  // time of the last record that was followed by another, 0 for none
	odd     oddity // of the record on loan
	usual   oddity // what was odd in records that others followed
}

// lengthOrder tells which length stands first in a record header.
type lengthOrder uint8

const (
	capturedFirst lengthOrder = iota
	wireFirst                 // before version 2.3, and DG/UX
	smallerFirst              // version 2.3: written both ways
)

// pcapRecord is the header of a record.
type pcapRecord struct {
	time     int64
	sec, sub uint32
	captured uint32
	length   uint32
}

// isPcapMagic reports whether a pcap file begins with b.
func isPcapMagic(b []byte) bool {
	if len(b) < 4 {
		return false
	}
	v := binary.LittleEndian.Uint32(b)
	return knownMagic(v) || knownMagic(bits.ReverseBytes32(v))
}

func knownMagic(v uint32) bool {
	switch v {
	case magicMicro, magicNano, magicModified, magicIxiaHW, magicIxiaSW:
		return true
	}
	return false
}

// newPcap takes the file header, whose magic number is known.
func newPcap(f *file) (*pcap, error) {
	b := f.w.need(pcapHeaderSize + 4)
	p, size := parsePcapHeader(b)
	switch {
	case len(b) < size:
		return nil, f.cut(0, "the file header", int64(size))
	case p == nil:
		text := "pcap file of an unknown version" + beginning(b)
		return nil, &Error{f.name, f.w.offset(), text, ErrNotCapture}
	}
	p.file = f
	f.w.take(size)
	if f.regular {
		p.recognize()
	}
	return p, nil
}

// parsePcapHeader reads a file header of the returned size. The result is nil if b is
// shorter than that, or if it is no such header.
func parsePcapHeader(b []byte) (*pcap, int) {
	if len(b) < pcapHeaderSize {
		return nil, pcapHeaderSize
	}
	p := &pcap{header: 16, units: 1e6, unit: 1e3}
	magic := binary.LittleEndian.Uint32(b)
	if !knownMagic(magic) {
		magic, p.swapped = bits.ReverseBytes32(magic), true
	}
	size := pcapHeaderSize
	switch magic {
	case magicMicro:
	case magicNano:
		p.units, p.unit = 1e9, 1
	case magicModified:
		p.header = 24
	case magicIxiaHW:
		p.units, p.unit = 1e9, 1
		size += 4
	case magicIxiaSW:
		size += 4
	default:
		return nil, size
	}
	switch major, minor := p.uint16(b[4:]), p.uint16(b[6:]); {
	case major == 543, major == 2 && minor < 3:
		p.order = wireFirst
	case major == 2 && minor == 3:
		p.order = smallerFirst
	case major != 2:
		return nil, size
	}
	if len(b) < size {
		return nil, size
	}
	p.maxLen = min(max(p.uint32(b[16:]), maxSnapLen), maxAnnounced)
	// The upper half has the length of the frame check sequence, which stays in the
	// packets: the length of IP tells it from the payload.
	p.linkType = p.uint32(b[20:]) & 0xffff
	return p, size
}

func (f *pcap) uint16(b []byte) uint16 {
	v := binary.LittleEndian.Uint16(b)
	if f.swapped {
		v = bits.ReverseBytes16(v)
	}
	return v
}

func (f *pcap) uint32(b []byte) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if f.swapped {
		v = bits.ReverseBytes32(v)
	}
	return v
}

// record parses a record header.
func (f *pcap) record(b []byte) pcapRecord {
	b = b[:16]
	h := pcapRecord{sec: f.uint32(b), sub: f.uint32(b[4:]), captured: f.uint32(b[8:]), length: f.uint32(b[12:])}
	if f.order != capturedFirst && (f.order == wireFirst || h.captured > h.length) {
		h.captured, h.length = h.length, h.captured
	}
	h.time = int64(h.sec)*1e9 + int64(h.sub)*f.unit
	return h
}

// next implements format.
func (f *pcap) next(p *Packet) error {
	b := f.w.need(f.loan + f.header)
	if len(b) < f.loan+f.header {
		return f.end(p)
	}
	h := f.record(b[f.loan:])
	if h.captured == 0 || h.captured > h.length || h.length > maxSnapLen || h.sub >= f.units {
		if err := f.judge(p, h); err != nil {
			return err
		}
	}
	f.settle()
	size := f.header + int(h.captured)
	b = f.w.need(size)
	if len(b) < size {
		return f.short(p, h)
	}
	f.loan, f.time = size, h.time
	p.Time, p.Length, p.LinkType, p.Interface, p.named = h.time, h.length, f.linkType, 0, 0
	p.Data = b[f.header:size:size]
	if f.header >= 24 {
		p.Interface = f.uint32(b[16:])
	}
	return nil
}

// settle gives up the record on loan, which was what it seemed.
func (f *pcap) settle() {
	if f.loan > 0 {
		f.w.take(f.loan)
		f.loan, f.trusted = 0, f.time
		f.usual |= f.odd &^ oddTime
		f.odd = 0
	}
}

// end is what comes when no whole record header is left.
func (f *pcap) end(p *Packet) error {
	f.settle()
	if len(f.w.buffered()) > 0 {
		return f.cut(p.Number, fmt.Sprintf("the header of packet %d", p.Number+1), int64(f.header))
	}
	if err := f.failed(p.Number); err != nil {
		return err
	}
	return io.EOF
}

// short is what comes when the data of a record, at the head of the window, is not all
// there: the file was cut, or the length is not true.
func (f *pcap) short(p *Packet, h pcapRecord) error {
	start := f.w.offset()
	if f.w.err == io.EOF && f.resync(1, 0) {
		return f.damaged(p.Number, start, f.w.offset()-start, true)
	}
	return f.cut(p.Number, fmt.Sprintf("packet %d", p.Number+1), int64(f.header)+int64(h.captured))
}

// judge decides on a record header, behind the record on loan, that is not quite usual.
func (f *pcap) judge(p *Packet, h pcapRecord) error {
	if isFileHeader(f.w.buffered()[f.loan:]) {
		f.settle()
		return errHeader
	}
	odd := f.oddities(h, f.time)
	news := odd &^ f.usual
	strange := h.captured > f.maxLen || news&(news-1) != 0 // one oddity is borne
	if h == (pcapRecord{}) || strange && (news&oddTime != 0 || !f.fits(h, odd)) {
		return f.damage(p)
	}
	f.settle()
	f.odd = odd
	return nil
}

// fits reports whether a strange record ends where the file does, or where another begins
// that is no stranger: then it is the program that wrote the file. Its header stands
// behind the record on loan.
func (f *pcap) fits(h pcapRecord, odd oddity) bool {
	if h.captured > maxWindow {
		return false
	}
	end := f.loan + f.header + int(h.captured)
	b := f.w.need(end + f.header)
	if len(b) < end+f.header {
		return len(b) == end
	}
	next := f.record(b[end:])
	return isFileHeader(b[end:]) ||
		next.captured > 0 && next.captured <= max(f.maxLen, h.captured) && f.oddities(next, h.time)&^odd == 0
}
