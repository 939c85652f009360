package reassembly

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// A traffic is a connection made up at random, as the capture has it.
type traffic struct {
	segments []Segment
	isn      [2]uint32
	sent     [2][]byte // what each side sent
	syn, fin bool
	lossless bool // every byte is in the capture before it is acknowledged
}

// knobs say what is wrong with a capture.
type knobs uint16

const (
	drops knobs = 1 << iota
	duplicates
	reorders
	overlaps
	conflicts
	cutsOff
	wraps
	noSYN
	noFIN
	oneSided
	shuffled
	allKnobs
)

func (k knobs) has(f knobs) bool { return k&f != 0 }

// makeTraffic makes up a connection. Bytes are never 0, as that is what keep-alives send.
func makeTraffic(seed uint64, k knobs) *traffic {
	r := rand.New(rand.NewPCG(seed, uint64(k)))
	t := &traffic{syn: !k.has(noSYN), fin: !k.has(noFIN), lossless: !k.has(drops)}
	for d := range t.isn {
		t.isn[d] = r.Uint32()
		if k.has(wraps) {
			t.isn[d] = 0xFFFFFFFF - r.Uint32N(1500)
		}
		t.sent[d] = make([]byte, r.IntN(3000))
		for i := range t.sent[d] {
			t.sent[d][i] = byte(1 + r.IntN(255))
		}
	}
	var halves [2][]Segment
	for d := range halves {
		if !k.has(oneSided) || d == 0 {
			halves[d] = t.makeHalf(r, k, Dir(d))
		}
	}
	t.merge(r, k, halves)
	for i := range t.segments {
		s := &t.segments[i]
		s.Packet.Number, s.Packet.Time = int64(i+1), 1e18+int64(i)*1e5
	}
	return t
}

func (t *traffic) segment(d Dir, f Flags, from, to int) Segment {
	s := segment4(9, 40000, d)
	s.Seq, s.Flags = t.isn[d]+1+uint32(from), f
	s.Payload = slices.Clone(t.sent[d][from:to])
	return s
}

// makeHalf cuts what a side sent into segments, and spoils them.
func (t *traffic) makeHalf(r *rand.Rand, k knobs, d Dir) []Segment {
	var out []Segment
	n := len(t.sent[d])
	for at := 0; at < n; {
		to := min(n, at+1+r.IntN(200))
		out = append(out, t.segment(d, ACK, at, to))
		if k.has(duplicates) && r.IntN(4) == 0 {
			out = append(out, t.segment(d, ACK, at, to))
		}
		if k.has(overlaps) && r.IntN(4) == 0 {
			from := r.IntN(to)
			end := min(n, from+1+r.IntN(300))
			out = append(out, t.segment(d, ACK, from, end))
		}
		at = to
	}
	for i := range out {
		s := &out[i]
		if k.has(conflicts) && r.IntN(4) == 0 {
			s.Payload[r.IntN(len(s.Payload))] ^= 0x80 | byte(r.IntN(0x7f)) // 0 only from 0x80 to 0xff
			for j, b := range s.Payload {
				s.Payload[j] = max(b, 1)
			}
		}
		if k.has(cutsOff) && r.IntN(4) == 0 {
			keep := r.IntN(len(s.Payload))
			s.Missing = len(s.Payload) - keep
			s.Payload = s.Payload[:keep]
		}
	}
	if t.fin {
		out = append(out, t.segment(d, FIN|ACK, n, n))
	}
	switch {
	case k.has(shuffled):
		r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	case k.has(reorders):
		for i := range out {
			j := min(len(out)-1, i+r.IntN(6))
			out[i], out[j] = out[j], out[i]
		}
	}
	if k.has(drops) {
		out = slices.DeleteFunc(out, func(Segment) bool { return r.IntN(8) == 0 })
	}
	return out
}

