package wstest

import (
	"encoding/binary"
	"net/netip"

	"github.com/wsdissect/wsdissect/reassembly"
)

// MAC is an Ethernet address.
type MAC [6]byte

// Packet is a TCP segment in IP in Ethernet.
type Packet struct {
	Time             int64 // nanoseconds since 1970-01-01 UTC
	Src, Dst         netip.AddrPort
	Seq, Ack         uint32
	Flags            reassembly.Flags
	Window           uint16
	Options          []byte // of TCP, a multiple of 4 bytes
	Payload          []byte
	Cut              int // bytes at the end of Payload that the capture does not have
	SrcMAC, DstMAC   MAC
	ID               uint16 // of IPv4
	TTL              uint8  // 0 means 64
	FragmentsAllowed bool   // the don't fragment bit of IPv4 is not set
}

// IP protocol numbers and EtherTypes.
const (
	protocolTCP = 6
	protocolUDP = 17

	EtherIPv4 = 0x0800
	EtherARP  = 0x0806
	EtherIPv6 = 0x86DD
)

const (
	ethernetSize = 14
	ipv4Size     = 20
	ipv6Size     = 40
	tcpSize      = 20
	udpSize      = 8
)

// Size is the number of bytes on the wire.
func (p *Packet) Size() int {
	ip := ipv4Size
	if p.Src.Addr().Is6() {
		ip = ipv6Size
	}
	return ethernetSize + ip + tcpSize + len(p.Options) + len(p.Payload)
}

// Append appends the packet as it stands on the wire, whole, with valid checksums.
func (p *Packet) Append(b []byte) []byte {
	ip := IP{Src: p.Src.Addr(), Dst: p.Dst.Addr(), ID: p.ID, TTL: p.TTL, FragmentsAllowed: p.FragmentsAllowed}
	b = ip.appendHeaders(b, p.SrcMAC, p.DstMAC, protocolTCP, tcpSize+len(p.Options)+len(p.Payload))
	start := len(b)
	b = binary.BigEndian.AppendUint16(b, p.Src.Port())
	b = binary.BigEndian.AppendUint16(b, p.Dst.Port())
	b = binary.BigEndian.AppendUint32(b, p.Seq)
	b = binary.BigEndian.AppendUint32(b, p.Ack)
	b = append(b, uint8(tcpSize+len(p.Options))/4<<4, uint8(p.Flags))
	b = binary.BigEndian.AppendUint16(b, p.Window)
	b = append(b, 0, 0, 0, 0) // checksum, urgent pointer
	b = append(b, p.Options...)
	b = append(b, p.Payload...)
	sum := ip.pseudoSum(protocolTCP, len(b)-start)
	binary.BigEndian.PutUint16(b[start+16:], Checksum(b[start:], sum))
	return b
}

// Bytes is the packet as it stands in the capture: without what is Cut.
func (p *Packet) Bytes() []byte {
	b := p.Append(make([]byte, 0, p.Size()))
	return b[:len(b)-p.Cut]
}

// Segment is the packet as reassembly sees it, with the given number. It shares Payload.
func (p *Packet) Segment(number int64) reassembly.Segment {
	return reassembly.Segment{
		Src: p.Src, Dst: p.Dst, Seq: p.Seq, Ack: p.Ack, Window: p.Window, Flags: p.Flags,
		Payload: p.Payload[:len(p.Payload)-p.Cut], Missing: p.Cut,
		Packet: reassembly.PacketRef{
			Number: number, Time: p.Time, Len: uint32(len(p.Payload)),
			Wire: uint32(p.Size()), Captured: uint32(p.Size() - p.Cut),
		},
	}
}

// IP are the fields of an IP header that vary.
type IP struct {
	Src, Dst         netip.Addr
	ID               uint16
	TTL              uint8 // 0 means 64
	FragmentsAllowed bool
}

// AppendUDP appends a UDP datagram in IP in Ethernet.
func (ip IP) AppendUDP(b []byte, src, dst MAC, srcPort, dstPort uint16, payload []byte) []byte {
	b = ip.appendHeaders(b, src, dst, protocolUDP, udpSize+len(payload))
	start := len(b)
	b = binary.BigEndian.AppendUint16(b, srcPort)
	b = binary.BigEndian.AppendUint16(b, dstPort)
	b = binary.BigEndian.AppendUint16(b, uint16(udpSize+len(payload)))
	b = append(b, 0, 0)
	b = append(b, payload...)
	sum := Checksum(b[start:], ip.pseudoSum(protocolUDP, len(b)-start))
	if sum == 0 {
		sum = 0xFFFF // 0 means that there is none
	}
	binary.BigEndian.PutUint16(b[start+6:], sum)
	return b
}

// appendHeaders appends the Ethernet and the IP header before n bytes of a protocol.
func (ip IP) appendHeaders(b []byte, src, dst MAC, protocol uint8, n int) []byte {
	ttl := ip.TTL
	if ttl == 0 {
		ttl = 64
	}
	if ip.Src.Is6() {
		b = AppendEthernet(b, src, dst, EtherIPv6)
		b = append(b, 0x60, 0, 0, 0)
		b = binary.BigEndian.AppendUint16(b, uint16(n))
		b = append(b, protocol, ttl)
		b = append(b, ip.Src.AsSlice()...)
		return append(b, ip.Dst.AsSlice()...)
	}
	b = AppendEthernet(b, src, dst, EtherIPv4)
	start := len(b)
	b = append(b, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(ipv4Size+n))
	b = binary.BigEndian.AppendUint16(b, ip.ID)
	flags := byte(0x40)
	if ip.FragmentsAllowed {
		flags = 0
	}
	b = append(b, flags, 0, ttl, protocol, 0, 0)
	b = append(b, ip.Src.AsSlice()...)
	b = append(b, ip.Dst.AsSlice()...)
	binary.BigEndian.PutUint16(b[start+10:], Checksum(b[start:], 0))
	return b
}

// AppendEthernet appends an Ethernet II header.
func AppendEthernet(b []byte, src, dst MAC, etherType uint16) []byte {
	b = append(b, dst[:]...)
	b = append(b, src[:]...)
	return binary.BigEndian.AppendUint16(b, etherType)
}

// pseudoSum is the sum over the pseudo header of TCP and UDP (RFC 9293 3.1, RFC 8200 8.1).
func (ip IP) pseudoSum(protocol uint8, n int) uint32 {
	sum := uint32(protocol) + uint32(n)
	for _, a := range []netip.Addr{ip.Src, ip.Dst} {
		sum += Sum(a.AsSlice())
	}
	return sum
}

// Sum adds up the 16-bit words of b, as the Internet checksum does (RFC 1071). It is
// right for up to 64 KiB.
func Sum(b []byte) uint32 {
	sum := uint32(0)
	for len(b) >= 2 {
		sum += uint32(b[0])<<8 | uint32(b[1])
		b = b[2:]
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	return sum
}

// Checksum is the Internet checksum of b and of what sum is the Sum of.
func Checksum(b []byte, sum uint32) uint16 {
	s := uint64(sum) + uint64(Sum(b))
	for s > 0xFFFF {
		s = s>>16 + s&0xFFFF
	}
	return ^uint16(s)
}
