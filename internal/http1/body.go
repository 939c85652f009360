package http1

import (
	"bytes"
	"math"
)

// Body finds the end of a message body in the bytes that follow a head (RFC 9112 6.3).
// The zero value is the body that is not there. It holds no bytes and can be copied.
type Body struct {
	left uint64 // bytes to come of a counted body or chunk; the size of a chunk while it is read
	part part
}

// part is what is being read of a body.
type part uint8

const (
	partNone      part = iota // nothing more
	partClose                 // all until the end of the connection
	partCounted               // a body of Content-Length
	partSize                  // before the first digit of a chunk size
	partDigits                // in a chunk size
	partExt                   // in the rest of the line of a chunk size
	partChunk                 // chunk data
	partChunkCR               // after chunk data
	partChunkLF               // after the CR behind chunk data
	partTrailer               // at the start of a trailer line
	partTrailerCR             // after a CR at the start of a trailer line
	partTrailerIn             // inside a trailer line
)

// RequestBody is the body behind the head of a request: none where nothing announces it.
func RequestBody(h *Head) Body {
	return newBody(h, Body{})
}

// ResponseBody is the body behind the head of a response to a request of that method;
// "" where the request is not known.
func ResponseBody(method string, h *Head) Body {
	s := h.Status
	switch {
	case method == "HEAD", s >= 100 && s < 200, s == 204, s == 304:
		return Body{}
	case method == "CONNECT" && s >= 200 && s < 300:
		return Body{}
	}
	return newBody(h, Body{part: partClose})
}

// newBody is the body that the header lines announce, or else the given one.
// A length that cannot be known, for any defect, lasts until the connection is closed.
func newBody(h *Head, unannounced Body) Body {
	if h.Cut {
		return Body{part: partClose}
	}
	if codings := h.List("Transfer-Encoding"); len(codings) > 0 {
		if equalFold(codings[len(codings)-1], "chunked") {
			return Body{part: partSize}
		}
		return Body{part: partClose}
	}
	lengths := h.List("Content-Length")
	if len(lengths) == 0 {
		return unannounced
	}
	n, ok := parseLength(lengths[0])
	for _, l := range lengths[1:] {
		if m, same := parseLength(l); !same || m != n {
			ok = false
		}
	}
	switch {
	case !ok:
		return Body{part: partClose}
	case n == 0:
		return Body{}
	}
	return Body{part: partCounted, left: n}
}

// parseLength reads a Content-Length: digits, up to 2^63-1.
func parseLength(s string) (uint64, bool) {
	n := uint64(0)
	for i := range len(s) {
		d := uint64(s[i]) - '0'
		if d > 9 || n > (math.MaxInt64-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	return n, s != ""
}

// Done reports whether the body is at its end.
func (b *Body) Done() bool { return b.part == partNone }

// UntilClose reports whether only the end of the connection ends the body: because it is
// sent so, or because a defect or a hole hides its end.
func (b *Body) UntilClose() bool { return b.part == partClose }

// Skip takes the next bytes of the direction, at most through the end of the body.
// It returns how many it took and whether the body is at its end.
func (b *Body) Skip(p []byte) (n int, done bool) {
	for n < len(p) && b.part != partNone {
		taken, _, _ := b.Next(p[n:])
		n += taken
	}
	return n, b.part == partNone
}

// Next takes bytes as Skip does, up to the end of the first that are content, not the
// framing of chunks, and returns these too. They alias p.
func (b *Body) Next(p []byte) (n int, content []byte, done bool) {
	for n < len(p) && b.part != partNone {
		switch b.part {
		case partClose:
			return len(p), p[n:], false
		case partCounted, partChunk:
			size := int(b.count(uint64(len(p) - n)))
			return n + size, p[n : n+size], b.part == partNone
		case partExt, partTrailerIn:
			n += b.line(p[n:])
		default:
			if b.step(p[n]) {
				n++
			}
		}
	}
	return n, nil, b.part == partNone
}

// count takes up to n bytes of what is counted.
func (b *Body) count(n uint64) uint64 {
	n = min(n, b.left)
	b.left -= n
	switch {
	case b.left > 0:
	case b.part == partCounted:
		b.part = partNone
	default:
		b.part = partChunkCR
	}
	return n
}

// line takes the rest of a line of which only the end matters.
func (b *Body) line(p []byte) int {
	i := bytes.IndexByte(p, '\n')
	if i < 0 {
		return len(p)
	}
	b.endLine()
	return i + 1
}

// endLine goes on behind the LF of a chunk size or a trailer line.
func (b *Body) endLine() {
	switch {
	case b.part == partTrailerIn, b.left == 0:
		b.part = partTrailer
	default:
		b.part = partChunk
	}
}

// step takes one byte of the frame around the chunks (RFC 9112 7.1). It takes none, and
// the body lasts until the end of the connection, where that is not as it must be.
func (b *Body) step(c byte) bool {
	switch b.part {
	case partSize, partDigits:
		return b.size(c)
	case partChunkCR, partChunkLF:
		switch {
		case c == '\n':
			b.part, b.left = partSize, 0
		case c == '\r' && b.part == partChunkCR:
			b.part = partChunkLF
		default:
			b.part = partClose
			return false
		}
	case partTrailer, partTrailerCR:
		switch {
		case c == '\n':
			b.part = partNone
		case c == '\r' && b.part == partTrailer:
			b.part = partTrailerCR
		default:
			b.part = partTrailerIn
		}
	}
	return true
}

// size takes one byte of a chunk size and of what ends it.
func (b *Body) size(c byte) bool {
	d, hex := hexDigit(c)
	switch {
	case hex && b.left <= math.MaxInt64>>4:
		b.left = b.left<<4 | d
		b.part = partDigits
	case b.part == partSize, hex:
		b.part = partClose
		return false
	case c == '\n':
		b.endLine()
	case c == '\r', c == ';', isSpace(c):
		b.part = partExt
	default:
		b.part = partClose
		return false
	}
	return true
}

func hexDigit(c byte) (uint64, bool) {
	switch {
	case isDigit(c):
		return uint64(c - '0'), true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return uint64(c|0x20-'a') + 10, true
	}
	return 0, false
}

// Gap takes a hole of n bytes. It is false where the hole reaches past the body, or took
// a part that tells where the body ends; this then lasts until the end of the connection.
func (b *Body) Gap(n int64) bool {
	switch {
	case n <= 0, b.part == partClose:
		return true
	case b.part == partNone:
		return false
	case (b.part == partCounted || b.part == partChunk) && uint64(n) <= b.left:
		b.count(uint64(n))
		return true
	}
	b.part = partClose
	return false
}
