package http1

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

const (
	goodRequest  = "GET /chat HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\r\n"
	goodResponse = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
)

// feedAll feeds b to p in pieces of the sizes that cut returns and gives what was taken.
func feedAll(t *testing.T, p *Parser, b []byte, cut func(left int) int) (int, State) {
	t.Helper()
	taken, state := 0, p.state
	for taken < len(b) && state == NeedMore {
		piece := b[taken : taken+cut(len(b)-taken)]
		n, s := p.Feed(piece)
		if n > len(piece) || s == NeedMore && n != len(piece) {
			t.Fatalf("Feed of %d bytes took %d, state %d", len(piece), n, s)
		}
		taken, state = taken+n, s
	}
	return taken, state
}

func whole(left int) int { return left }

func single(int) int { return 1 }

func random(t *testing.T) func(int) int {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	return func(left int) int { return 1 + r.IntN(min(left, 17)) }
}

// cycle cuts pieces of 1 to 16 bytes, as the bytes of sizes say in turn.
func cycle(sizes []byte) func(int) int {
	i := 0
	return func(left int) int {
		if len(sizes) == 0 {
			return left
		}
		i++
		return min(left, 1+int(sizes[i%len(sizes)]%16))
	}
}

func mustParse(t *testing.T, k Kind, s string) *Head {
	t.Helper()
	p := Parser{Kind: k}
	if n, st := p.Feed([]byte(s)); st != Done || n != len(s) {
		t.Fatalf("Feed(%q) = %d, %d", s, n, st)
	}
	return p.Head()
}

func TestHead(t *testing.T) {
	tests := []struct {
		name string
		kind Kind
		in   string
		want Head
	}{
		{"request", Request, goodRequest, Head{
			Request: true, Line: "GET /chat HTTP/1.1", Method: "GET", Target: "/chat", Version: "HTTP/1.1",
			Fields: []Field{{"Host", "example.com"}, {"Upgrade", "websocket"}, {"Connection", "keep-alive, Upgrade"}},
		}},
		{"response", Response, goodResponse, Head{
			Line: "HTTP/1.1 101 Switching Protocols", Version: "HTTP/1.1", Status: 101, Phrase: "Switching Protocols",
			Fields: []Field{{"Upgrade", "websocket"}, {"Connection", "Upgrade"}},
		}},
		{"LF alone", Request, "GET / HTTP/1.1\nhost:a\n\n", Head{
			Request: true, Line: "GET / HTTP/1.1", Method: "GET", Target: "/", Version: "HTTP/1.1",
			Fields: []Field{{"host", "a"}},
		}},
		{"no header lines", Response, "HTTP/1.1 200 \r\n\r\n", Head{
			Line: "HTTP/1.1 200 ", Version: "HTTP/1.1", Status: 200, Fields: []Field{},
		}},
		{"blanks around values and empty values", Request, "GET / HTTP/1.1\r\nA:\r\nB: \t \r\nC: x  y \t\r\n\r\n", Head{
			Request: true, Line: "GET / HTTP/1.1", Method: "GET", Target: "/", Version: "HTTP/1.1",
			Fields: []Field{{"A", ""}, {"B", ""}, {"C", "x  y"}},
		}},
		{"bytes above ASCII", Response, "HTTP/1.1 200 \xe4\xff\r\nA: \xc3\xa4\r\n\r\n", Head{
			Line: "HTTP/1.1 200 \xe4\xff", Version: "HTTP/1.1", Status: 200, Phrase: "\xe4\xff",
			Fields: []Field{{"A", "\xc3\xa4"}},
		}},
		{"target with colons and slashes", Request, "CONNECT [::1]:80 HTTP/1.0\r\n\r\n", Head{
			Request: true, Line: "CONNECT [::1]:80 HTTP/1.0", Method: "CONNECT", Target: "[::1]:80", Version: "HTTP/1.0",
			Fields: []Field{},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.Size = len(tt.in)
			for _, cut := range []func(int) int{whole, single, random(t)} {
				p := Parser{Kind: tt.kind}
				if n, s := feedAll(t, &p, []byte(tt.in+"tail"), cut); n != len(tt.in) || s != Done {
					t.Fatalf("took %d of %d bytes, state %d", n, len(tt.in), s)
				}
				if got := p.Head(); !reflect.DeepEqual(*got, tt.want) {
					t.Errorf("got  %+v\nwant %+v", *got, tt.want)
				}
			}
		})
	}
}

