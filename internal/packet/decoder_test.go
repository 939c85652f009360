package packet

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/wsdissect/wsdissect/reassembly"
)

// Each sample is cut at each length: what is left of the payload comes out, and what
// is not is counted, down to the first bytes of the TCP header.
func TestTruncation(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			full, _, _ := decode(s.link, s.data, len(s.data))
			start := bytes.Index(s.data, []byte(samplePayload))
			segments := 0
			for n := range s.data {
				seg, zone, r := decode(s.link, s.data[:n:n], len(s.data))
				if r == Cut && n < start-32+14 { // options end where the payload starts
					continue
				}
				if r != TCP {
					t.Fatalf("cut to %d bytes: reason %v", n, r)
				}
				segments++
				want := samplePayload[:min(max(0, n-start), len(samplePayload))]
				if string(seg.Payload) != want || seg.Missing != len(samplePayload)-len(want) {
					t.Errorf("cut to %d bytes: payload %q missing %d, want %q", n, seg.Payload, seg.Missing, want)
				}
				if seg.Seq != sampleSeq || seg.Src != full.Src || seg.Dst != full.Dst || zone != s.zone || seg.Packet.Len != full.Packet.Len {
					t.Errorf("cut to %d bytes: %+v in %q", n, seg, zone)
				}
			}
			if segments == 0 {
				t.Error("no length gave a segment")
			}
		})
	}
}

// A packet that was this short on the wire already is not Cut; the IP length still
// says what should have been there.
func TestShortOnWire(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			for n := range s.data {
				seg, _, r := decode(s.link, s.data[:n:n], n)
				if r == TCP && (!bytes.HasPrefix([]byte(samplePayload), seg.Payload) || len(seg.Payload)+seg.Missing > len(samplePayload)) {
					t.Errorf("%d bytes: payload %q missing %d", n, seg.Payload, seg.Missing)
				}
			}
			if _, _, r := decode(s.link, nil, 0); r == TCP || r == Cut {
				t.Errorf("nothing: reason %v", r)
			}
		})
	}
}

