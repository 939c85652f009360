package sip

import (
	"bytes"
	"strconv"
	"strings"
)

// Bounds of a message's headers: bytes, and lines.
const (
	maxHead    = 64 << 10
	maxHeaders = 1024
)

// sipMessage is a message of RFC 3261 7, taken apart.
type sipMessage struct {
	method, uri string // of a request
	status      int    // of a response; 0 for a request
	reason      string
	headers     []header
	body        []byte // aliases the message
}

type header struct{ name, value string }

const version = "SIP/2.0"

// parse takes a whole message apart; ok is false if b is none.
func parse(b []byte) (m sipMessage, ok bool) {
	head, body, found := bytes.Cut(b, []byte("\r\n\r\n"))
	if !found {
		head = bytes.TrimSuffix(b, []byte("\r\n"))
	}
	if len(head) > maxHead {
		return m, false
	}
	m.body = body
	first, rest, _ := strings.Cut(string(head), "\r\n")
	if !m.start(first) {
		return m, false
	}
	lines := 0
	for line := range strings.SplitSeq(rest, "\r\n") {
		if line == "" {
			continue
		}
		if lines++; lines > maxHeaders {
			return m, false
		}
		if line[0] == ' ' || line[0] == '\t' { // RFC 3261 7.3.1: folded
			if n := len(m.headers); n > 0 {
				m.headers[n-1].value += " " + strings.TrimSpace(line)
			}
			continue
		}
		name, value, found := strings.Cut(line, ":")
		if !found {
			return m, false
		}
		m.headers = append(m.headers, header{long(strings.TrimSpace(name)), strings.TrimSpace(value)})
	}
	return m, true
}

// start reads the Request-Line or the Status-Line.
func (m *sipMessage) start(line string) bool {
	first, rest, _ := strings.Cut(line, " ")
	if first == version {
		code, reason, _ := strings.Cut(rest, " ")
		n, err := strconv.ParseUint(code, 10, 16)
		m.status, m.reason = int(n), reason
		return err == nil && 100 <= n && n < 700
	}
	uri, found := strings.CutSuffix(rest, " "+version)
	m.method, m.uri = first, uri
	return found && isToken(first) && uri != ""
}

// isToken reports whether s may be a method (RFC 3261 25.1).
func isToken(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7F || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}

// long is the name of a header in lower case, a compact form written out (RFC 3261 7.3.3,
// and the register of IANA).
func long(name string) string {
	name = strings.ToLower(name)
	switch name {
	case "c":
		return "content-type"
	case "e":
		return "content-encoding"
	case "f":
		return "from"
	case "i":
		return "call-id"
	case "k":
		return "supported"
	case "l":
		return "content-length"
	case "m":
		return "contact"
	case "o":
		return "event"
	case "r":
		return "refer-to"
	case "s":
		return "subject"
	case "t":
		return "to"
	case "u":
		return "allow-events"
	case "v":
		return "via"
	}
	return name
}

// header is the first of its name.
func (m *sipMessage) header(name string) string {
	for i := range m.headers {
		if m.headers[i].name == name {
			return m.headers[i].value
		}
	}
	return ""
}
