package capture

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/gopacket/pcapgo"
)

// written is a file with these packets, on interfaces by their index.
func written(t testing.TB, packets []copied, on []Interface, known int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b, on[:known]...)
	for _, p := range packets {
		if err := w.Write(&Packet{Time: p.time, Length: p.length, Data: []byte(p.data)}, on[p.iface]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if w.Size() != int64(b.Len()) {
		t.Errorf("size %d of %d bytes", w.Size(), b.Len())
	}
	return b.Bytes()
}

// What is written is read as it was.
func TestWriter(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	on := []Interface{{"eth0", 1}, {"", 101}, {"an odd name é", 276}, {"eth0", 101}}
	packets := make([]copied, 2000)
	for i := range packets {
		k := uint32(r.IntN(len(on)))
		data := strings.Repeat(string(rune('a'+i%26)), r.IntN(3000))
		packets[i] = copied{
			time: start + r.Int64N(1e18), length: uint32(len(data) + r.IntN(2)*1000),
			link: on[k].LinkType, iface: k, data: data,
		}
	}
	packets[0].time, packets[1].time = 0, 1
	for known := range on {
		b := written(t, packets, on, known)
		rd := New(Stream("-", bytes.NewReader(b)))
		got, errs := readAll(t, rd)
		if len(errs) > 0 {
			t.Fatalf("seed %d: %v", seed, errs)
		}
		want := packets
		if known == 0 { // numbered as they come
			for i := range got {
				got[i].iface = want[i].iface
			}
		}
		if known == len(on)-1 {
			compare(t, got, want)
		}
		for i := range got {
			got[i].iface = want[i].iface
		}
		compare(t, got, want)
		if n := len(rd.Interfaces()); n != 3 {
			t.Errorf("%d interfaces have names, want 3", n)
		}
	}
}

// Others read it too.
func TestWriterForOthers(t *testing.T) {
	packets := traffic(50)
	b := written(t, packets, []Interface{{"eth0", 1}}, 1)
	r, err := pcapgo.NewNgReader(bytes.NewReader(b), pcapgo.DefaultNgReaderOptions)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for ; ; n++ {
		data, info, err := r.ReadPacketData()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if string(data) != packets[n].data || info.Timestamp.UnixNano() != packets[n].time {
			t.Errorf("packet %d differs", n)
		}
	}
	if n != len(packets) {
		t.Errorf("%d packets", n)
	}

	cmd := exec.Command("tshark", "-r", "-", "-T", "fields", "-e", "frame.number", "-e", "frame.interface_name", "-e", "frame.time_epoch")
	cmd.Stdin = bytes.NewReader(b)
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("no tshark")
	}
	if want := "2\teth0\t1714979289.003456000\n"; err != nil || !strings.Contains(string(out), want) {
		t.Errorf("%v: no %q in %s", err, want, out)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWriterError(t *testing.T) {
	w := NewWriter(brokenWriter{})
	if err := w.Write(&Packet{}, Interface{}); err != nil {
		t.Errorf("the error came before its time: %v", err)
	}
	for range 2 {
		if err := w.Flush(); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("got %v", err)
		}
	}
	if err := w.Write(&Packet{}, Interface{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

func TestWriterAllocations(t *testing.T) {
	w := NewWriter(io.Discard)
	p := &Packet{Time: start, Data: make([]byte, 1000), Length: 1000}
	on := Interface{"eth0", 1}
	for range 1000 {
		w.Write(p, on)
	}
	before := w.Size()
	if n := testing.AllocsPerRun(1000, func() { w.Write(p, on) }); n != 0 {
		t.Errorf("%v allocations for a packet", n)
	}
	if w.Size()-before != 1001*1032 {
		t.Errorf("%d bytes written", w.Size()-before)
	}
}