func TestReasons(t *testing.T) {
	ip := func(proto int) []byte {
		return join(0x45, 0, 0, 28, make([]byte, 5), proto, make([]byte, 10), make([]byte, 8))
	}
	edit := func(b []byte, at, v int) []byte {
		b[at] = byte(v)
		return b
	}
	macs := make([]byte, 12)
	tests := []struct {
		name string
		link uint32
		data []byte
		want Reason
	}{
		{"arp", linkEthernet, join(macs, 8, 6, make([]byte, 46)), ARP},
		{"rarp", linkEthernet, join(macs, 0x80, 0x35, make([]byte, 46)), ARP},
		{"lldp", linkEthernet, join(macs, 0x88, 0xcc, make([]byte, 46)), OtherEtherType},
		{"spanning tree", linkEthernet, join(macs, 0, 38, 0x42, 0x42, 3, make([]byte, 43)), LLC},
		{"cisco snap", linkEthernet, join(macs, 0, 38, 0xaa, 0xaa, 3, 0, 0, 0xc, 1, 0xb, make([]byte, 38)), LLC},
		{"llc information frame", linkEthernet, join(macs, 0, 8, 0xaa, 0xaa, 0, 0, make([]byte, 46)), LLC},
		{"between length and ethertype", linkEthernet, join(macs, 5, 0xff, make([]byte, 46)), OtherEtherType},
		{"short ethernet", linkEthernet, macs, BadLink},
		{"short vlan", linkEthernet, join(macs, 0x81, 0, 0), BadLink},
		{"short snap", linkEthernet, join(macs, 0, 5, 0xaa, 0xaa, 3, 0, 0, make([]byte, 41)), BadLink},
		{"endless tags", linkEthernet, join(macs, bytes.Repeat([]byte{0x81, 0, 0, 1}, 30), 8, 0, packet4()), TooDeep},
		{"netlink", linkSLL, join(0, 0, 3, 0x38, make([]byte, 10), 0, 0, packet4()), OtherEtherType},
		{"appletalk", linkNull, join(16, 0, 0, 0, packet4()), OtherFamily},
		{"udp", linkRaw, ip(17), UDP},
		{"icmp", linkRaw, ip(1), ICMP},
		{"icmpv6", linkRaw, extended(58), ICMP},
		{"sctp", linkRaw, ip(132), SCTP},
		{"esp", linkRaw, ip(50), ESP},
		{"ospf", linkRaw, ip(89), OtherIP},
		{"no next header", linkRaw, extended(59), OtherIP},
		{"ipv5", linkRaw, edit(packet4(), 0, 0x55), BadIP},
		{"ipv4 in ipv6", linkIPv6, packet4(), BadIP},
		{"ipv6 in ipv4", linkIPv4, packet6(), BadIP},
		{"ihl 4", linkRaw, edit(packet4(), 0, 0x44), BadIP},
		{"total below header", linkRaw, edit(edit(packet4(), 0, 0x4f), 3, 59), BadIP},
		{"total without tcp header", linkRaw, edit(packet4(), 3, 39), BadTCP},
		{"data offset 4", linkRaw, edit(packet4(), 32, 0x40), BadTCP},
		{"data offset behind end", linkRaw, edit(packet4(), 32, 0xf0), BadTCP},
		{"extension behind end", linkRaw, extended(60, 6, 9, make([]byte, 6)), BadIP},
		{"extension chain", linkRaw, extended(60, bytes.Repeat([]byte{60, 0, 0, 0, 0, 0, 0, 0}, 40)), TooDeep},
		{"pppoe discovery", linkEthernet, join(macs, 0x88, 0x63, 0x11, 9, make([]byte, 44)), PPPOther},
		{"pppoe of another version", linkEthernet, join(macs, 0x88, 0x64, 0x21, 0, make([]byte, 44)), BadLink},
		{"pppoe not of a session", linkEthernet, join(macs, 0x88, 0x64, 0x11, 9, make([]byte, 44)), PPPOther},
		{"lcp", linkPPP, join(0xff, 3, 0xc0, 0x21, make([]byte, 8)), PPPOther},
		{"slarp", linkCHDLC, join(0x8f, 0, 0x80, 0x35, make([]byte, 18)), ARP},
		{"associated channel", linkMPLS, join(0, 0, 0xd1, 1, 0x10, 0, 0, 7, make([]byte, 20)), OtherEtherType},
		{"short label stack", linkMPLS, join(0, 1, 0, 64, 0, 1), BadLink},
		{"macsec", linkEthernet, join(macs, 0x88, 0xe5, 0x2c, 0, make([]byte, 46)), MACsec},
		{"gre with routing", linkRaw, outer(47, 0x40, 0, 8, 0, 0, 0, 0, 0, packet4()), BadTunnel},
		{"gre version 2", linkRaw, outer(47, 0, 2, 8, 0, packet4()), BadTunnel},
		{"gre without payload", linkRaw, outer(47, 0x20, 0x81, 0x88, 0x0b, 0, 0, 0, 9, 0, 0, 0, 2), PPPOther},
		{"short gre", linkRaw, outer(47, 0x20, 0, 8, 0, 1), BadTunnel},
		{"dns in gre", linkRaw, outer(47, 0, 0, 8, 0, ip(17)), UDP},
		{"arp in vxlan", linkRaw, outerUDP(4789, 8, 0, 0, 0, 0, 0, 1, 0, macs, 8, 6, make([]byte, 28)), ARP},
		{"vxlan without vni", linkRaw, outerUDP(4789, 0, 0, 0, 0, 0, 0, 1, 0, frame4()), UDP},
		{"geneve version 1", linkRaw, outerUDP(6081, 0x40, 0, 8, 0, 0, 0, 1, 0, packet4()), UDP},
		{"gtp echo", linkRaw, outerUDP(2152, 0x32, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0), UDP},
		{"gtp extension of no length", linkRaw, outerUDP(2152, 0x34, 0xff, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0), UDP},
		{"l2tp control", linkRaw, outerUDP(1701, 0xc8, 2, 0, 12, make([]byte, 8)), UDP},
		{"teredo bubble", linkRaw, outerUDP(3544, serialize(ip6Layer(59, client6, server6))), OtherIP},
		{"teredo of nothing", linkRaw, outerUDP(3544, "HELLO"), UDP},
		{"tzsp keep-alive", linkRaw, outerUDP(37008, 1, 4, 0, 0), UDP},
		{"short udp", linkRaw, outer(17, 1, 2, 3), UDP},
		{"ip in ip in ip", linkRaw, nested(30), TooDeep},
		{"802.11 beacon", linkWifi, join(0x80, 0, make([]byte, 40)), WifiOther},
		{"802.11 acknowledgment", linkWifi, join(0xd4, 0, make([]byte, 8)), WifiOther},
		{"802.11 null", linkWifi, join(0x48, 1, make([]byte, 22)), WifiOther},
		{"802.11 later fragment", linkWifi, join(8, 1, make([]byte, 20), 1, 0, packet4()), WifiOther},
		{"802.11 version 1", linkWifi, join(wifiFrame(9, 1), packet4()), BadLink},
		{"802.11 encrypted", linkWifi, join(8, 0x41, make([]byte, 22), "encrypted bytes, not LLC"), WifiEncrypted},
		{"802.11 short and encrypted", linkWifi, join(8, 0x41, make([]byte, 22), "short"), WifiEncrypted},
		{"802.11 a-msdu of two", linkWifi, join(0x88, 0, make([]byte, 22), 0x80, 0,
			bytes.Repeat(join(make([]byte, 13), 40, make([]byte, 42)), 2)), WifiAggregate},
		{"radiotap with bad fcs", linkRadiotap, join(0, 0, 9, 0, 2, 0, 0, 0, 0x50, wifiFrame(8, 1), packet4()), BadLink},
		{"radiotap shorter than itself", linkRadiotap, join(0, 0, 7, 0, 0, 0, 0, 0, wifiFrame(8, 1), packet4()), BadLink},
		{"radiotap of endless words", linkRadiotap, join(0, 0, 12, 0, 0, 0, 0, 0x80, 0, 0, 0, 0x80, make([]byte, 24)), WifiOther},
		{"pktap without packet", linkPKTAP, join(108, 0, 0, 0, 0, 0, 0, 0, 1, make([]byte, 200)), BadLink},
		{"user2 that is not pktap", linkUser2, frame4(), BadLink},
		{"ppi in ppi", linkPPI, bytes.Repeat([]byte{0, 0, 8, 0, 192, 0, 0, 0}, 40), TooDeep},
		{"nflog without payload", linkNFLog, join(2, 0, 0, 1, 8, 0, 1, 0, 0, 0, 0, 0), BadLink},
		{"nflog attribute of no length", linkNFLog, join(2, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0), BadLink},
		{"unknown link", 147, packet4(), UnknownLink},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, _, r := decode(test.link, test.data, len(test.data)); r != test.want {
				t.Errorf("reason %v, want %v", r, test.want)
			}
		})
	}
}

