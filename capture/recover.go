package capture

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Finding packets again behind a damage: the next place from which several records
// follow each other, all of them as records are, and near in time to those before.

const (
	chain    = 3  // records that must follow each other
	maxChain = 32 // records that are looked at for that

	day  = 24 * 3600 * int64(1e9)
	year = 365 * day

	// maxSilence is how far a packet behind a damage may be in time from those before.
	maxSilence = 30 * day

	// earliest and latest bound the seconds of a packet that has none before it: 1990, 2090.
	earliest = 631_152_000
	latest   = 3_786_912_000
)

func near(a, b, distance int64) bool { return a-b < distance && b-a < distance }

// isFileHeader reports whether a new capture file begins in the place of a record.
func isFileHeader(b []byte) bool {
	if isSectionHeader(b) {
		return true
	}
	if !isPcapMagic(b) {
		return false
	}
	// Of the version, one byte is enough to tell a header from a time stamp with a
	// fraction of a second, and all that is surely there.
	return len(b) >= 6 && (bytes.Equal(b[4:6], []byte{2, 0}) || bytes.Equal(b[4:6], []byte{0, 2}))
}

// damage reports that no record stands behind the one on loan, and moves on to the next
// that does. That may be one inside the record on loan, when its length was not true.
func (f *pcap) damage(p *Packet) error {
	first := f.w.offset()
	at := first + int64(f.loan)
	found := f.resync(1, f.loan)
	f.loan, f.odd = 0, 0
	if !found {
		f.w.take(len(f.w.buffered()))
		if err := f.failed(p.Number); err != nil {
			return err
		}
	}
	if here := f.w.offset(); here < at {
		text := fmt.Sprintf("damaged %s: packet %d is not as long as it claims, others follow at offset %d",
			f.at(first), p.Number, here)
		return &Error{f.name, first, text, ErrDamaged}
	}
	return f.damaged(p.Number, at, f.w.offset()-at, found)
}

// resync moves the window to the next place, from bytes on, where records follow each
// other, or a file begins. Up to cross the window is a record whose length may be true
// nevertheless: places in there count only if the records go on behind it.
// When nothing is found, the last bytes of the input are left.
func (f *pcap) resync(from, cross int) bool {
	for {
		b := f.w.need(from + f.header)
		for at := from; at+f.header <= len(b); at++ {
			record, begin := f.possible(b[at:]), possibleFile(b[at:])
			if !record && !begin {
				at += max(leadingZeros(b[at:])-f.header, 0)
				continue
			}
			if record && f.plausible(f.record(b[at:]), f.trusted) && f.follow(at, cross) || begin && f.begins(at, cross) {
				f.w.take(at)
				return true
			}
			b = f.w.buffered()
		}
		if f.w.err != nil || len(b) < from+f.header {
			return false
		}
		n := len(b) - f.header + 1
		f.w.take(n)
		from, cross = 0, max(cross-n, 0)
	}
}

// leadingZeros counts the zero bytes at the beginning of b. What a crash leaves in a file
// may be gigabytes of them.
func leadingZeros(b []byte) int {
	n := 0
	for len(b)-n >= 8 && binary.LittleEndian.Uint64(b[n:]) == 0 {
		n += 8
	}
	for n < len(b) && b[n] == 0 {
		n++
	}
	return n
}

// possible is a fast look at what plausible wants of the captured length.
func (f *pcap) possible(b []byte) bool {
	return f.order != capturedFirst || f.uint32(b[8:])-1 < maxSnapLen
}

// plausible reports whether a record header is as they usually are, in this file.
func (f *pcap) plausible(h pcapRecord, last int64) bool {
	return h.captured > 0 && h.captured <= maxSnapLen && f.oddities(h, last)&^f.usual == 0 &&
		(last == 0 || near(h.time, last, maxSilence))
}

// oddity is a set of what a record header should not have.
type oddity uint8

const (
	oddFraction oddity = 1 << iota // a second or more
	oddData                        // longer than on the wire
	oddWire                        // longer than anything sent
	oddTime                        // far from the record before
)

// oddities of a record, where last is the time of the one before, or 0.
func (f *pcap) oddities(h pcapRecord, last int64) oddity {
	var odd oddity
	if h.sub >= f.units {
		odd |= oddFraction
	}
	if h.captured > h.length {
		odd |= oddData
	}
	if h.length >= maxWireLen {
		odd |= oddWire
	}
	if last == 0 && (h.sec < earliest || h.sec > latest) || last != 0 && !near(h.time, last, year) {
		odd |= oddTime
	}
	return odd
}

// follow reports whether records follow each other from a place in the window, one of
// them at cross or behind it.
func (f *pcap) follow(at, cross int) bool {
	last := f.trusted
	for n := range maxChain {
		b := f.w.need(at + f.header)
		if len(b) < at+f.header {
			return n > 0 && len(b) == at || n+1 >= chain
		}
		if n > 0 && isFileHeader(b[at:]) {
			return true
		}
		h := f.record(b[at:])
		if !f.plausible(h, last) {
			return false
		}
		if n+1 >= chain && at >= cross {
			return true
		}
		last = h.time
		at += f.header + int(h.captured)
	}
	return false
}

// possibleFile is a fast look at what isFileHeader wants.
func possibleFile(b []byte) bool {
	switch b[0] {
	case 0xd4, 0x4d, 0x34, 0xac, 0xab, 0xa1, 0x1c, 0x0a: // the magic numbers in both orders
		return true
	}
	return false
}

// begins reports whether a file begins at a place in the window, with packets or nothing
// else in it. For cross see resync.
func (f *file) begins(at, cross int) bool {
	if b := f.w.buffered()[at:]; !isFileHeader(b) {
		return false
	} else if isSectionHeader(b) {
		return (&pcapng{file: f}).follow(at, cross)
	}
	b := f.w.need(at + pcapHeaderSize + 4)
	next, size := parsePcapHeader(b[at:])
	if next == nil {
		return false
	}
	next.file = f
	return len(b) == at+size || next.follow(at+size, cross)
}
