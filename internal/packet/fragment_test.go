package packet

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/reassembly"
)

// piece is a fragment to be made: bytes from to to of the datagram.
type piece struct {
	from, to int
	last     bool
}

// pieces cuts a datagram of size bytes every n bytes, a multiple of 8.
func pieces(size, n int) []piece {
	var ps []piece
	for from := 0; from < size; from += n {
		ps = append(ps, piece{from, min(from+n, size), from+n >= size})
	}
	return ps
}

// fragmenter builds the fragments of a TCP segment in IPv4 or IPv6.
type fragmenter struct {
	segment []byte
	v6      bool
	id      int
}

func (f fragmenter) build(p piece) []byte {
	more := 1
	if p.last {
		more = 0
	}
	body := f.segment[p.from:p.to]
	if f.v6 {
		n := len(body) + 8
		return join(0x60, 0, 0, 0, n>>8, n&0xff, 44, 64, client6.AsSlice(), server6.AsSlice(),
			6, 0, p.from>>8, p.from&0xf8|more, 0, 0, 0, f.id, body)
	}
	n := len(body) + 20
	return join(0x45, 0, n>>8, n&0xff, 0, f.id, more<<5|p.from>>11, p.from>>3&0xff, 64, 6, 0, 0,
		client4.AsSlice(), server4.AsSlice(), body)
}

func bothVersions(t *testing.T, test func(t *testing.T, f fragmenter)) {
	for _, v6 := range [...]bool{false, true} {
		t.Run(fmt.Sprintf("ipv6=%t", v6), func(t *testing.T) {
			test(t, fragmenter{segment: segment6(), v6: v6, id: 9})
		})
	}
}

// feed decodes packets in order, a millisecond apart.
type feed struct {
	d   *Decoder
	ref reassembly.PacketRef
	seg reassembly.Segment
}

func (f *feed) push(data []byte) Reason { return f.cut(data, len(data)) }

func (f *feed) cut(data []byte, captured int) Reason {
	if f.d == nil {
		f.d = NewDecoder()
	}
	f.ref.Number++
	f.ref.Time += int64(time.Millisecond)
	f.seg = reassembly.Segment{}
	b := bytes.Clone(data[:captured])
	f.seg.Packet = f.ref
	r := f.d.Decode(linkRaw, b, len(data), &f.seg)
	f.seg.Payload = bytes.Clone(f.seg.Payload)
	clear(b) // the loan is over
	return r
}

func TestFragmentsInAnyOrder(t *testing.T) {
	bothVersions(t, func(t *testing.T, f fragmenter) {
		ps := pieces(len(f.segment), 8) // splits the TCP header
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		random := rand.New(rand.NewPCG(seed, 0))
		orders := [][]piece{slices.Clone(ps), slices.Clone(ps)}
		slices.Reverse(orders[1])
		for range 50 {
			o := slices.Clone(ps)
			random.Shuffle(len(o), func(i, j int) { o[i], o[j] = o[j], o[i] })
			orders = append(orders, o)
		}
		var in feed
		waited := 0
		for n, order := range orders {
			f.id = n
			waited += len(order) - 1
			for i, p := range order {
				r := in.push(f.build(p))
				if i < len(order)-1 {
					if r != FragmentWaiting {
						t.Fatalf("order %v: fragment %d: %v", order, i, r)
					}
					// Copies of what is there change nothing.
					if r := in.push(f.build(p)); r != FragmentRepeat {
						t.Fatalf("order %v: copy of fragment %d: %v", order, i, r)
					}
					continue
				}
				if r != TCP || string(in.seg.Payload) != samplePayload || in.seg.Missing != 0 || in.seg.Seq != sampleSeq {
					t.Fatalf("order %v: %v, %+v", order, r, in.seg)
				}
				if in.seg.Packet.Number != in.ref.Number {
					t.Errorf("packet %d, want the completing one, %d", in.seg.Packet.Number, in.ref.Number)
				}
				if r := in.push(f.build(p)); r != FragmentRepeat {
					t.Errorf("copy after completion: %v", r)
				}
			}
		}
		if in.d.Joined() != int64(waited) {
			t.Errorf("%d fragments were of use before the last one", in.d.Joined())
		}
		if s := in.d.Fragments(); s != (FragmentStats{Completed: int64(len(orders))}) {
			t.Errorf("%+v", s)
		}
	})
}

