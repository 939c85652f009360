package pipeline

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"slices"
	"testing"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/reassembly"
)

const ethernet = 1

// TestAhead reads the same captures ahead and not. What comes back is overwritten.
func TestAhead(t *testing.T) {
	large, small, fragments, mixed := segmentsOf(1500, 1400, 0), segmentsOf(8000, 60, 0), segmentsOf(300, 3000, 1), segmentsOf(100, 60_000, 3)
	damaged := bytes.Clone(mixed)
	for at := 1 << 19; at < len(damaged); at += 1 << 20 {
		copy(damaged[at:], make([]byte, 1000))
	}
	var among []byte
	for i := range 20 {
		among = slices.Concat(among, junk(300<<10+i*1000), segmentsOf(20, 1400, 0))
	}
	for _, c := range []struct {
		name  string
		files [][]byte
	}{
		{"nothing", [][]byte{nil}},
		{"large", [][]byte{large}},
		{"small", [][]byte{small}},
		{"fragments of IP", [][]byte{fragments}},
		{"all sizes", [][]byte{mixed}},
		{"damaged", [][]byte{damaged}},
		{"packets larger than a buffer", [][]byte{slices.Concat(large, junk(600<<10), large, junk(200<<10), junk(5<<20), mixed, large)}},
		{"several", [][]byte{large, nil, small, damaged, fragments, large}},
		{"a large packet before each few", [][]byte{among}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, slow := range []bool{false, true} {
				want := yielded(reader(c.files, slow).Segments())
				a := NewAhead(reader(c.files, slow))
				a.poison = true
				got := yielded(a.Segments())
				if got != want {
					t.Errorf("slow input %t: %d bytes told, want %d, or other ones", slow, len(got), len(want))
				}
			}
		})
	}
}

// TestAheadStops leaves the iteration before its end.
func TestAheadStops(t *testing.T) {
	file := segmentsOf(1500, 1400, 0)
	for _, after := range []int{1, 2, segmentBatch, 1400} {
		n := 0
		for range NewAhead(reader([][]byte{file}, false)).Segments() {
			if n++; n == after {
				break
			}
		}
		if n != after {
			t.Errorf("%d segments, want %d", n, after)
		}
	}
}

// TestAheadLends looks at what is copied, and how much memory all takes.
func TestAheadLends(t *testing.T) {
	for _, c := range []struct {
		name string
		file []byte
		lend bool
	}{
		{"large", segmentsOf(10_000, 1400, 0), true},
		{"small", segmentsOf(10_000, worthLending, 0), false},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		a := NewAhead(reader([][]byte{c.file}, false))
		for range batches {
			a.free <- &segments{}
		}
		go a.read()
		payload, copied := 0, 0
		for b := range a.full {
			copied += len(b.copied)
			for i := range b.list {
				payload += len(b.list[i].Payload)
			}
			a.recycle(b)
		}
		runtime.ReadMemStats(&after)
		if c.lend && copied > payload/10 || !c.lend && copied != payload {
			t.Errorf("%s: %d bytes of %d are copied", c.name, copied, payload)
		}
		if n := after.TotalAlloc - before.TotalAlloc; c.lend && n > uint64(payload)/2 {
			t.Errorf("%s: %d bytes allocated for %d", c.name, n, payload)
		}
	}
}

