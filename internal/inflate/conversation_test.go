package inflate

import (
	"bytes"
	"compress/flate"
	"fmt"
	"math/rand/v2"
	"testing"
)

// tail is what permessage-deflate removes from each message (RFC 7692 7.2.1).
var tail = []byte{0, 0, 0xFF, 0xFF}

// sender compresses messages the way an endpoint with context takeover does.
type sender struct {
	buf bytes.Buffer
	w   *flate.Writer
}

func newSender(tb testing.TB, level int) *sender {
	tb.Helper()
	s := new(sender)
	w, err := flate.NewWriter(&s.buf, level)
	if err != nil {
		tb.Fatal(err)
	}
	s.w = w
	return s
}

func (s *sender) send(tb testing.TB, message []byte) []byte {
	tb.Helper()
	s.buf.Reset()
	s.w.Write(message)
	s.w.Flush()
	wire, ok := bytes.CutSuffix(s.buf.Bytes(), tail)
	if !ok {
		tb.Fatalf("flush ends with %x", s.buf.Bytes())
	}
	return bytes.Clone(wire)
}

// chat makes messages like those of applications: JSON with much in common, some binary,
// some long, some empty. It is the same for the same seed.
func chat(random *rand.Rand, n int) [][]byte {
	names := []string{"alice", "bob", "carol", "dave"}
	list := make([][]byte, n)
	for i := range list {
		switch random.IntN(12) {
		case 0:
			list[i] = []byte{}
		case 1:
			m := make([]byte, random.IntN(400))
			for j := range m {
				m[j] = byte(random.Uint32())
			}
			list[i] = m
		case 2:
			list[i] = bytes.Repeat([]byte(names[random.IntN(4)]), random.IntN(9000))
		default:
			list[i] = fmt.Appendf(nil, `{"type":"message","id":%d,"from":%q,"to":%q,"price":%d.%02d,"text":"number %x"}`,
				i, names[random.IntN(4)], names[random.IntN(4)], random.IntN(1000), random.IntN(100), random.Uint64())
		}
	}
	return list
}

// roomyLimits stop nothing that the tests make.
var roomyLimits = Limits{Output: 1 << 30}

// Every level of compress/flate, which are stored, fixed and dynamic blocks and Huffman
// codes without references.
func TestConversation(t *testing.T) {
	for level := flate.HuffmanOnly; level <= flate.BestCompression; level++ {
		t.Run(fmt.Sprint("level ", level), func(t *testing.T) {
			random := rand.New(rand.NewPCG(uint64(level+10), 1))
			s := newSender(t, level)
			var d Decoder
			var w Window
			var dst []byte
			for i, m := range chat(random, 200) {
				r := d.Inflate(&w, dst, s.send(t, m), roomyLimits, Size)
				if r.Ending != Complete || !bytes.Equal(r.Out, m) || r.Length != uint64(len(m)) {
					t.Fatalf("message %d: %v, %q, want %q", i, r.Ending, r.Out, m)
				}
				if r.Unknown != 0 || r.Limited || r.Final || r.Padding || r.Tail {
					t.Fatalf("message %d: %+v", i, r)
				}
				dst = r.Out
			}
			if w.Held() != Size {
				t.Errorf("the window holds %d bytes", w.Held())
			}
		})
	}
}

// Lengths around the sizes of rings, chunks and the window.
func TestConversationBorders(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789abcdefghijklmnopqrstuvwxyz "), 4000)
	s := newSender(t, flate.DefaultCompression)
	var d Decoder
	var w Window
	for _, n := range []int{0, 1, 257, 258, 1023, 1024, 1025, 2048, 32767, 32768, 32769, 65535, 65536, 98304, 131072, 1} {
		m := text[n%7:][:n]
		r := d.Inflate(&w, nil, s.send(t, m), roomyLimits, Size)
		if r.Ending != Complete || !bytes.Equal(r.Out, m) {
			t.Fatalf("%d bytes: %v, %d bytes", n, r.Ending, len(r.Out))
		}
	}
}

// Distance and Reach tell how far the sender went back.
func TestReach(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	noise := make([]byte, 40000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	cases := []struct {
		name            string
		history         int // bytes of noise before
		message         []byte
		distance, reach int
	}{
		{"nothing to refer to", 0, noise[:100], 0, 0},
		{"inside the message", 300, append(bytes.Clone(noise[400:500]), noise[400:450]...), 100, 0},
		{"into the history", 300, noise[:50], 300, 300},
		{"both", 300, append(bytes.Clone(noise[500:600]), noise[:50]...), 400, 300},
		{"full window", 32768, noise[10:60], 32758, 32758},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSender(t, flate.BestCompression)
			var d Decoder
			var w Window
			d.Inflate(&w, nil, s.send(t, noise[:c.history]), roomyLimits, Size)
			r := d.Inflate(&w, nil, s.send(t, c.message), roomyLimits, Size)
			if !bytes.Equal(r.Out, c.message) || r.Distance != c.distance || r.Reach != c.reach {
				t.Errorf("distance %d, reach %d, want %d, %d", r.Distance, r.Reach, c.distance, c.reach)
			}
		})
	}
}

