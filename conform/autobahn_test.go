package conform_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// autobahn is a case of the Autobahn test suite: what its client sends to a server, and
// what that breaks. Its name begins with the number that it has there; a name that ends in
// "+" is one of ours, in the manner of that section.
type autobahn struct {
	name   string
	frames []wstest.Frame
	chop   int           // bytes per packet, or together or framewise
	cut    []int         // where the bytes of each write are cut instead
	pause  time.Duration // before each further write or piece of one
	want   []string      // by the client; by the server with "s2c "
}

const (
	together  = 0  // all frames in one write
	framewise = -1 // a write for each frame
	octetwise = 1
)

// TestAutobahn holds the verdicts on the conversations of the Autobahn test suite,
// sections 1 to 7, with a server that passes it: none of them is against the server.
func TestAutobahn(t *testing.T) {
	for _, c := range autobahnCases() {
		t.Run(c.name, func(t *testing.T) {
			var want []string
			for _, code := range c.want {
				if !strings.HasPrefix(code, "s2c ") {
					code = "c2s " + code
				}
				want = append(want, code)
			}
			expect(t, againstServer(c).Packets, want...)
		})
	}
}

func autobahnCases() []autobahn {
	return slices.Concat(framing(), pings(), reservedBits(), reservedOpcodes(), fragmentation(), texts(), sequences(), closings(), codes())
}

// TestAutobahnComplete holds that each case of sections 1 to 7 is there once.
func TestAutobahnComplete(t *testing.T) {
	want := map[string]bool{}
	for section, n := range map[string]int{
		"1.1": 8, "1.2": 8, "2": 11, "3": 7, "4.1": 5, "4.2": 5, "5": 20, "6.1": 3, "6.2": 4, "6.3": 2, "6.4": 4,
		"6.5": 5, "6.6": 11, "6.7": 4, "6.8": 2, "6.9": 4, "6.10": 3, "6.11": 5, "6.12": 8, "6.13": 5, "6.14": 10,
		"6.15": 1, "6.16": 3, "6.17": 5, "6.18": 5, "6.19": 5, "6.20": 7, "6.21": 8, "6.22": 34, "6.23": 7,
		"7.1": 6, "7.3": 6, "7.5": 1, "7.7": 13, "7.9": 9, "7.13": 2,
	} {
		for i := range n {
			want[fmt.Sprintf("%s.%d", section, i+1)] = true
		}
	}
	got := map[string]bool{}
	for _, c := range autobahnCases() {
		if strings.HasSuffix(c.name, "+") {
			continue
		}
		number, _, _ := strings.Cut(c.name, " ")
		if got[number] {
			t.Errorf("%s is there twice", number)
		}
		if got[number] = true; !want[number] {
			t.Errorf("%s is not in the suite", number)
		}
	}
	for _, number := range slices.Sorted(maps.Keys(want)) {
		if !got[number] {
			t.Errorf("%s is missing", number)
		}
	}
}

// againstServer plays a case against a server that keeps the rules. The client closes when
// all is sent, unless it did.
func againstServer(c autobahn) *play {
	p := newPlay()
	s := &server{check: frame.Checker{Role: frame.Client}}
	closed := false
	for i, fs := range c.writes() {
		if i > 0 {
			p.Wait(c.pause)
		}
		for j, piece := range c.pieces(p.masked(slices.Clone(fs))) {
			if j > 0 {
				p.Wait(c.pause)
			}
			p.Client(piece)
		}
		var out []wstest.Frame
		for _, f := range fs {
			closed = closed || f.Header.Opcode == frame.Close
			out = append(out, s.takes(f)...)
		}
		if out != nil {
			p.s(out...)
		}
		if s.closed && !closed {
			break // the client sees that it has failed
		}
	}
	if !closed {
		closing := wstest.Close(1000, "")
		if s.closed {
			closing = wstest.Close(s.code, "")
		}
		p.c(closing)
		if out := s.takes(closing); out != nil {
			p.s(out...)
		}
	}
	p.Shut()
	return p
}

// writes are the frames that the client sends at once.
func (c *autobahn) writes() [][]wstest.Frame {
	if c.chop == together && c.cut == nil {
		return [][]wstest.Frame{c.frames}
	}
	return slices.Collect(slices.Chunk(c.frames, 1))
}

// pieces are the bytes of a write as they are sent.
func (c *autobahn) pieces(b []byte) [][]byte {
	if c.chop > 0 {
		return wstest.Chop(b, c.chop)
	}
	var pieces [][]byte
	from := 0
	for _, at := range c.cut {
		pieces = append(pieces, b[from:at])
		from = at
	}
	return append(pieces, b[from:])
}

func frames(fs ...wstest.Frame) []wstest.Frame { return fs }
