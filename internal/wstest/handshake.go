package wstest

import (
	"strings"

	"github.com/wsdissect/wsdissect/frame"
)

// Handshake is an opening handshake of RFC 6455 4. Its zero value is a good one.
type Handshake struct {
	Target string // default "/chat"
	Host   string // default "server.example.com"
	Key    string // default that of RFC 6455 1.3
	Accept string // default the right one

	RequestLines, ResponseLines []string // more header lines, without line ends
}

// Request is a good request with more header lines.
func Request(lines ...string) []byte { return Handshake{RequestLines: lines}.Request() }

// Response is the good response to Request, with more header lines.
func Response(lines ...string) []byte { return Handshake{ResponseLines: lines}.Response() }

// Request is the head of the request, as it stands on the wire.
func (h Handshake) Request() []byte {
	lines := []string{
		"GET " + or(h.Target, "/chat") + " HTTP/1.1",
		"Host: " + or(h.Host, "server.example.com"),
		"Upgrade: websocket",
		"Connection: Upgrade",
		"Sec-WebSocket-Key: " + h.key(),
		"Sec-WebSocket-Version: 13",
	}
	return Head(append(lines, h.RequestLines...)...)
}

// Response is the head of the response, as it stands on the wire.
func (h Handshake) Response() []byte {
	lines := []string{
		"HTTP/1.1 101 Switching Protocols",
		"Upgrade: websocket",
		"Connection: Upgrade",
		"Sec-WebSocket-Accept: " + or(h.Accept, frame.Accept(h.key())),
	}
	return Head(append(lines, h.ResponseLines...)...)
}

func (h Handshake) key() string { return or(h.Key, "dGhlIHNhbXBsZSBub25jZQ==") }

// Head is the head of an HTTP message: the lines, and a blank one.
func Head(lines ...string) []byte {
	return []byte(strings.Join(lines, "\r\n") + "\r\n\r\n")
}

func or(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}
