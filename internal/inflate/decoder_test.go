package inflate

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEndings(t *testing.T) {
	cases := []struct {
		name   string
		wire   string
		out    string
		ending Ending
		offset int
		other  Result // the marks that are expected
	}{
		{"RFC 7692 7.2.3.1", "f2 48 cd c9 c9 07 00", "Hello", Complete, 7, Result{}},
		{"RFC 7692 7.2.3.3, stored", "00 05 00 fa ff 48 65 6c 6c 6f 00", "Hello", Complete, 11, Result{}},
		{"RFC 7692 7.2.3.4, final", "f3 48 cd c9 c9 07 00 00", "Hello", Complete, 8, Result{Final: true}},
		{"RFC 7692 7.2.3.5, two blocks", "f2 48 05 00 00 00 ff ff ca c9 c9 07 00", "Hello", Complete, 13, Result{}},
		{"final without an empty block", "f3 48 cd c9 c9 07 00", "Hello", Complete, 7, Result{Final: true}},
		{"final, padding not zero", "f3 48 cd c9 c9 07 40 00", "Hello", Complete, 8, Result{Final: true, Padding: true}},
		{"two streams", "f3 48 cd c9 c9 07 00 f3 48 cd c9 c9 07 00 00", "HelloHello", Complete, 15, Result{Final: true}},
		{"reference over a final block", "f3 48 cd c9 c9 07 00 f2 00 11 00 00", "HelloHello", Complete, 12, Result{Final: true, Distance: 5}},
		{"tail not removed", "f2 48 cd c9 c9 07 00 00 00 ff ff", "Hello", Complete, 11, Result{Tail: true}},
		{"tail of a final block not removed", "f2 48 cd c9 c9 07 04 00 00 ff ff", "Hello", Complete, 11, Result{Final: true, Tail: true}},
		{"empty", "00", "", Complete, 1, Result{}},
		{"no byte", "", "", Open, 0, Result{}},
		{"empty, padding not zero", "f8", "", Complete, 1, Result{}},
		{"stored and nothing behind", "00 01 00 fe ff 41", "A", Open, 6, Result{}},
		{"empty stored in the middle", "00 00 00 ff ff 00", "", Complete, 6, Result{}},
		{"fixed and nothing behind", "72 04 00", "A", Complete, 3, Result{}},
		{"fixed cut", "f2 48 cd c9", "Hel", Cut, 3, Result{}},
		{"stored cut", "00 05 00 fa ff 48 65", "He", Cut, 7, Result{}},
		{"length of stored cut", "00 05 00", "", Cut, 1, Result{}},
		{"lengths of stored differ", "00 05 00 05 00 48", "", Corrupt, 1, Result{}},
		{"block type 3", "f2 48 05 00 00 00 ff ff 06", "He", Corrupt, 8, Result{}},
		{"distance before everything", "f2 00 11 00 00", "H", Corrupt, 3, Result{}},
		{"length code 286", "1b 03", "", Corrupt, 0, Result{}},
		{"dynamic: too many lengths", "f4 ff 00", "", Corrupt, 2, Result{}},
		{"dynamic: cut", "04 80", "", Cut, 0, Result{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var d Decoder
			var w Window
			r := d.Inflate(&w, nil, unhex(t, c.wire), roomyLimits, Size)
			if string(r.Out) != c.out || r.Ending != c.ending || r.Offset != c.offset {
				t.Errorf("%q, %v at %d; want %q, %v at %d", r.Out, r.Ending, r.Offset, c.out, c.ending, c.offset)
			}
			want := c.other
			want.Out, want.Length, want.Offset, want.Ending = r.Out, uint64(len(c.out)), r.Offset, r.Ending
			if r.Final != want.Final || r.Padding != want.Padding || r.Tail != want.Tail || r.Distance != want.Distance || r.Length != want.Length {
				t.Errorf("%+v\nwant %+v", r, want)
			}
			if lost := w.older && w.n == 0; lost != (c.ending > Open) {
				t.Errorf("history lost: %v", lost)
			}
		})
	}
}

// The second message of RFC 7692 7.2.3.2 refers to the first.
func TestContextTakeover(t *testing.T) {
	for _, keep := range []int{1024, Size} {
		var d Decoder
		var w Window
		d.Inflate(&w, nil, unhex(t, "f2 48 cd c9 c9 07 00"), roomyLimits, keep)
		r := d.Inflate(&w, nil, unhex(t, "f2 00 11 00 00"), roomyLimits, keep)
		if string(r.Out) != "Hello" || r.Reach != 4 || r.Ending != Complete {
			t.Errorf("keep %d: %q, reach %d, %v", keep, r.Out, r.Reach, r.Ending)
		}
	}
}

// A window that is kept small forgets, and says so instead of inventing.
func TestKeepLess(t *testing.T) {
	s := newSender(t, 9)
	var d Decoder
	var w Window
	first := []byte("The quick brown fox jumps over the lazy dog, and this is known for long.")
	d.Inflate(&w, nil, s.send(t, first), roomyLimits, 1024)
	filler := bytes.Repeat([]byte{'.'}, 5000)
	d.Inflate(&w, nil, s.send(t, filler), Limits{Output: 100, Discard: 1 << 20}, 1024)
	if w.Held() > 1024 {
		t.Errorf("%d bytes held", w.Held())
	}
	r := d.Inflate(&w, nil, s.send(t, first), roomyLimits, 1024)
	checkKnown(t, &d, r, first)
	if r.Ending != Complete || r.Unknown < 60 {
		t.Errorf("%v, %d unknown bytes", r.Ending, r.Unknown)
	}
}

