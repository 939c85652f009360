package packet

import (
	"net"
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"github.com/wsdissect/wsdissect/reassembly"
)

// sample is a packet that holds a TCP segment, with what is to come out.
type sample struct {
	name string
	link uint32
	data []byte
	zone string
	v6   bool
}

const (
	sampleSeq     = 0x01020304
	sampleAck     = 0xf0e0d0c0
	sampleWindow  = 0x1234
	samplePayload = "GET /chat HTTP/1.1\r\n"
)

var (
	client4 = netip.MustParseAddr("192.0.2.1")
	server4 = netip.MustParseAddr("192.0.2.2")
	client6 = netip.MustParseAddr("2001:db8::1")
	server6 = netip.MustParseAddr("2001:db8::2")
	outerA  = netip.MustParseAddr("198.51.100.1")
	outerB  = netip.MustParseAddr("198.51.100.2")
	outerA6 = netip.MustParseAddr("2001:db8:ffff::1")
	outerB6 = netip.MustParseAddr("2001:db8:ffff::2")

	serializeAll = gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
)

// serialize builds a packet from gopacket layers.
func serialize(ls ...gopacket.SerializableLayer) []byte {
	b := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(b, serializeAll, ls...); err != nil {
		panic(err)
	}
	return append([]byte(nil), b.Bytes()...)
}

// join concatenates bytes, strings and slices of bytes.
func join(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			b = append(b, byte(p))
		case string:
			b = append(b, p...)
		case []byte:
			b = append(b, p...)
		default:
			panic("join: neither byte, string nor slice")
		}
	}
	return b
}

func ethernetLayer(typ layers.EthernetType) *layers.Ethernet {
	return &layers.Ethernet{
		SrcMAC:       net.HardwareAddr{2, 0, 0, 0, 0, 1},
		DstMAC:       net.HardwareAddr{2, 0, 0, 0, 0, 2},
		EthernetType: typ,
	}
}

func ip4Layer(proto layers.IPProtocol, src, dst netip.Addr) *layers.IPv4 {
	return &layers.IPv4{Version: 4, TTL: 64, Id: 7, Protocol: proto, SrcIP: src.AsSlice(), DstIP: dst.AsSlice()}
}

func ip6Layer(next layers.IPProtocol, src, dst netip.Addr) *layers.IPv6 {
	return &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: next, SrcIP: src.AsSlice(), DstIP: dst.AsSlice()}
}

// tcpLayer has options, to have something to skip.
func tcpLayer(ip gopacket.NetworkLayer) *layers.TCP {
	t := &layers.TCP{
		SrcPort: 50000, DstPort: 8080, Seq: sampleSeq, Ack: sampleAck, Window: sampleWindow,
		ACK: true, PSH: true, ECE: true, CWR: true,
		Options: []layers.TCPOption{{OptionType: layers.TCPOptionKindNop}, {OptionType: layers.TCPOptionKindNop},
			{OptionType: layers.TCPOptionKindTimestamps, OptionLength: 10, OptionData: make([]byte, 8)}},
	}
	if err := t.SetNetworkLayerForChecksum(ip); err != nil {
		panic(err)
	}
	return t
}

// packet4 is the IPv4 packet, and packet6 the IPv6 packet, in all samples.
func packet4() []byte {
	ip := ip4Layer(layers.IPProtocolTCP, client4, server4)
	return serialize(ip, tcpLayer(ip), gopacket.Payload(samplePayload))
}

func packet6() []byte {
	ip := ip6Layer(layers.IPProtocolTCP, client6, server6)
	return serialize(ip, tcpLayer(ip), gopacket.Payload(samplePayload))
}

// segment6 is the TCP segment in packet6.
func segment6() []byte { return packet6()[40:] }

func frame4() []byte {
	return serialize(ethernetLayer(layers.EthernetTypeIPv4), gopacket.Payload(packet4()))
}
func frame6() []byte {
	return serialize(ethernetLayer(layers.EthernetTypeIPv6), gopacket.Payload(packet6()))
}

// extended is packet6 with extension headers, of which the first is of type next,
// before TCP.
func extended(next layers.IPProtocol, headers ...any) []byte {
	body := join(join(headers...), segment6())
	return serialize(ip6Layer(next, client6, server6), gopacket.Payload(body))
}

func samples() []sample {
	var s []sample
	s = append(s, ethernetSamples()...)
	s = append(s, cookedSamples()...)
	s = append(s, ipSamples()...)
	s = append(s, linkSamples()...)
	s = append(s, tunnelSamples()...)
	s = append(s, udpSamples()...)
	s = append(s, wifiSamples()...)
	return s
}

