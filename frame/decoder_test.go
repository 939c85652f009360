package frame

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// stream is the frames that the tests of the Decoder cut into pieces.
func stream() []byte {
	var b []byte
	for _, h := range []Header{
		{Fin: true, Opcode: Text, Length: 5},
		{Opcode: Binary, Masked: true, Key: [4]byte{1, 2, 3, 4}, Length: 126},
		{Opcode: Continuation},
		{Fin: true, Opcode: Ping, Masked: true},
		{Fin: true, Opcode: Continuation, Length: 70000},
		{Fin: true, RSV: 7, Opcode: 0xB, Length: 3, Size: 10},
		{Fin: true, Opcode: Close},
	} {
		b = h.Append(b)
		for i := range h.Length {
			b = append(b, byte(i*7))
		}
	}
	return b
}

// tokens runs d over b in pieces of the given sizes and lists what it gives, with
// neighbouring Data merged.
func tokens(t *testing.T, d *Decoder, b []byte, size func() int) []string {
	t.Helper()
	var list []string
	var data []byte
	var dataAt int64
	flush := func() {
		if data != nil {
			list = append(list, fmt.Sprintf("data @%d %x", dataAt, data))
			data = nil
		}
	}
	for len(b) > 0 {
		piece := b[:min(size(), len(b))]
		b = b[len(piece):]
		for {
			before := d.Pos()
			tok, n := d.Next(piece)
			if d.Pos() != before+int64(n) {
				t.Fatalf("consumed %d, Pos %d after %d", n, d.Pos(), before)
			}
			switch tok.Kind {
			case Data:
				if len(tok.Data) != n || n == 0 || &tok.Data[0] != &piece[0] || tok.Offset != before {
					t.Fatalf("data of %d bytes at %d, consumed %d at %d", len(tok.Data), tok.Offset, n, before)
				}
				if data == nil {
					dataAt = tok.Offset
				}
				data = append(data, tok.Data...)
			case Head:
				flush()
				list = append(list, fmt.Sprintf("head @%d %+v", tok.Offset, *tok.Header))
			case End:
				flush()
				list = append(list, fmt.Sprintf("end @%d %v", tok.Offset, tok.Header.Opcode))
			}
			piece = piece[n:]
			if tok.Kind == None {
				break
			}
		}
		if len(piece) != 0 {
			t.Fatalf("None left %d bytes", len(piece))
		}
	}
	flush()
	return list
}

func fixed(n int) func() int { return func() int { return n } }

func TestDecoder(t *testing.T) {
	d := NewDecoder(100)
	got := tokens(t, &d, []byte("\x81\x02hi\x89\x80abcd\x01\x03x"), fixed(100))
	want := []string{
		fmt.Sprintf("head @100 %+v", Header{Fin: true, Opcode: Text, Length: 2, Size: 2}),
		"data @102 6869",
		"end @104 text",
		fmt.Sprintf("head @104 %+v", Header{Fin: true, Opcode: Ping, Masked: true, Key: [4]byte([]byte("abcd")), Size: 6}),
		"end @110 ping",
		fmt.Sprintf("head @110 %+v", Header{Opcode: Text, Length: 3, Size: 2}),
		"data @112 78",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("tokens\n%q\nwant\n%q", got, want)
	}
	if d.Remaining() != 2 || d.PayloadPos() != 1 || d.Pos() != 113 || d.Current() == nil {
		t.Errorf("at the end: remaining %d, payload %d, pos %d, current %v", d.Remaining(), d.PayloadPos(), d.Pos(), d.Current())
	}
}

func TestDecoderSplitInvariance(t *testing.T) {
	b := stream()
	d := NewDecoder(7)
	want := tokens(t, &d, b, fixed(len(b)))
	if heads := len(want); heads < 14 {
		t.Fatalf("only %d tokens", heads)
	}
	for _, size := range []int{1, 2, 3, 7, 13, 14, 1460} {
		d.Reset(7)
		if got := tokens(t, &d, b, fixed(size)); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("other tokens in pieces of %d", size)
		}
	}
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	for range 50 {
		d.Reset(7)
		got := tokens(t, &d, b, func() int { return 1 + random.IntN(1+random.IntN(5000)) })
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("seed %d: other tokens in random pieces", seed)
		}
	}
}

func TestDecoderPartial(t *testing.T) {
	wire := Header{Masked: true, Key: [4]byte{9, 8, 7, 6}, Length: 1 << 40}.Append(nil)
	for cut := range wire {
		d := NewDecoder(50)
		for _, c := range wire[:cut] {
			if tok, n := d.Next([]byte{c}); tok.Kind != None || n != 1 {
				t.Fatalf("%v after %d bytes", tok.Kind, n)
			}
		}
		if !bytes.Equal(d.Partial(), wire[:cut]) || d.Pos() != 50+int64(cut) || d.Current() != nil {
			t.Errorf("after %d bytes: partial %x, pos %d", cut, d.Partial(), d.Pos())
		}
	}
}

