package packet

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"github.com/wsdissect/wsdissect/reassembly"
)

// oracle decodes a packet with gopacket: the innermost IP and TCP, and the VLANs,
// innermost first. It reports whether there is a TCP segment.
func oracle(link layers.LinkType, data []byte) (seg reassembly.Segment, vlans string, ok bool) {
	p := gopacket.NewPacket(data, link, gopacket.Default) // a copy: layers.RadioTap writes into it
	var src, dst netip.Addr
	var tags []string
	for _, l := range p.Layers() {
		switch l := l.(type) {
		case *layers.Dot1Q:
			tags = append(tags, fmt.Sprintf("vlan %d", l.VLANIdentifier))
		case *layers.IPv4:
			src, _ = netip.AddrFromSlice(l.SrcIP)
			dst, _ = netip.AddrFromSlice(l.DstIP)
		case *layers.IPv6:
			src, _ = netip.AddrFromSlice(l.SrcIP)
			dst, _ = netip.AddrFromSlice(l.DstIP)
		case *layers.TCP:
			seg.Src = netip.AddrPortFrom(src, uint16(l.SrcPort))
			seg.Dst = netip.AddrPortFrom(dst, uint16(l.DstPort))
			seg.Seq, seg.Ack, seg.Window, seg.Payload = l.Seq, l.Ack, l.Window, l.Payload
			for i, set := range [...]bool{l.FIN, l.SYN, l.RST, l.PSH, l.ACK, l.URG} {
				if set {
					seg.Flags |= 1 << i
				}
			}
			ok = true
		}
	}
	slices.Reverse(tags)
	return seg, strings.Join(tags, " in "), ok
}

func sameSegment(a, b *reassembly.Segment) bool {
	return a.Src == b.Src && a.Dst == b.Dst && a.Seq == b.Seq && a.Ack == b.Ack && a.Window == b.Window &&
		a.Flags == b.Flags && string(a.Payload) == string(b.Payload)
}

// Random valid packets of the common path come out as gopacket decodes them.
func TestAgainstLayers(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	g := generator{rand.New(rand.NewPCG(seed, 0))}
	for range 5000 {
		data := g.packet()
		want, vlans, ok := oracle(layers.LinkTypeEthernet, data)
		if !ok {
			t.Fatalf("gopacket finds no TCP in %x", data)
		}
		got, zone, r := decode(linkEthernet, data, len(data))
		if r != TCP || !sameSegment(&got, &want) || got.Missing != 0 {
			t.Fatalf("%x:\nreason %v\ngot  %+v\nwant %+v", data, r, got, want)
		}
		if zone != vlans {
			t.Fatalf("%x: zone %q, want %q", data, zone, vlans)
		}
	}
}

// Where gopacket finds TCP in a sample, it is the same.
func TestSamplesAgainstLayers(t *testing.T) {
	compared := 0
	for _, s := range samples() {
		if s.link > 255 {
			continue // gopacket's link types have 8 bits
		}
		want, _, ok := oracle(layers.LinkType(s.link), s.data)
		if !ok || strings.HasSuffix(s.name, " routing") { // gopacket ignores routing headers
			continue
		}
		compared++
		if got, _, _ := decode(s.link, s.data, len(s.data)); !sameSegment(&got, &want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", s.name, got, want)
		}
	}
	t.Logf("%d of %d samples compared", compared, len(samples()))
	if compared < 40 {
		t.Errorf("only %d samples compared", compared)
	}
}

// generator makes random valid packets.
type generator struct{ *rand.Rand }

func (g generator) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(g.Uint32())
	}
	return b
}

func (g generator) packet() []byte {
	v6 := g.IntN(2) == 0
	typ := layers.EthernetTypeIPv4
	if v6 {
		typ = layers.EthernetTypeIPv6
	}
	var ls []gopacket.SerializableLayer
	for range g.IntN(4) {
		// From the inside out; 0 is no VLAN.
		ls = append(ls, &layers.Dot1Q{VLANIdentifier: uint16(1 + g.IntN(4095)), Priority: uint8(g.IntN(8)), Type: typ})
		typ = [...]layers.EthernetType{layers.EthernetTypeDot1Q, layers.EthernetTypeQinQ}[g.IntN(2)]
	}
	ls = append(ls, ethernetLayer(typ))
	slices.Reverse(ls)
	if v6 {
		ls = append(ls, gopacket.Payload(g.ip6()))
	} else {
		ls = append(ls, gopacket.Payload(g.ip4()))
	}
	return serialize(ls...)
}

func (g generator) ip4() []byte {
	ip := ip4Layer(layers.IPProtocolTCP, netip.AddrFrom4([4]byte(g.bytes(4))), netip.AddrFrom4([4]byte(g.bytes(4))))
	ip.TOS, ip.Id, ip.Flags = uint8(g.Uint32()), uint16(g.Uint32()), layers.IPv4Flag(g.IntN(2))<<1
	for range g.IntN(4) {
		data := g.bytes(1 + g.IntN(7)) // gopacket refuses an option without data
		ip.Options = append(ip.Options, layers.IPv4Option{OptionType: 130, OptionLength: uint8(len(data) + 2), OptionData: data})
	}
	return serialize(ip, g.tcp(ip), gopacket.Payload(g.bytes(g.IntN(100))))
}

func (g generator) ip6() []byte {
	ip := ip6Layer(layers.IPProtocolTCP, netip.AddrFrom16([16]byte(g.bytes(16))), netip.AddrFrom16([16]byte(g.bytes(16))))
	ip.TrafficClass, ip.FlowLabel = uint8(g.Uint32()), g.Uint32()&0xfffff
	segment := serialize(g.tcp(ip), gopacket.Payload(g.bytes(g.IntN(100))))
	next := layers.IPProtocolTCP
	for range g.IntN(3) {
		n := g.IntN(4)
		head := join(int(next), n, 1, n*8+4, make([]byte, n*8+4)) // PadN
		next = layers.IPProtocolIPv6Destination
		segment = join(head, segment)
	}
	if g.IntN(3) == 0 {
		segment = join(int(next), 0, 5, 2, 0, 0, 1, 0, segment) // router alert, PadN
		next = layers.IPProtocolIPv6HopByHop
	}
	ip.NextHeader = next
	return serialize(ip, gopacket.Payload(segment))
}

func (g generator) tcp(ip gopacket.NetworkLayer) *layers.TCP {
	flags := g.Uint32()
	t := &layers.TCP{
		// No ports for which gopacket expects a protocol above TCP.
		SrcPort: layers.TCPPort(20_000 + g.IntN(40_000)), DstPort: layers.TCPPort(20_000 + g.IntN(40_000)),
		Seq: g.Uint32(), Ack: g.Uint32(), Window: uint16(g.Uint32()), Urgent: uint16(g.Uint32()),
		FIN: flags&1 != 0, SYN: flags&2 != 0, RST: flags&4 != 0, PSH: flags&8 != 0, ACK: flags&16 != 0,
		URG: flags&32 != 0, ECE: flags&64 != 0, CWR: flags&128 != 0, NS: flags&256 != 0,
	}
	for range g.IntN(4) {
		data := g.bytes(g.IntN(8))
		t.Options = append(t.Options, layers.TCPOption{OptionType: 253, OptionLength: uint8(len(data) + 2), OptionData: data})
	}
	if err := t.SetNetworkLayerForChecksum(ip); err != nil {
		panic(err)
	}
	return t
}
