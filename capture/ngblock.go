package capture

import (
	"bytes"
	"fmt"
	"math"
	"math/bits"
)

// ngInterface is what an Interface Description Block tells.
type ngInterface struct {
	linkType   uint32
	snapLen    uint32 // 0 for no limit
	resolution resolution
	named      uint16 // see Packet.named
}

// resolution turns time stamps of an interface into nanoseconds.
type resolution struct {
	mul, div uint64 // of a unit that is a power of ten, or
	shift    uint   // 2^-shift of a second, where div is 0
	offset   int64  // seconds to be added
}

// Options of an Interface Description Block.
const (
	optionEnd      = 0
	optionName     = 2
	optionTSResol  = 9
	optionTSOffset = 14
)

// newResolution reads the value of an if_tsresol option.
func newResolution(v byte) resolution {
	n := uint(v & 0x7f)
	if v&0x80 != 0 {
		return resolution{shift: n}
	}
	r := resolution{mul: 1, div: 1}
	for ; n < 9; n++ {
		r.mul *= 10
	}
	for ; n > 9; n-- {
		if r.div > math.MaxUint64/10 {
			return resolution{div: math.MaxUint64} // units too small for 64 bits to make a second
		}
		r.div *= 10
	}
	return r
}

// nanoseconds since 1970 of a time stamp; the nearest int64 where that is out of range.
func (r resolution) nanoseconds(ts uint64) int64 {
	var hi, lo uint64
	switch {
	case r.div != 0:
		hi, lo = bits.Mul64(ts, r.mul)
		lo /= r.div
	case r.shift < 64:
		hi, lo = bits.Mul64(ts, 1e9)
		hi, lo = hi>>r.shift, lo>>r.shift|hi<<(64-r.shift)
	default:
		hi, _ = bits.Mul64(ts, 1e9)
		hi, lo = 0, hi>>(r.shift-64)
	}
	if hi != 0 || lo > math.MaxInt64 {
		lo = math.MaxInt64
	}
	return addSeconds(int64(lo), r.offset)
}

// addSeconds is t, which is not negative, and the seconds, without a wrap.
func addSeconds(t, seconds int64) int64 {
	const limit = math.MaxInt64 / int64(1e9)
	d := max(min(seconds, limit), -limit) * 1e9
	if d > math.MaxInt64-t {
		return math.MaxInt64
	}
	return t + d
}

// section begins a section.
func (f *pcapng) section(p *Packet, body []byte) error {
	f.interfaces, f.complained = f.interfaces[:0], false
	if len(body) < 16 {
		return f.bad(p, "a section header that is too short")
	}
	if major := f.uint16(body[4:]); major != 1 {
		return f.bad(p, fmt.Sprintf("a section of pcapng version %d, read as version 1", major))
	}
	return nil
}

// describe adds an interface.
func (f *pcapng) describe(p *Packet, body []byte) error {
	if len(body) < 8 {
		return f.bad(p, "an interface description that is too short")
	}
	if len(f.interfaces) == maxInterfaces {
		return f.bad(p, fmt.Sprintf("more than %d interfaces in a section", maxInterfaces))
	}
	i := ngInterface{
		linkType:   uint32(f.uint16(body)),
		snapLen:    f.uint32(body[4:]),
		resolution: newResolution(6),
	}
	name := ""
	for o := body[8:]; len(o) >= 4; {
		code, n := f.uint16(o), int(f.uint16(o[2:]))
		if code == optionEnd || len(o) < 4+n {
			break
		}
		switch v := o[4 : 4+n]; {
		case code == optionName:
			name = string(bytes.TrimRight(v, "\x00"))
		case code == optionTSResol && n == 1:
			offset := i.resolution.offset
			i.resolution = newResolution(v[0])
			i.resolution.offset = offset
		case code == optionTSOffset && n == 8:
			i.resolution.offset = int64(f.uint64(v))
		}
		o = o[min(4+(n+3)&^3, len(o)):]
	}
	if name != "" && f.file.interfaces != nil {
		i.named = f.file.interfaces.number(Interface{name, i.linkType})
	}
	f.interfaces = append(f.interfaces, i)
	return nil
}

func (f *pcapng) uint64(b []byte) uint64 {
	if f.swapped {
		return uint64(f.uint32(b))<<32 | uint64(f.uint32(b[4:]))
	}
	return uint64(f.uint32(b[4:]))<<32 | uint64(f.uint32(b))
}

// enhanced reads an Enhanced Packet Block.
func (f *pcapng) enhanced(p *Packet, body []byte) (bool, error) {
	if len(body) < 20 {
		return false, f.bad(p, "a packet block that is too short")
	}
	return f.packet(p, f.uint32(body), body)
}

// obsolete reads a Packet Block: it has a drop count where the Enhanced Packet Block has
// the upper half of the interface.
func (f *pcapng) obsolete(p *Packet, body []byte) (bool, error) {
	if len(body) < 20 {
		return false, f.bad(p, "a packet block that is too short")
	}
	return f.packet(p, uint32(f.uint16(body)), body)
}

// packet reads what both have in common. Time stamps are two halves, the upper one first
// in both byte orders.
func (f *pcapng) packet(p *Packet, index uint32, body []byte) (bool, error) {
	i, err := f.on(p, index)
	if i == nil {
		return false, err
	}
	captured, length := f.uint32(body[12:]), f.uint32(body[16:])
	if data := body[20:]; uint64(captured) > uint64(len(data)) {
		return false, f.bad(p, fmt.Sprintf("a packet of %d bytes in a block for %d", captured, len(data)))
	}
	f.time = i.resolution.nanoseconds(uint64(f.uint32(body[4:]))<<32 | uint64(f.uint32(body[8:])))
	p.Time, p.Length, p.LinkType, p.Interface, p.named = f.time, length, i.linkType, index, i.named
	p.Data = body[20 : 20+captured : 20+captured]
	return true, nil
}

// simple reads a Simple Packet Block: the first interface, no time, and a captured length
// that follows from the snapshot length.
func (f *pcapng) simple(p *Packet, body []byte) (bool, error) {
	if len(body) < 4 {
		return false, f.bad(p, "a packet block that is too short")
	}
	i, err := f.on(p, 0)
	if i == nil {
		return false, err
	}
	length := f.uint32(body)
	captured := min(uint64(length), uint64(len(body)-4))
	if i.snapLen != 0 {
		captured = min(captured, uint64(i.snapLen))
	}
	p.Time, p.Length, p.LinkType, p.Interface, p.named = f.time, length, i.linkType, 0, i.named
	p.Data = body[4 : 4+captured : 4+captured]
	return true, nil
}

// on is the interface of a packet. Where it is nil, the packet cannot be read, which is
// reported once in a section.
func (f *pcapng) on(p *Packet, index uint32) (*ngInterface, error) {
	if uint64(index) < uint64(len(f.interfaces)) {
		return &f.interfaces[index], nil
	}
	if f.complained {
		return nil, nil
	}
	f.complained = true
	return nil, f.bad(p, fmt.Sprintf("a packet of interface %d, which is not described", index))
}

// tellSecrets hands on a Decryption Secrets Block.
func (f *pcapng) tellSecrets(body []byte) {
	if f.secrets == nil || len(body) < 8 {
		return
	}
	data := body[8:]
	if n := f.uint32(body[4:]); uint64(n) < uint64(len(data)) {
		data = data[:n]
	}
	f.secrets(Secrets{Type: f.uint32(body), Data: data, Input: f.name})
}
