package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

// network moves a test to a network of its own, and does commands of ip(8) there. The test
// is skipped where that is not allowed.
func network(t *testing.T, commands ...string) {
	t.Helper()
	wstest.NeedRing(t)
	runtime.LockOSThread() // for good: the thread ends with the goroutine of the test
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Skipf("no network of its own: %v", err)
	}
	for _, c := range append([]string{"link set lo up"}, commands...) {
		ip(t, c)
	}
}

// ip changes the network of this thread.
func ip(t *testing.T, command string) {
	t.Helper()
	out, err := exec.Command("ip", strings.Fields(command)...).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("no ip command")
	}
	if err != nil {
		t.Fatalf("ip %s: %v: %s", command, err, out)
	}
}

// pair are the commands for two interfaces with a wire between them, on which the system
// says nothing by itself.
func pair(a, b string) []string {
	commands := []string{"link add " + a + " type veth peer name " + b}
	for _, name := range []string{a, b} {
		commands = append(commands, "link set "+name+" addrgenmode none", "link set "+name+" up")
	}
	return commands
}

// sender puts frames on the wire.
type sender struct {
	t     *testing.T
	fd    int
	index int
}

func newSender(t *testing.T, name string) *sender {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !carries(name); {
		if time.Now().After(deadline) {
			t.Fatalf("%s does not carry packets", name)
		}
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	index, err := (&socket{fd: fd}).index(name)
	if err != nil || index == 0 {
		t.Fatalf("index of %s: %d, %v", name, index, err)
	}
	return &sender{t, fd, index}
}

// carries reports whether an interface sends what it is given. One that has just been made
// throws packets away, and says nothing, until the system has looked at its carrier.
func carries(name string) bool {
	out, err := exec.Command("ip", "-o", "link", "show", "dev", name).Output()
	return err == nil && strings.Contains(string(out), " state UP") && !strings.Contains(string(out), " qdisc noop ")
}

func (s *sender) send(frame []byte) {
	s.t.Helper()
	for {
		err := unix.Sendto(s.fd, frame, 0, &unix.SockaddrLinklayer{Ifindex: s.index})
		if err == unix.ENOBUFS {
			continue
		}
		if err != nil {
			s.t.Errorf("send: %v", err)
		}
		return
	}
}

// frameOf is an Ethernet frame with a TCP segment to a port, behind VLAN tags.
func frameOf(port uint16, payload string, tags ...uint16) []byte {
	b := []byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}
	for _, tag := range tags {
		b = binary.BigEndian.AppendUint16(b, 0x8100)
		b = binary.BigEndian.AppendUint16(b, tag)
	}
	b = append(b, 0x08, 0x00, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(40+len(payload)))
	b = append(b, 0, 0, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2)
	b = binary.BigEndian.AppendUint16(b, 40000)
	b = binary.BigEndian.AppendUint16(b, port)
	b = append(b, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0)
	return append(b, payload...)
}

// caught is what a capture yielded.
type caught struct {
	data   []string
	lens   []uint32
	names  []string
	times  []int64
	errs   []error
	reader *Reader
}

// catch begins a capture; what it returns ends it and gives all that came. The capture runs
// on another thread, which is in another network: it must not need ours any more.
func catch(t *testing.T, o LiveOptions) (r *Reader, end func() *caught) {
	t.Helper()
	r, err := Live(o)
	if err != nil {
		t.Fatal(err)
	}
	c := &caught{reader: r}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for p, err := range r.Packets() {
			if err != nil {
				c.errs = append(c.errs, err)
				continue
			}
			c.data = append(c.data, string(p.Data))
			c.lens = append(c.lens, p.Length)
			c.names = append(c.names, r.InterfaceName(p.named))
			c.times = append(c.times, p.Time)
		}
	}()
	return r, sync.OnceValue(func() *caught {
		r.Stop()
		<-done
		for _, err := range c.errs {
			t.Errorf("capture: %v", err)
		}
		return c
	})
}

func (c *caught) check(t *testing.T, want ...[]byte) {
	t.Helper()
	if len(c.data) != len(want) {
		t.Fatalf("%d packets, want %d", len(c.data), len(want))
	}
	for i, w := range want {
		if c.data[i] != string(w) {
			t.Errorf("packet %d:\n got %x\nwant %x", i, c.data[i], w)
		}
		if c.lens[i] != uint32(len(w)) {
			t.Errorf("packet %d: length %d, want %d", i, c.lens[i], len(w))
		}
	}
}

func TestLiveFrames(t *testing.T) {
	network(t, pair("wa", "wb")...)
	before := time.Now().UnixNano()
	_, end := catch(t, LiveOptions{Interfaces: []string{"wa"}, Promiscuous: true})
	s := newSender(t, "wb")
	want := [][]byte{
		frameOf(80, "plain"),
		frameOf(80, "tagged", 5),
		frameOf(80, "priority and drop bits", 0xf007),
		frameOf(80, "two tags", 5, 9),
		frameOf(80, strings.Repeat("long ", 280)),
	}
	for _, f := range want {
		s.send(f)
	}
	c := end()
	c.check(t, want...)
	for i, at := range c.times {
		if at < before || at > time.Now().UnixNano() {
			t.Errorf("packet %d at %d, begun at %d", i, at, before)
		}
	}
	if r := c.reader; r.Dropped() != 0 || r.Stats().Packets != int64(len(want)) {
		t.Errorf("%d dropped, stats %+v", r.Dropped(), r.Stats())
	}

}