func TestLimits(t *testing.T) {
	text := bytes.Repeat([]byte("all work and no play "), 20000) // 420,000 bytes
	n := uint64(len(text))
	cases := []struct {
		name    string
		limits  Limits
		out     uint64
		length  uint64
		limited bool
		ending  Ending
	}{
		{"exact", Limits{Output: n}, n, n, false, Complete},
		{"one too few", Limits{Output: n - 1}, n - 1, n - 1, true, Stopped},
		{"one too few, the rest discarded", Limits{Output: n - 1, Discard: 1}, n - 1, n, true, Complete},
		{"half, the rest discarded", Limits{Output: n / 2, Discard: n}, n / 2, n, true, Complete},
		{"half, too much to discard", Limits{Output: n / 2, Discard: 100000}, n / 2, n/2 + 100000, true, Stopped},
		{"no output", Limits{Discard: 1 << 40}, 0, n, true, Complete},
		{"nothing at all", Limits{}, 0, 0, true, Stopped},
		{"odd", Limits{Output: 1001, Discard: 1<<64 - 1}, 1001, n, true, Complete},
		{"ratio", Limits{Output: n, Ratio: 10}, ratioFloor, ratioFloor, true, Stopped},
		{"ratio, the rest discarded", Limits{Output: n, Ratio: 10, Discard: n}, ratioFloor, n, true, Complete},
		{"no limit", Limits{Output: 1<<64 - 1, Discard: 1<<64 - 1}, n, n, false, Complete},
		{"high ratio", Limits{Output: n, Ratio: 1000}, n, n, false, Complete},
	}
	for _, c := range cases {
		for _, room := range []int{0, 10, 1 << 20} {
			s := newSender(t, 6)
			var d Decoder
			var w Window
			r := d.Inflate(&w, make([]byte, room), s.send(t, text), c.limits, Size)
			if uint64(len(r.Out)) != c.out || r.Length != c.length || r.Limited != c.limited || r.Ending != c.ending {
				t.Errorf("%s, room %d: out %d, length %d, limited %v, %v", c.name, room, len(r.Out), r.Length, r.Limited, r.Ending)
			}
			if !bytes.Equal(r.Out, text[:c.out]) {
				t.Errorf("%s, room %d: other output", c.name, room)
			}
			again := text[5:9000]
			next := d.Inflate(&w, nil, s.send(t, again), roomyLimits, Size)
			checkKnown(t, &d, next, again)
			if (next.Unknown == 0) != (c.ending == Complete) {
				t.Errorf("%s, room %d: %d unknown bytes in the next message", c.name, room, next.Unknown)
			}
		}
	}
}

// A bomb costs no more than its limits, however much it promises.
func TestBomb(t *testing.T) {
	s := newSender(t, 9)
	wire := s.send(t, make([]byte, 16<<20))
	var d Decoder
	var w Window
	r := d.Inflate(&w, nil, wire, Limits{Output: 1 << 30, Ratio: 20, Discard: 1 << 20}, Size)
	if want := max(ratioFloor, 20*len(wire)); cap(r.Out) > want || !r.Limited || r.Ending != Stopped {
		t.Errorf("%d bytes of memory for %d of source, %v", cap(r.Out), len(wire), r.Ending)
	}
}

func TestUnknownBeyondLimit(t *testing.T) {
	s := newSender(t, 9)
	var d Decoder
	var w Window
	secret := []byte("a secret that nobody saw, long enough to be worth a reference")
	s.send(t, secret)
	w.Lose()
	m := append(bytes.Repeat([]byte("x"), 20000), secret...)
	m = append(append(m, bytes.Repeat([]byte("y"), 10000)...), secret...)
	r := d.Inflate(&w, nil, s.send(t, m), Limits{Output: 20010, Discard: 1 << 20}, Size)
	checked := r
	checked.Unknown = 0
	for i := range r.Out {
		if i >= int(r.FirstUnknown) {
			checked.Unknown++
		}
	}
	if r.Ending != Complete || r.Unknown < 50 || checked.Unknown == 0 {
		t.Fatalf("%v, %d unknown", r.Ending, r.Unknown)
	}
	checkKnown(t, &d, checked, m)
	again := secret[:40]
	r = d.Inflate(&w, nil, s.send(t, again), roomyLimits, Size)
	if r.Unknown < 38 {
		t.Errorf("%d unknown bytes of %d", r.Unknown, len(again))
	}
}

func TestRelease(t *testing.T) {
	s := newSender(t, 6)
	var d Decoder
	var w Window
	m := []byte("hello hello hello hello")
	d.Inflate(&w, nil, s.send(t, m), roomyLimits, Size)
	w.Release(&d)
	if w.Held() != 0 {
		t.Fatalf("%d bytes held", w.Held())
	}
	r := d.Inflate(&w, nil, s.send(t, m), roomyLimits, Size)
	checkKnown(t, &d, r, m)
	if r.Unknown == 0 || r.Ending != Complete {
		t.Errorf("%v, %d unknown", r.Ending, r.Unknown)
	}
	if len(d.pool.rings[0]) != 0 || len(w.ring) != minRing {
		t.Errorf("the ring was not used again")
	}
}

func TestAllocs(t *testing.T) {
	_, wire, _ := benchMessages(t, 500)
	plain := 0
	var d Decoder
	var w Window
	dst := make([]byte, 1<<12)
	run := func() {
		for _, m := range wire {
			r := d.Inflate(&w, dst, m, roomyLimits, Size)
			plain += len(r.Out)
		}
		w.Lose()
	}
	run()
	run()
	if allocs := testing.AllocsPerRun(20, run); allocs != 0 {
		t.Errorf("%v allocations a run", allocs)
	}
	if plain != 23*64*500 {
		t.Errorf("%d bytes inflated", plain)
	}
}
