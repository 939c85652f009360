package capture

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
)

// Block types of pcapng.
const (
	blockInterface     = 0x00000001
	blockPacket        = 0x00000002 // obsolete
	blockSimple        = 0x00000003
	blockNames         = 0x00000004
	blockStatistics    = 0x00000005
	blockEnhanced      = 0x00000006
	blockJournal       = 0x00000009
	blockSecrets       = 0x0000000a
	blockCustom        = 0x00000bad
	blockCustomNoCopy  = 0x40000bad
	blockSectionHeader = 0x0a0d0d0a
)

const (
	byteOrderMagic = 0x1a2b3c4d
	minBlock       = 12 // type, length, length again

	// maxInterfaces bounds what a section may describe.
	maxInterfaces = 1 << 16
)

// Secrets is a Decryption Secrets Block of pcapng. Data is on loan until the callback
// that takes it returns.
type Secrets struct {
	Type  uint32 // 0x544c534b is a TLS key log
	Data  []byte
	Input string // name of the input
}

// pcapng reads the blocks of a pcapng file. The block on loan stays at the head of the
// window until the next is wanted.
type pcapng struct {
	*file
	loan   int   // bytes of the block on loan
	time   int64 // of the last packet that had one
	remark error // on the block on loan, due after it

	// per section
	swapped    bool // big endian
	interfaces []ngInterface
	complained bool // of packets whose interface is not described
}

// isSectionHeader reports whether a pcapng section begins with b. The byte order magic
// is looked at as far as b has it.
func isSectionHeader(b []byte) bool {
	if len(b) < 4 || binary.LittleEndian.Uint32(b) != blockSectionHeader {
		return false
	}
	if len(b) < minBlock {
		return true
	}
	bom := binary.LittleEndian.Uint32(b[8:])
	return bom == byteOrderMagic || bits.ReverseBytes32(bom) == byteOrderMagic
}

func (f *pcapng) uint16(b []byte) uint16 {
	v := binary.LittleEndian.Uint16(b)
	if f.swapped {
		v = bits.ReverseBytes16(v)
	}
	return v
}

func (f *pcapng) uint32(b []byte) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if f.swapped {
		v = bits.ReverseBytes32(v)
	}
	return v
}

// next implements format.
func (f *pcapng) next(p *Packet) error {
	for {
		b, err := f.block(p)
		if err != nil {
			return err
		}
		body := b[8 : len(b)-4]
		got := false
		switch f.uint32(b) {
		case blockSectionHeader:
			err = f.section(p, body)
		case blockInterface:
			err = f.describe(p, body)
		case blockEnhanced:
			got, err = f.enhanced(p, body)
		case blockSimple:
			got, err = f.simple(p, body)
		case blockPacket:
			got, err = f.obsolete(p, body)
		case blockSecrets:
			f.tellSecrets(body)
		}
		if got || err != nil {
			return err
		}
	}
}

// block takes the block on loan and returns the next one, whole.
func (f *pcapng) block(p *Packet) ([]byte, error) {
	if err := f.remark; err != nil {
		f.remark = nil
		return nil, err
	}
	f.w.take(f.loan)
	f.loan = 0
	b := f.w.need(minBlock)
	switch {
	case len(b) == 0:
		if err := f.failed(p.Number); err != nil {
			return nil, err
		}
		return nil, io.EOF
	case len(b) < minBlock:
		return nil, f.cut(p.Number, f.behind(p), minBlock)
	case isSectionHeader(b):
		f.swapped = binary.LittleEndian.Uint32(b[8:]) != byteOrderMagic
	case isFileHeader(b):
		return nil, errHeader
	}
	n, ok := f.blockSize(b)
	if !ok {
		return nil, f.damage(p)
	}
	if b = f.w.need(n); len(b) < n {
		return nil, f.short(p, n)
	}
	if f.uint32(b[n-4:]) != uint32(n) {
		if !f.blockAt(n) {
			return nil, f.damage(p)
		}
		f.remark = f.bad(p, "a block whose two lengths differ")
	}
	f.loan = n
	return f.w.buffered()[:n:n], nil
}

