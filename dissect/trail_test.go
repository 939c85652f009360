package dissect

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/reassembly"
)

// slowly is find, with each candidate followed by itself, over all of its headers.
func slowly(s *search, final bool) (at int64, ok bool) {
	alone := func(c *candidate) bool {
		s.trail.end()
		return s.step(c, final)
	}
	kept := s.follow[:0]
	for _, c := range s.follow {
		if alone(&c) {
			kept = append(kept, c)
		}
	}
	s.follow = kept
	for i := range s.held.items {
		it := &s.held.items[i]
		for s.next = max(s.next, it.offset()); it.gap.Len == 0 && s.next < it.end(); s.next++ {
			if c := (candidate{at: s.next, first: s.next, pos: s.next}); alone(&c) {
				s.follow = append(s.follow, c)
			}
		}
	}
	return s.best(final)
}

// bait is bytes that look like frames more or less: what costs a search most.
func bait(rng *rand.Rand, n int, masked bool) []byte {
	first := []byte{0x82, 0x81, 0x80, 0x02, 0x01, 0x00, 0x89, 0x88, 0xc1, 0x8a}
	var b []byte
	pattern := make([]byte, 1+rng.IntN(6))
	for len(b) < n {
		switch kind := rng.IntN(8); kind {
		case 0:
			b = append(b, make([]byte, rng.IntN(120))...)
		case 1:
			for range rng.IntN(60) {
				b = append(b, byte(rng.Uint32()))
			}
		case 2, 3: // the same few bytes, again and again
			for i := range pattern {
				pattern[i] = first[rng.IntN(len(first))]
				if rng.IntN(2) == 0 {
					pattern[i] = byte(rng.IntN(6)) | byte(rng.IntN(2))<<7
				}
			}
			for range rng.IntN(40) {
				b = append(b, pattern...)
			}
		case 4:
			b = append(b, "some text that is long enough to be one"[:rng.IntN(39)]...)
		default: // frames
			for range rng.IntN(12) {
				h := frame.Header{Fin: rng.IntN(4) > 0, Opcode: frame.Opcode(first[rng.IntN(len(first))] & 0xf), Masked: masked}
				h.Length = uint64(rng.IntN(40))
				if rng.IntN(9) == 0 {
					h.Length += 120
				}
				if masked {
					rng := rng.Uint32()
					h.Key = [4]byte{byte(rng), byte(rng >> 8), byte(rng >> 16), byte(rng >> 24)}
				}
				if h.Opcode.IsControl() {
					h.Fin, h.Length = true, min(h.Length, 125)
				}
				at := len(h.Append(b))
				b = h.Append(b)
				for range h.Length {
					b = append(b, byte('a'+rng.IntN(20)))
				}
				if masked {
					frame.XOR(b[at:], b[at:], h.Key, 0)
				}
			}
		}
	}
	return b
}

// Where chains meet and only one is followed, and where bytes are passed over at a glance, the
// same is found, at the same time.
func TestTrailLosesNothing(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	found := 0
	for n := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, n))
		roles := []frame.Role{frame.Server, frame.Client, frame.RoleUnknown}
		role, rsv := roles[rng.IntN(3)], uint8(rng.IntN(2))*frame.RSV1
		b := bait(rng, 200+rng.IntN(1500), role == frame.Client || role == frame.RoleUnknown && rng.IntN(2) == 0)
		fast, slow := newSearch(role, rsv, 1<<20), newSearch(role, rsv, 1<<20)
		fast.detect = role == frame.RoleUnknown
		slow.detect = fast.detect
		for at := 0; at < len(b); {
			size := min(1+rng.IntN(600), len(b)-at)
			p := reassembly.Piece{Offset: int64(at), Data: b[at : at+size]}
			if rng.IntN(12) == 0 {
				g := reassembly.Gap{Offset: int64(at), Len: int64(size)}
				fast.addGap(g)
				slow.addGap(g)
			} else {
				fast.add(p)
				slow.add(p)
			}
			at += size
			final := at == len(b)
			got, ok := fast.find(final)
			want, wantOK := slowly(slow, final)
			if len(slow.follow) >= maxFollow {
				break // candidates are left out then, by one earlier than by the other
			}
			if got != want || ok != wantOK {
				t.Fatalf("seed %d, %d: at byte %d of %d, role %d: found %d, %v, want %d, %v", seed, n, at, len(b), role, got, ok, want, wantOK)
			}
			if ok {
				found++
				break
			}
		}
	}
	if found < 50 {
		t.Errorf("found frames in %d of 400: the bait is bad", found)
	}
}

