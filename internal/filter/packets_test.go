package filter

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// sample is a packet of the test capture.
type sample struct {
	name string
	data []byte
	wire int
}

// carried is a packet above the link layer.
type carried struct {
	name string
	typ  uint16 // Ethernet type
	data []byte
}

func be16(v ...int) []byte {
	var b []byte
	for _, x := range v {
		b = binary.BigEndian.AppendUint16(b, uint16(x))
	}
	return b
}

func be32(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }

func addr(s string) []byte { return netip.MustParseAddr(s).AsSlice() }

// ipv4 makes a packet; words is how many words of options it has, and fragment is the field
// of flags and offset.
func ipv4(proto byte, src, dst string, words, fragment int, payload []byte) []byte {
	b := []byte{byte(0x45 + words), 0x10}
	b = append(b, be16(20+4*words+len(payload), 0x1234, fragment)...)
	b = append(b, 64, proto, 0, 0)
	b = slices.Concat(b, addr(src), addr(dst))
	for range words {
		b = append(b, 1, 1, 1, 0)
	}
	return append(b, payload...)
}

func ipv6(next byte, src, dst string, payload []byte) []byte {
	b := []byte{0x60, 0x01, 0x23, 0x45}
	b = append(b, be16(len(payload))...)
	b = append(b, next, 61)
	return slices.Concat(b, addr(src), addr(dst), payload)
}

func tcp(src, dst int, flags byte, payload int) []byte {
	b := be16(src, dst)
	b = append(b, 0, 0, 1, 2, 0, 0, 3, 4, 0x50, flags, 0x20, 0, 0xAB, 0xCD, 0, 0)
	return append(b, fill(payload)...)
}

func udp(src, dst, payload int) []byte {
	return append(be16(src, dst, 8+payload, 0), fill(payload)...)
}

func sctp(src, dst int) []byte {
	return append(be16(src, dst), 0, 0, 0, 9, 1, 2, 3, 4, 1, 0, 0, 20)
}

func fill(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(7*i + 3)
	}
	return b
}

func extension(next byte, payload []byte) []byte {
	return append([]byte{next, 0, 1, 4, 0, 0, 0, 0}, payload...)
}

func fragment6(next byte, offset int, payload []byte) []byte {
	return slices.Concat([]byte{next, 0}, be16(offset), be32(77), payload)
}

func arp(op int, src, dst string) []byte {
	b := be16(1, 0x0800, 0x0604, op)
	b = slices.Concat(b, []byte{2, 0, 0, 0, 0, 1}, addr(src))
	return slices.Concat(b, []byte{0, 0, 0, 0, 0, 0}, addr(dst))
}

const (
	hostA, hostB, hostC = "10.1.2.3", "192.168.1.20", "172.16.5.9"
	hostD, hostE        = "2001:db8::1", "fe80::a:2"
)

