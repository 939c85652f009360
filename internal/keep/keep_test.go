package keep

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/reassembly"
)

// paper writes down the numbers of packets.
type paper struct {
	numbers []int64
	err     error
}

func (o *paper) Write(p *capture.Packet, _ capture.Interface) error {
	o.numbers = append(o.numbers, p.Number)
	return o.err
}

// feed makes packets of connections, which differ in the client's port.
type feed struct {
	*Keeper
	t      *testing.T
	number int64
	time   int64
	size   int
}

func address(port uint16) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, 1}), port)
}

func conn(port uint16) *reassembly.Conn {
	return reassembly.NewConn(0, address(port), address(80), 0)
}

// packet sends a packet of a connection, from the client if it has flags.
func (f *feed) packet(port uint16, flags reassembly.Flags) {
	f.t.Helper()
	f.number++
	f.time += 1e6
	p := &capture.Packet{Number: f.number, Time: f.time, Data: make([]byte, f.size)}
	s := &reassembly.Segment{Src: address(port), Dst: address(80), Flags: flags}
	if flags == 0 {
		s.Src, s.Dst = s.Dst, s.Src
	}
	if err := f.Packet(p, capture.Interface{}, s); err != nil {
		f.t.Fatal(err)
	}
	clear(p.Data) // the loan is over
}

func (f *feed) expect(o *paper, want ...int64) {
	f.t.Helper()
	if !slices.Equal(o.numbers, want) {
		f.t.Errorf("packets %v, want %v", o.numbers, want)
	}
}

func newFeed(t *testing.T, m Mode, ports func(uint16) bool) (*feed, *paper) {
	o := new(paper)
	return &feed{Keeper: New(m, ports, o), t: t, size: 100}, o
}

func TestModes(t *testing.T) {
	for _, c := range []struct {
		mode Mode
		want []int64
	}{
		{Matched, []int64{1, 2, 4, 5, 6, 7}},
		{All, []int64{1, 2, 3, 4, 5, 6, 7}},
		{WebSocket, []int64{1, 5, 6, 7}},
	} {
		f, o := newFeed(t, c.mode, func(port uint16) bool { return port < 1000 })
		f.packet(1, reassembly.SYN)
		f.packet(2, reassembly.SYN)
		if err := f.Packet(&capture.Packet{Number: 3}, capture.Interface{}, nil); err != nil { // no TCP
			t.Fatal(err)
		}
		f.number = 3
		f.packet(2, 0)
		f.packet(1, 0)
		f.Ignored(conn(2))
		f.Found(conn(1))
		f.packet(1, reassembly.ACK)
		if err := f.Packet(&capture.Packet{Number: 7, Fragment: true}, capture.Interface{}, nil); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		f.expect(o, c.want...)
	}
}

func TestPortsOfOthersAreLeftOut(t *testing.T) {
	f, o := newFeed(t, WebSocket, func(port uint16) bool { return port == 1 })
	f.packet(1, reassembly.SYN)
	f.packet(2, reassembly.SYN)
	f.Found(conn(1))
	f.Found(conn(2))
	f.Close()
	f.expect(o, 1)
}

// What is found waits for what is not known yet, so that the order stays; and no longer.
func TestOrderOfTheCapture(t *testing.T) {
	f, o := newFeed(t, WebSocket, nil)
	f.packet(1, reassembly.SYN)
	f.packet(2, reassembly.SYN)
	f.packet(3, reassembly.SYN)
	f.Found(conn(2))
	f.packet(2, 0)
	f.expect(o)
	f.Ignored(conn(1))
	f.packet(2, 0)
	f.expect(o, 2)
	f.Found(conn(3))
	f.packet(1, 0)
	f.expect(o, 2, 3, 4, 5)
	if f.first != nil || f.last != nil || f.bytes != 0 {
		t.Errorf("%d bytes left", f.bytes)
	}
}

func TestAddressesUsedAgain(t *testing.T) {
	f, o := newFeed(t, WebSocket, nil)
	f.packet(1, reassembly.SYN)
	f.Found(conn(1))
	f.packet(1, reassembly.SYN)
	f.packet(1, 0)
	f.Ignored(conn(1))
	f.packet(1, reassembly.SYN)
	f.Found(conn(1))
	f.Close()
	f.expect(o, 1, 4)
}

func TestLimits(t *testing.T) {
	t.Run("of a connection", func(t *testing.T) {
		f, o := newFeed(t, WebSocket, nil)
		f.size = maxFlowHeld/4 - overhead
		for range 6 {
			f.packet(1, reassembly.ACK)
		}
		f.Found(conn(1))
		f.Close()
		f.expect(o, 3, 4, 5, 6)
		if f.Dropped() != 0 {
			t.Errorf("%d dropped", f.Dropped())
		}
	})
	t.Run("of time", func(t *testing.T) {
		f, o := newFeed(t, WebSocket, nil)
		f.packet(1, reassembly.ACK)
		f.time += maxAge
		f.packet(1, reassembly.ACK)
		f.Found(conn(1))
		f.Close()
		f.expect(o, 2)
	})
	t.Run("of all", func(t *testing.T) {
		f, o := newFeed(t, WebSocket, nil)
		f.size = 100_000
		const n = 2000
		for i := range n {
			f.packet(uint16(i), reassembly.ACK)
			if f.bytes > maxHeld+2*f.size {
				t.Fatalf("%d bytes held", f.bytes)
			}
		}
		for i := range n {
			f.Found(conn(uint16(i)))
		}
		f.Close()
		if got := int64(len(o.numbers)) + f.Dropped(); got != n || f.Dropped() == 0 || o.numbers[len(o.numbers)-1] != n {
			t.Errorf("%d written and %d dropped of %d", len(o.numbers), f.Dropped(), n)
		}
	})
}