// A chain is left alone only where an earlier one goes the same way, and proves as much.
func TestTrailPass(t *testing.T) {
	usual := candidate{pos: 100, headers: 3, packets: 3, weight: 20, solid: 10, anchors: 2, last: frame.Header{Fin: true, Opcode: frame.Text, Length: 5}}
	for _, c := range []struct {
		name          string
		change        func(*candidate)
		passes, after bool // and when the earlier one led nowhere
	}{
		{"the same", func(*candidate) {}, false, false},
		{"less evidence", func(c *candidate) { c.weight, c.solid, c.anchors = 19, 9, 1 }, false, false},
		{"not where packets begin", func(c *candidate) { c.packets = 2 }, false, false},
		{"elsewhere", func(c *candidate) { c.pos = 101 }, true, true},
		{"a chain that has just begun", func(c *candidate) { c.headers = 1 }, true, true},
		{"more evidence", func(c *candidate) { c.weight = 21 }, true, false},
		{"more of it solid", func(c *candidate) { c.solid = 11 }, true, false},
		{"more anchors", func(c *candidate) { c.anchors = 3 }, true, false},
		{"another frame before", func(c *candidate) { c.last.Length = 6 }, true, true},
		{"inside a message", func(c *candidate) { c.inside = true }, true, true},
		{"behind a Close", func(c *candidate) { c.closed = true }, true, true},
		{"empty frames before", func(c *candidate) { c.empty = 1 }, true, true},
	} {
		for _, dead := range []bool{false, true} {
			var tr trail
			earlier, later := usual, usual
			if !tr.pass(&earlier) {
				t.Fatal("the first does not pass")
			}
			if m := tr.marks[100]; dead {
				m.dead = true
				tr.marks[100] = m
			}
			c.change(&later)
			if got, want := tr.pass(&later), c.passes && !dead || c.after; got != want {
				t.Errorf("%s, dead %v: %v, want %v", c.name, dead, got, want)
			}
		}
	}
	var tr trail
	loose := usual
	loose.packets = 2
	if tr.pass(&loose); !tr.pass(&usual) {
		t.Error("one whose frames begin where packets do is given up for one whose do not")
	}
}

// What is hopeless at a glance is so for a candidate that is followed.
func TestHopeless(t *testing.T) {
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	hopeless, all := 0, 0
	for range 200 {
		b := bait(rng, 600, rng.IntN(2) == 0)
		for _, role := range []frame.Role{frame.Server, frame.Client, frame.RoleUnknown} {
			s := newSearch(role, uint8(rng.IntN(2))*frame.RSV1, 1<<20)
			s.add(reassembly.Piece{Data: b})
			for at := range b {
				all++
				if !s.hopeless(b[at:]) && zeros(b[at:]) <= 2*(maxEmpty+1) {
					continue
				}
				hopeless++
				s.trail.end()
				if c := (candidate{at: int64(at), first: int64(at), pos: int64(at)}); s.step(&c, true) {
					t.Fatalf("role %d: % x", role, b[at:min(at+60, len(b))])
				}
			}
		}
	}
	if hopeless < all/2 {
		t.Errorf("%d of %d bytes were hopeless", hopeless, all)
	}
}

// Bytes that are like frames everywhere are searched in a time that grows with their number:
// each header is looked at a few times, for however many candidates. And nothing of it stays.
func TestSearchIsLinear(t *testing.T) {
	for name, pattern := range map[string]string{
		"zeros": "\x00", "ones": "\x01", "empty": "\x82\x00", "one byte": "\x82\x01\x00", "two bytes": "\x82\x02", "masked": "\x82",
	} {
		t.Run(name, func(t *testing.T) {
			for _, role := range []frame.Role{frame.Server, frame.Client} {
				b := []byte(strings.Repeat(pattern, 30_000))
				s := newSearch(role, 0, 1<<20)
				s.add(reassembly.Piece{Data: b})
				looks := 0
				for at := range b {
					if c := (candidate{at: int64(at), first: int64(at), pos: int64(at)}); !s.hopeless(b[at:]) {
						s.walk(&c, false)
						looks += c.headers
					}
				}
				if looks > 4*len(b) {
					t.Errorf("%d looks at headers for %d bytes", looks, len(b))
				}
				s.trail.end()
				s.find(false)
				if len(s.follow) > 200 || s.trail.marks != nil {
					t.Errorf("%d candidates and %d marks stay", len(s.follow), len(s.trail.marks))
				}
			}
		})
	}
}
