package filter

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// writer makes random expressions: mostly valid ones, about addresses, ports and fields
// that the samples have.
type writer struct{ *rand.Rand }

func (w writer) one(of ...string) string { return of[w.IntN(len(of))] }

func (w writer) space() string { return w.one(" ", " ", " ", "  ", "\t") }

// expr is an expression of some conditions.
func (w writer) expr(depth int) string {
	s := w.term(depth)
	for range w.IntN(3) {
		s += w.space() + w.one("and", "or", "and", "or", "&&", "||") + w.space()
		if w.IntN(6) == 0 {
			s += w.one("", "not ") + w.anyValue()
		} else {
			s += w.term(depth)
		}
	}
	return s
}

func (w writer) term(depth int) string {
	switch n := w.IntN(20); {
	case n < 2 && depth > 0:
		return "(" + w.expr(depth-1) + ")"
	case n < 4 && depth > 0:
		return w.one("not ", "!", "! ") + w.term(depth-1)
	case n < 8:
		return w.qualified()
	case n < 12:
		return w.relation(2)
	case n < 16:
		return w.one("ip", "ip6", "arp", "rarp", "tcp", "udp", "sctp", "icmp", "icmp6", "igmp",
			"vlan", "vlan 5", "vlan 6", "mpls", "mpls 1024", "pppoes", "pppoes 0x27", "pppoed",
			"ah", "esp", "pim", "vrrp", "carp", "igrp", "atalk", "ipx", "stp", "iso", "decnet",
			"broadcast", "multicast", "ip multicast", "ip6 multicast", "ip broadcast",
			"ether broadcast", "ether multicast", "inbound", "outbound", "tcp", "ip", "ip6", "udp")
	}
	return w.one("less ", "greater ") + w.one("60", "100", "54", "1000", "0", "14")
}

func (w writer) qualified() string {
	dir := w.one("", "", "src ", "dst ", "src or dst ", "src and dst ", "dst or src ", "dst and src ")
	switch w.IntN(8) {
	case 0, 1:
		return w.one("", "", "ip ", "arp ", "rarp ", "ip6 ") + dir + "host " + w.list(w.host)
	case 2:
		return w.one("", "", "ip ", "arp ", "ip6 ") + dir + "net " + w.list(w.net)
	case 3, 4:
		return w.one("", "", "tcp ", "udp ", "sctp ", "tcp ", "ip ") + dir + "port " + w.list(w.port)
	case 5:
		return w.one("", "tcp ", "udp ", "sctp ") + dir + "portrange " + w.portrange()
	case 6:
		return w.one("ether ", "ether ", "link ", "wlan ") + dir + w.one("host ", "") + w.mac()
	}
	return w.one("ip proto ", "ip6 proto ", "proto ", "ether proto ") + w.proto()
}

func (w writer) list(value func() string) string {
	switch w.IntN(8) {
	case 0:
		return "(" + value() + " or " + value() + ")"
	case 1:
		return value() + " or " + value()
	case 2:
		return "not " + value()
	case 3:
		return "(" + value() + " and not (" + value() + " or " + value() + "))"
	}
	return value()
}

func (w writer) anyValue() string {
	return []func() string{w.host, w.net, w.port, w.port, w.mac}[w.IntN(5)]()
}

func (w writer) host() string {
	return w.one(hostA, hostB, hostC, hostD, hostE, "8.8.8.8", "0.0.0.0", "::1", "::", "ff02::fb",
		"10.1", "172.16.5", "5", "10", "255.255.255.255", "2001:db8:1::5", "10.1.2.0/24")
}

func (w writer) net() string {
	return w.one("10", "10.1", "10.1.2", hostA, "192.168.0.0/16", "192.168/16", "10.0.0.0/8",
		"10.1.2.3/32", "0.0.0.0/0", "172.16.0.0 mask 255.240.0.0", "172.16 mask 255.255.0.0",
		"2001:db8::/32", "fe80::/10", "ff00::/8", "::/0", "::1/128", "0", "167772160", "5",
		"10.1.2.3/24", "224.0.0.0/4", "10.1.2.0 mask 255.255.254", "2001:db8::/33", "2001:db8::/64")
}