// network is what the link layers of the tests carry.
func network() []carried {
	const ip, ip6 = etherIP, etherIP6
	return []carried{
		{"syn", ip, ipv4(6, hostA, hostB, 0, 0x4000, tcp(40000, 80, 0x02, 0))},
		{"syn-ack", ip, ipv4(6, hostB, hostA, 0, 0x4000, tcp(80, 40000, 0x12, 0))},
		{"data", ip, ipv4(6, hostA, hostB, 0, 0x4000, tcp(40000, 80, 0x18, 300))},
		{"fin", ip, ipv4(6, hostC, hostB, 0, 0, tcp(443, 8080, 0x11, 10))},
		{"rst", ip, ipv4(6, hostB, hostC, 0, 0, tcp(8080, 443, 0x04, 0))},
		{"same port", ip, ipv4(6, hostC, hostC, 0, 0, tcp(80, 80, 0xFF, 1))},
		{"options", ip, ipv4(6, hostA, hostC, 3, 0, tcp(22, 80, 0x10, 5))},
		{"most options", ip, ipv4(6, hostA, hostC, 10, 0, tcp(80, 22, 0x10, 5))},
		{"first fragment", ip, ipv4(6, hostA, hostB, 0, 0x2000, tcp(40000, 80, 0x18, 4))},
		{"later fragment", ip, ipv4(6, hostA, hostB, 0, 0x2010, tcp(40000, 80, 0x18, 4))},
		{"last fragment", ip, ipv4(6, hostA, hostB, 0, 0x0020, tcp(40000, 80, 0x18, 4))},
		{"dns", ip, ipv4(17, hostA, "8.8.8.8", 0, 0, udp(5353, 53, 30))},
		{"dns answer", ip, ipv4(17, "8.8.8.8", hostA, 0, 0, udp(53, 5353, 130))},
		{"udp 80", ip, ipv4(17, hostC, hostB, 0, 0, udp(80, 443, 9))},
		{"udp fragment", ip, ipv4(17, hostC, hostB, 0, 0x2001, udp(80, 443, 9))},
		{"udp options", ip, ipv4(17, hostC, hostB, 1, 0, udp(10, 6000, 9))},
		{"broadcast", ip, ipv4(17, hostA, "255.255.255.255", 0, 0, udp(68, 67, 240))},
		{"unset", ip, ipv4(17, "0.0.0.0", "0.0.0.0", 0, 0, udp(68, 67, 1))},
		{"multicast", ip, ipv4(17, hostA, "224.0.0.251", 0, 0, udp(5353, 5353, 40))},
		{"sctp", ip, ipv4(132, hostA, hostB, 0, 0, sctp(80, 2905))},
		{"sctp fragment", ip, ipv4(132, hostA, hostB, 0, 0x2003, sctp(80, 2905))},
		{"ping", ip, ipv4(1, hostA, hostB, 0, 0, []byte{8, 0, 1, 2, 0, 1, 0, 2, 9, 9})},
		{"pong", ip, ipv4(1, hostB, hostA, 0, 0, []byte{0, 0, 1, 2, 0, 1, 0, 2, 9, 9})},
		{"unreachable", ip, ipv4(1, hostB, hostA, 2, 0, []byte{3, 3, 1, 2, 0, 1, 0, 2, 9, 9})},
		{"ping fragment", ip, ipv4(1, hostA, hostB, 0, 0x2007, []byte{8, 0, 1, 2, 0, 1})},
		{"igmp", ip, ipv4(2, hostA, "224.0.0.1", 1, 0, []byte{0x11, 100, 1, 2, 0, 0, 0, 0})},
		{"gre", ip, ipv4(47, hostA, hostB, 0, 0, append([]byte{0, 0, 8, 0}, ipv4(6, hostC, hostA, 0, 0, tcp(1, 80, 2, 0))...))},
		{"esp", ip, ipv4(50, hostA, hostB, 0, 0, fill(20))},
		{"ah", ip, ipv4(51, hostA, hostB, 0, 0, fill(30))},
		{"pim", ip, ipv4(103, hostA, "224.0.0.13", 0, 0, fill(10))},
		{"vrrp", ip, ipv4(112, hostA, "224.0.0.18", 0, 0, fill(10))},
		{"igrp", ip, ipv4(9, hostA, hostC, 0, 0, fill(10))},
		{"hopopt", ip, ipv4(0, hostA, hostC, 0, 0, fill(10))},
		{"net 10.1", ip, ipv4(6, "10.1.255.1", "10.2.0.1", 0, 0, tcp(1024, 65535, 0x10, 700))},
		{"host 0.0.0.5", ip, ipv4(17, "0.0.0.5", "5.0.0.0", 0, 0, udp(0, 65535, 0))},
		{"bad header length", ip, ipv4(6, hostA, hostB, -5, 0, tcp(80, 80, 2, 60))},
		{"ip4 cut", ip, ipv4(6, hostA, hostB, 0, 0, nil)},
		{"ip4 version 6", ip, ipv6(6, hostD, hostE, tcp(80, 81, 2, 0))},

		{"syn6", ip6, ipv6(6, hostD, hostE, tcp(50000, 80, 0x02, 0))},
		{"data6", ip6, ipv6(6, hostE, hostD, tcp(80, 50000, 0x18, 200))},
		{"tcp6 443", ip6, ipv6(6, hostD, "2001:db8:1::5", tcp(443, 8080, 0x18, 20))},
		{"dns6", ip6, ipv6(17, hostD, hostE, udp(4000, 53, 40))},
		{"sctp6", ip6, ipv6(132, hostD, hostE, sctp(80, 2905))},
		{"ping6", ip6, ipv6(58, hostD, hostE, []byte{128, 0, 1, 2, 0, 1, 0, 2})},
		{"neighbour", ip6, ipv6(58, hostE, "ff02::1:ff00:1", slices.Concat([]byte{135, 0, 1, 2, 0, 0, 0, 0}, addr(hostD)))},
		{"mdns6", ip6, ipv6(17, hostE, "ff02::fb", udp(5353, 5353, 40))},
		{"fragment6", ip6, ipv6(44, hostD, hostE, fragment6(6, 1, tcp(50000, 80, 0x18, 20)))},
		{"later fragment6", ip6, ipv6(44, hostD, hostE, fragment6(17, 0x101, fill(20)))},
		{"icmp6 fragment", ip6, ipv6(44, hostD, hostE, fragment6(58, 1, fill(20)))},
		{"hop by hop", ip6, ipv6(0, hostD, hostE, extension(6, tcp(50000, 80, 0x18, 20)))},
		{"hop by hop icmp6", ip6, ipv6(0, hostE, "ff02::16", extension(58, fill(20)))},
		{"destination options", ip6, ipv6(60, hostD, hostE, extension(17, udp(50000, 53, 20)))},
		{"routing", ip6, ipv6(43, hostD, hostE, extension(44, fragment6(6, 0, tcp(80, 1, 2, 0))))},
		{"ah6", ip6, ipv6(51, hostD, hostE, extension(6, tcp(80, 1, 2, 0)))},
		{"no next", ip6, ipv6(59, hostD, hostE, nil)},
		{"esp6", ip6, ipv6(50, "::1", "::", fill(16))},
		{"pim6", ip6, ipv6(103, "::1", "::1", fill(16))},

		{"arp", etherARP, arp(1, hostA, hostB)},
		{"arp reply", etherARP, arp(2, hostB, hostA)},
		{"arp other", etherARP, arp(1, hostC, "10.9.9.9")},
		{"rarp", etherRARP, arp(3, hostA, hostC)},
		{"loop", 0x9000, fill(46)},
		{"decnet", 0x6003, fill(50)},
		{"atalk", etherATalk, fill(30)},
		{"aarp", etherAARP, fill(30)},
		{"ipx", etherIPX, fill(40)},
		{"unknown", 0x1234, fill(60)},
	}
}