// nested is packet4 in n tunnels of IP in IP.
func nested(n int) []byte {
	b := packet4()
	for range n {
		b = outer(4, b)
	}
	return b
}

func TestReasonNames(t *testing.T) {
	seen := make(map[string]bool)
	for r := range Reason(NumReasons) {
		if s := r.String(); s == "" || s == "unknown" || seen[s] {
			t.Errorf("reason %d is %q", r, s)
		}
		seen[r.String()] = true
	}
	if s := Reason(NumReasons).String(); s != "unknown" {
		t.Errorf("a reason that is none is %q", s)
	}
}

// Lengths that the header leaves out or that exceed the packet.
func TestLengths(t *testing.T) {
	long := make([]byte, 200_000)
	big4 := packet4()[:52]
	big4[2], big4[3] = 0, 0
	hopByHop := func(tail []byte, header ...any) []byte {
		b := extended(0, header...)
		b[4], b[5] = 0, 0
		return join(b[:len(b)-len(samplePayload)], tail)
	}
	jumbo := func(n uint32, tail []byte) []byte {
		return hopByHop(tail, 6, 0, 0xc2, 4, binary.BigEndian.AppendUint32(nil, n))
	}
	tests := []struct {
		name    string
		data    []byte
		orig    int
		payload int
		missing int
	}{
		{"big tcp ipv4", join(big4, long), 52 + 200_000, 200_000, 0},
		{"big tcp ipv4, cut", join(big4, long[:100]), 52 + 200_000, 100, 199_900},
		{"original length is nonsense", join(big4, long[:100]), 1 << 30, 100, 0},
		{"original length is too small", join(big4, long[:100]), 10, 100, 0},
		{"jumbo", jumbo(8+32+200_000, long), 80 + 200_000, 200_000, 0},
		{"jumbo, cut", jumbo(8+32+200_000, long[:100]), 80 + 200_000, 100, 199_900},
		{"jumbo, padded", jumbo(8+32+100_000, long), 80 + 200_000, 100_000, 0},
		{"jumbo of 4 GiB", jumbo(0xffffffff, long[:100]), 180, 100, 0},
		{"jumbo behind other options", hopByHop(long, 6, 1, 0, 5, 2, 0, 0, 0xc2, 4, 0, 1, 0, 48, 0, 0, 0), 88 + 200_000, 65536, 0},
		{"other options alone", hopByHop(long, 6, 0, 5, 2, 0, 0, 0, 0), 80 + 200_000, 200_000, 0},
		{"option behind the end", hopByHop(long, 6, 0, 5, 9, 0, 0, 0, 0), 80 + 200_000, 200_000, 0},
		{"jumbo option of no use", jumbo(100, long), 80 + 200_000, 200_000, 0},
		{"longer than on the wire", packet4()[:60], 60, 8, len(samplePayload) - 8},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			seg, _, r := decode(linkRaw, test.data, test.orig)
			if r != TCP || len(seg.Payload) != test.payload || seg.Missing != test.missing {
				t.Errorf("reason %v, payload %d, missing %d; want %d and %d", r, len(seg.Payload), seg.Missing, test.payload, test.missing)
			}
			if int(seg.Packet.Len) != test.payload+test.missing {
				t.Errorf("length %d", seg.Packet.Len)
			}
		})
	}
}

