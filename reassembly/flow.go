package reassembly

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"
)

// flow4 and flow6 are the keys of connections: both endpoints, the lesser first, so that
// the two directions have the same key. They hold no pointers, unlike netip.Addr, which
// makes them cheap to hash and maps of them free for the garbage collector.
type flow4 struct {
	low, high         uint32
	lowPort, highPort uint16
	zone              uint32
}

type flow6 struct {
	low, high         [16]byte
	lowPort, highPort uint16
	zone              uint32
}

func (k flow4) hash(seed maphash.Seed) uint32 { return uint32(maphash.Comparable(seed, k)) }

func (k flow6) hash(seed maphash.Seed) uint32 { return uint32(maphash.Comparable(seed, k)) }

// side tells which endpoint of a flow sent a segment.
type side bool

const (
	lowSide  side = false
	highSide side = true
)

func addr4(a netip.Addr) uint32 {
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}

// newFlow4 is the key of an IPv4 segment, and the side of its sender.
func newFlow4(s *Segment) (flow4, side) {
	src, dst := addr4(s.Src.Addr()), addr4(s.Dst.Addr())
	if src < dst || src == dst && s.Src.Port() <= s.Dst.Port() {
		return flow4{src, dst, s.Src.Port(), s.Dst.Port(), s.Zone}, lowSide
	}
	return flow4{dst, src, s.Dst.Port(), s.Src.Port(), s.Zone}, highSide
}

// newFlow6 is the key of any other segment.
func newFlow6(s *Segment) (flow6, side) {
	src, dst := s.Src.Addr(), s.Dst.Addr()
	c := src.Compare(dst)
	if c < 0 || c == 0 && s.Src.Port() <= s.Dst.Port() {
		return flow6{src.As16(), dst.As16(), s.Src.Port(), s.Dst.Port(), s.Zone}, lowSide
	}
	return flow6{dst.As16(), src.As16(), s.Dst.Port(), s.Src.Port(), s.Zone}, highSide
}

// isV4 reports whether s is keyed by flow4.
func isV4(s *Segment) bool { return s.Src.Addr().Is4() && s.Dst.Addr().Is4() }

func addrPort4(a uint32, port uint16) netip.AddrPort {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], a)
	return netip.AddrPortFrom(netip.AddrFrom4(b), port)
}
