package filter

import (
	"slices"
	"strings"
	"testing"
)

func TestPorts(t *testing.T) {
	kept := []string{"syn", "data", "options", "most options", "first fragment", "later fragment",
		"last fragment", "same port", "syn6", "data6", "fragment6", "later fragment6",
		"hop by hop", "destination options", "routing", "ah6"}
	left := []string{"fin", "rst", "dns", "udp 80", "sctp", "ping", "tcp6 443", "dns6", "ping6", "arp", "unknown", "no next"}
	for _, link := range []uint32{linkEthernet, linkRaw, linkSLL, linkSLL2, linkNull, linkLoop, linkPPP} {
		p, err := Ports(link, []uint16{80, 9999, 80})
		if err != nil {
			t.Fatal(err)
		}
		want := func(name string) (yes, no bool) {
			for _, before := range []string{"", "vlan 5 ", "vlan 6 ", "qinq 100 ", "qinq 9100 ", "vlan 3 deep "} {
				bare, ok := strings.CutPrefix(name, before)
				if ok && (before == "" || link == linkEthernet || link == linkSLL || link == linkSLL2) {
					yes = yes || slices.Contains(kept, bare)
					no = no || slices.Contains(left, bare)
				}
			}
			return yes, no
		}
		matches, misses := 0, 0
		for _, s := range samples(link) {
			if s.cut() || s.isLinuxIPv6(link) {
				continue
			}
			yes, no := want(s.name)
			switch got := p.Match(s.data, s.wire); {
			case yes && !got:
				t.Errorf("link type %d misses %s", link, s.name)
			case no && got:
				t.Errorf("link type %d keeps %s", link, s.name)
			case yes:
				matches++
			case no:
				misses++
			}
		}
		if matches == 0 || misses == 0 {
			t.Errorf("link type %d: %d matches, %d misses", link, matches, misses)
		}
	}
}

// isLinuxIPv6 reports whether the address family is that of IPv6 on Linux, where there are no
// BSD loopbacks; tcpdump does not know it there.
func (s sample) isLinuxIPv6(link uint32) bool {
	return link == linkNull && s.data[0] == 10 || link == linkLoop && s.data[3] == 10
}

func TestPortsAndExpression(t *testing.T) {
	all := samples(linkEthernet)
	for _, expr := range []string{"", "host 10.1.2.3", "vlan 5 and ip", "vlan or mpls", "not ip6"} {
		alone := program(t, expr, Config{Link: linkEthernet})
		both := program(t, expr, Config{Link: linkEthernet, Ports: []uint16{80, 443}})
		ports, err := Ports(linkEthernet, []uint16{443, 80})
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, s := range all {
			if s.cut() {
				continue
			}
			want := alone.Match(s.data, s.wire) && ports.Match(s.data, s.wire)
			if both.Match(s.data, s.wire) != want {
				t.Errorf("%q: %s is not %v", expr, s.name, want)
			}
			if want {
				found++
			}
		}
		if found == 0 {
			t.Errorf("%q matches nothing", expr)
		}
	}
}

// cut reports whether bytes of the packet's headers are missing.
func (s sample) cut() bool { return strings.HasSuffix(s.name, " bytes") }