func TestDefects(t *testing.T) {
	const line = "GET / HTTP/1.1\r\n"
	tests := []struct {
		name, in string
		kind     Kind
		want     []Defect
	}{
		{"no version", "GET /\r\n\r\n", Request, []Defect{{NoVersion, "GET /"}}},
		{"another protocol", "GET / RTSP/1.0\r\n\r\n", Request, []Defect{{NoVersion, "GET / RTSP/1.0"}, {BadStartLine, "GET / RTSP/1.0"}}},
		{"version in lower case", "GET / http/1.1\r\n\r\n", Request, []Defect{{NoVersion, "GET / http/1.1"}}},
		{"method alone", "GET\r\n\r\n", Request, []Defect{{NoVersion, "GET"}, {BadStartLine, "GET"}}},
		{"no target", "GET HTTP/1.1\r\n\r\n", Request, []Defect{{BadStartLine, "GET HTTP/1.1"}}},
		{"two blanks", "GET  / HTTP/1.1\r\n\r\n", Request, []Defect{{BadStartLine, "GET  / HTTP/1.1"}}},
		{"tab", "GET\t/ HTTP/1.1\r\n\r\n", Request, []Defect{{BadStartLine, "GET\t/ HTTP/1.1"}}},
		{"blank in target", "GET /a b HTTP/1.1\r\n\r\n", Request, []Defect{{BadStartLine, "GET /a b HTTP/1.1"}}},
		{"blank at the end", "GET / HTTP/1.1 \r\n\r\n", Request, []Defect{{BadStartLine, "GET / HTTP/1.1 "}}},
		{"NUL in target", "GET /\x00 HTTP/1.1\r\n\r\n", Request, []Defect{{BadStartLine, "GET /\x00 HTTP/1.1"}}},
		{"method is no token", "G(T / HTTP/1.1\r\n\r\n", Request, []Defect{{BadStartLine, "G(T / HTTP/1.1"}}},
		{"status without blank", "HTTP/1.1 200\r\n\r\n", Response, []Defect{{BadStartLine, "HTTP/1.1 200"}}},
		{"status of two digits", "HTTP/1.1 20 OK\r\n\r\n", Response, []Defect{{BadStartLine, "HTTP/1.1 20 OK"}}},
		{"status of letters", "HTTP/1.1 abc OK\r\n\r\n", Response, []Defect{{BadStartLine, "HTTP/1.1 abc OK"}}},
		{"status line without version", "101 Go\r\n\r\n", Response, []Defect{{NoVersion, "101 Go"}, {BadStartLine, "101 Go"}}},
		{"bell in phrase", "HTTP/1.1 200 a\ab\r\n\r\n", Response, []Defect{{BadStartLine, "HTTP/1.1 200 a\ab"}}},
		{"no colon", line + "nonsense\r\n\r\n", Request, []Defect{{NoColon, "nonsense"}}},
		{"blank before colon", line + "Host : a\r\n\r\n", Request, []Defect{{BlankBeforeColon, "Host : a"}}},
		{"no name", line + ": a\r\n\r\n", Request, []Defect{{BadFieldName, ": a"}}},
		{"name with blank", line + "A B: c\r\n\r\n", Request, []Defect{{BadFieldName, "A B: c"}}},
		{"name with NUL", line + "A\x00: c\r\n\r\n", Request, []Defect{{BadFieldName, "A\x00: c"}}},
		{"NUL in value", line + "A: b\x00c\r\n\r\n", Request, []Defect{{NULInValue, "A: b\x00c"}}},
		{"CR in value", line + "A: b\rc\r\n\r\n", Request, []Defect{{NULInValue, "A: b\rc"}}},
		{"CR twice before LF", line + "A: b\r\r\n\r\n", Request, []Defect{{NULInValue, "A: b\r"}}},
		{"folded", line + "A: b\r\n\tc\r\n  d \r\nE: f\r\n\r\n", Request, []Defect{{Folded, "A: b\r\n\tc\r\n  d "}}},
		{"blank after the start line", line + " A: b\r\n\r\n", Request, []Defect{{BadFieldName, " A: b"}}},
		{"several", line + "x\r\nB : \x00\r\n\r\n", Request, []Defect{{NoColon, "x"}, {BlankBeforeColon, "B : \x00"}, {NULInValue, "B : \x00"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mustParse(t, tt.kind, tt.in).Defects; !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestDefectiveHeadsAreReadAllTheSame(t *testing.T) {
	h := mustParse(t, Request, "GET\t /a b  HTTP/1.1 \r\nHost : a\r\nnonsense\r\n: x\r\nA: b\r\n c\r\n\td\r\n\r\n")
	if h.Method != "GET" || h.Target != "/a b" || h.Version != "HTTP/1.1" {
		t.Errorf("start line read as %q %q %q", h.Method, h.Target, h.Version)
	}
	want := []Field{{"Host ", "a"}, {"", "nonsense"}, {"", "x"}, {"A", "b c d"}}
	if !reflect.DeepEqual(h.Fields, want) {
		t.Errorf("got  %q\nwant %q", h.Fields, want)
	}
	h = mustParse(t, Response, "HTTP/1.1  404\tgone\r\n\r\n")
	if h.Version != "HTTP/1.1" || h.Status != 0 {
		t.Errorf("status line read as %q %d %q", h.Version, h.Status, h.Phrase)
	}
}

func TestFoldedFieldsAreLinear(t *testing.T) {
	p := Parser{Limit: 1 << 20}
	in := "GET / HTTP/1.1\r\nA: b\r\n" + strings.Repeat(" x\n", 300_000) + "\r\n"
	if _, s := p.Feed([]byte(in)); s != Done {
		t.Fatal("not done")
	}
	var h *Head
	allocs := testing.AllocsPerRun(1, func() { h = p.Head() })
	if len(h.Fields) != 1 || len(h.Fields[0].Value) != 1+2*300_000 {
		t.Fatalf("%d fields", len(h.Fields))
	}
	if allocs > 10 {
		t.Errorf("%v allocations for one folded field", allocs)
	}
}

func TestLeadingLineEndsAreSkipped(t *testing.T) {
	var p Parser
	in := strings.Repeat("\r\n", 100_000)
	if n, s := p.Feed([]byte(in)); n != len(in) || s != NeedMore || p.Buffered() != 0 {
		t.Fatalf("took %d, state %d, holds %d", n, s, p.Buffered())
	}
	p.Feed([]byte(goodRequest))
	if h := p.Head(); h == nil || h.Size != len(goodRequest) || h.Method != "GET" {
		t.Errorf("got %+v", h)
	}
}

func TestLimit(t *testing.T) {
	for _, cut := range []func(int) int{whole, single, random(t)} {
		p := Parser{Limit: len(goodRequest)}
		if n, s := feedAll(t, &p, []byte(goodRequest), cut); s != Done || n != len(goodRequest) {
			t.Errorf("a head of the limit: took %d, state %d", n, s)
		}
		p = Parser{Limit: len(goodRequest) - 1}
		n, s := feedAll(t, &p, []byte(goodRequest+"more"), cut)
		if s != TooLong || n != p.Limit || p.Buffered() != p.Limit {
			t.Errorf("a head above the limit: took %d, state %d, holds %d", n, s, p.Buffered())
		}
		if p.Head() != nil {
			t.Error("a head above the limit is not whole")
		}
		if h := p.Partial(); h == nil || !h.Cut || len(h.Fields) != 3 {
			t.Errorf("got %+v", h)
		}
		if n, s := p.Feed([]byte("x")); n != 0 || s != TooLong {
			t.Errorf("after TooLong: took %d, state %d", n, s)
		}
	}
	var p Parser
	if n, s := p.Feed(make([]byte, 1<<20)); n != DefaultLimit || s != TooLong {
		t.Errorf("default limit: took %d, state %d", n, s)
	}
}

func TestPartial(t *testing.T) {
	for n := range len(goodRequest) + 1 {
		var p Parser
		p.Feed([]byte(goodRequest[:n]))
		h := p.Partial()
		lines := strings.Count(goodRequest[:n], "\n")
		switch {
		case n < len("GET /"):
			if h != nil {
				t.Errorf("%d bytes: got %+v without a target", n, h)
			}
		case lines == 0:
			if h == nil || !h.Cut || h.Method != "GET" || len(h.Fields)+len(h.Defects) > 0 {
				t.Errorf("%d bytes, a part of the start line: got %+v", n, h)
			}
		case h == nil:
			t.Errorf("%d bytes: nil", n)
		case h.Cut != (n < len(goodRequest)), h.Size != n, h.Method != "GET", len(h.Fields) != min(lines-1, 3):
			t.Errorf("%d bytes: got %+v", n, h)
		}
	}
}

func TestPartialStatusLine(t *testing.T) {
	for _, c := range []struct {
		head   string
		status int
	}{
		{"HTTP/1.1 10", 0},
		{"HTTP/1.1 101", 101},
		{"HTTP/1.1 101 Switching Proto", 101},
		{"HTTP/1.1 ", 0},
	} {
		p := Parser{Kind: Response}
		p.Feed([]byte(c.head))
		h := p.Partial()
		if c.status == 0 {
			if h != nil {
				t.Errorf("%q: got %+v", c.head, h)
			}
		} else if h == nil || h.Status != c.status || !h.Cut {
			t.Errorf("%q: got %+v", c.head, h)
		}
	}
}

func TestReset(t *testing.T) {
	p := Parser{Kind: Response}
	p.Feed([]byte(goodResponse))
	first := p.Head()
	p.Reset()
	if p.Head() != nil || p.Partial() != nil || p.Buffered() != 0 {
		t.Fatal("not empty after Reset")
	}
	if _, s := p.Feed([]byte("HTTP/1.1 404 Not Found\r\n\r\n")); s != Done {
		t.Fatal("not done")
	}
	if second := p.Head(); second.Status != 404 || second.Request {
		t.Errorf("got %+v", second)
	}
	if first.Status != 101 || first.Fields[0].Value != "websocket" {
		t.Errorf("the first head changed: %+v", first)
	}
}

func TestCollectingAgainDoesNotAllocate(t *testing.T) {
	var p Parser
	in := []byte(goodRequest)
	heads := 0
	n := testing.AllocsPerRun(100, func() {
		p.Reset()
		if n, s := p.Feed(in); s == Done && n == len(in) {
			heads++
		}
	})
	if n != 0 || heads != 101 {
		t.Errorf("%v allocations, %d heads", n, heads)
	}
}
