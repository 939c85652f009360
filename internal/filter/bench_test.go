package filter

import (
	"fmt"
	"strings"
	"testing"
)

var benchmarked = []string{"tcp port 80", "port 80 or 443", "host 10.1.2.3 and tcp[13] & 2 != 0", "vlan 5 and tcp port 80"}

func BenchmarkMatch(b *testing.B) {
	all := samples(linkEthernet)
	var packets []sample
	for _, s := range all {
		if len(s.data) == s.wire {
			packets = append(packets, s)
		}
	}
	for _, expr := range benchmarked {
		b.Run(strings.ReplaceAll(expr, " ", "_"), func(b *testing.B) {
			p := program(b, expr, Config{Link: linkEthernet})
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s := &packets[i%len(packets)]
				p.Match(s.data, s.wire)
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("%d_ports", n), func(b *testing.B) {
			expr := manyPorts(n)
			for b.Loop() {
				program(b, expr, Config{Link: linkEthernet})
			}
		})
	}
}

// manyPorts is an expression of n ports.
func manyPorts(n int) string {
	var b strings.Builder
	b.WriteString("tcp port 1")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, " or %d", 2*i+1)
	}
	return b.String()
}

func program(t testing.TB, expr string, conf Config) *Program {
	t.Helper()
	e, err := Parse(expr)
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.Program(conf)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