// Messages are lost at random. Every byte said to be known must be right, in its place,
// and a message must come back whole as soon as it refers to nothing lost.
func TestLose(t *testing.T) {
	whole, partial := 0, 0
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 3))
		s := newSender(t, 1+int(seed)%9)
		var d Decoder
		var w Window
		lost := false
		for i, m := range chat(random, 150) {
			wire := s.send(t, m)
			if random.IntN(25) == 0 {
				if cut := random.IntN(len(wire) + 1); random.IntN(2) == 0 {
					r := d.Inflate(&w, nil, wire[:cut], roomyLimits, Size)
					checkKnown(t, &d, r, m)
				}
				w.Lose()
				lost = true
				continue
			}
			r := d.Inflate(&w, nil, wire, roomyLimits, Size)
			if r.Ending != Complete || r.Length != uint64(len(m)) || len(r.Out) != len(m) {
				t.Fatalf("seed %d, message %d: %v, %d bytes of %d", seed, i, r.Ending, r.Length, len(m))
			}
			checkKnown(t, &d, r, m)
			switch {
			case r.Unknown > 0:
				partial++
			case lost:
				whole++
			}
			if !lost && r.Unknown != 0 {
				t.Fatalf("seed %d, message %d: unknown bytes before any loss", seed, i)
			}
		}
	}
	if whole < 100 || partial < 100 {
		t.Errorf("%d whole and %d partial messages after losses", whole, partial)
	}
}

// checkKnown compares the known bytes of r.Out, and the account of the others, with m.
func checkKnown(t *testing.T, d *Decoder, r Result, m []byte) {
	t.Helper()
	if len(r.Out) > len(m) {
		t.Fatalf("%d bytes of %d", len(r.Out), len(m))
	}
	unknown := uint64(0)
	at := 0
	for {
		start, end, ok := d.NextUnknown(at)
		if !ok {
			start = len(r.Out)
		}
		if !bytes.Equal(r.Out[at:start], m[at:start]) {
			t.Fatalf("known bytes %d to %d are %q, want %q", at, start, r.Out[at:start], m[at:start])
		}
		if !ok {
			break
		}
		if unknown == 0 && r.FirstUnknown != uint64(start) {
			t.Fatalf("first unknown %d, said %d", start, r.FirstUnknown)
		}
		unknown += uint64(end - start)
		at = end
	}
	if unknown != r.Unknown {
		t.Fatalf("%d unknown bytes, said %d", unknown, r.Unknown)
	}
}

// A message refers to known bytes over the hole that a partly unknown one left behind.
func TestLoseHeals(t *testing.T) {
	s := newSender(t, flate.BestCompression)
	var d Decoder
	var w Window
	random := rand.New(rand.NewPCG(5, 5))
	noise := make([]byte, 3000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	s.send(t, noise[:1000])
	w.Lose()
	mixed := append(bytes.Clone(noise[:500]), noise[1000:1500]...)
	r := d.Inflate(&w, nil, s.send(t, mixed), roomyLimits, Size)
	checkKnown(t, &d, r, mixed)
	if r.Unknown < 490 || r.Unknown > 500 || w.Held() <= len(mixed) {
		t.Fatalf("%d unknown bytes, %d held", r.Unknown, w.Held())
	}
	known := noise[1010:1400]
	r = d.Inflate(&w, nil, s.send(t, known), roomyLimits, Size)
	if r.Unknown != 0 || !bytes.Equal(r.Out, known) || r.Reach == 0 {
		t.Fatalf("%d unknown bytes, reach %d", r.Unknown, r.Reach)
	}
	r = d.Inflate(&w, nil, s.send(t, noise[:400]), roomyLimits, Size)
	checkKnown(t, &d, r, noise[:400])
	if r.Unknown < 390 {
		t.Fatalf("%d unknown bytes of 400", r.Unknown)
	}
	for range 40 {
		for i := range noise {
			noise[i] = byte(random.Uint32())
		}
		r = d.Inflate(&w, nil, s.send(t, noise), roomyLimits, Size)
	}
	if r.Unknown != 0 || w.holes != nil || w.Held() != Size {
		t.Errorf("%d bytes held, holes %v after 120,000 known bytes", w.Held(), w.holes != nil)
	}
}
