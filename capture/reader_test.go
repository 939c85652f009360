package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/iotest"
	"time"
)

// tcpPacket is an Ethernet frame with a TCP segment from 192.0.2.1:1000 to 192.0.2.2:80.
func tcpPacket(payload string) string {
	b := []byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00}
	b = append(b, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(40+len(payload)))
	b = append(b, 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2)
	b = append(b, 0x03, 0xe8, 0, 80, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0)
	return string(b) + payload
}

// tcpTraffic is traffic of which every third packet is no TCP.
func tcpTraffic(n int) []copied {
	packets := traffic(n)
	for i := range packets {
		if i%3 != 2 {
			packets[i].data = tcpPacket(packets[i].data)
			packets[i].length = uint32(len(packets[i].data)) + 4
		}
	}
	return packets
}

func TestSegments(t *testing.T) {
	packets := tcpTraffic(9)
	file := pcapFile{network: 1}.bytes(packets)
	r := New(Stream("a", bytes.NewReader(file)), Stream("b", bytes.NewReader(noise(9))),
		Stream("c", bytes.NewReader(file[:len(file)-1])))
	var numbers []int64
	var errs []error
	for s, err := range r.Segments() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		p := r.Current()
		want := packets[(p.Number-1)%9]
		if string(p.Data) != want.data || p.Time != want.time || p.Length != want.length || p.LinkType != 1 {
			t.Errorf("current packet %+v", p)
		}
		if string(s.Payload) != want.data[54:] || s.Src.String() != "192.0.2.1:1000" || s.Dst.Port() != 80 {
			t.Errorf("segment %+v", s)
		}
		if ref := s.Packet; ref.Number != p.Number || ref.Time != want.time || ref.Wire != want.length ||
			int(ref.Captured) != len(want.data) || int(ref.Len) != len(s.Payload) || ref.Input != p.Input {
			t.Errorf("reference %+v", ref)
		}
		if input := uint16((p.Number - 1) / 9 * 2); p.Input != input {
			t.Errorf("packet %d comes from input %d, want %d", p.Number, p.Input, input)
		}
		numbers = append(numbers, p.Number)
	}
	if want := []int64{1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17}; !slices.Equal(numbers, want) {
		t.Errorf("numbers %v, want %v", numbers, want)
	}
	if len(errs) != 2 || !errors.Is(errs[0], ErrNotCapture) || !errors.Is(errs[1], ErrCut) {
		t.Errorf("errors %v", errs)
	}
	checkStats(t, r.Stats(), packets)
	for range r.Segments() {
		t.Error("a second iteration has segments")
	}
}

// checkStats checks what TestSegments has read.
func checkStats(t *testing.T, s Stats, packets []copied) {
	t.Helper()
	size := 0
	for _, p := range packets {
		size += len(p.data)
	}
	if s.Packets != 17 || s.Bytes != int64(2*size-len(packets[8].data)) || s.Segments != 12 || s.Damaged != 2 {
		t.Errorf("%+v", s)
	}
	if len(s.LeftOut) != 1 || s.LeftOut[0].N != 5 || s.LeftOut[0].Reason == "" {
		t.Errorf("left out: %+v", s.LeftOut)
	}
	if want := []InputStats{{"a", 9}, {"b", 0}, {"c", 8}}; !slices.Equal(s.Inputs, want) || !s.Several() {
		t.Errorf("inputs: %+v", s.Inputs)
	}
	if !slices.Equal(s.LinkTypes, []string{"ETHERNET"}) {
		t.Errorf("link types: %v", s.LinkTypes)
	}
	if len(s.Damages) != 2 || s.Damages[0] != (Damage{"b", 0, `not a capture file (starts with "\x81\xa5\xcb\xef\x95\xb9\xdf\x83")`}) {
		t.Errorf("damages: %+v", s.Damages)
	}
}

