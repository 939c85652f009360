package capture

import (
	"errors"
	"io"
	"math"

	"github.com/google/gopacket"
)

// FromGopacket reads any gopacket packet source, such as a pcap.Handle, through its
// ZeroCopyReadPacketData where it has that. Its packets are of a LINKTYPE_ value: for a
// handle h that is uint32(h.LinkType()). (A layers.LinkType would bring in a package that
// takes 27 ms to start, of a command that takes ten.)
//
// An error of the source that says of itself that it is a time-out or temporary is
// passed over. Any other ends the input, and is reported unless it is io.EOF: a source
// whose time-outs are errors of another kind is to be wrapped.
func FromGopacket(name string, link uint32, src gopacket.PacketDataSource) *Reader {
	r := New()
	r.stats.Inputs = []InputStats{{Name: name}}
	s := &packetSource{name: name, link: link, read: src.ReadPacketData}
	if z, ok := src.(gopacket.ZeroCopyPacketDataSource); ok {
		s.read = z.ZeroCopyReadPacketData
	}
	r.live = s
	return r
}

// packetSource is a gopacket source.
type packetSource struct {
	name string
	link uint32
	read func() ([]byte, gopacket.CaptureInfo, error)
	wait func(int64) // nil for nobody to tell
	done bool
}

// idle implements waiting.
func (s *packetSource) idle(f func(int64)) { s.wait = f }

// next implements source.
func (s *packetSource) next(p *Packet) error {
	for !s.done {
		data, info, err := s.read()
		if err == nil {
			p.Data = data
			p.LinkType = s.link
			p.Length = uint32(min(uint64(max(info.Length, 0)), math.MaxUint32))
			p.Interface = uint32(max(info.InterfaceIndex, 0))
			if !info.Timestamp.IsZero() {
				p.Time = info.Timestamp.UnixNano()
			}
			return nil
		}
		if passing(err) {
			if s.wait != nil {
				s.wait(0)
			}
			continue
		}
		s.done = true
		if err != io.EOF {
			return &Error{File: s.name, Text: "cannot be read further: " + printable(err.Error()), Err: err}
		}
	}
	return io.EOF
}

// passing reports whether an error says that it is none that lasts.
func passing(err error) bool {
	var timeout interface{ Timeout() bool }
	var temporary interface{ Temporary() bool }
	return errors.As(err, &timeout) && timeout.Timeout() ||
		errors.As(err, &temporary) && temporary.Temporary()
}

// close implements source. The handle belongs to the caller.
func (s *packetSource) close() {}
