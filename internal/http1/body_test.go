package http1

import (
	"strings"
	"testing"
)

// skipAll gives a body the bytes in pieces and returns how many it took.
func skipAll(t *testing.T, b *Body, in string, cut func(left int) int) int {
	t.Helper()
	taken := 0
	for taken < len(in) && !b.Done() {
		piece := in[taken : taken+cut(len(in)-taken)]
		n, done := b.Skip([]byte(piece))
		if n > len(piece) || n < len(piece) && !done || done != b.Done() {
			t.Fatalf("Skip of %d bytes took %d, done %v", len(piece), n, done)
		}
		taken += n
	}
	return taken
}

// contentAll is the content of a body that is given in pieces.
func contentAll(b Body, in string, cut func(left int) int) string {
	var all strings.Builder
	for len(in) > 0 && !b.Done() {
		piece := []byte(in[:cut(len(in))])
		n, content, _ := b.Next(piece)
		all.Write(content)
		in = in[n:]
	}
	return all.String()
}

func TestBodyContent(t *testing.T) {
	for in, want := range map[string]string{
		"5\r\nHello\r\n6;x=y\r\n world\r\n0\r\nA: b\r\n\r\nGET": "Hello world",
		"0\r\n\r\nGET": "",
		"5\r\nHe":      "He",
		"z":            "z", // no chunk: all until the end of the connection
	} {
		for _, cut := range []func(int) int{whole, cycle([]byte{1}), cycle([]byte{3, 1})} {
			if got := contentAll(Body{part: partSize}, in, cut); got != want {
				t.Errorf("%q has %q, want %q", in, got, want)
			}
		}
	}
}

func requestWith(t *testing.T, lines string) *Head {
	return mustParse(t, Request, "POST / HTTP/1.1\r\n"+lines+"\r\n")
}

func TestBody(t *testing.T) {
	const chunked = "Transfer-Encoding: chunked\r\n"
	const unknown = -1
	tests := []struct {
		name  string
		lines string
		in    string
		size  int // of the body in the bytes that follow, or unknown
	}{
		{"none", "", "", 0},
		{"empty", "Content-Length: 0\r\n", "", 0},
		{"length", "Content-Length: 5\r\n", "Hello", 5},
		{"length with zeros", "Content-Length: 005\r\n", "Hello", 5},
		{"length twice the same", "Content-Length: 5\r\nContent-Length: 5, 5\r\n", "Hello", 5},
		{"lengths differ", "Content-Length: 5\r\nContent-Length: 6\r\n", "Hello", unknown},
		{"length is signed", "Content-Length: +5\r\n", "Hello", unknown},
		{"length is negative", "Content-Length: -5\r\n", "Hello", unknown},
		{"length is no number", "Content-Length: five\r\n", "Hello", unknown},
		{"length above 63 bits", "Content-Length: 9223372036854775808\r\n", "Hello", unknown},
		{"length far above 64 bits", "Content-Length: 184467440737095516160\r\n", "Hello", unknown},
		{"coding other than chunked", "Transfer-Encoding: gzip\r\n", "Hello", unknown},
		{"chunked is not last", "Transfer-Encoding: chunked, gzip\r\n", "Hello", unknown},
		{"chunked", chunked, "5\r\nHello\r\n0\r\n\r\n", 15},
		{"chunked over a length", chunked + "Content-Length: 3\r\n", "5\r\nHello\r\n0\r\n\r\n", 15},
		{"gzip, chunked", "Transfer-Encoding: gzip, CHUNKED\r\n", "1\r\nx\r\n0\r\n\r\n", 11},
		{"chunked, LF alone", chunked, "5\nHello\n0\n\n", 11},
		{"chunks", chunked, "A\r\n0123456789\r\n00a\r\n0123456789\r\n0\r\n\r\n", 37},
		{"chunk extension", chunked, "1 ;a=\"b;c\"\r\nx\r\n0;d\r\n\r\n", 22},
		{"trailers", chunked, "0\r\nA: b\r\n\rC: d\r\n\r\n", 18},
		{"no chunk size", chunked, "\r\n", unknown},
		{"chunk size is no number", chunked, "x\r\n", unknown},
		{"chunk size above 63 bits", chunked, "fffffffffffffffff\r\n", unknown},
		{"chunk longer than its size", chunked, "1\r\nxy", unknown},
		{"CR without LF after a chunk", chunked, "1\r\nx\ry", unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, cut := range []func(int) int{whole, single, random(t)} {
				b := RequestBody(requestWith(t, tt.lines))
				n := skipAll(t, &b, tt.in+"GET / HTTP/1.1\r\n", cut)
				switch {
				case tt.size == unknown && (b.Done() || !b.UntilClose()):
					t.Errorf("the end is found after %d bytes", n)
				case tt.size != unknown && (n != tt.size || !b.Done() || b.UntilClose()):
					t.Errorf("took %d bytes, want %d", n, tt.size)
				}
			}
		})
	}
}

func TestBodyOfAnEvenLargerChunk(t *testing.T) {
	b := RequestBody(requestWith(t, "Transfer-Encoding: chunked\r\n"))
	b.Skip([]byte("7fffffffffffffff\r\n"))
	for range 3 {
		if n, done := b.Skip(make([]byte, 1000)); n != 1000 || done {
			t.Fatalf("took %d, done %v", n, done)
		}
	}
	if !b.Gap(1<<62) || b.UntilClose() {
		t.Error("the hole is inside the chunk")
	}
	if b.Gap(1<<62) || !b.UntilClose() {
		t.Error("the hole reaches past the chunk")
	}
}