// damagedFiles are files with every kind of defect, and whole ones.
func damagedFiles() map[string][]byte {
	files := map[string][]byte{}
	packets := tcpTraffic(60)
	for kind, file := range kinds(packets) {
		files[kind] = file.b
		files[kind+", cut"] = file.b[:len(file.b)-7]
		damaged := bytes.Clone(file.b)
		copy(damaged[file.at[5]:], noise(40))
		copy(damaged[file.at[9]:], make([]byte, 300))
		damaged[file.at[30]+8] ^= 0x80
		damaged[file.at[40]+9] ^= 0x80
		files[kind+", damaged"] = damaged
		files[kind+", behind a section header without a byte order"] =
			append(newBlocks().words(nil, blockSectionHeader, 28, 0x1a2b3c2b), file.b...)
		files[kind+", twice"] = append(bytes.Clone(file.b), file.b...)
	}
	return files
}

// TestReadInvariance reads files in pieces of all sizes: that changes nothing.
func TestReadInvariance(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	cuts := func(b []byte) io.Reader {
		var c inChunks
		for len(b) > 0 {
			n := 1 + rng.IntN(min(len(b), 1<<rng.IntN(10)))
			c.chunks = append(c.chunks, b[:n])
			b = b[n:]
		}
		return &c
	}
	ways := map[string]func(b []byte) io.Reader{
		"bytes":           func(b []byte) io.Reader { return iotest.OneByteReader(bytes.NewReader(b)) },
		"half":            func(b []byte) io.Reader { return iotest.HalfReader(bytes.NewReader(b)) },
		"data with error": func(b []byte) io.Reader { return iotest.DataErrReader(bytes.NewReader(b)) },
		"random":          cuts,
		"random again":    cuts,
	}
	for name, b := range damagedFiles() {
		want, wantErrs := readBytes(t, b)
		for way, read := range ways {
			t.Run(name+"/"+way, func(t *testing.T) {
				got, errs := readAll(t, New(Stream("test", read(b))))
				compare(t, got, want)
				if !slices.EqualFunc(errs, wantErrs, func(a, b error) bool { return a.Error() == b.Error() }) {
					t.Errorf("errors %v, want %v", errs, wantErrs)
				}
			})
		}
	}
}

// strict gives a chunk with each Read, and does not like to be asked for a chunk before
// the packets in those before have been handed out.
type strict struct {
	t     *testing.T
	inner inChunks
	given int
	taken *int
}

func (s *strict) Read(b []byte) (int, error) {
	if *s.taken < s.given-1 { // the first chunk is the file header
		s.t.Errorf("packet %d was held back", s.given-1)
	}
	s.given++
	return s.inner.Read(b)
}

// TestStreaming has packets that come one by one.
func TestStreaming(t *testing.T) {
	packets := tcpTraffic(12)
	for kind, file := range kinds(packets) {
		t.Run(kind, func(t *testing.T) {
			taken := 0
			s := &strict{t: t, taken: &taken}
			s.inner.chunks = append(s.inner.chunks, file.b[:file.at[0]])
			for i := range packets {
				s.inner.chunks = append(s.inner.chunks, file.b[file.at[i]:file.at[i+1]])
			}
			for _, err := range New(Stream("pipe", s)).Packets() {
				if err != nil {
					t.Error(err)
				}
				taken++
			}
			if taken != len(packets) {
				t.Errorf("%d packets", taken)
			}
		})
	}
}

// TestStopping gives up at each packet: the input is closed, and nothing more comes.
func TestStopping(t *testing.T) {
	for kind, file := range kinds(tcpTraffic(5)) {
		for _, c := range []codec{plain, gzipped, zstandard} {
			b := file.b
			if c != plain {
				b = compressed(t, c, b)
			}
			for stop := 1; stop <= 5; stop++ {
				in := closed{bytes.NewReader(b), make(chan struct{})}
				r := New(Input{Name: kind, Open: func() (io.ReadCloser, error) { return in, nil }})
				n := 0
				for range r.Packets() {
					if n++; n == stop {
						break
					}
				}
				<-in.done
				if n != stop || r.Stats().Packets != int64(stop) {
					t.Errorf("%s: %d packets, stopped at %d", kind, n, stop)
				}
			}
		}
	}
}

