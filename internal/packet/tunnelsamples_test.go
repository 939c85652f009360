package packet

import (
	"net/netip"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// outer is an IPv4 packet of protocol proto between the ends of a tunnel.
func outer(proto int, parts ...any) []byte {
	return serialize(ip4Layer(layers.IPProtocol(proto), outerB, outerA), gopacket.Payload(join(parts...)))
}

// outerUDP is a UDP datagram between the ends of a tunnel.
func outerUDP(port int, parts ...any) []byte {
	body := join(parts...)
	n := len(body) + 8
	return outer(17, 0xc0, 1, port>>8, port&0xff, n>>8, n&0xff, 0, 0, body)
}

func between(kind string, a, b netip.Addr) string {
	return kind + " between " + a.String() + " and " + b.String()
}

func linkSamples() []sample {
	macs := serialize(ethernetLayer(0))[:12]
	ether := func(parts ...any) []byte { return join(macs, join(parts...)) }
	label := func(n uint32, bottom bool) *layers.MPLS {
		return &layers.MPLS{Label: n, StackBottom: bottom, TTL: 64}
	}
	labels := serialize(label(16, false), label(1048575, true))
	pppoe := func(body []byte) []byte { return ether(0x88, 0x64, 0x11, 0, 0, 7, 0, byte3(len(body)), body, 0, 0, 0) }
	mac4 := join(0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, frame4()[6:]) // looks like IPv4 at first
	pktap := func(link int, body []byte) []byte {
		return join(108, 0, 0, 0, 1, 0, 0, 0, link, 0, 0, 0, make([]byte, 96), body)
	}
	tlv := func(typ int, value []byte) []byte {
		n := len(value) + 4
		return join(n&0xff, n>>8, typ, 0, value, make([]byte, -n&3))
	}
	return []sample{
		{name: "mpls", link: linkEthernet, data: ether(0x88, 0x47, labels, packet4())},
		{name: "mpls upstream ipv6", link: linkEthernet, v6: true, data: ether(0x88, 0x48, labels, packet6())},
		{name: "pseudowire", link: linkEthernet, data: ether(0x88, 0x47, labels, frame4())},
		{name: "pseudowire, address like ipv4", link: linkEthernet, data: ether(0x88, 0x47, labels, mac4)},
		{name: "pseudowire, address like a control word", link: linkEthernet,
			data: ether(0x88, 0x47, labels, 0, 0x50, frame4()[2:])},
		{name: "pseudowire with control word", link: linkEthernet, zone: "vlan 3",
			data: ether(0x88, 0x47, labels, 0, 0, 0, 9, ether(0x81, 0, 0, 3, 8, 0, packet4()))},
		{name: "mpls link", link: linkMPLS, data: join(labels, packet4())},
		{name: "pppoe", link: linkEthernet, data: pppoe(join(0, 0x21, packet4()))},
		{name: "pppoe ipv6 compressed", link: linkEthernet, v6: true, data: pppoe(join(0x57, packet6()))},
		{name: "pppoe link", link: linkPPPEther, data: pppoe(join(0, 0x21, packet4()))[14:]},
		{name: "ppp", link: linkPPP, data: serialize(&layers.PPP{PPPType: layers.PPPTypeIPv4}, gopacket.Payload(packet4()))},
		{name: "ppp with address", link: linkPPP, v6: true, data: join(0xff, 3, 0, 0x57, packet6())},
		{name: "ppp mpls", link: linkPPP, data: join(2, 0x81, labels, packet4())},
		{name: "ppp serial", link: linkPPPSerial, data: join(0xff, 3, 0, 0x21, packet4())},
		{name: "cisco hdlc as ppp", link: linkPPPSerial, data: join(0x0f, 0, 8, 0, packet4())},
		{name: "cisco hdlc", link: linkCHDLC, v6: true, data: join(0x8f, 0, 0x86, 0xdd, packet6())},
		{name: "pppd", link: linkPPPD, data: join(1, 3, 0, 0x21, packet4())},
		{name: "ppp with direction", link: linkPPPWithDir, data: join(1, 0xff, 3, 0, 0x21, packet4())},
		{name: "fddi", link: linkFDDI, data: join(0x50, macs, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0, packet4())},
		{name: "backbone", link: linkEthernet, zone: "i-sid 70000 in vlan 8",
			data: ether(0x88, 0xa8, 0, 8, 0x88, 0xe7, 0x20, 1, 0x11, 0x70, frame4())},
		{name: "cisco metadata", link: linkEthernet, data: ether(0x89, 0x09, 1, 1, 0, 1, 0, 5, 8, 0, packet4())},
		{name: "vn-tag", link: linkEthernet, data: ether(0x89, 0x26, 0, 0, 0, 0, 8, 0, packet4())},
		{name: "hsr", link: linkEthernet, data: ether(0x89, 0x2f, 0, 60, 0, 1, 8, 0, packet4())},
		{name: "e-tag", link: linkEthernet, data: ether(0x89, 0x3f, 0, 0, 0, 0, 0, 0, 8, 0, packet4())},
		{name: "r-tag", link: linkEthernet, data: ether(0xf1, 0xc1, 0, 0, 0, 1, 8, 0, packet4())},
		{name: "macsec without encryption", link: linkEthernet,
			data: ether(0x88, 0xe5, 0, 0, 0, 0, 0, 1, 8, 0, packet4(), make([]byte, 16))},
		{name: "macsec with channel", link: linkEthernet,
			data: ether(0x88, 0xe5, 0x20, 0, 0, 0, 0, 1, make([]byte, 8), 8, 0, packet4(), make([]byte, 16))},
		{name: "ppi", link: linkPPI, data: join(0, 0, 12, 0, 1, 0, 0, 0, 9, 9, 9, 9, frame4())},
		{name: "pktap", link: linkPKTAP, data: pktap(1, frame4())},
		{name: "pktap of user2", link: linkUser2, data: pktap(0, join(30, 0, 0, 0, packet6())), v6: true},
		{name: "enc", link: linkEnc, data: join(0, 0, 0, 2, make([]byte, 8), packet4())},
		{name: "pflog", link: linkPflog, data: join(61, 24, make([]byte, 62), packet6()), v6: true},
		{name: "nflog", link: linkNFLog, data: join(2, 0, 0, 1, tlv(1, make([]byte, 4)), tlv(10, []byte("web\x00")), tlv(9, packet4()))},
		{name: "nflog big-endian", link: linkNFLog, v6: true,
			data: join(10, 0, 0, 1, 0, 8, 0, 1, 0, 0, 0, 0, 0, byte3(len(packet6())+4), 0, 9, packet6())},
		{name: "netanalyzer", link: linkNetAnalyzer, data: join(0, 0, 0, 0, frame4(), make([]byte, 4))},
		{name: "broadcom tag", link: linkBRCM, data: ether(0x20, 0, 0, 1, 8, 0, packet4())},
		{name: "broadcom tag before", link: linkBRCMPrepend, data: join(0x20, 0, 0, 1, frame4())},
		{name: "marvell tag", link: linkDSA, data: ether(0xc0, 8, 0, 0, 0, byte3(len(packet4())+8), 0xaa, 0xaa, 3, 0, 0, 0, 8, 0, packet4(), "pad")},
		{name: "marvell ethertype tag", link: linkEDSA, data: ether(0xda, 0xda, 0, 0, 0xc0, 8, 0, 0, 8, 0, packet4())},
	}
}

func tunnelSamples() []sample {
	gre := between("gre", outerA, outerB)
	inIP := between("ip", outerA, outerB)
	outer6 := ip6Layer(layers.IPProtocolIPv4, outerB6, outerA6)
	return []sample{
		{name: "ipip", link: linkRaw, zone: inIP, data: outer(4, packet4())},
		{name: "6in4", link: linkRaw, zone: inIP, data: outer(41, packet6()), v6: true},
		{name: "4in6", link: linkRaw, zone: between("ip", outerA6, outerB6), data: serialize(outer6, gopacket.Payload(packet4()))},
		{name: "etherip", link: linkRaw, zone: inIP, data: outer(97, 0x30, 0, frame4())},
		{name: "ethernet in ip", link: linkRaw, zone: inIP, data: outer(143, frame4())},
		{name: "mpls in ip", link: linkRaw, zone: inIP, data: outer(137, 0, 1, 1, 64, packet4())},
		{name: "authentication header", link: linkRaw, zone: inIP, data: outer(51, 4, 4, make([]byte, 22), packet4())},
		{name: "gre", link: linkRaw, zone: gre,
			data: serialize(ip4Layer(47, outerA, outerB), &layers.GRE{Protocol: layers.EthernetTypeIPv4}, gopacket.Payload(packet4()))},
		{name: "gre with all fields", link: linkRaw, zone: gre, v6: true,
			data: serialize(ip4Layer(47, outerA, outerB), &layers.GRE{Protocol: layers.EthernetTypeIPv6,
				ChecksumPresent: true, KeyPresent: true, Key: 5, SeqPresent: true, Seq: 6}, gopacket.Payload(packet6()))},
		{name: "nvgre", link: linkRaw, zone: "vlan 4 in " + gre,
			data: outer(47, 0x20, 0, 0x65, 0x58, 0, 0, 7, 0, make([]byte, 12), 0x81, 0, 0, 4, 8, 0, packet4())},
		{name: "gre mpls", link: linkRaw, zone: gre, data: outer(47, 0, 0, 0x88, 0x47, 0, 1, 1, 64, packet4())},
		{name: "pptp", link: linkRaw, zone: gre,
			data: outer(47, 0x30, 0x81, 0x88, 0x0b, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 3, 0, 0x21, packet4())},
		{name: "wccp", link: linkRaw, zone: gre, data: outer(47, 0, 0, 0x88, 0x3e, 0, 1, 2, 3, packet4())},
		{name: "wccp version 1", link: linkRaw, zone: gre, data: outer(47, 0, 0, 0x88, 0x3e, packet4())},
		{name: "erspan i", link: linkRaw, data: outer(47, 0, 0, 0x88, 0xbe, frame4())},
		{name: "erspan ii", link: linkRaw, data: outer(47, 0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 1, 0, 0, 0, 0, 0, 0, frame4())},
		{name: "erspan iii", link: linkRaw, data: outer(47, 0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, make([]byte, 11), frame4())},
		{name: "erspan iii with subheader", link: linkRaw,
			data: outer(47, 0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, make([]byte, 10), 1, make([]byte, 8), frame4())},
		{name: "ipip in gre", link: linkRaw, zone: between("ip", client4, server4) + " in " + gre,
			data: outer(47, 0, 0, 8, 0, serialize(ip4Layer(4, client4, server4), gopacket.Payload(packet4())))},
	}
}

func udpSamples() []sample {
	vxlan := &layers.VXLAN{ValidIDFlag: true, VNI: 42}
	tagged := serialize(ethernetLayer(layers.EthernetTypeDot1Q), &layers.Dot1Q{VLANIdentifier: 7, Type: layers.EthernetTypeIPv4},
		gopacket.Payload(outerUDP(4789, serialize(vxlan, gopacket.Payload(frame4())))))
	gtp := func(parts ...any) []byte { return outerUDP(2152, parts...) }
	inGTP := between("gtp", outerA, outerB)
	inL2TP := between("l2tp", outerA, outerB)
	inTeredo := between("teredo", outerA, outerB)
	return []sample{
		{name: "vxlan", link: linkEthernet, zone: between("vxlan 42", outerA, outerB) + " in vlan 7", data: tagged},
		{name: "vxlan of linux, vni 0", link: linkRaw, zone: between("vxlan 0", outerA, outerB),
			data: outerUDP(8472, 8, 0, 0, 0, 0, 0, 0, 0, frame4())},
		{name: "vxlan gpe ipv4", link: linkRaw, zone: between("vxlan 1", outerA, outerB), data: outerUDP(4790, 0xc, 0, 0, 1, 0, 0, 1, 0, packet4())},
		{name: "vxlan gpe ipv6", link: linkRaw, zone: between("vxlan 1", outerA, outerB), v6: true,
			data: outerUDP(4790, 0xc, 0, 0, 2, 0, 0, 1, 0, packet6())},
		{name: "vxlan gpe ethernet", link: linkRaw, zone: between("vxlan 1", outerA, outerB), data: outerUDP(4790, 0xc, 0, 0, 3, 0, 0, 1, 0, frame4())},
		{name: "vxlan gpe mpls", link: linkRaw, zone: between("vxlan 1", outerA, outerB),
			data: outerUDP(4790, 0xc, 0, 0, 5, 0, 0, 1, 0, 0, 1, 1, 64, packet4())},
		{name: "geneve", link: linkRaw, zone: between("geneve 16777215", outerA, outerB),
			data: outerUDP(6081, 0, 0, 0x65, 0x58, 0xff, 0xff, 0xff, 0, frame4())},
		{name: "geneve with options", link: linkRaw, zone: between("geneve 2", outerA, outerB), v6: true,
			data: outerUDP(6081, 2, 0, 0x86, 0xdd, 0, 0, 2, 0, 1, 2, 3, 1, 0, 0, 0, 0, packet6())},
		{name: "gtp", link: linkRaw, zone: inGTP, data: gtp(0x30, 0xff, 0, byte3(len(packet4())), 1, 2, 3, 4, packet4(), "padding")},
		{name: "gtp with sequence number", link: linkRaw, zone: inGTP, v6: true,
			data: gtp(0x32, 0xff, 0, byte3(len(packet6())+4), 1, 2, 3, 4, 0, 1, 0, 0, packet6())},
		{name: "gtp with extensions", link: linkRaw, zone: inGTP,
			data: gtp(0x34, 0xff, 0, byte3(len(packet4())+16), 1, 2, 3, 4, 0, 0, 0, 0x85, 1, 0, 9, 0xc0, 2, 0, 0, 0, 0, 0, 0, 0, packet4())},
		{name: "l2tp", link: linkRaw, zone: inL2TP, data: outerUDP(1701, 0, 2, 0, 1, 0, 2, 0xff, 3, 0, 0x21, packet4())},
		{name: "l2tp with all fields", link: linkRaw, zone: inL2TP, v6: true,
			data: outerUDP(1701, 0x4a, 2, 0, 200, 0, 1, 0, 2, 0, 3, 0, 4, 0, 2, 9, 9, 0, 0x57, packet6())},
		{name: "mpls in udp", link: linkRaw, zone: between("mpls", outerA, outerB), data: outerUDP(6635, 0, 1, 1, 64, packet4())},
		{name: "teredo", link: linkRaw, zone: inTeredo, v6: true, data: outerUDP(3544, packet6())},
		{name: "teredo with indicators", link: linkRaw, zone: inTeredo, v6: true,
			data: outerUDP(3544, 0, 1, 1, 2, make([]byte, 12), 0, 0, make([]byte, 6), packet6())},
		{name: "tzsp", link: linkRaw, data: outerUDP(37008, 1, 0, 0, 1, 0, 10, 1, 0xff, 1, frame4())},
		{name: "tzsp of 802.11", link: linkRaw, data: outerUDP(37008, 1, 0, 0, 0x12, 1, wifiFrame(8, 0), packet4())},
	}
}

// wifiFrame is the head of an 802.11 data frame, up to the EtherType of IPv4.
func wifiFrame(fc0, fc1 int, parts ...any) []byte {
	return join(fc0, fc1, make([]byte, 22), join(parts...), 0xaa, 0xaa, 3, 0, 0, 0, 8, 0)
}

func wifiSamples() []sample {
	snap := join(0xaa, 0xaa, 3, 0, 0, 0, 8, 0)
	msdu := join(make([]byte, 13), byte3(len(packet4())+8), snap, packet4())
	radiotap := func(flags int) []byte { return join(0, 0, 17, 0, 3, 0, 0, 0, make([]byte, 8), flags) }
	return []sample{
		{name: "802.11", link: linkWifi, data: join(wifiFrame(8, 1), packet4(), "fcs!")},
		{name: "802.11 four addresses", link: linkWifi, data: join(wifiFrame(8, 3, make([]byte, 6)), packet4(), "fcs!")},
		{name: "802.11 qos", link: linkWifi, data: join(wifiFrame(0x88, 2, 0, 0), packet4(), "fcs!")},
		{name: "802.11 qos with ht control", link: linkWifi, data: join(wifiFrame(0x88, 0x80, 0, 0, 1, 2, 3, 4), packet4(), "fcs!")},
		{name: "802.11 decrypted", link: linkWifi, data: join(wifiFrame(8, 0x40), packet4())},
		{name: "802.11 decrypted ccmp", link: linkWifi, data: join(wifiFrame(0x88, 0x40, 0, 0, make([]byte, 8)), packet4(), make([]byte, 8))},
		{name: "802.11 a-msdu of one", link: linkWifi, data: join(0x88, 0, make([]byte, 22), 0x80, 0, msdu, "fcs!")},
		{name: "radiotap", link: linkRadiotap, data: join(radiotap(0x10), wifiFrame(8, 1), packet4(), "fcs!")},
		{name: "radiotap padded", link: linkRadiotap, data: join(radiotap(0x20), wifiFrame(0x88, 1, 0, 0, 0, 0), packet4())},
		{name: "radiotap without flags", link: linkRadiotap, data: join(0, 0, 9, 0, 4, 0, 0, 0, 2, wifiFrame(8, 1), packet4())},
		{name: "radiotap of two words", link: linkRadiotap,
			data: join(0, 0, 13, 0, 2, 0, 0, 0x80, 0, 0, 0, 0, 0x20, wifiFrame(0x88, 1, 0, 0, 0, 0), packet4())},
		{name: "radiotap in sll", link: linkSLL, data: join(0, 0, 3, 0x23, make([]byte, 12), 0, 0, 8, 0, 0, 0, 0, 0, wifiFrame(8, 1), packet4())},
		{name: "prism", link: linkPrism, data: join(0x44, 0, 0, 0, 144, 0, 0, 0, make([]byte, 136), wifiFrame(8, 1), packet4(), "fcs!")},
		{name: "avs as prism", link: linkPrism, data: join(0x80, 0x21, 0x10, 1, 0, 0, 0, 64, make([]byte, 56), wifiFrame(8, 1), packet4())},
		{name: "avs", link: linkAVS, data: join(0x80, 0x21, 0x10, 2, 0, 0, 0, 64, make([]byte, 56), wifiFrame(8, 1), packet4())},
		{name: "ppi of 802.11", link: linkPPI, data: join(0, 0, 8, 0, 105, 0, 0, 0, wifiFrame(8, 1), packet4())},
	}
}
