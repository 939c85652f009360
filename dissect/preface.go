package dissect

import (
	"bytes"
	"encoding/binary"

	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
)

// preface is the layer of what a proxy wants to hear before the connection proper: the
// PROXY protocol (versions 1 and 2), SOCKS 4, 4a and 5 (RFC 1928, RFC 1929). Behind it
// the connection is looked at anew.
type preface struct {
	c       *conn
	waiting backlog // both directions, in the order of the capture
	side    [2]prefaceSide
}

// prefaceSide is the preface of one direction.
type prefaceSide struct {
	measure func([]byte) (n int, v http1.Verdict) // nil: the direction has none
	bytes   []byte
	n       int // length of the preface, once it is whole
	whole   bool
}

// maxPreface bounds a preface: a PROXY header of version 2 with its TLVs.
const maxPreface = 4 << 10

// newPreface is the layer for a connection whose direction way begins with lead; nil if
// that is no preface.
func newPreface(c *conn, way reassembly.Dir, lead []byte) *preface {
	var side [2]prefaceSide
	client, server := &side[way], &side[way.Reverse()]
	server.whole = true
	switch {
	case begins(lead, proxyV1), begins(lead, proxyV2):
		client.measure = measureProxy
	case lead[0] == 4 && len(lead) > 1 && lead[1] <= 2:
		client.measure, server.measure, server.whole = measureSOCKS4, measureSOCKS4Reply, false
	case lead[0] == 5 && len(lead) > 1 && lead[1] > 0 && lead[1] < 16:
		client.measure, server.measure, server.whole = measureSOCKS5, measureSOCKS5Reply, false
	default:
		return nil
	}
	return &preface{c: c, side: side}
}

const (
	proxyV1 = "PROXY "
	proxyV2 = "\r\n\r\n\x00\r\nQUIT\n"
)

// begins reports whether b begins with s, as far as it goes.
func begins(b []byte, s string) bool {
	n := min(len(b), len(s))
	return n >= 4 && string(b[:n]) == s[:n]
}

func (l *preface) Data(p reassembly.Piece) {
	if l.c.layer != l {
		l.c.Data(p)
		return
	}
	l.waiting.add(p)
	s := &l.side[p.Dir]
	if !s.whole {
		s.bytes = append(s.bytes, p.Data[:min(len(p.Data), maxPreface)]...)
		n, v := s.measure(s.bytes)
		switch {
		case v == http1.Yes:
			s.n, s.whole = n, true
		case v == http1.No, len(s.bytes) > maxPreface:
			l.c.ignore()
			return
		}
	}
	if l.side[0].whole && l.side[1].whole {
		l.pass()
	} else if l.waiting.bytes > l.c.d.opts.Limits.Held {
		l.c.ignore()
	}
}

// pass looks anew at what stands behind the prefaces.
func (l *preface) pass() {
	if !l.c.anew() {
		return
	}
	for _, it := range l.waiting.take() {
		if it.gap.Len != 0 {
			l.c.Gap(it.gap)
			continue
		}
		s := &l.side[it.piece.Dir]
		n := min(s.n, len(it.piece.Data))
		s.n -= n
		if p := cut(it.piece, n); len(p.Data) > 0 {
			l.c.Data(p)
		}
	}
}

func (l *preface) Gap(reassembly.Gap)   { l.c.ignore() }
func (l *preface) Note(reassembly.Note) {}
func (l *preface) End(reassembly.End)   {}
func (l *preface) finish()              {}

// measureProxy measures a header of the PROXY protocol, either version.
func measureProxy(b []byte) (int, http1.Verdict) {
	if begins(b, proxyV1) {
		end := bytes.Index(b, []byte("\r\n"))
		switch {
		case end >= 0:
			return end + 2, http1.Yes
		case len(b) < 107: // the longest there is
			return 0, http1.More
		}
		return 0, http1.No
	}
	if !begins(b, proxyV2) {
		return 0, http1.No
	}
	if len(b) < 16 {
		return 0, http1.More
	}
	return whole(b, 16+int(binary.BigEndian.Uint16(b[14:])))
}

// whole says whether b has the n bytes of a preface.
func whole(b []byte, n int) (int, http1.Verdict) {
	if len(b) < n {
		return 0, http1.More
	}
	return n, http1.Yes
}

func measureSOCKS4(b []byte) (int, http1.Verdict) {
	if len(b) < 9 {
		return 0, http1.More
	}
	end := 8
	strings := 1
	if b[4] == 0 && b[5] == 0 && b[6] == 0 && b[7] != 0 {
		strings = 2 // 4a: the host name behind the user
	}
	for ; strings > 0; strings-- {
		i := bytes.IndexByte(b[end:], 0)
		if i < 0 {
			return 0, http1.More
		}
		end += i + 1
	}
	return end, http1.Yes
}

func measureSOCKS4Reply(b []byte) (int, http1.Verdict) {
	if b[0] != 0 {
		return 0, http1.No
	}
	return whole(b, 8)
}

func measureSOCKS5(b []byte) (int, http1.Verdict) {
	at := 2 + int(b[min(1, len(b)-1)])
	if len(b) <= at {
		return 0, http1.More
	}
	if b[at] == 1 { // user and password
		for range 2 {
			if at++; at >= len(b) {
				return 0, http1.More
			}
			at += int(b[at])
		}
		at++
	}
	return measureSOCKS5Address(b, at)
}

func measureSOCKS5Reply(b []byte) (int, http1.Verdict) {
	at := 2
	if len(b) > at && b[at] == 1 {
		at += 2
	}
	return measureSOCKS5Address(b, at)
}

// measureSOCKS5Address measures a request or a reply, which end with an address and a port.
func measureSOCKS5Address(b []byte, at int) (int, http1.Verdict) {
	if len(b) < at+5 {
		return 0, http1.More
	}
	if b[at] != 5 {
		return 0, http1.No
	}
	switch b[at+3] {
	case 1:
		return whole(b, at+4+4+2)
	case 3:
		return whole(b, at+5+int(b[at+4])+2)
	case 4:
		return whole(b, at+4+16+2)
	}
	return 0, http1.No
}