func ethernetSamples() []sample {
	dot1q := func(id uint16, typ layers.EthernetType) *layers.Dot1Q {
		return &layers.Dot1Q{VLANIdentifier: id, Priority: 5, Type: typ}
	}
	tag := ethernetLayer(layers.EthernetTypeDot1Q)
	qinq := ethernetLayer(layers.EthernetTypeQinQ)
	macs := serialize(tag)[:12]
	return []sample{
		{name: "ethernet ipv4", link: linkEthernet, data: frame4()},
		{name: "ethernet ipv6", link: linkEthernet, data: frame6(), v6: true},
		{name: "padding", link: linkEthernet, data: join(frame4(), make([]byte, 9))},
		{name: "vlan", link: linkEthernet, zone: "vlan 100",
			data: serialize(tag, dot1q(100, layers.EthernetTypeIPv4), gopacket.Payload(packet4()))},
		{name: "vlan ipv6", link: linkEthernet, zone: "vlan 4095", v6: true,
			data: serialize(tag, dot1q(4095, layers.EthernetTypeIPv6), gopacket.Payload(packet6()))},
		{name: "priority tag", link: linkEthernet,
			data: serialize(tag, dot1q(0, layers.EthernetTypeIPv4), gopacket.Payload(packet4()))},
		{name: "qinq", link: linkEthernet, zone: "vlan 7 in vlan 100",
			data: serialize(qinq, dot1q(100, layers.EthernetTypeDot1Q), dot1q(7, layers.EthernetTypeIPv4), gopacket.Payload(packet4()))},
		{name: "9100, 9200", link: linkEthernet, zone: "vlan 2 in vlan 1",
			data: join(macs, 0x91, 0, 0, 1, 0x92, 0, 0, 2, 0x08, 0, packet4())},
		{name: "802.3 snap", link: linkEthernet,
			data: join(macs, 0, byte3(len(packet4())+8), 0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0, packet4(), "trailer")},
		{name: "802.3 snap in vlan", link: linkEthernet, zone: "vlan 9", v6: true,
			data: join(macs, 0x81, 0, 0, 9, 0, byte3(len(packet6())+8), 0xaa, 0xaa, 3, 0, 0, 0xf8, 0x86, 0xdd, packet6())},
		{name: "802.2 ip", link: linkEthernet,
			data: join(macs, 0, byte3(len(packet4())+3), 6, 6, 3, packet4())},
	}
}

func byte3(n int) int {
	if n > 255 {
		panic("sample too long for one byte")
	}
	return n
}

func cookedSamples() []sample {
	sll := func(typ ...any) []byte { return join(0, 0, 0, 1, 0, 6, make([]byte, 8), join(typ...)) }
	sll2 := func(hi, lo int) []byte { return join(hi, lo, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, make([]byte, 8)) }
	return []sample{
		{name: "sll ipv4", link: linkSLL, data: join(sll(0x08, 0), packet4())},
		{name: "sll ipv6", link: linkSLL, data: join(sll(0x86, 0xdd), packet6()), v6: true},
		{name: "sll vlan", link: linkSLL, zone: "vlan 5", data: join(sll(0x81, 0, 0, 5, 0x08, 0), packet4())},
		{name: "sll llc", link: linkSLL, data: join(sll(0, 4), 0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0, packet4())},
		{name: "sll2 ipv4", link: linkSLL2, data: join(sll2(0x08, 0), packet4())},
		{name: "sll2 ipv6", link: linkSLL2, data: join(sll2(0x86, 0xdd), packet6()), v6: true},
		{name: "null little", link: linkNull, data: join(2, 0, 0, 0, packet4())},
		{name: "null big", link: linkNull, data: join(0, 0, 0, 2, packet4())},
		{name: "null linux", link: linkNull, data: join(10, 0, 0, 0, packet6()), v6: true},
		{name: "null netbsd", link: linkNull, data: join(24, 0, 0, 0, packet6()), v6: true},
		{name: "null freebsd", link: linkNull, data: join(28, 0, 0, 0, packet6()), v6: true},
		{name: "null darwin", link: linkNull, data: join(30, 0, 0, 0, packet6()), v6: true},
		{name: "loop", link: linkLoop, data: join(0, 0, 0, 24, packet6()), v6: true},
		{name: "raw ipv4", link: linkRaw, data: packet4()},
		{name: "raw ipv6", link: linkRaw, data: packet6(), v6: true},
		{name: "raw 12", link: linkRawBSD, data: packet4()},
		{name: "raw 14", link: linkRawOpenBSD, data: packet6(), v6: true},
		{name: "ipv4", link: linkIPv4, data: packet4()},
		{name: "ipv6", link: linkIPv6, data: packet6(), v6: true},
		{name: "rfc 1483", link: linkATM1483, data: join(0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0, packet4())},
	}
}

