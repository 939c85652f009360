package filter

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// attach gives a socket a program.
func attach(fd int, code []bpf.RawInstruction) error {
	raw := make([]unix.SockFilter, len(code))
	for i, c := range code {
		raw[i] = unix.SockFilter{Code: c.Op, Jt: c.Jt, Jf: c.Jf, K: c.K}
	}
	return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
		&unix.SockFprog{Len: uint16(len(raw)), Filter: &raw[0]})
}

// The kernel runs programs on what comes through a pair of sockets too, whatever it is.
func TestKernelRuns(t *testing.T) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Skipf("no sockets: %v", err)
	}
	defer unix.Close(pair[0])
	defer unix.Close(pair[1])
	all := slices.DeleteFunc(samples(linkEthernet), func(s sample) bool { return len(s.data) == 0 })
	buf := make([]byte, 1<<12)
	programs, matches := 0, 0
	for _, expr := range append(expressions(), manyPorts(200)) {
		e, err := Parse(expr)
		if err != nil {
			continue
		}
		p, err := e.Compile(linkEthernet, 0)
		if err != nil {
			continue
		}
		if err := attach(pair[1], p.Instructions()); errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOPROTOOPT) {
			t.Skipf("no filters on sockets: %v", err)
		} else if err != nil {
			t.Errorf("%q: the kernel refuses it: %v", expr, err)
			continue
		}
		programs++
		for i := programs % 5; i < len(all); i += 5 {
			data := all[i].data
			if err := unix.Send(pair[0], data, 0); err != nil {
				t.Fatal(err)
			}
			n, _, err := unix.Recvfrom(pair[1], buf, 0)
			got := err == nil && n == len(data)
			if got != p.Match(data, len(data)) {
				t.Errorf("%q: the kernel says %v of %s", expr, got, all[i].name)
			}
			if got {
				matches++
			}
		}
	}
	if programs < 200 || matches < 10000 {
		t.Errorf("%d programs, %d matches", programs, matches)
	}
}

// namespace puts the test in a network of its own, with a loopback interface, and returns
// that interface.
func namespace(t *testing.T) (index int) {
	t.Helper()
	runtime.LockOSThread() // for good: the thread ends with the test
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Skipf("no network namespace: %v", err)
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		t.Skipf("no socket: %v", err)
	}
	defer unix.Close(fd)
	req, err := unix.NewIfreq("lo")
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlIfreq(fd, unix.SIOCGIFINDEX, req); err != nil {
		t.Skipf("no loopback: %v", err)
	}
	index = int(req.Uint32())
	req.SetUint16(unix.IFF_UP)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, req); err != nil {
		t.Skipf("the loopback stays down: %v", err)
	}
	return index
}

// packetSocket is a socket for all packets of an interface.
func packetSocket(t *testing.T, index int) int {
	t.Helper()
	const allProtocols = 0x0300 // ETH_P_ALL in network byte order
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_NONBLOCK, allProtocols)
	if err != nil {
		t.Skipf("no packet socket: %v", err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: allProtocols, Ifindex: index}); err != nil {
		t.Skipf("no packet socket on the loopback: %v", err)
	}
	return fd
}

// The kernel takes the outer tag of what it receives off. A packet sent to the loopback comes
// twice, as sent, tag and all, and as received.
func TestKernelTags(t *testing.T) {
	index := namespace(t)
	all := samples(linkEthernet)
	tests := []struct {
		name, expr     string
		sent, received bool
	}{
		{"vlan 5 syn", "vlan 5", true, true},
		{"vlan 5 syn", "vlan 6", false, false},
		{"vlan 5 syn", "vlan and tcp port 80", true, true},
		{"vlan 5 syn", "vlan 5 and host 10.1.2.3", true, true},
		{"vlan 5 syn", "not vlan", false, false},
		{"syn", "not vlan", true, true},
		{"syn", "vlan", false, false},
		{"qinq 100 syn", "vlan 100 and vlan 5 and tcp port 80", true, true},
		{"qinq 100 syn", "vlan 5", false, false},
		{"qinq 100 syn", "vlan 100 and tcp", false, false},
		{"vlan 5 syn", "outbound and vlan 5", true, false},
		{"vlan 5 syn", "inbound and vlan 5", false, true},
		{"syn", "inbound", false, true},
		{"syn", fmt.Sprintf("ifindex %d", index), true, true},
		{"syn", fmt.Sprintf("ifindex %d", index+1), false, false},
		{"dns", "udp port 53 or tcp", true, true},
	}
	for _, test := range tests {
		p := program(t, test.expr, Config{Link: linkEthernet, Target: Kernel})
		sent, received := through(t, index, p, find(t, all, test.name))
		if sent != test.sent || received != test.received {
			t.Errorf("%q of %s: sent %v, received %v", test.expr, test.name, sent, received)
		}
	}
	ports, err := Ports(linkEthernet, []uint16{80})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"syn": true, "vlan 5 syn": true, "qinq 100 syn": true, "vlan 3 deep syn": true, "later fragment": true,
		"fin": false, "dns": false, "vlan 5 dns": false,
	} {
		if sent, received := through(t, index, ports, find(t, all, name)); sent != want || received != want {
			t.Errorf("port 80 of %s: sent %v, received %v", name, sent, received)
		}
	}
}

func find(t *testing.T, all []sample, name string) []byte {
	t.Helper()
	i := slices.IndexFunc(all, func(s sample) bool { return s.name == name })
	if i < 0 {
		t.Fatalf("no packet %s", name)
	}
	return all[i].data
}

// through sends a packet and reports which of its two appearances pass the program. A socket
// without one shows when both have been there.
func through(t *testing.T, index int, p *Program, data []byte) (sent, received bool) {
	t.Helper()
	send, receive, witness := packetSocket(t, index), packetSocket(t, index), packetSocket(t, index)
	if err := attach(receive, p.Instructions()); err != nil {
		t.Fatal(err)
	}
	if _, err := unix.Write(send, data); err != nil {
		t.Fatal(err)
	}
	for seen := 0; seen < 2; {
		if !readable(witness, 10*time.Second) {
			t.Skip("the loopback does not hand packets on")
		}
		if _, _, err := unix.Recvfrom(witness, make([]byte, 1<<12), 0); err == nil {
			seen++
		}
	}
	for readable(receive, 20*time.Millisecond) {
		_, from, err := unix.Recvfrom(receive, make([]byte, 1<<12), 0)
		if err != nil {
			t.Fatal(err)
		}
		if from.(*unix.SockaddrLinklayer).Pkttype == outgoing {
			sent = true
		} else {
			received = true
		}
	}
	return sent, received
}

func readable(fd int, within time.Duration) bool {
	n, _ := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(within.Milliseconds()))
	return n > 0
}