// merge puts the two halves behind the handshake, and acknowledgements between them: of
// all that is in the capture up to there without a hole, or if there are drops, of up to
// all that was sent in any segment up to there.
func (t *traffic) merge(r *rand.Rand, k knobs, halves [2][]Segment) {
	var seen, front, high [2]int
	carried := [2][]bool{make([]bool, len(t.sent[0])+1), make([]bool, len(t.sent[1])+1)}
	add := func(d Dir, s Segment) {
		o := d.Reverse()
		if !s.Flags.Has(SYN) || s.Flags.Has(ACK) {
			s.Ack = t.isn[o] + 1 + uint32(front[o])
			if !t.lossless {
				s.Ack = t.isn[o] + 1 + uint32(max(front[o], high[o]-r.IntN(400)))
			}
		}
		t.segments = append(t.segments, s)
		if s.Flags.Has(SYN) {
			return
		}
		from := int(s.Seq - t.isn[d] - 1)
		to := from + len(s.Payload) + s.Missing
		for i := from; i < to; i++ {
			carried[d][i] = true
		}
		if s.Flags.Has(FIN) {
			carried[d][to] = true
		}
		for front[d] < len(carried[d]) && carried[d][front[d]] {
			front[d]++
		}
		high[d] = max(high[d], to)
	}
	if t.syn {
		add(AtoB, Segment{Src: segment4(9, 40000, AtoB).Src, Dst: segment4(9, 40000, AtoB).Dst, Flags: SYN, Seq: t.isn[0]})
		if !k.has(oneSided) {
			add(BtoA, Segment{Src: segment4(9, 40000, BtoA).Src, Dst: segment4(9, 40000, BtoA).Dst, Flags: SYN | ACK, Seq: t.isn[1]})
		}
	}
	for seen[0] < len(halves[0]) || seen[1] < len(halves[1]) {
		d := Dir(r.IntN(2))
		if seen[d] == len(halves[d]) {
			d = d.Reverse()
		}
		add(d, halves[d][seen[d]])
		seen[d]++
		if o := d.Reverse(); !k.has(oneSided) && r.IntN(2) == 0 {
			add(o, t.segment(o, ACK, min(high[o], len(t.sent[o])), min(high[o], len(t.sent[o]))))
		}
	}
}

// verifier checks what a Stream gets against the capture: by the naive model in which
// each byte is the one of the first packet that carried its number.
type verifier struct {
	t       *testing.T
	traffic *traffic
	first   [2]map[uint32]int64 // by sequence number, the first packet with that byte
	start   [2]uint32           // number of the byte at offset 0
	known   [2]bool
	offset  [2]int64
	lost    [2]int64
	ended   [2]bool
	text    [2][]byte
	log     bytes.Buffer
}

func newVerifier(t *testing.T, tr *traffic) *verifier {
	v := &verifier{t: t, traffic: tr}
	for d := range v.first {
		v.first[d] = make(map[uint32]int64)
		v.start[d], v.known[d] = tr.isn[d]+1, tr.syn
	}
	for i := range tr.segments {
		s := &tr.segments[i]
		d := v.dirOf(s)
		for j := range s.Payload {
			n := s.Seq + uint32(j)
			if _, ok := v.first[d][n]; !ok {
				v.first[d][n] = s.Packet.Number
			}
		}
	}
	return v
}

func (v *verifier) dirOf(s *Segment) Dir {
	if s.Src.Port() == 80 {
		return BtoA
	}
	return AtoB
}

func (v *verifier) packet(n int64) *Segment { return &v.traffic.segments[n-1] }

// enter checks the place of a call, and returns the direction in the traffic.
func (v *verifier) enter(d Dir, offset int64, c *Conn) Dir {
	if c.A().Port() == 80 { // from the middle, B may have come first
		d = d.Reverse()
	}
	if v.ended[d] {
		v.t.Errorf("%v: a call after its End", d)
	}
	if offset != v.offset[d] {
		v.t.Errorf("%v: offset %d, want %d", d, offset, v.offset[d])
	}
	return d
}

type verified struct {
	*verifier
	conn *Conn
}

func (v verified) Data(p Piece) {
	d := v.enter(p.Dir, p.Offset, v.conn)
	s := v.packet(p.Packet.Number)
	if !v.known[d] {
		v.start[d], v.known[d] = s.Seq, true
	}
	fmt.Fprintln(&v.log, d, p.Offset, p.Data, p.Packet)
	at := v.start[d] + uint32(p.Offset)
	from := int(int32(at - s.Seq))
	switch {
	case v.dirOf(s) != d || len(p.Data) == 0 || from < 0 || from+len(p.Data) > len(s.Payload):
		v.t.Errorf("%v %d: packet %d has no %d bytes there", d, p.Offset, p.Packet.Number, len(p.Data))
	case int(p.Packet.Len) != len(s.Payload)+s.Missing:
		v.t.Errorf("%v %d: packet %+v of length %d", d, p.Offset, p.Packet, len(s.Payload)+s.Missing)
	default:
		if !bytes.Equal(p.Data, s.Payload[from:from+len(p.Data)]) {
			v.t.Errorf("%v %d: bytes differ from those of packet %d", d, p.Offset, p.Packet.Number)
		}
		for i := range p.Data {
			if n := v.first[d][at+uint32(i)]; n != p.Packet.Number {
				v.t.Errorf("%v %d: of packet %d, but packet %d was first", d, p.Offset+int64(i), p.Packet.Number, n)
			}
		}
	}
	v.text[d] = append(v.text[d], p.Data...)
	v.offset[d] += int64(len(p.Data))
}