// enclosed is the network layer once more, behind VLAN tags, MPLS labels and PPPoE, for the
// link types that have them.
func enclosed() []carried {
	var all []carried
	tagged := func(tci, typ int, p []byte) []byte { return append(be16(tci, typ), p...) }
	label := func(label, last int, p []byte) []byte {
		return append(be32(uint32(label<<12|last<<8|64)), p...)
	}
	for i, p := range network() {
		typ := int(p.typ)
		add := func(what string, typ uint16, data []byte) {
			all = append(all, carried{what + " " + p.name, typ, data})
		}
		add("vlan 5", etherVLAN, tagged(5+i%3<<13, typ, p.data))
		if i%3 == 0 {
			add("vlan 6", etherVLAN, tagged(6, typ, p.data))
			add("qinq 100", etherQinQ, tagged(100, etherVLAN, tagged(5, typ, p.data)))
			add("qinq 9100", etherQinQOld, tagged(0xFFF, etherVLAN, tagged(6, typ, p.data)))
			add("vlan 3 deep", etherVLAN, tagged(1, etherVLAN, tagged(2, etherQinQ, tagged(3, typ, p.data))))
		}
		ppp := map[uint16]int{etherIP: 0x21, etherIP6: 0x57}[p.typ]
		if ppp == 0 {
			continue
		}
		add("mpls", etherMPLS, label(1024, 1, p.data))
		add("pppoe", etherPPPoES, slices.Concat([]byte{0x11, 0}, be16(0x27, 2+len(p.data), ppp), p.data))
		if i%2 == 0 {
			add("mpls 2", etherMPLS, label(100000, 0, label(1024, 1, p.data)))
			add("mpls not last", etherMPLS, label(1024, 0, p.data))
			add("vlan mpls", etherVLAN, tagged(5, etherMPLS, label(7, 1, p.data)))
			add("vlan pppoe", etherVLAN, tagged(5, etherPPPoES,
				slices.Concat([]byte{0x11, 0}, be16(1, 2+len(p.data), ppp), p.data)))
			add("pppoe mpls", etherPPPoES, slices.Concat([]byte{0x11, 0}, be16(0x27, 2+len(p.data)+4, 0x281), label(1024, 1, p.data)))
		}
	}
	return append(all, carried{"pppoe discovery", etherPPPoED, fill(30)})
}

