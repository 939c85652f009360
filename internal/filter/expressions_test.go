package filter

import (
	_ "embed"
	"fmt"
	"strings"
)

// written are expressions of every primitive and habit of the language, one on each line.
//
//go:embed testdata/expressions.txt
var written string

// crossed are expressions put together of parts that have no say in each other.
func crossed() []string {
	var all []string
	for _, proto := range []string{"", "ip ", "ip6 ", "arp ", "tcp ", "udp ", "sctp "} {
		for _, dir := range []string{"", "src ", "dst ", "src or dst ", "src and dst "} {
			for _, v := range []string{"host " + hostA, "host " + hostD, "net 10.1", "net 2001:db8::/32", "port 80", "portrange 80-443"} {
				all = append(all, proto+dir+v)
			}
		}
	}
	conds := []string{"tcp", "port 80", "host " + hostA, "ip6", "len > 100", "vlan", "tcp[13] = 2"}
	for i, a := range conds {
		for _, b := range conds[i+1:] {
			for _, f := range []string{"%s and %s", "%s or not %s", "not (%s and %s)", "not (%s or %s)"} {
				all = append(all, fmt.Sprintf(f, a, b))
			}
		}
	}
	return all
}

func expressions() []string {
	all := strings.Split(strings.TrimSpace(written), "\n")
	return append(all, crossed()...)
}