func TestDecoderSkip(t *testing.T) {
	const length = 10
	cases := []struct {
		name      string
		before    int // bytes of the frame before the gap
		gap       int64
		ok        bool
		remaining uint64
	}{
		{"between frames", 0, 1, false, 0},
		{"inside the header", 1, 1, false, 0},
		{"whole payload", 2, length, true, 0},
		{"inside the payload", 4, 5, true, 3},
		{"the rest of the payload", 4, 8, true, 0},
		{"one byte beyond", 4, 9, false, 8},
		{"far beyond", 11, 1 << 62, false, 1},
		{"empty", 4, 0, true, 8},
		{"empty between frames", 0, 0, true, 0},
	}
	wire := append(Header{Fin: true, Opcode: Text, Length: length}.Append(nil), "0123456789"...)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := NewDecoder(0)
			tokens(t, &d, wire[:c.before], fixed(3))
			if d.Skip(c.gap) != c.ok || d.Remaining() != c.remaining || d.Pos() != int64(c.before)+c.gap {
				t.Fatalf("remaining %d, pos %d", d.Remaining(), d.Pos())
			}
			if !c.ok {
				if tok, n := d.Next(wire); tok.Kind != None || n != len(wire) || d.Skip(0) {
					t.Errorf("after the boundary is lost: %v, %d", tok.Kind, n)
				}
				if (d.Current() != nil) != (c.remaining > 0) {
					t.Errorf("current %v", d.Current())
				}
				d.Reset(d.Pos())
				if tok, _ := d.Next(wire); tok.Kind != Head {
					t.Errorf("after Reset: %v", tok.Kind)
				}
				return
			}
			rest := wire[c.before+int(c.gap):]
			got := tokens(t, &d, append(rest[:len(rest):len(rest)], 0x8A), fixed(100))
			if c.before > 0 && got[len(got)-1] != "end @12 text" {
				t.Errorf("after the gap: %q", got)
			}
		})
	}
}

// Lengths that no int64 holds are counted down like any other.
func TestDecoderHugeLength(t *testing.T) {
	d := NewDecoder(0)
	d.Next(Header{Fin: true, Opcode: Binary, Length: 1<<64 - 1}.Append(nil))
	if tok, n := d.Next([]byte("abc")); tok.Kind != Data || n != 3 || d.Remaining() != 1<<64-4 {
		t.Fatalf("%v, %d, remaining %d", tok.Kind, n, d.Remaining())
	}
	for range 3 {
		if !d.Skip(1<<62 - 20) {
			t.Fatal("boundary lost inside the payload")
		}
	}
	if d.PayloadPos() != 3*(1<<62-20)+3 {
		t.Errorf("payload position %d", d.PayloadPos())
	}
}

func TestDecoderSize(t *testing.T) {
	if size := unsafe.Sizeof(Decoder{}); size > 64 {
		t.Errorf("a Decoder is %d bytes", size)
	}
}

func TestDecoderAllocs(t *testing.T) {
	b := stream()
	checker := Checker{RSV: RSV1}
	d := NewDecoder(0)
	ends, payload := 0, 0
	allocs := testing.AllocsPerRun(50, func() {
		for rest := b; len(rest) > 0; {
			piece := rest[:min(1460, len(rest))]
			rest = rest[len(piece):]
			for {
				tok, n := d.Next(piece)
				if tok.Kind == None {
					break
				}
				piece = piece[n:]
				switch tok.Kind {
				case Head:
					for range checker.Header(*tok.Header).All() {
						payload++
					}
				case End:
					ends++
				}
			}
		}
	})
	if ends != 7*51 || payload == 0 {
		t.Fatalf("%d ends, %d violations", ends, payload)
	}
	if allocs != 0 {
		t.Errorf("%v allocations a run", allocs)
	}
}

func FuzzDecoder(f *testing.F) {
	f.Add(stream(), uint64(1))
	f.Add([]byte("\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff"), uint64(2))
	f.Add([]byte("\x81\x85abcdhello\x88\x00"), uint64(3))
	f.Fuzz(func(t *testing.T, b []byte, seed uint64) {
		whole, cut := NewDecoder(0), NewDecoder(0)
		want := tokens(t, &whole, b, fixed(len(b)+1))
		random := rand.New(rand.NewPCG(seed, 0))
		got := tokens(t, &cut, b, func() int { return 1 + random.IntN(20) })
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("whole %q\ncut %q", want, got)
		}
		same := whole.Remaining() == cut.Remaining() && bytes.Equal(whole.Partial(), cut.Partial())
		if whole.Pos() != int64(len(b)) || cut.Pos() != whole.Pos() || !same {
			t.Fatalf("whole %+v\ncut %+v", whole, cut)
		}
	})
}

func BenchmarkDecoder(b *testing.B) {
	for _, n := range []uint64{0, 100, 1400} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			wire := Header{Fin: true, Opcode: Text, Masked: true, Key: [4]byte{1, 2, 3, 4}, Length: n}.Append(nil)
			wire = append(wire, make([]byte, n)...)
			dst := make([]byte, n)
			checker := Checker{Role: Client}
			d := NewDecoder(0)
			var v Violations
			b.SetBytes(int64(len(wire)))
			for b.Loop() {
				piece := wire
				for {
					tok, used := d.Next(piece)
					piece = piece[used:]
					if tok.Kind == Head {
						v |= checker.Header(*tok.Header)
					}
					if tok.Kind == Data {
						XOR(dst, tok.Data, tok.Header.Key, d.PayloadPos()-uint64(used))
					}
					if tok.Kind == None {
						break
					}
				}
			}
			if v != 0 {
				b.Fatal(v)
			}
		})
	}
}