func ipSamples() []sample {
	options := ip4Layer(layers.IPProtocolTCP, client4, server4)
	options.Options = []layers.IPv4Option{{OptionType: 1}, {OptionType: 7, OptionLength: 7, OptionData: []byte{4, 0, 0, 0, 0}}}
	noLength := packet4()
	noLength[2], noLength[3] = 0, 0
	noLength6 := packet6()
	noLength6[4], noLength6[5] = 0, 0
	badOption := packet4()
	badOption[20+20+1] = 0xff // a NOP becomes an option longer than the header
	server := server6.AsSlice()
	srh := ip6Layer(layers.IPProtocolIPv6Routing, client6, outerB6)
	return []sample{
		{name: "ipv4 options", link: linkRaw, data: serialize(options, tcpLayer(options), gopacket.Payload(samplePayload))},
		{name: "ipv4 without length", link: linkRaw, data: noLength},
		{name: "ipv6 without length", link: linkRaw, data: noLength6, v6: true},
		{name: "malformed tcp option", link: linkRaw, data: badOption},
		{name: "hop by hop", link: linkRaw, v6: true, data: extended(0, 6, 0, 1, 4, 0, 0, 0, 0)},
		{name: "destination, mobility, hip, shim6", link: linkRaw, v6: true,
			data: extended(60, 135, 1, make([]byte, 14), 139, 0, make([]byte, 6), 140, 0, make([]byte, 6), 6, 0, make([]byte, 6))},
		{name: "routing", link: linkRaw, v6: true, data: extended(43, 6, 0, 0, 0, 0, 0, 0, 0)},
		{name: "routing, visited", link: linkRaw, v6: true,
			data: extended(43, 6, 2, 4, 0, 0, 0, 0, 0, outerA6.AsSlice())},
		{name: "segment routing", link: linkRaw, v6: true,
			data: serialize(srh, gopacket.Payload(join(6, 4, 4, 1, 1, 0, 0, 0, server, outerB6.AsSlice(), segment6())))},
		{name: "source routing", link: linkRaw, v6: true,
			data: serialize(srh, gopacket.Payload(join(6, 4, 0, 1, 0, 0, 0, 0, outerB6.AsSlice(), server, segment6())))},
		{name: "authentication", link: linkRaw, v6: true, data: extended(51, 6, 4, make([]byte, 22))},
		{name: "atomic fragment", link: linkRaw, v6: true, data: extended(44, 6, 0, 0, 0, 0, 0, 0, 9)},
	}
}

// decode decodes one packet with a new Decoder.
func decode(link uint32, data []byte, orig int) (seg reassembly.Segment, zone string, r Reason) {
	d := NewDecoder()
	seg.Packet = reassembly.PacketRef{Number: 7, Time: 1e9, Wire: uint32(orig)}
	r = d.Decode(link, data, orig, &seg)
	return seg, d.Zone(seg.Zone), r
}

func TestSamples(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			seg, zone, r := decode(s.link, s.data, len(s.data))
			if r != TCP {
				t.Fatalf("reason %v", r)
			}
			src, dst := client4, server4
			if s.v6 {
				src, dst = client6, server6
			}
			if seg.Src != netip.AddrPortFrom(src, 50000) || seg.Dst != netip.AddrPortFrom(dst, 8080) {
				t.Errorf("from %v to %v", seg.Src, seg.Dst)
			}
			if zone != s.zone || (seg.Zone == 0) != (s.zone == "") {
				t.Errorf("zone %d %q, want %q", seg.Zone, zone, s.zone)
			}
			if seg.Seq != sampleSeq || seg.Ack != sampleAck || seg.Window != sampleWindow || seg.Flags != reassembly.PSH|reassembly.ACK {
				t.Errorf("seq %#x ack %#x window %#x flags %b", seg.Seq, seg.Ack, seg.Window, seg.Flags)
			}
			if string(seg.Payload) != samplePayload || seg.Missing != 0 {
				t.Errorf("payload %q, missing %d", seg.Payload, seg.Missing)
			}
			want := reassembly.PacketRef{Number: 7, Time: 1e9, Wire: uint32(len(s.data)), Len: uint32(len(samplePayload))}
			if seg.Packet != want {
				t.Errorf("packet %+v, want %+v", seg.Packet, want)
			}
		})
	}
}
