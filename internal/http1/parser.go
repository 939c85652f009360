package http1

import "bytes"

// Kind tells the two kinds of message apart (RFC 9112 2.1).
type Kind uint8

const (
	Request Kind = iota
	Response
)

// State is how far a Parser is.
type State uint8

const (
	NeedMore State = iota
	Done           // the head is whole
	TooLong        // Limit was reached before the blank line
)

// DefaultLimit is the longest head, in bytes, that a Parser collects unless told otherwise.
const DefaultLimit = 64 << 10

// maxKept is the largest buffer that Reset keeps for the next head.
const maxKept = 4 << 10

// Parser collects one head from pieces. Its zero value is ready for a request; it holds
// no more than Limit bytes and looks at each byte once, however they are split.
type Parser struct {
	Kind  Kind
	Limit int // bytes of a head; 0 means DefaultLimit

	buf   []byte
	line  int // where in buf the line begins that is being collected
	state State
}

// Feed takes the next bytes of the direction, at most through the blank line that ends
// the head, and returns how many it took. Line ends before the start line are skipped:
// "a server that is expecting to receive and parse a request-line SHOULD ignore at least
// one empty line (CRLF) received prior to the request-line" (RFC 9112 2.2).
// After Done or TooLong nothing is taken until Reset. It keeps no reference to b.
func (p *Parser) Feed(b []byte) (n int, s State) {
	if p.state != NeedMore {
		return 0, p.state
	}
	if len(p.buf) == 0 {
		n = lineEnds(b)
	}
	for n < len(b) && p.state == NeedMore {
		n += p.take(b[n:])
	}
	return n, p.state
}

// take appends the rest of a line, or what there is of it, and returns its length.
func (p *Parser) take(b []byte) int {
	room := p.limit() - len(p.buf)
	b = b[:min(len(b), room)]
	end := bytes.IndexByte(b, '\n') + 1
	if end > 0 {
		b = b[:end]
	}
	p.buf = append(p.buf, b...)
	switch {
	case end > 0 && isBlank(p.buf[p.line:]):
		p.state = Done
	case len(b) == room:
		p.state = TooLong
	}
	if end > 0 {
		p.line = len(p.buf)
	}
	return len(b)
}

func (p *Parser) limit() int {
	if p.Limit > 0 {
		return p.Limit
	}
	return DefaultLimit
}

// Head is the head that was collected, nil unless Done. It is the caller's.
func (p *Parser) Head() *Head {
	if p.state != Done {
		return nil
	}
	return parse(string(p.buf), p.Kind)
}

// Partial is the head as far as it was collected when nothing more of it will come: its
// start line and the header lines that are whole, with Cut set. Where the start line is
// cut, what there is of it must tell the status code, or begin the target; else it is nil.
// A head that is Done is returned as by Head.
func (p *Parser) Partial() *Head {
	if p.state == Done {
		return p.Head()
	}
	whole := bytes.LastIndexByte(p.buf, '\n') + 1
	if whole == 0 {
		return p.cutStartLine()
	}
	h := parse(string(p.buf[:whole]), p.Kind)
	h.Cut = true
	h.Size = len(p.buf)
	return h
}

// cutStartLine is the head of which only a part of the start line is there.
func (p *Parser) cutStartLine() *Head {
	h := parse(string(p.buf), p.Kind)
	if h.Request && h.Target == "" || !h.Request && h.Status == 0 {
		return nil
	}
	h.Cut, h.Defects = true, nil
	return h
}

// Buffered is the number of bytes held: those of the head so far.
func (p *Parser) Buffered() int { return len(p.buf) }

// Reset makes the Parser ready for another head, of the same Kind and Limit.
func (p *Parser) Reset() {
	p.buf = p.buf[:0]
	if cap(p.buf) > maxKept {
		p.buf = nil
	}
	p.line, p.state = 0, NeedMore
}

// lineEnds is the number of CR and LF at the start of b.
func lineEnds(b []byte) int {
	n := 0
	for n < len(b) && (b[n] == '\r' || b[n] == '\n') {
		n++
	}
	return n
}

// isBlank reports whether a line, with its line end, has nothing else.
func isBlank(line []byte) bool {
	return len(line) == 1 || len(line) == 2 && line[0] == '\r'
}
