package main

import (
	"encoding/binary"
	"net/netip"
	"strings"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

var broadcast = wstest.MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// arp is an ARP packet over Ethernet for IPv4 (RFC 826).
func arp(operation byte, from, to host, target, dst wstest.MAC) []byte {
	b := wstest.AppendEthernet(nil, from.mac, dst, wstest.EtherARP)
	b = append(b, 0, 1, 0x08, 0x00, 6, 4, 0, operation)
	b = append(b, from.mac[:]...)
	b = append(b, from.addr.AsSlice()...)
	b = append(b, target[:]...)
	return append(b, to.addr.AsSlice()...)
}

// askAddress asks for the Ethernet address of to. It came over the wire, padded.
func askAddress(from, to host) []byte {
	return append(arp(1, from, to, wstest.MAC{}, broadcast), make([]byte, 18)...)
}

func tellAddress(from, to host) []byte { return arp(2, from, to, to.mac, to.mac) }

// nameQuery is a NetBIOS name query for the master browser of WORKGROUP (RFC 1002 4.2.12).
func nameQuery(id uint16) []byte {
	b := binary.BigEndian.AppendUint16(nil, id)
	b = append(b, 0x01, 0x10, 0, 1, 0, 0, 0, 0, 0, 0, 32)
	for _, c := range []byte("WORKGROUP      \x1d") {
		b = append(b, 'A'+c>>4, 'A'+c&0xF)
	}
	b = append(b, 0, 0, 0x20, 0, 1)
	ip := wstest.IP{Src: client.addr, Dst: netip.MustParseAddr("192.168.206.255"), ID: id ^ 0x3c55, FragmentsAllowed: true}
	return ip.AppendUDP(nil, client.mac, broadcast, 137, 137, b)
}

// question is a DNS header and its question for an A record (RFC 1035 4.1).
func question(id, flags, answers uint16) []byte {
	b := binary.BigEndian.AppendUint16(nil, id)
	b = binary.BigEndian.AppendUint16(b, flags)
	b = append(b, 0, 1)
	b = binary.BigEndian.AppendUint16(b, answers)
	b = append(b, 0, 0, 0, 0)
	for label := range strings.SplitSeq("ntp.ubuntu.com", ".") {
		b = append(b, byte(len(label)))
		b = append(b, label...)
	}
	return append(b, 0, 0, 1, 0, 1)
}

func lookUp(id, port uint16) []byte {
	ip := wstest.IP{Src: server.addr, Dst: gateway.addr, ID: 0x71d4}
	return ip.AppendUDP(nil, server.mac, gateway.mac, port, 53, question(id, 0x0100, 0))
}

func lookedUp(id, port uint16) []byte {
	addresses := [][4]byte{{91, 189, 94, 4}, {91, 189, 89, 199}}
	b := question(id, 0x8180, uint16(len(addresses)))
	for _, a := range addresses {
		b = append(b, 0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4)
		b = append(b, a[:]...)
	}
	ip := wstest.IP{Src: gateway.addr, Dst: server.addr, ID: 0x0b3e, TTL: 128, FragmentsAllowed: true}
	return ip.AppendUDP(nil, gateway.mac, server.mac, 53, port, b)
}