func TestResponseBody(t *testing.T) {
	const length = "Content-Length: 5\r\n"
	tests := []struct {
		name, method, line, fields string
		size                       int // -1 until close
	}{
		{"until close", "GET", "HTTP/1.1 200 OK", "", -1},
		{"length", "GET", "HTTP/1.1 200 OK", length, 5},
		{"request unknown", "", "HTTP/1.1 200 OK", length, 5},
		{"HEAD", "HEAD", "HTTP/1.1 200 OK", length, 0},
		{"switching protocols", "GET", "HTTP/1.1 101 Switching Protocols", length, 0},
		{"continue", "POST", "HTTP/1.1 100 Continue", "", 0},
		{"no content", "GET", "HTTP/1.1 204 No Content", length, 0},
		{"not modified", "GET", "HTTP/1.1 304 Not Modified", length, 0},
		{"tunnel", "CONNECT", "HTTP/1.1 200 OK", length, 0},
		{"no tunnel", "CONNECT", "HTTP/1.1 403 Forbidden", length, 5},
		{"status is no number", "GET", "HTTP/1.1 abc OK", length, 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := ResponseBody(tt.method, mustParse(t, Response, tt.line+"\r\n"+tt.fields+"\r\n"))
			n, done := b.Skip([]byte("0123456789"))
			if tt.size < 0 && (n != 10 || done || !b.UntilClose()) || tt.size >= 0 && (n != tt.size || !done) {
				t.Errorf("took %d, done %v", n, done)
			}
		})
	}
}

func TestBodyOfACutHeadIsUnknown(t *testing.T) {
	var p Parser
	p.Feed([]byte("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-"))
	if b := RequestBody(p.Partial()); !b.UntilClose() {
		t.Error("the lines that are missing may say otherwise")
	}
}

func TestBodyGap(t *testing.T) {
	const chunked = "Transfer-Encoding: chunked\r\n"
	tests := []struct {
		name, lines, before string
		gap                 int64
		known               bool
		after               string // what ends the body, if known
	}{
		{"inside a length", "Content-Length: 9\r\n", "abc", 4, true, "de"},
		{"to the end of a length", "Content-Length: 9\r\n", "abc", 6, true, ""},
		{"past a length", "Content-Length: 9\r\n", "abc", 7, false, ""},
		{"no body", "", "", 1, false, ""},
		{"no hole", chunked, "1\r", 0, true, "\nx\r\n0\r\n\r\n"},
		{"inside a chunk", chunked, "5\r\nHe", 2, true, "o\r\n0\r\n\r\n"},
		{"to the end of a chunk", chunked, "5\r\nHe", 3, true, "\r\n0\r\n\r\n"},
		{"past a chunk", chunked, "5\r\nHe", 4, false, ""},
		{"in a chunk size", chunked, "5", 1, false, ""},
		{"in a trailer", chunked, "0\r\nA: ", 1, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := RequestBody(requestWith(t, tt.lines))
			b.Skip([]byte(tt.before))
			if got := b.Gap(tt.gap); got != tt.known {
				t.Fatalf("Gap = %v", got)
			}
			if n := skipAll(t, &b, tt.after+"more", whole); tt.known && (n != len(tt.after) || !b.Done()) {
				t.Errorf("took %d of %q after the hole, done %v", n, tt.after, b.Done())
			}
		})
	}
	b := Body{part: partClose}
	if !b.Gap(1<<62) || !b.UntilClose() {
		t.Error("a hole in a body until close hides nothing")
	}
}

func FuzzBody(f *testing.F) {
	f.Add(uint64(0), true, []byte("5\r\nHello\r\n1;x=y\r\n.\r\n0\r\nA: b\r\n\r\nGET"), []byte{3, 1})
	f.Add(uint64(5), false, []byte("HelloGET"), []byte{1})
	f.Add(uint64(1<<63), false, []byte("x"), []byte{})
	f.Fuzz(func(t *testing.T, length uint64, chunked bool, in, cuts []byte) {
		first := Body{part: partCounted, left: length | 1}
		if chunked {
			first = Body{part: partSize}
		}
		a, b := first, first
		n := skipAll(t, &a, string(in), whole)
		m := skipAll(t, &b, string(in), cycle(cuts))
		if n != m || a != b {
			t.Fatalf("whole: %d bytes, %+v; in pieces: %d bytes, %+v", n, a, m, b)
		}
		if got, want := contentAll(first, string(in), whole), contentAll(first, string(in), cycle(cuts)); got != want {
			t.Fatalf("content whole %q, in pieces %q", got, want)
		}
		if a.Done() && a.UntilClose() {
			t.Fatal("a body that is done and lasts")
		}
		if chunked && a.Done() && !strings.HasSuffix(string(in[:n]), "\n") {
			t.Fatalf("chunked body ends after %q", in[:n])
		}
		if !chunked && uint64(n) != min(length|1, uint64(len(in))) {
			t.Fatalf("took %d of %d bytes for the length %d", n, len(in), length|1)
		}
	})
}

func TestSkippingDoesNotAllocate(t *testing.T) {
	in := []byte("5;x\r\nHello\r\n0\r\nA: b\r\n\r\n")
	bodies := 0
	n := testing.AllocsPerRun(100, func() {
		b := Body{part: partSize}
		if n, done := b.Skip(in); done && n == len(in) {
			bodies++
		}
	})
	if n != 0 || bodies != 101 {
		t.Errorf("%v allocations, %d bodies", n, bodies)
	}
}