// Fragments cut by the snap length: the bytes before the first hole, and the rest missing.
func TestFragmentsCut(t *testing.T) {
	bothVersions(t, func(t *testing.T, f fragmenter) {
		ps := pieces(len(f.segment), 40)
		header := len(f.build(ps[0])) - 40
		for cut := 0; cut < 40; cut++ {
			var in feed
			if r := in.push(f.build(ps[1])); r != FragmentWaiting {
				t.Fatal(r)
			}
			r := in.cut(f.build(ps[0]), header+cut)
			if cut < 14 {
				if r != Cut {
					t.Errorf("%d bytes: %v", cut, r)
				}
				continue
			}
			want := samplePayload[:max(0, cut-32)]
			if r != TCP || string(in.seg.Payload) != want || in.seg.Missing != len(samplePayload)-len(want) {
				t.Errorf("%d bytes: %v, %q, missing %d", cut, r, in.seg.Payload, in.seg.Missing)
			}
		}
	})
}

// The second fragment brings other bytes for the first 8 of its predecessor.
func TestOverlap(t *testing.T) {
	forged := func(f fragmenter, p piece) []byte {
		f.segment = bytes.Clone(f.segment)
		copy(f.segment[32:], strings.Repeat("X", len(samplePayload)))
		return f.build(p)
	}
	size := len(segment6())
	t.Run("ipv4", func(t *testing.T) {
		f := fragmenter{segment: segment6()}
		var in feed
		in.push(f.build(piece{0, 40, false}))
		if r := in.push(forged(f, piece{32, size, true})); r != TCP {
			t.Fatal(r)
		}
		want := samplePayload[:8] + strings.Repeat("X", len(samplePayload)-8)
		if string(in.seg.Payload) != want {
			t.Errorf("payload %q, want %q: first seen wins", in.seg.Payload, want)
		}
		if s := in.d.Fragments(); s != (FragmentStats{Completed: 1, Overlapping: 1}) {
			t.Errorf("%+v", s)
		}
	})
	t.Run("ipv4 around", func(t *testing.T) {
		f := fragmenter{segment: segment6()}
		var in feed
		in.push(f.build(piece{40, 48, false}))
		in.push(f.build(piece{16, 24, false}))
		in.push(forged(f, piece{0, 48, false}))
		if r := in.push(f.build(piece{48, size, true})); r != TCP {
			t.Fatal(r)
		}
		want := strings.Repeat("X", 8) + samplePayload[8:]
		if string(in.seg.Payload) != want {
			t.Errorf("payload %q, want %q", in.seg.Payload, want)
		}
	})
	for name, second := range map[string]piece{"partial": {32, size, true}, "same place": {32, 40, false}, "around": {0, 48, false}} {
		t.Run("ipv6 "+name, func(t *testing.T) {
			f := fragmenter{segment: segment6(), v6: true}
			var in feed
			in.push(f.build(piece{32, 40, false}))
			if r := in.push(forged(f, second)); r != FragmentDropped {
				t.Errorf("overlapping fragment: %v", r)
			}
			for _, p := range []piece{{0, 32, false}, {40, size, true}, {0, 40, false}} {
				if r := in.push(f.build(p)); r != FragmentDropped {
					t.Errorf("fragment of a refused datagram: %v", r)
				}
			}
			if s := in.d.Fragments(); s != (FragmentStats{Refused: 1}) {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestContradictions(t *testing.T) {
	bothVersions(t, func(t *testing.T, f fragmenter) {
		for name, test := range map[string]struct {
			first, second piece
		}{
			"two ends":              {piece{40, 52, true}, piece{40, 48, true}},
			"behind the end":        {piece{40, 48, true}, piece{48, 52, true}},
			"end before the end":    {piece{32, 48, false}, piece{32, 40, true}},
			"not a multiple of 8":   {piece{32, 48, false}, piece{0, 30, false}},
			"nothing in a fragment": {piece{32, 48, false}, piece{24, 24, false}},
		} {
			t.Run(name, func(t *testing.T) {
				var in feed
				if r := in.push(f.build(test.first)); r != FragmentWaiting {
					t.Fatal(r)
				}
				if r := in.push(f.build(test.second)); r != FragmentDropped {
					t.Errorf("%v", r)
				}
			})
		}
	})
}

func TestPastLongestDatagram(t *testing.T) {
	f := fragmenter{segment: make([]byte, 70_000)}
	var in feed
	if r := in.push(f.build(piece{65528, 65535, true})); r != FragmentWaiting {
		t.Error(r)
	}
	f.id++
	if r := in.push(f.build(piece{65528, 65536, true})); r != FragmentDropped {
		t.Error(r)
	}
}

// Fragments of different datagrams never meet.
func TestFragmentsApart(t *testing.T) {
	f := fragmenter{segment: segment6(), id: 1}
	first, second := f.build(piece{0, 32, false}), f.build(piece{32, len(f.segment), true})
	edit := func(at int) []byte {
		b := bytes.Clone(second)
		b[at] ^= 0x35 // makes protocol 6 the authentication header
		return b
	}
	var in feed
	for _, b := range [][]byte{first, edit(5), edit(9), edit(12), edit(16)} { // id, protocol, source, destination
		if r := in.push(b); r != FragmentWaiting {
			t.Fatalf("% x: %v", b[:20], r)
		}
	}
	tagged := join(make([]byte, 12), 0x81, 0, 0, 1, 8, 0, second)
	if r := in.d.Decode(linkEthernet, tagged, len(tagged), &in.seg); r != FragmentWaiting {
		t.Errorf("other VLAN: %v", r)
	}
	if r := in.push(second); r != TCP {
		t.Errorf("the right one: %v", r)
	}
}

// The IPv6 fragment carries a further extension header, in the first fragment.
func TestFragmentedExtension(t *testing.T) {
	f := fragmenter{segment: join(6, 1, make([]byte, 14), segment6()), v6: true}
	var in feed
	in.push(f.build(piece{8, len(f.segment), true}))
	b := f.build(piece{0, 8, false})
	b[40] = 60
	if r := in.push(b); r != TCP || string(in.seg.Payload) != samplePayload {
		t.Errorf("%v %q", r, in.seg.Payload)
	}
}

// Fragments in a tunnel whose packets are fragmented too.
func TestFragmentsInFragments(t *testing.T) {
	inner := fragmenter{segment: segment6(), v6: true, id: 3}
	var in feed
	var last Reason
	for i, p := range pieces(len(inner.segment), 32) {
		f := fragmenter{segment: outerUDP(4790, 12, 0, 0, 2, 0, 0, 9, 0, inner.build(p))[20:], id: 10 + i}
		for _, p := range pieces(len(f.segment), 48) {
			b := f.build(p)
			b[9] = 17
			last = in.push(b)
		}
	}
	if last != TCP || string(in.seg.Payload) != samplePayload || in.d.Zone(in.seg.Zone) != between("vxlan 9", client4, server4) {
		t.Errorf("%v, %q in %q", last, in.seg.Payload, in.d.Zone(in.seg.Zone))
	}
	if s := in.d.Fragments(); s != (FragmentStats{Completed: 3}) {
		t.Errorf("%+v", s)
	}
}

func TestFragmentsOfOtherProtocols(t *testing.T) {
	b := fragmenter{segment: segment6()}.build(piece{8, 16, false})
	for proto, want := range map[byte]Reason{1: ICMP, 50: ESP, 132: SCTP, 89: OtherIP} {
		b[9] = proto
		var in feed
		if r := in.push(b); r != want {
			t.Errorf("protocol %d: %v, want %v", proto, r, want)
		}
		if s := in.d.Fragments(); s.Waiting != 0 {
			t.Errorf("protocol %d: %+v", proto, s)
		}
	}
}

func TestFragmentAge(t *testing.T) {
	bothVersions(t, func(t *testing.T, f fragmenter) {
		first, second := f.build(piece{0, 32, false}), f.build(piece{32, len(f.segment), true})
		for _, jump := range []time.Duration{29 * time.Second, 31 * time.Second, -31 * time.Second} {
			var in feed
			in.push(first)
			in.ref.Time += int64(jump)
			r := in.push(second)
			if jump == 29*time.Second {
				if r != TCP {
					t.Errorf("%v later: %v", jump, r)
				}
				continue
			}
			if r != FragmentWaiting || in.d.Fragments() != (FragmentStats{Waiting: 1, Expired: 1}) {
				t.Errorf("%v later: %v, %+v", jump, r, in.d.Fragments())
			}
		}
		// The identification is used again soon after.
		var in feed
		for range 3 {
			in.push(first)
			if r := in.push(second); r != TCP {
				t.Errorf("used again: %v", r)
			}
			in.ref.Time += int64(200 * time.Millisecond)
		}
	})
}

// The oldest datagrams go when there are too many, and buffers are bounded.
func TestFragmentLimits(t *testing.T) {
	var in feed
	f := fragmenter{segment: make([]byte, 1480*2)}
	push := func(n int, p piece) Reason {
		b := f.build(p)
		b[12], b[13], b[14], b[15] = 10, byte(n>>16), byte(n>>8), byte(n)
		in.ref.Time -= int64(time.Millisecond) // all at once
		return in.push(b)
	}
	const count = 20_000
	for n := range count {
		push(n, piece{0, 1480, false})
	}
	s := &in.d.fragments
	if len(s.byKey) > maxDatagrams || s.stats.Waiting != len(s.byKey) || s.stats.Evicted != int64(count-len(s.byKey)) {
		t.Errorf("%d datagrams, %+v", len(s.byKey), s.stats)
	}
	checkFragments(t, s)

	f.segment = make([]byte, 65536)
	for n := range 1000 {
		push(count+n, piece{0, 65400, false})
	}
	checkFragments(t, s)
	if s.stats.Waiting > maxHeldBytes/65400 {
		t.Errorf("%d datagrams of 64 KB wait", s.stats.Waiting)
	}
	in.d.LimitFragments(maxHeldBytes / 4)
	push(1<<21, piece{0, 65400, false})
	if s.stats.Waiting > maxHeldBytes/4/65400 {
		t.Errorf("%d datagrams of 64 KB wait below a lower limit", s.stats.Waiting)
	}

	// Runs of one datagram.
	f.segment = make([]byte, 65536)
	dropped := 0
	for at := 0; at < 65528; at += 16 {
		if push(1<<20, piece{at, at + 8, false}) == FragmentDropped {
			dropped++
		}
	}
	if dropped != 65528/16+1-maxRuns {
		t.Errorf("%d fragments dropped", dropped)
	}
	checkFragments(t, s)
}

// checkFragments checks the accounts of s against what it holds.
func checkFragments(t *testing.T, s *fragments) {
	t.Helper()
	held, waits, all := 0, 0, 0
	for g := s.waiting.head; g != nil; g = g.next {
		held += g.cost()
		all++
		if g.state != waiting {
			continue // without bytes
		}
		waits++
		have := 0
		for i, r := range g.runs {
			have += r.size
			if r.n > r.size || i > 0 && g.runs[i-1].end() > r.off {
				t.Errorf("runs %+v", g.runs)
			}
		}
		if have != g.have {
			t.Errorf("have %d, runs say %d", g.have, have)
		}
	}
	for g := s.done.head; g != nil; g = g.next {
		all++
	}
	spare := 0
	for _, b := range s.buffers {
		spare += b.cost()
	}
	if held != s.held || waits != s.stats.Waiting || all != len(s.byKey) || spare != s.spare {
		t.Errorf("held %d of %d, waiting %d of %d, %d datagrams of %d, spare %d of %d",
			s.held, held, s.stats.Waiting, waits, len(s.byKey), all, s.spare, spare)
	}
	if held > maxHeldBytes || spare > maxSpareBytes || all > maxDatagrams {
		t.Errorf("over a limit: held %d, spare %d, datagrams %d", held, spare, all)
	}
}

func TestFragmentsDoNotAllocate(t *testing.T) {
	bothVersions(t, func(t *testing.T, f fragmenter) {
		first, second := f.build(piece{0, 32, false}), f.build(piece{32, len(f.segment), true})
		d := NewDecoder()
		var seg reassembly.Segment
		got := 0
		allocs := testing.AllocsPerRun(100, func() {
			seg.Packet.Time += int64(time.Second)
			d.Decode(linkRaw, second, len(second), &seg)
			if d.Decode(linkRaw, first, len(first), &seg) == TCP {
				got += len(seg.Payload)
			}
		})
		if allocs != 0 || got != 101*len(samplePayload) {
			t.Errorf("%v allocations, %d bytes", allocs, got)
		}
	})
}

// FuzzFragments checks the store against a model that keeps a byte per byte of the
// datagram: three bytes of input make one fragment.
func FuzzFragments(f *testing.F) {
	f.Add([]byte{0, 2, 0, 2, 4, 1}, false)
	f.Add([]byte{2, 4, 1, 0, 2, 0, 0, 2, 0}, true)
	f.Add([]byte{0, 3, 0, 1, 4, 1, 0, 2, 0x20}, false)
	f.Fuzz(func(t *testing.T, script []byte, v6 bool) {
		s := newFragments()
		m := model{total: unknown}
		key := fragmentKey{src: client4, dst: server4}
		if v6 {
			key = fragmentKey{src: client6, dst: server6}
		}
		for i := 0; i+3 <= min(len(script), 300); i += 3 {
			x := fragment{key: key, off: int(script[i]&15) * 8, size: int(script[i+1]&15) * 8, last: script[i+2]&1 != 0, next: 6}
			x.data = bytes.Repeat([]byte{script[i+2] >> 4}, x.size)
			if script[i+2]&2 != 0 {
				x.data = x.data[:x.size/2]
			}
			g, r := s.add(&x)
			want := m.add(&x)
			if r != want {
				t.Fatalf("fragment %d: %v, the model says %v", i/3, r, want)
			}
			checkFragments(t, &s)
			if g == nil {
				continue
			}
			if g.total != m.total || !bytes.Equal(s.out, m.captured()) {
				t.Fatalf("datagram of %d bytes %x, the model says %d, %x", g.total, s.out, m.total, m.captured())
			}
			return
		}
	})
}

// model is the naive reassembly of one datagram.
type model struct {
	bytes   [256]int // value, 256 for cut, both plus 1; 0 for none
	total   int
	refused bool
}

func (m *model) add(f *fragment) Reason {
	end := f.off + f.size
	reach, have, fresh, differs := 0, 0, 0, false
	value := func(i int) int {
		if i-f.off < len(f.data) {
			return int(f.data[i-f.off]) + 1
		}
		return 257
	}
	for i, v := range m.bytes {
		if v != 0 {
			reach = i + 1
			have++
		}
		if i >= f.off && i < end {
			if v == 0 {
				fresh++
			} else if v != value(i) && v != 257 && value(i) != 257 {
				differs = true
			}
		}
	}
	switch {
	case f.size == 0, m.refused,
		f.last && (reach > end || m.total != unknown && m.total != end),
		m.total != unknown && end > m.total:
		return FragmentDropped
	case !f.key.src.Is4() && fresh < f.size:
		if fresh == 0 && !differs {
			return FragmentRepeat
		}
		m.refused = true
		return FragmentDropped
	}
	for i := f.off; i < end; i++ {
		if m.bytes[i] == 0 {
			m.bytes[i] = value(i)
		}
	}
	ends := f.last && m.total == unknown
	if ends {
		m.total = end
	}
	switch {
	case fresh == 0 && !ends:
		return FragmentRepeat
	case have+fresh == m.total:
		return TCP
	}
	return FragmentWaiting
}

func (m *model) captured() []byte {
	b := []byte{}
	for _, v := range m.bytes[:max(m.total, 0)] {
		if v == 0 || v == 257 {
			break
		}
		b = append(b, byte(v-1))
	}
	return b
}