// blockSize is the length that a block header tells.
func (f *pcapng) blockSize(b []byte) (int, bool) {
	n := f.uint32(b[4:])
	return int(n), n >= minBlock && n <= maxWindow && n%4 == 0
}

// behind names what the input ends in.
func (f *pcapng) behind(p *Packet) string {
	return fmt.Sprintf("a block after packet %d", p.Number)
}

// bad reports a block, whole and at the head of the window, whose content cannot be right.
func (f *pcapng) bad(p *Packet, what string) error {
	offset := f.w.offset()
	text := fmt.Sprintf("%s, %s, after packet %d", what, f.at(offset), p.Number)
	return &Error{f.name, offset, text, ErrDamaged}
}

// short is what comes when the block at the head of the window is not all there.
func (f *pcapng) short(p *Packet, n int) error {
	start := f.w.offset()
	if f.w.err == io.EOF && f.resync(1) {
		return f.damaged(p.Number, start, f.w.offset()-start, true)
	}
	what := f.behind(p)
	switch f.uint32(f.w.buffered()) {
	case blockEnhanced, blockSimple, blockPacket:
		what = fmt.Sprintf("packet %d", p.Number+1)
	}
	return f.cut(p.Number, what, int64(n))
}

// damage reports that no block stands at the head of the window, and moves on to the
// next that does.
func (f *pcapng) damage(p *Packet) error {
	at := f.w.offset()
	found := f.resync(1)
	if !found {
		f.w.take(len(f.w.buffered()))
		if err := f.failed(p.Number); err != nil {
			return err
		}
	}
	return f.damaged(p.Number, at, f.w.offset()-at, found)
}

// resync moves the window to the next place, from bytes on, where blocks follow each
// other, or a file begins. When nothing is found, the last bytes of the input are left.
func (f *pcapng) resync(from int) bool {
	for {
		b := f.w.need(from + minBlock)
		for at := from; at+minBlock <= len(b); at++ {
			block, begin := f.knownBlock(b[at:]), possibleFile(b[at:])
			if !block && !begin {
				at += max(leadingZeros(b[at:])-4, 0) // no type of a block is 0
				continue
			}
			if block && f.follow(at, 0) || begin && f.begins(at, 0) {
				f.w.take(at)
				return true
			}
			b = f.w.buffered()
		}
		if f.w.err != nil || len(b) < from+minBlock {
			return false
		}
		f.w.take(len(b) - minBlock + 1)
		from = 0
	}
}

// knownBlock reports whether a block of a known type and a plausible length begins.
func (f *pcapng) knownBlock(b []byte) bool {
	switch f.uint32(b) {
	case blockInterface, blockPacket, blockSimple, blockNames, blockStatistics, blockEnhanced,
		blockJournal, blockSecrets, blockCustom, blockCustomNoCopy:
		n := f.uint32(b[4:])
		return n >= minBlock && n <= maxAnnounced && n%4 == 0
	case blockSectionHeader:
		return isSectionHeader(b)
	}
	return false
}

// follow reports whether a whole block stands at a place in the window, and others
// follow, up to cross and behind it.
func (f *pcapng) follow(at, cross int) bool {
	g := *f
	for range maxChain {
		b := f.w.need(at + minBlock)[at:]
		if len(b) < minBlock {
			return len(b) == 0
		}
		if isSectionHeader(b) {
			g.swapped = binary.LittleEndian.Uint32(b[8:]) != byteOrderMagic
		}
		n, ok := g.blockSize(b)
		if !ok || n > maxAnnounced {
			return false
		}
		b = f.w.need(at + n)
		if len(b) < at+n || g.uint32(b[at+n-4:]) != uint32(n) {
			return false
		}
		at += n
		if at >= cross {
			return g.blockAt(at)
		}
	}
	return false
}

// blockAt reports whether a place in the window looks like the head of a block, or is
// the end of the input.
func (f *pcapng) blockAt(at int) bool {
	b := f.w.need(at + minBlock)
	if len(b) < at+minBlock {
		return len(b) == at
	}
	return f.knownBlock(b[at:]) || isFileHeader(b[at:])
}
