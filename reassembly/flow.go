package reassembly

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"net/netip"
)

// flow4 and flow6 are the keys of connections: both endpoints, the lesser first, so that
// the two directions have the same key. They hold no pointers, unlike netip.Addr, which
// makes them cheap to hash. flow4 is looked for with every packet, and stays in two registers.
type flow4 struct {
	addrs uint64 // both, the first one above
	rest  uint64 // the first port, the second, and the zone
}

type flow6 struct {
	low, high         [16]byte
	lowPort, highPort uint16
	zone              uint32
}

func (k flow4) endpoints() (low, high netip.AddrPort) {
	return addrPort4(uint32(k.addrs>>32), uint16(k.rest>>48)), addrPort4(uint32(k.addrs), uint16(k.rest>>32))
}

func (k flow4) zone() uint32 { return uint32(k.rest) }

func (k *flow6) endpoints() (low, high netip.AddrPort) {
	return netip.AddrPortFrom(netip.AddrFrom16(k.low), k.lowPort), netip.AddrPortFrom(netip.AddrFrom16(k.high), k.highPort)
}

// golden is 2^64 divided by the golden ratio.
const golden = 0x9E3779B97F4A7C15

// hashing are the secrets of a table's hashes.
type hashing struct {
	seed  maphash.Seed
	words [2]uint64
}

func newHashing(seed maphash.Seed) hashing {
	return hashing{seed, [2]uint64{maphash.Comparable(seed, 0), maphash.Comparable(seed, 1)}}
}

// flow4 multiplies the words of a key. The second product spreads what the first leaves of
// a progression, as the addresses of a subnet are one.
func (h *hashing) flow4(k flow4) uint32 {
	high, low := bits.Mul64(k.addrs^h.words[0], k.rest^h.words[1])
	return uint32((high ^ low) * golden >> 32)
}

func (h *hashing) flow6(k *flow6) uint32 { return uint32(maphash.Comparable(h.seed, *k)) }

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
	low, high, lowPort, highPort := addr4(s.Src.Addr()), addr4(s.Dst.Addr()), s.Src.Port(), s.Dst.Port()
	from := lowSide
	if low > high || low == high && lowPort > highPort {
		low, high, lowPort, highPort, from = high, low, highPort, lowPort, highSide
	}
	return flow4{
		addrs: uint64(low)<<32 | uint64(high),
		rest:  uint64(lowPort)<<48 | uint64(highPort)<<32 | uint64(s.Zone),
	}, from
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