func (w writer) port() string {
	return w.one("80", "443", "53", "8080", "22", "http", "domain", "ssh", "https", "5353", "0",
		"65535", "0x50", "040", "2905", "40000", "ntp", "http-alt", "mdns")
}

func (w writer) portrange() string {
	return w.one("0-65535", "80-443", "443-80", "80", "http", "http-https", "53-80", "1-1023",
		"5000-6000", "domain-http", "0x10-0x60", "040-0100", "65535-65535", "http-443")
}

func (w writer) mac() string {
	return w.one("02:00:00:00:00:01", "2:0:0:0:0:2", "aa-bb-cc-dd-ee-ff", "0200.0000.0001",
		"aabbccddeeff", "ff:ff:ff:ff:ff:ff", "01.00.5e.00.00.fb")
}

func (w writer) proto() string {
	return w.one("6", "17", `\tcp`, `\udp`, "1", "58", "44", "0x800", `\arp`, `\ip`, `\ip6`, "gre",
		"ospf", "0", "5", "0x42", "0xfe", "0xe0", "0x86dd", "2048", "132", "50")
}

var relops = []string{"=", "==", "!=", "<", ">", "<=", ">="}

func (w writer) relation(depth int) string {
	if w.IntN(3) == 0 {
		return w.one("tcp[tcpflags] & tcp-syn != 0", "tcp[13] & 2 != 0", "tcp[13] == 2",
			"ip[0] & 0xf != 5", "ip[6:2] & 0x1fff = 0", "icmp[icmptype] = icmp-echo",
			"icmp6[icmp6type] = 128", "ether[0] & 1 = 0", "ip[8] < 65", "ip[2:2] > 100",
			"tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", "(ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2) != 0",
			"udp[0:2] = 53", "ip6[6] = 6", "arp[6:2] = 1", "ether[12:2] = 0x800", "len > 100")
	}
	return w.number(depth) + w.one("", " ") + relops[w.IntN(len(relops))] + w.one("", " ") + w.number(depth)
}

func (w writer) number(depth int) string {
	n := w.IntN(10)
	switch {
	case n < 3 || depth == 0:
		return w.one("0", "1", "2", "5", "6", "0x0f", "80", "255", "0xffff", "100", "14", "20", "tcp-syn", "icmp-echo")
	case n < 4:
		return "len"
	case n < 8:
		size := w.one("", "", ":1", ":2", ":4")
		index := w.one("0", "1", "2", "6", "8", "9", "12", "13", "16", "20", "40")
		if w.IntN(5) == 0 {
			index = w.number(depth - 1)
		}
		return fmt.Sprintf("%s[%s%s]", w.one("ether", "ip", "ip6", "tcp", "udp", "icmp", "icmp6", "arp", "link", "igmp", "sctp", "vrrp", "ip", "tcp", "rarp"), index, size)
	case n < 9:
		return "(" + w.number(depth-1) + " " + w.op() + " " + w.number(depth-1) + ")"
	}
	return w.one("", "", "", "- ") + w.number(depth-1) + " " + w.op() + " " + w.number(depth-1)
}

func (w writer) op() string {
	return w.one("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "&", "+", "-")
}

// spoil leaves out, doubles or exchanges a word now and then.
func (w writer) spoil(s string) string {
	words := strings.Fields(s)
	i := w.IntN(len(words))
	switch w.IntN(3) {
	case 0:
		words[i] = ""
	case 1:
		words[i] += " " + words[i]
	case 2:
		j := w.IntN(len(words))
		words[i], words[j] = words[j], words[i]
	}
	return strings.Join(words, " ")
}
