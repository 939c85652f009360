package http1

import (
	"bytes"
	"strings"
)

// Verdict is the outcome of a probe. Yes and No stay so whatever follows.
type Verdict uint8

const (
	No Verdict = iota
	Yes
	More // too few bytes to tell
)

const (
	maxMethod = 20   // letters of the longest method that is taken for one; registered ones have up to 17
	maxProbe  = 1024 // bytes after which a long request target decides without the version
)

// ProbeRequest tells whether a direction that begins with b carries HTTP/1 requests.
// The version decides where there is one, so RTSP, SIP and the preface of HTTP/2 are No.
// A request line without a version is one only for a common method and a path or URI.
func ProbeRequest(b []byte) Verdict {
	whole := len(b) >= maxProbe
	b = b[:min(len(b), maxProbe)]
	b = b[lineEnds(b):]
	line, _, ended := bytes.Cut(b, []byte("\n"))
	n := methodLen(line)
	switch {
	case n == len(line) && !ended && !whole && n <= maxMethod:
		return More
	case n == 0 || n > maxMethod || n == len(line) || line[n] != ' ' || string(line[:n]) == "PRI":
		return No
	}
	method := string(line[:n])
	rest := bytes.TrimSuffix(bytes.TrimLeft(line[n:], " \t"), []byte("\r"))
	return probeTarget(method, string(rest), ended || whole)
}

// probeTarget looks at what follows the method; whole says that no more of it will be seen.
func probeTarget(method, rest string, whole bool) Verdict {
	if rest != "" && !startsTarget(rest[0]) {
		return No
	}
	for i := range len(rest) {
		switch c := rest[i]; {
		case isSpace(c) && isVersionStart(rest[i+1:]):
			return Yes
		case c < ' ' && c != '\t', c == 0x7f:
			return No
		}
	}
	switch {
	case !whole:
		return More
	case !isCommonMethod(method), endsInVersion(rest):
		return No
	case rest != "" && rest[0] == '/', strings.HasPrefix(rest, "http"):
		return Yes
	}
	return No
}

// ProbeResponse tells whether a direction that begins with b carries HTTP/1 responses.
func ProbeResponse(b []byte) Verdict {
	const start = "HTTP/1."
	n := min(len(b), len(start))
	switch {
	case string(b[:n]) != start[:n]:
		return No
	case n < len(start):
		return More
	}
	return Yes
}

// methodLen is the length of the method at the start of a line: letters, and the hyphens
// of WebDAV. Other characters of a token stand in no method in use.
func methodLen(line []byte) int {
	n := 0
	for n < len(line) && (isAlpha(line[n]) || n > 0 && (line[n] == '-' || line[n] == '_')) {
		n++
	}
	return n
}

// startsTarget reports whether a request target can begin with c: a path, "*", a scheme,
// a host name or an IP address (RFC 9112 3.2).
func startsTarget(c byte) bool {
	return c == '/' || c == '*' || c == '[' || isAlpha(c) || isDigit(c)
}

// isVersionStart reports whether s begins with "HTTP/" and a digit.
func isVersionStart(s string) bool {
	return len(s) >= 6 && s[:5] == "HTTP/" && isDigit(s[5])
}

// endsInVersion reports whether the last word is the version of any protocol: "RTSP/1.0".
func endsInVersion(s string) bool {
	word := s[strings.LastIndexAny(s, " \t")+1:]
	name, number, slash := strings.Cut(word, "/")
	return slash && name != "" && isToken(name) && number != "" && isDigit(number[0])
}

func isCommonMethod(m string) bool {
	switch m {
	case "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH":
		return true
	}
	return false
}