func (v verified) Gap(g Gap) {
	d := v.enter(g.Dir, g.Offset, v.conn)
	fmt.Fprintln(&v.log, d, g)
	if g.Len <= 0 {
		v.t.Errorf("%v %d: gap of %d", d, g.Offset, g.Len)
	}
	if s := v.packet(g.Packet.Number); !v.known[d] {
		v.start[d], v.known[d] = s.Seq+uint32(len(s.Payload)), true
	}
	if v.traffic.lossless && g.Cause != Cut {
		v.t.Errorf("%v: nothing is missing, but %+v", d, g)
	}
	if g.Cause == Cut {
		s := v.packet(g.Packet.Number)
		from := int64(int32(v.start[d] + uint32(g.Offset) - s.Seq))
		if from < int64(len(s.Payload)) || from+g.Len > int64(len(s.Payload)+s.Missing) {
			v.t.Errorf("%v: %+v is not what packet %d lacks", d, g, g.Packet.Number)
		}
	}
	v.offset[d] += g.Len
	v.lost[d] += g.Len
}

func (v verified) Note(n Note) { fmt.Fprintln(&v.log, n) }

func (v verified) End(e End) {
	d := v.enter(e.Dir, e.Offset, v.conn)
	fmt.Fprintln(&v.log, d, e)
	v.ended[d] = true
	sent := int64(len(v.traffic.sent[d]))
	if e.Reason == Fin && v.traffic.syn && e.Offset != sent {
		v.t.Errorf("%v: end at %d of %d bytes", d, e.Offset, sent)
	}
	if e.Offset != int64(len(v.text[d]))+v.lost[d] {
		v.t.Errorf("%v: end at %d, but %d bytes and %d lost", d, e.Offset, len(v.text[d]), v.lost[d])
	}
}

// run pushes the traffic, scribbling over each payload after its Push.
func (v *verifier) run(c Config) *Assembler {
	made := 0
	c.New = func(p Conn) Stream {
		if made++; made > 1 {
			v.t.Errorf("another connection: %+v", p)
		}
		return verified{v, &p}
	}
	a := New(c)
	a.memory.pool.poison = true
	var last PacketRef
	loan := make([]byte, 0, 4096)
	for i := range v.traffic.segments {
		s := v.traffic.segments[i]
		loan = append(loan[:0], s.Payload...)
		s.Payload = loan
		a.Push(&s)
		for j := range loan {
			loan[j] = 0xAA
		}
		last = s.Packet
	}
	a.Close(last)
	if made > 0 && v.ended != [2]bool{true, true} {
		v.t.Errorf("ends: %v", v.ended)
	}
	checkEmpty(v.t, a)
	return a
}

func checkTraffic(t *testing.T, seed uint64, k knobs) {
	k %= allKnobs
	// A start may wait for earlier bytes only so long: not for a shuffle.
	if k.has(noSYN) {
		k &^= shuffled | reorders | overlaps | cutsOff
	}
	tr := makeTraffic(seed, k)
	v := newVerifier(t, tr)
	a := v.run(Config{})
	if tr.lossless && tr.syn {
		for d := range tr.sent {
			if d == 1 && k.has(oneSided) {
				continue
			}
			if v.offset[d] != int64(len(tr.sent[d])) && len(tr.segments) > 0 {
				t.Errorf("%v: %d bytes of %d", Dir(d), v.offset[d], len(tr.sent[d]))
			}
			if k&(cutsOff|conflicts) == 0 && !bytes.Equal(v.text[d], tr.sent[d]) {
				t.Errorf("%v: the bytes differ", Dir(d))
			}
		}
	}
	if n := v.lost[0] + v.lost[1]; a.Stats().LostBytes != n {
		t.Errorf("%d lost bytes counted, %d seen", a.Stats().LostBytes, n)
	}
	again := newVerifier(t, makeTraffic(seed, k))
	again.run(Config{})
	if !bytes.Equal(v.log.Bytes(), again.log.Bytes()) {
		t.Error("the same capture gave other calls")
	}
}

func TestModel(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	for i := range 1000 {
		s, k := r.Uint64(), knobs(r.Uint32())
		if i < 16 {
			k = 1 << i // each alone
		}
		checkTraffic(t, s, k)
		if t.Failed() {
			t.Fatalf("seed %d, knobs %#x (of run %d)", s, k, seed)
		}
	}
}

func FuzzModel(f *testing.F) {
	for i := range 11 {
		f.Add(uint64(i), uint16(1)<<i)
	}
	f.Add(uint64(99), uint16(allKnobs-1))
	f.Fuzz(func(t *testing.T, seed uint64, k uint16) { checkTraffic(t, seed, knobs(k)) })
}