func TestReadError(t *testing.T) {
	bad := errors.New("bad\nsector")
	file := placePcap(pcapFile{network: 1}, traffic(5))
	for _, n := range []int{0, 20, file.at[0], file.at[3], file.at[3] + 5, file.at[3] + 20} {
		in := io.MultiReader(bytes.NewReader(file.b[:n]), iotest.ErrReader(bad))
		got, errs := readAll(t, New(Stream("disk", in)))
		if n >= file.at[3] {
			compare(t, got, traffic(3))
		}
		if len(errs) != 1 || !errors.Is(errs[0], bad) {
			t.Fatalf("after %d bytes: %v", n, errs)
		}
		var e *Error
		if !errors.As(errs[0], &e) || e.Offset != int64(n) || e.File != "disk" {
			t.Errorf("after %d bytes: %+v", n, e)
		}
	}
	_, errs := readAll(t, New(Stream("disk", iotest.ErrReader(bad))))
	if want := `disk: cannot be read at offset 0, after packet 0: "bad\nsector"`; len(errs) != 1 || errs[0].Error() != want {
		t.Errorf("got  %v\nwant %s", errs, want)
	}
}

func TestSeveralLinkTypes(t *testing.T) {
	p := traffic(3)
	n := newBlocks().section().describe(1, 0).describe(276, 0).describe(9999, 0)
	for i := range 9 {
		p[i%3].iface = uint32(i % 3)
		n.enhanced(1, p[i%3])
	}
	r := New(Stream("test", bytes.NewReader(n.b)))
	if _, errs := readAll(t, r); errs != nil {
		t.Error(errs)
	}
	s := r.Stats()
	if want := []string{"ETHERNET", "LINUX_SLL2", "9999"}; !slices.Equal(s.LinkTypes, want) || s.Several() {
		t.Errorf("%v, want %v", s.LinkTypes, want)
	}
}

// TestDamagesAreBounded has more defects than are kept.
func TestDamagesAreBounded(t *testing.T) {
	b := pcapFile{network: 1}.header()
	packets := traffic(4)
	for range 2 * maxDamages {
		for _, p := range packets {
			b = pcapFile{}.record(b, p)
		}
		b = append(b, noise(40)...)
	}
	r := New(Stream("test", bytes.NewReader(b)))
	packets, errs := readAll(t, r)
	s := r.Stats()
	if len(packets) != 8*maxDamages || len(errs) != 2*maxDamages || s.Damaged != 2*maxDamages || len(s.Damages) != maxDamages {
		t.Errorf("%d packets, %d errors, %d counted, %d kept", len(packets), len(errs), s.Damaged, len(s.Damages))
	}
}

// endless repeats records for ever.
type endless struct {
	header, records []byte
	at              int
}

func (e *endless) Read(b []byte) (int, error) {
	if len(e.header) > 0 {
		n := copy(b, e.header)
		e.header = e.header[n:]
		return n, nil
	}
	n := copy(b, e.records[e.at:])
	e.at = (e.at + n) % len(e.records)
	return n, nil
}

func TestNoAllocations(t *testing.T) {
	const run = 1000
	packets := tcpTraffic(30)
	for kind, file := range kinds(packets) {
		endlessly := func() *Reader {
			return New(Stream("endless", &endless{header: file.b[:file.at[0]], records: file.b[file.at[0]:]}))
		}
		t.Run(kind+"/packets", func(t *testing.T) {
			r := endlessly()
			size := 0
			next, stop := iter.Pull2(r.Packets())
			defer stop()
			work := func() {
				for range run {
					p, err, _ := next()
					if err != nil {
						t.Fatal(err)
					}
					size += len(p.Data)
				}
			}
			if n := testing.AllocsPerRun(20, work); n > 0 {
				t.Errorf("%v allocations for %d packets", n, run)
			}
			if s := r.Stats(); s.Packets != 21*run || s.Bytes != int64(size) || size == 0 {
				t.Errorf("only %d packets and %d bytes", s.Packets, size)
			}
		})
		t.Run(kind+"/segments", func(t *testing.T) {
			r := endlessly()
			size := 0
			next, stop := iter.Pull2(r.Segments())
			defer stop()
			work := func() {
				for range run {
					s, err, _ := next()
					if err != nil {
						t.Fatal(err)
					}
					size += len(s.Payload)
				}
			}
			if n := testing.AllocsPerRun(20, work); n > 0 {
				t.Errorf("%v allocations for %d segments", n, run)
			}
			if s := r.Stats(); s.Segments != 21*run || size == 0 {
				t.Errorf("only %d segments and %d bytes", s.Segments, size)
			}
		})
	}
}