// Whatever is decided when, the order stays, what is decided early is right, and nothing is
// left in the end.
func TestRandomDecisions(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	f, o := newFeed(t, WebSocket, nil)
	const ports = 20
	owner := map[int64]uint16{}
	decided := map[uint16]bool{}
	for range 5000 {
		port := uint16(r.IntN(ports) + 100)
		if r.IntN(50) == 0 {
			if _, ok := decided[port]; !ok {
				if decided[port] = port%2 == 0; decided[port] {
					f.Found(conn(port))
				} else {
					f.Ignored(conn(port))
				}
			}
			continue
		}
		f.packet(port, reassembly.ACK)
		owner[f.number] = port
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(o.numbers) || len(o.numbers) < 100 {
		t.Errorf("seed %d: %d packets, sorted %v", seed, len(o.numbers), slices.IsSorted(o.numbers))
	}
	for _, n := range o.numbers {
		if owner[n]%2 != 0 {
			t.Errorf("seed %d: packet %d of connection %d was written", seed, n, owner[n])
		}
	}
	if f.first != nil {
		t.Errorf("seed %d: something is left", seed)
	}
}

func TestErrorSticks(t *testing.T) {
	f, o := newFeed(t, All, nil)
	o.err = errors.New("disk full")
	for range 3 {
		if err := f.Packet(&capture.Packet{}, capture.Interface{}, nil); !errors.Is(err, o.err) {
			t.Errorf("got %v", err)
		}
	}
	if len(o.numbers) != 1 {
		t.Errorf("%d writes", len(o.numbers))
	}
}

func TestParseMode(t *testing.T) {
	for name, want := range map[string]Mode{"matched": Matched, "all": All, "websocket": WebSocket} {
		if got, err := ParseMode(name); got != want || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := ParseMode("x"); err == nil {
		t.Error("x is a mode")
	}
}

func TestFiles(t *testing.T) {
	for _, c := range []struct {
		rot  Rotation
		want string // file names with the packets in them
	}{
		{Rotation{}, "[out.pcapng [1 2 3 4 5 6 7]]"},
		{Rotation{Bytes: 400}, "[out-00001.pcapng [1 2 3] out-00002.pcapng [4 5 6] out-00003.pcapng [7]]"},
		{Rotation{Bytes: 1}, "[out-00001.pcapng [1] out-00002.pcapng [2] out-00003.pcapng [3] out-00004.pcapng [4] out-00005.pcapng [5] out-00006.pcapng [6] out-00007.pcapng [7]]"},
		{Rotation{Seconds: 3}, "[out-00001.pcapng [1 2 3] out-00002.pcapng [4 5 6] out-00003.pcapng [7]]"},
		{Rotation{Seconds: 3, Count: 2}, "[out-00002.pcapng [4 5 6] out-00001.pcapng [7]]"},
	} {
		dir := t.TempDir()
		eth := capture.Interface{Name: "eth0", LinkType: 1}
		f, err := NewFiles(dir+"/out.pcapng", c.rot, func() []capture.Interface { return []capture.Interface{eth} })
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Begin(0, 0); err != nil {
			t.Fatal(err)
		}
		for i := range 7 {
			p := &capture.Packet{Time: int64(i+1) * 1e9, Data: bytes.Repeat([]byte{byte(i + 1)}, 60), Length: 60}
			if err := f.Write(p, eth); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		var got []any
		r := capture.Open(dir)
		last := ""
		for p, err := range r.Packets() {
			if err != nil {
				t.Fatal(err)
			}
			if name := r.Stats().Inputs[p.Input].Name; name != last {
				last = name
				got = append(got, name[len(dir)+1:], []int{})
			}
			list := got[len(got)-1].([]int)
			got[len(got)-1] = append(list, int(p.Data[0]))
		}
		if s := fmt.Sprint(got); s != c.want {
			t.Errorf("%+v:\n got %s\nwant %s", c.rot, s, c.want)
		}
	}
}

// A clock that is set back does not make a file last for the time that it was set.
func TestFilesOfAClockSetBack(t *testing.T) {
	dir := t.TempDir()
	eth := capture.Interface{Name: "eth0", LinkType: 1}
	f, err := NewFiles(dir+"/out.pcapng", Rotation{Seconds: 60}, func() []capture.Interface { return []capture.Interface{eth} })
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Begin(0, 0); err != nil {
		t.Fatal(err)
	}
	for i, second := range []int64{1000, 1059, 990, 10, 69, 70} {
		if err := f.Write(&capture.Packet{Time: second * 1e9, Data: make([]byte, 60), Length: 60}, eth); err != nil {
			t.Fatal(err)
		}
		want := []int{1, 1, 1, 2, 2, 3}[i]
		if names, _ := filepath.Glob(dir + "/*"); len(names) != want {
			t.Errorf("at second %d: %d files, want %d", second, len(names), want)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