// What an interface sends is captured too.
func TestLiveOutgoing(t *testing.T) {
	network(t, pair("wa", "wb")...)
	_, end := catch(t, LiveOptions{Interfaces: []string{"wa"}})
	want := frameOf(80, "out", 5)
	newSender(t, "wa").send(want)
	end().check(t, want)

}

func TestLiveSnaplen(t *testing.T) {
	network(t, pair("wa", "wb")...)
	_, end := catch(t, LiveOptions{Interfaces: []string{"wa"}, Snaplen: 60})
	long := frameOf(80, strings.Repeat("x", 100))
	newSender(t, "wb").send(long)
	c := end()
	if len(c.data) != 1 || c.data[0] != string(long[:60]) || c.lens[0] != uint32(len(long)) {
		t.Errorf("got %x, lengths %v", c.data, c.lens)
	}

}

func TestLiveFilters(t *testing.T) {
	one, other := frameOf(80, "80"), frameOf(81, "81")
	tagged, twice, otherTagged := frameOf(80, "tagged", 5), frameOf(80, "twice", 5, 6), frameOf(81, "81", 5)
	var many []uint16
	for port := range uint16(1000) {
		many = append(many, port)
	}
	for _, c := range []struct {
		name   string
		filter string
		ports  []uint16
		want   [][]byte
	}{
		{"ports", "", []uint16{80}, [][]byte{one, tagged, twice}},
		{"port alone means as the kernel sees it", "tcp port 80", nil, [][]byte{one, tagged}},
		{"vlan", "vlan 5 and tcp port 80", nil, [][]byte{tagged}},
		{"both", "vlan", []uint16{80}, [][]byte{tagged, twice}},
		{"length", "greater 59", nil, [][]byte{tagged, twice}},
		{"nothing", "udp", nil, nil},
		{"too many ports", "", many, [][]byte{one, other, tagged, twice, otherTagged}},
		{"too many ports and a filter", "vlan", many, [][]byte{tagged, twice, otherTagged}},
	} {
		for _, interfaces := range [][]string{{"wa"}, {"wa", "lo"}} {
			t.Run(fmt.Sprint(c.name, interfaces), func(t *testing.T) {
				network(t, pair("wa", "wb")...)
				_, end := catch(t, LiveOptions{Interfaces: interfaces, Filter: c.filter, Ports: c.ports})
				s := newSender(t, "wb")
				for _, f := range [][]byte{one, other, tagged, twice, otherTagged} {
					s.send(f)
				}
				end().check(t, c.want...)

			})
		}
	}
}

func TestLiveInterfaces(t *testing.T) {
	a, b, e := frameOf(1, "a"), frameOf(2, "b"), frameOf(3, "e")
	for _, c := range []struct {
		interfaces []string
		data       [][]byte
		names      []string
	}{
		{[]string{"wa", "wc"}, [][]byte{a, b}, []string{"wa", "wc"}},
		{[]string{"wa", "wa"}, [][]byte{a}, []string{"wa"}},
		{[]string{"any"}, [][]byte{a, a, b, b, e, e}, []string{"wb", "wa", "wd", "wc", "wf", "we"}},
		{[]string{"wa", "any"}, [][]byte{a, a, b, b, e, e}, []string{"wb", "wa", "wd", "wc", "wf", "we"}},
	} {
		t.Run(strings.Join(c.interfaces, ","), func(t *testing.T) {
			network(t, slices.Concat(pair("wa", "wb"), pair("wc", "wd"), pair("we", "wf"))...)
			r, end := catch(t, LiveOptions{Interfaces: c.interfaces})
			for _, i := range c.interfaces {
				if known := r.Interfaces(); i != "any" && !slices.Contains(known, Interface{i, linkEthernet}) {
					t.Errorf("%s is not known before its first packet: %v", i, known)
				}
			}
			newSender(t, "wb").send(a)
			newSender(t, "wd").send(b)
			newSender(t, "wf").send(e)
			got := end()
			got.check(t, c.data...)
			if !slices.Equal(got.names, c.names) {
				t.Errorf("interfaces %v, want %v", got.names, c.names)
			}

		})
	}
}

// An interface that is removed and made again is captured from again, without a new socket.
func TestLiveInterfaceComesBack(t *testing.T) {
	for _, interfaces := range [][]string{{"wa"}, {"wa", "lo"}} {
		t.Run(strings.Join(interfaces, ","), func(t *testing.T) {
			network(t, pair("wa", "wb")...)
			notes := make(chan string, 10)
			_, end := catch(t, LiveOptions{Interfaces: interfaces, Note: func(s string) { notes <- s }})
			expect := func(want string) {
				t.Helper()
				select {
				case got := <-notes:
					if got != want {
						t.Errorf("note %q, want %q", got, want)
					}
				case <-time.After(10 * time.Second):
					t.Fatalf("no note %q", want)
				}
			}
			before, again := frameOf(80, "before"), frameOf(80, "again")
			newSender(t, "wb").send(before)
			ip(t, "link set wa down")
			expect("wa is down; waiting for it")
			ip(t, "link set wa up")
			expect("wa is up")
			ip(t, "link del wa")
			expect("wa has gone; waiting for it")
			for _, c := range pair("wa", "wb") {
				ip(t, c)
			}
			expect("wa is back")
			newSender(t, "wb").send(again)
			end().check(t, before, again)

		})
	}
}

