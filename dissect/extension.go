package dissect

import (
	"strconv"
	"strings"
)

// extension is an element of Sec-WebSocket-Extensions (RFC 6455 9.1).
type extension struct {
	name   string // in lower case
	params []param
}

type param struct {
	name  string // in lower case
	value string // without quotes
	bare  bool   // no "=value"
}

func parseExtension(s string) extension {
	parts := splitParams(s)
	e := extension{name: strings.ToLower(parts[0])}
	for _, p := range parts[1:] {
		name, value, found := strings.Cut(p, "=")
		value = strings.TrimSpace(value)
		if n := len(value); n >= 2 && value[0] == '"' && value[n-1] == '"' {
			value = value[1 : n-1]
		}
		e.params = append(e.params, param{strings.ToLower(strings.TrimSpace(name)), value, !found})
	}
	return e
}

// splitParams cuts at the semicolons that are not inside quotes.
func splitParams(s string) []string {
	var parts []string
	quoted, from := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ';' && !quoted:
			parts = append(parts, strings.TrimSpace(s[from:i]))
			from = i + 1
		}
	}
	return append(parts, strings.TrimSpace(s[from:]))
}

func (e *extension) has(name string) bool {
	for i := range e.params {
		if e.params[i].name == name {
			return true
		}
	}
	return false
}

// bits is the value of a window size parameter, 15 where it has none that counts.
func (e *extension) bits(name string) uint8 {
	for i := range e.params {
		if p := &e.params[i]; p.name == name {
			if n, err := strconv.Atoi(p.value); err == nil && n >= 8 && n <= 15 {
				return uint8(n)
			}
		}
	}
	return 15
}

// scheme is a way to compress.
type scheme uint8

const (
	noCompression scheme = iota
	perMessage           // permessage-deflate (RFC 7692 7)
	perFrame             // x-webkit-deflate-frame and its kin: each frame by itself
	unknownScheme        // the agreement was not captured
)

// compression is what a connection agreed on, by direction.
type compression struct {
	scheme scheme
	client deflateParams // of what the client sends
	server deflateParams
}

// deflateParams are those of RFC 7692 7.1 for one direction.
type deflateParams struct {
	noTakeover bool
	windowBits uint8 // 8 to 15
}

// agreedCompression reads the extensions of a response.
func agreedCompression(extensions []string) compression {
	for _, s := range extensions {
		e := parseExtension(s)
		switch e.name {
		case "permessage-deflate":
			return compression{perMessage,
				deflateParams{e.has("client_no_context_takeover"), e.bits("client_max_window_bits")},
				deflateParams{e.has("server_no_context_takeover"), e.bits("server_max_window_bits")}}
		case "x-webkit-deflate-frame", "deflate-frame", "perframe-deflate":
			p := deflateParams{e.has("no_context_takeover"), e.bits("max_window_bits")}
			return compression{perFrame, p, p}
		}
	}
	return compression{}
}