// linkHeaders makes the link-layer header before a packet, of several kinds by n.
var linkHeaders = map[uint32]func(n int, p carried) []byte{
	linkEthernet: func(n int, p carried) []byte {
		dst := [][]byte{{2, 0, 0, 0, 0, 2}, {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, {1, 0, 0x5E, 0, 0, 0xFB}, {2, 0, 0, 0, 0, 1}, {0xFF, 0xFF, 0, 0, 0, 1}}
		src := [][]byte{{2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}, {0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF}}
		return slices.Concat(dst[n%len(dst)], src[n%len(src)], be16(int(p.typ)))
	},
	linkRaw: func(int, carried) []byte { return nil },
	linkSLL: func(n int, p carried) []byte {
		return slices.Concat(be16(n%5, 1, 6), []byte{2, 0, 0, 0, 0, byte(n), 0, 0}, be16(int(p.typ)))
	},
	linkSLL2: func(n int, p carried) []byte {
		return slices.Concat(be16(int(p.typ), 0), be32(uint32(n%4)), be16(1), []byte{byte(n % 5), 6, 2, 0, 0, 0, 0, byte(n), 0, 0})
	},
	linkNull: func(n int, p carried) []byte { return binary.LittleEndian.AppendUint32(nil, family(n, p)) },
	linkLoop: func(n int, p carried) []byte { return be32(family(n, p)) },
	linkPPP: func(n int, p carried) []byte {
		types := map[uint16]int{etherIP: 0x21, etherIP6: 0x57, etherATalk: 0x29, etherIPX: 0x2B, etherMPLS: 0x281}
		typ := types[p.typ]
		if typ == 0 {
			typ = int(p.typ)
		}
		return be16(0xFF03, typ)
	},
}

func family(n int, p carried) uint32 {
	switch p.typ {
	case etherIP:
		return 2
	case etherIP6:
		return []uint32{30, 24, 28, 10}[n%4]
	}
	return uint32(p.typ)
}

// cuts are lengths at which some packets end, so that each header is cut everywhere.
func cuts(n int) []int {
	var all []int
	for i := 0; i < min(n, 100); i += 1 {
		all = append(all, i)
	}
	return all
}

// samples are the packets of the capture of a link type.
func samples(link uint32) []sample {
	header, ok := linkHeaders[link]
	if !ok {
		header = linkHeaders[linkRaw]
	}
	packets := network()
	if link == linkEthernet || link == linkPPP || link == linkSLL || link == linkSLL2 {
		packets = append(packets, enclosed()...)
	}
	var all []sample
	for n, p := range packets {
		data := slices.Concat(header(n, p), p.data)
		wire := len(data)
		if n%7 == 3 {
			wire += 1000
		}
		all = append(all, sample{p.name, data, wire})
		cut := []string{"data", "options", "dns", "data6", "ping", "ping6", "arp", "fragment6", "hop by hop",
			"vlan 5 data", "qinq 100 ping", "mpls 2 data", "pppoe data", "mpls data6", "sctp"}
		if slices.Contains(cut, p.name) {
			for _, at := range cuts(len(data)) {
				if link == linkNull && at < 4 {
					continue // the byte order is asked for first
				}
				all = append(all, sample{fmt.Sprintf("%s, %d bytes", p.name, at), data[:at], len(data)})
			}
		}
	}
	if link == linkEthernet || link == linkSLL {
		all = append(all, llc(link)...)
	}
	return all
}

// llc are packets with a length for a type, and with LLC headers.
func llc(link uint32) []sample {
	var all []sample
	for i, s := range []string{
		"4242 03", "fefe 03 83", "fefe 03 81 1b 01 00 12", "f0f0 03", "e0e0 03", "ffff 00 11",
		"0606 03", "aaaa 03 080007 809b", "aaaa 03 000000 80f3", "aaaa 03 000000 8137",
		"aaaa 03 000000 0800 4500 0028 1234 0000 4006 0000 0a010203 c0a80114 9c40 0050",
		"0505 03", "0500",
	} {
		var payload []byte
		digits := strings.ReplaceAll(s, " ", "")
		for j := 0; j < len(digits); j += 2 {
			var b byte
			fmt.Sscanf(digits[j:j+2], "%02x", &b)
			payload = append(payload, b)
		}
		payload = append(payload, fill(30)...)
		typ := uint16(len(payload))
		if link == linkSLL {
			typ = []uint16{sllLLC, sllLLC, sllLLC, sllLLC, sllIPX}[i%5]
		}
		data := slices.Concat(linkHeaders[link](i, carried{typ: typ}), payload)
		all = append(all, sample{"llc " + s, data, len(data)})
	}
	return all
}

// appendPcap appends the samples as a capture file; the second of each is its index.
func appendPcap(b []byte, link uint32, all []sample) []byte {
	le := binary.LittleEndian
	for _, v := range []uint32{0xA1B2C3D4, 4<<16 | 2, 0, 0, 262144, link} {
		b = le.AppendUint32(b, v)
	}
	for i, s := range all {
		for _, v := range []int{i, 0, len(s.data), s.wire} {
			b = le.AppendUint32(b, uint32(v))
		}
		b = append(b, s.data...)
	}
	return b
}