// What the kernel has taken before the stop comes to the last packet, and what had no room
// is counted.
func TestLiveCountsEveryPacket(t *testing.T) {
	network(t, pair("wa", "wb")...)
	const sent = 20_000
	payload := strings.Repeat("x", 1000)
	r, err := Live(LiveOptions{Interfaces: []string{"wa"}, Buffer: 1})
	if err != nil {
		t.Fatal(err)
	}
	s := newSender(t, "wb")
	for i := range sent {
		s.send(frameOf(uint16(i), payload))
	}
	r.Stop()
	s.send(frameOf(1, "late"))
	var got, last int64
	for p, err := range r.Packets() {
		if err != nil {
			t.Fatal(err)
		}
		got++
		last = int64(len(p.Data))
	}
	if last != int64(len(frameOf(1, payload))) {
		t.Error("a packet from after the stop came")
	}
	if dropped := r.Dropped(); got+dropped != sent || dropped == 0 || got == 0 {
		t.Errorf("%d packets and %d dropped are not %d", got, dropped, sent)
	}

}

// Few packets that come apart fill as many blocks, not the bytes of a buffer: they wait too.
func TestLiveFewPacketsWait(t *testing.T) {
	network(t, pair("wa", "wb")...)
	const sent = 80
	r, err := Live(LiveOptions{Interfaces: []string{"wa"}})
	if err != nil {
		t.Fatal(err)
	}
	s := newSender(t, "wb")
	for range sent {
		s.send(frameOf(80, "x"))
		time.Sleep(retireMillis * time.Millisecond)
	}
	r.Stop()
	got := 0
	for _, err := range r.Packets() {
		if err != nil {
			t.Fatal(err)
		}
		got++
	}
	if got != sent || r.Dropped() != 0 {
		t.Errorf("%d packets of %d, %d dropped", got, sent, r.Dropped())
	}
}

// The hook is called while nothing comes, with a time that goes on.
func TestLiveIdle(t *testing.T) {
	network(t, pair("wa", "wb")...)
	r, err := Live(LiveOptions{Interfaces: []string{"wa"}})
	if err != nil {
		t.Fatal(err)
	}
	newSender(t, "wb").send(frameOf(80, "x"))
	var first, packet int64
	r.OnIdle(func(now int64) {
		switch {
		case packet == 0:
		case first == 0:
			first = now
		case now > first && now > packet:
			r.Stop()
		}
	})
	for p, err := range r.Packets() {
		if err != nil {
			t.Fatal(err)
		}
		packet = p.Time
	}

}

func TestLiveRefusals(t *testing.T) {
	network(t)
	for _, c := range []struct {
		options LiveOptions
		want    string
	}{
		{LiveOptions{}, "no interface named"},
		{LiveOptions{Interfaces: []string{"wx"}}, "wx: no such interface"},
		{LiveOptions{Interfaces: []string{"a name that is too long"}}, "a name that is too long: no such interface"},
		{LiveOptions{Interfaces: []string{"lo"}, Filter: "tcp prt 80"}, `"prt"`},
	} {
		if _, err := Live(c.options); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want %q", c.options, err, c.want)
		}
	}

}

func TestLiveNeedsPermission(t *testing.T) {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		var none [2]unix.CapUserData
		if err := unix.Capset(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &none[0]); err != nil {
			done <- err
			return
		}
		_, err := Live(LiveOptions{Interfaces: []string{"lo"}})
		done <- err
	}()
	if err := <-done; !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
}

// Reading and handing out a packet allocates nothing.
func TestLiveAllocations(t *testing.T) {
	network(t, pair("wa", "wb")...)
	const each = 50
	r, err := Live(LiveOptions{Interfaces: []string{"wa"}, Filter: "tcp port 80"})
	if err != nil {
		t.Fatal(err)
	}
	c := r.live.(*capturing)
	defer c.close()
	s := newSender(t, "wb")
	frame := frameOf(80, "payload", 5)
	var p Packet
	read := func() {
		for range each {
			s.send(frame)
		}
		for range each {
			if err := c.next(&p); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(p.Data, frame) {
				t.Fatalf("got %x", p.Data)
			}
		}
	}
	read()
	sending := testing.AllocsPerRun(20, func() {
		for range each {
			s.send(frame)
		}
	})
	for range 21 * each {
		if err := c.next(&p); err != nil {
			t.Fatal(err)
		}
	}
	if n := testing.AllocsPerRun(20, read) - sending; n > 2 { // of them some for each block
		t.Errorf("%v allocations for %d packets", n, each)
	}

}
