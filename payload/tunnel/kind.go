package tunnel

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
)

// kind is a row in the list of streams that are told by their first bytes.
type kind struct {
	name   string
	magic  string
	check  func(b []byte) verdict // of what begins with magic; nil for yes
	sure   bool                   // whatever else the connection may carry
	follow func() follower
}

type verdict uint8

const (
	no verdict = iota
	more
	yes
)

var kinds = [...]kind{
	{"ssh", "SSH-", nil, true, func() follower { return &ssh{} }},
	{"rfb", "RFB 00", nil, true, func() follower { return &rfb{} }},
	{"tls", "\x16\x03", checkHello, true, newTLS},
	{"http", "HTTP/1.", nil, true, newHTTP},
	{"http", "", checkRequest, true, newHTTP},
	{"http2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", nil, true, func() follower { return opaque{} }},
	{"rdp", "\x03\x00", checkX224, false, func() follower { return opaque{} }},
}

// recognise tells a stream by the first bytes of a direction: nil if it is none of those
// known. more is true where there are too few bytes to be sure.
func recognise(b []byte) (k *kind, wait bool) {
	for i := range kinds {
		k := &kinds[i]
		n := min(len(b), len(k.magic))
		if string(b[:n]) != k.magic[:n] {
			continue
		}
		v := yes
		switch {
		case n < len(k.magic):
			v = more
		case k.check != nil:
			v = k.check(b)
		}
		if v == yes {
			return k, false
		}
		wait = wait || v == more
	}
	return nil, wait && len(b) < maxLine
}

// maxLine bounds a line of SSH, and a request line.
const maxLine = 8 << 10

// checkRequest is the request line of HTTP/1 (RFC 9112 3), sure of by its end.
func checkRequest(b []byte) verdict {
	line, rest, whole := strings.Cut(string(b[:min(len(b), maxLine)]), "\n")
	method, target, found := strings.Cut(line, " ")
	switch {
	case len(method) > 16 || strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		return no
	case method == "" && (found || whole):
		return no
	case strings.ContainsFunc(strings.TrimSuffix(line, "\r"), func(r rune) bool { return r <= ' ' && r != ' ' || r >= 0x7F }):
		return no
	case !whole && rest == "":
		return more
	}
	target = strings.TrimSuffix(target, "\r")
	if found && (strings.HasSuffix(target, " HTTP/1.1") || strings.HasSuffix(target, " HTTP/1.0")) {
		return yes
	}
	return no
}

// checkX224 is a connection request or confirm of X.224 in TPKT ([MS-RDPBCGR] 2.2.1.1).
func checkX224(b []byte) verdict {
	switch {
	case len(b) < 6:
		return more
	case (b[5] == 0xE0 || b[5] == 0xD0) && int(b[2])<<8|int(b[3]) == int(b[4])+5:
		return yes
	}
	return no
}

// opaque follows what is named only.
type opaque struct{}

func (opaque) next(dissect.Dir, []byte, *parts) (uint64, string, error) {
	return endless, "opaque", nil
}

func (opaque) missed(dissect.Dir) {}