func TestWithin(t *testing.T) {
	whole := make([]byte, 10, 20)
	for _, c := range []struct {
		name string
		b    []byte
		want bool
	}{
		{"all", whole, true},
		{"begin", whole[:3], true},
		{"end", whole[7:], true},
		{"nothing", whole[4:4], true},
		{"behind it", whole[8:14], false},
		{"elsewhere", make([]byte, 3, 15), false},
		{"elsewhere, with more room", make([]byte, 3, 30), false},
		{"without room", bytes.Clone(whole[:3])[:3:3], false},
	} {
		if got := within(whole, c.b); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

// yielded is all that is yielded, as text.
func yielded(segments func(yield func(*reassembly.Segment, error) bool)) string {
	var b bytes.Buffer
	for s, err := range segments {
		if err != nil {
			fmt.Fprintln(&b, err)
			continue
		}
		fmt.Fprintln(&b, s.Src, s.Dst, s.Seq, s.Flags, s.Packet, len(s.Payload))
		b.Write(s.Payload)
	}
	return b.String()
}

// reader reads files, or streams of little at a time.
func reader(files [][]byte, slow bool) *capture.Reader {
	var inputs []capture.Input
	for i, b := range files {
		var in io.Reader = bytes.NewReader(b)
		if slow {
			in = &trickle{in, rand.New(rand.NewPCG(1, uint64(i)))}
		}
		inputs = append(inputs, capture.Stream(fmt.Sprint("file ", i), in))
	}
	r := capture.New(inputs...)
	r.OnIdle(func(int64) {})
	return r
}

// trickle reads as much at a time as it likes.
type trickle struct {
	io.Reader
	rng *rand.Rand
}

func (r *trickle) Read(b []byte) (int, error) {
	return r.Reader.Read(b[:min(len(b), 1+r.rng.IntN(1<<r.rng.IntN(18)))])
}

// segmentsOf is a capture of segments with up to size bytes of payload each, one in every few
// of them in two fragments of IP; none for 0.
func segmentsOf(n, size, every int) []byte {
	var file bytes.Buffer
	w := capture.NewWriter(&file)
	on := capture.Interface{LinkType: ethernet}
	rng := rand.New(rand.NewPCG(uint64(n), uint64(size)))
	p := wstest.Packet{Src: netip.MustParseAddrPort("10.0.0.1:50000"), Dst: netip.MustParseAddrPort("10.0.0.2:80"), Flags: reassembly.ACK}
	for i := range n {
		p.Time += 1000
		p.ID++
		p.Seq += uint32(len(p.Payload))
		p.FragmentsAllowed = every > 0 && i%every == 0
		p.Payload = make([]byte, rng.IntN(size))
		for j := range p.Payload {
			p.Payload[j] = byte(rng.Uint32())
		}
		whole := p.Bytes()
		parts := [][]byte{whole}
		if p.FragmentsAllowed && len(p.Payload) > 100 {
			parts = twoFragments(whole)
		}
		for _, b := range parts {
			if err := w.Write(&capture.Packet{Time: p.Time, Data: b, Length: uint32(len(b)), LinkType: ethernet}, on); err != nil {
				panic(err)
			}
		}
	}
	if err := w.Flush(); err != nil {
		panic(err)
	}
	return file.Bytes()
}

// junk is a capture of one packet that is nothing.
func junk(size int) []byte {
	var file bytes.Buffer
	w := capture.NewWriter(&file)
	p := capture.Packet{Data: make([]byte, size), Length: uint32(size), LinkType: ethernet}
	if err := errors.Join(w.Write(&p, capture.Interface{LinkType: ethernet}), w.Flush()); err != nil {
		panic(err)
	}
	return file.Bytes()
}

// twoFragments cuts an IPv4 packet in Ethernet.
func twoFragments(whole []byte) [][]byte {
	const headers, first = 34, 64
	fragment := func(from, to int, field uint16) []byte {
		b := append(bytes.Clone(whole[:headers]), whole[from:to]...)
		binary.BigEndian.PutUint16(b[16:], uint16(len(b)-14))
		binary.BigEndian.PutUint16(b[20:], field)
		binary.BigEndian.PutUint16(b[24:], 0)
		binary.BigEndian.PutUint16(b[24:], wstest.Checksum(b[14:headers], 0))
		return b
	}
	return [][]byte{
		fragment(headers, headers+first, 0x2000), // more fragments
		fragment(headers+first, len(whole), first/8),
	}
}
