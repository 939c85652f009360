package filter

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"golang.org/x/net/bpf"
)

// agrees runs a program in the machine of x/net/bpf too, which knows no length but that of
// the data.
func agrees(t *testing.T, name string, p *Program, data []byte) {
	t.Helper()
	code, ok := bpf.Disassemble(p.Instructions())
	if !ok {
		t.Fatalf("%s: instructions that are none", name)
	}
	vm, err := bpf.NewVM(code)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	n, err := vm.Run(data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if got, want := p.Match(data, len(data)), n != 0; got != want {
		t.Fatalf("%s: %v, the machine says %v\npacket % x\nprogram %v", name, got, want, data, code)
	}
}

// needsMachine skips a test of any program on any packet where the machine of x/net/bpf
// cannot run it: it counts in ints, and panics over an index that is above 2 GiB.
func needsMachine(t testing.TB) {
	t.Helper()
	if strconv.IntSize < 64 {
		t.Skip("the machine of x/net/bpf panics over large indices where an int has 32 bits")
	}
}

func TestMachine(t *testing.T) {
	needsMachine(t)
	for _, link := range testedLinks {
		all := samples(link)
		for _, expr := range expressions() {
			e, err := Parse(expr)
			if err != nil {
				continue
			}
			p, err := e.Compile(link, 0)
			if err != nil {
				continue
			}
			for i := 0; i < len(all); i += 7 {
				agrees(t, fmt.Sprintf("%q on link type %d, %s", expr, link, all[i].name), p, all[i].data)
			}
		}
	}
}

// Jumps of conditions reach 255 instructions; longer ones need others on their way.
func TestLongJumps(t *testing.T) {
	for _, n := range []int{10, 60, 100, 126, 127, 128, 129, 250, 600} {
		p := program(t, manyPorts(n), Config{Link: linkEthernet})
		if got := len(p.Instructions()); n >= 126 && got < 255 {
			t.Fatalf("%d ports in %d instructions", n, got)
		}
		for port := range 2*n + 3 {
			data := append(linkHeaders[linkEthernet](0, carried{typ: etherIP}), ipv4(6, hostA, hostB, 0, 0, tcp(port, 60000, 2, 0))...)
			if got, want := p.Match(data, len(data)), port%2 == 1 && port < 2*n; got != want {
				t.Fatalf("%d ports, port %d: %v", n, port, got)
			}
			agrees(t, fmt.Sprintf("%d ports, port %d", n, port), p, data)
		}
	}
}

func TestSnaplen(t *testing.T) {
	for snaplen, want := range map[int]uint32{0: 0xFFFFFFFF, -1: 0xFFFFFFFF, 96: 96, 262144: 262144} {
		for _, expr := range []string{"", "ip", "not ip"} {
			code, _ := bpf.Disassemble(program(t, expr, Config{Link: linkEthernet, Snaplen: snaplen}).Instructions())
			found := false
			for _, i := range code {
				found = found || i == bpf.RetConstant{Val: want}
			}
			if !found {
				t.Errorf("%q with snap length %d returns no %d: %v", expr, snaplen, want, code)
			}
		}
	}
}

func TestAllocs(t *testing.T) {
	all := samples(linkEthernet)
	for _, expr := range append(benchmarked, "(ip[2:2] - tcp[12]) % 7 > len / 3 or vlan") {
		p := program(t, expr, Config{Link: linkEthernet})
		matches := 0
		allocs := testing.AllocsPerRun(10, func() {
			for _, s := range all {
				if p.Match(s.data, s.wire) {
					matches++
				}
			}
		})
		if allocs != 0 || matches == 0 || matches == 11*len(all) {
			t.Errorf("%q: %v allocations, %d matches", expr, allocs, matches)
		}
	}
}

// A program has 16 memory cells. Whichever side is the larger one, chains need few.
func TestMemory(t *testing.T) {
	left, right := "ip[ip[0]]", "ip[ip[0]]"
	tree := "ip[ip[0]]"
	for n := range 150 {
		left = fmt.Sprintf("(%s) - ip[ip[%d]]", left, n%20)
		right = fmt.Sprintf("ip[ip[%d]] - (%s)", n%20, right)
		if n < 4 {
			tree = fmt.Sprintf("((%s) ^ (%s + ip[ip[%d]]))", tree, tree, n)
		}
	}
	data := append(linkHeaders[linkEthernet](0, carried{typ: etherIP}), ipv4(17, hostA, hostB, 0, 0, udp(7, 9, 200))...)
	for _, number := range []string{left, right, tree} {
		for k := range 256 {
			p := program(t, fmt.Sprintf("(%s) & 0xff = %d", number, k), Config{Link: linkEthernet})
			agrees(t, number[:20], p, data)
		}
	}
}

// The canonical form of an expression is that expression.
func TestString(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	all := expressions()
	for range 500 {
		all = append(all, writer{r}.expr(3))
	}
	packets := samples(linkEthernet)
	for _, expr := range all {
		e, err := Parse(expr)
		if err != nil {
			continue
		}
		again, err := Parse(e.String())
		if err != nil || again.String() != e.String() {
			t.Errorf("%q is %q, which is %v, %v", expr, e, again, err)
			continue
		}
		p, err := e.Compile(linkEthernet, 0)
		q, errAgain := again.Compile(linkEthernet, 0)
		if (err == nil) != (errAgain == nil) {
			t.Errorf("%q: %v, but %q: %v", expr, err, e, errAgain)
		}
		for i := 0; err == nil && i < len(packets); i += 5 {
			if s := packets[i]; p.Match(s.data, s.wire) != q.Match(s.data, s.wire) {
				t.Errorf("%q and %q differ in %s", expr, e, s.name)
				break
			}
		}
	}
}