func TestLinkName(t *testing.T) {
	for link, want := range map[uint32]string{1: "ETHERNET", 276: "LINUX_SLL2", 101: "RAW", 999: "999"} {
		if got := LinkName(link); got != want {
			t.Errorf("link type %d is %q, want %q", link, got, want)
		}
	}
	for _, s := range samples() {
		if n := LinkName(s.link); n == fmt.Sprint(s.link) {
			t.Errorf("link type %s is decoded and has no name", n)
		}
	}
}

func TestDecodeDoesNotAllocate(t *testing.T) {
	names := map[string]bool{"ethernet ipv4": true, "vlan ipv6": true, "sll2 ipv4": true, "qinq": true,
		"vxlan": true, "gre": true, "gtp with extensions": true, "pppoe": true, "radiotap": true}
	for _, s := range samples() {
		if !names[s.name] {
			continue
		}
		delete(names, s.name)
		t.Run(s.name, func(t *testing.T) {
			d := NewDecoder()
			var seg reassembly.Segment
			got := 0
			allocs := testing.AllocsPerRun(100, func() {
				if d.Decode(s.link, s.data, len(s.data), &seg) == TCP {
					got += len(seg.Payload)
				}
			})
			if allocs != 0 || got != 101*len(samplePayload) {
				t.Errorf("%v allocations, %d bytes of payload", allocs, got)
			}
		})
	}
	if len(names) > 0 {
		t.Errorf("no samples %v", names)
	}
}

// FuzzDecode decodes each input twice with one Decoder, the second time as if the
// snap length had cut it, so that fragments meet.
func FuzzDecode(f *testing.F) {
	for _, s := range samples() {
		f.Add(s.link, s.data, len(s.data), uint16(60))
	}
	f.Fuzz(func(t *testing.T, link uint32, data []byte, orig int, cut uint16) {
		d := NewDecoder()
		before := bytes.Clone(data)
		short := data[:min(len(data), int(cut))]
		for _, b := range [][]byte{data, short[:len(short):len(short)]} {
			var seg reassembly.Segment
			r := d.Decode(link, b, orig, &seg)
			if r >= NumReasons {
				t.Fatalf("reason %d", r)
			}
			if r == TCP {
				checkSegment(t, &seg, b, orig)
				if d.Fragments().Completed == 0 && !bytes.Contains(b, seg.Payload) {
					t.Error("payload is not in the packet")
				}
			}
			if seg.Zone != 0 && r == TCP && d.Zone(seg.Zone) == "" {
				t.Errorf("zone %d has no name", seg.Zone)
			}
		}
		if !bytes.Equal(data, before) {
			t.Error("data was changed")
		}
	})
}

// checkSegment checks what holds for each segment of a packet b.
func checkSegment(t *testing.T, seg *reassembly.Segment, b []byte, orig int) {
	t.Helper()
	length := len(seg.Payload) + seg.Missing
	if seg.Missing < 0 || length > max(0xffff, len(b), min(orig, maxWire)) {
		t.Errorf("payload %d, missing %d", len(seg.Payload), seg.Missing)
	}
	if int(seg.Packet.Len) != length {
		t.Errorf("packet length %d, not %d", seg.Packet.Len, length)
	}
	if !seg.Src.Addr().IsValid() || seg.Src.Addr().Is4() != seg.Dst.Addr().Is4() {
		t.Errorf("from %v to %v", seg.Src, seg.Dst)
	}
}

func BenchmarkDecode(b *testing.B) {
	names := map[string]bool{"ethernet ipv4": true, "vlan ipv6": true, "sll2 ipv4": true, "qinq": true, "raw ipv6": true, "vxlan": true, "radiotap": true}
	for _, s := range samples() {
		if !names[s.name] {
			continue
		}
		b.Run(s.name, func(b *testing.B) {
			d := NewDecoder()
			var seg reassembly.Segment
			for b.Loop() {
				if d.Decode(s.link, s.data, len(s.data), &seg) != TCP {
					b.Fatal("no segment")
				}
			}
		})
	}
}
