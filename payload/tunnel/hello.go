package tunnel

import (
	"fmt"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
)

// Types of handshake messages (RFC 8446 4).
const (
	clientHello = 1
	serverHello = 2
)

// Extensions (RFC 6066 3, RFC 7301 3.1, RFC 8446 4.2.1).
const (
	serverName        = 0
	alpn              = 16
	supportedVersions = 43
)

// cursor takes what a hello is made of. Past the end everything is empty: a hello may be
// cut by the end of its record.
type cursor []byte

func (c *cursor) take(n int) cursor {
	n = min(n, len(*c))
	b := (*c)[:n]
	*c = (*c)[n:]
	return b
}

func (c *cursor) number(width int) int {
	n := 0
	for _, b := range c.take(width) {
		n = n<<8 | int(b)
	}
	return n
}

// vector is preceded by its length, of width bytes.
func (c *cursor) vector(width int) cursor { return c.take(c.number(width)) }

func (c cursor) text() string { return strings.ToValidUTF8(string(c), "\uFFFD") }

// hello is what is told of a ClientHello or a ServerHello.
type hello struct {
	version    int // the newest offered, or the chosen one
	serverName string
	protocols  []any // ALPN
}

// extensions reads what follows the compression methods.
func (h *hello) extensions(c *cursor, fromClient bool) {
	for list := c.vector(2); len(list) > 0; {
		kind := list.number(2)
		data := list.vector(2)
		switch {
		case kind == serverName && fromClient:
			names := data.vector(2)
			if names.number(1) == 0 {
				h.serverName = names.vector(2).text()
			}
		case kind == alpn && h.protocols == nil:
			for names := data.vector(2); len(names) > 0; {
				h.protocols = append(h.protocols, names.vector(1).text())
			}
		case kind == supportedVersions && fromClient:
			for versions := data.vector(1); len(versions) > 0; {
				if v := versions.number(2); v>>8 == 3 { // others are GREASE (RFC 8701)
					h.version = max(h.version, v)
				}
			}
		case kind == supportedVersions:
			h.version = data.number(2)
		}
	}
}

// addClientHello is RFC 8446 4.1.2.
func addClientHello(body []byte, p *parts) {
	c := cursor(body)
	h := hello{version: c.number(2)}
	c.take(32)  // random
	c.vector(1) // session ID
	c.vector(2) // cipher suites
	c.vector(1) // compression methods
	h.extensions(&c, true)
	o := dissect.Object{{Name: "version", Value: versionName(h.version)}}
	words := []string{h.serverName}
	if h.serverName != "" {
		o = append(o, dissect.Field{Name: "server_name", Value: h.serverName})
	}
	if h.protocols != nil {
		o = append(o, dissect.Field{Name: "alpn", Value: h.protocols})
		words = append(words, "alpn "+joined(h.protocols))
	}
	p.add("ClientHello", o, append([]string{versionName(h.version)}, words...)...)
}

// retry is the random of a ServerHello that is a HelloRetryRequest (RFC 8446 4.1.3).
const retry = "\xCF\x21\xAD\x74\xE5\x9A\x61\x11\xBE\x1D\x8C\x02\x1E\x65\xB8\x91\xC2\xA2\x11\x16\x7A\xBB\x8C\x5E\x07\x9E\x09\xE2\xC8\xA8\x33\x9C"

// addServerHello is RFC 8446 4.1.3.
func addServerHello(body []byte, p *parts) {
	c := cursor(body)
	h := hello{version: c.number(2)}
	name := "ServerHello"
	if string(c.take(32)) == retry {
		name = "HelloRetryRequest"
	}
	c.vector(1) // session ID
	suite := suiteName(c.number(2))
	c.take(1) // compression method
	h.extensions(&c, false)
	o := dissect.Object{{Name: "version", Value: versionName(h.version)}, {Name: "cipher_suite", Value: suite}}
	words := []string{versionName(h.version), suite}
	if h.protocols != nil {
		o = append(o, dissect.Field{Name: "alpn", Value: h.protocols})
		words = append(words, "alpn "+joined(h.protocols))
	}
	p.add(name, o, words...)
}

func joined(list []any) string {
	var names []string
	for _, v := range list {
		names = append(names, v.(string))
	}
	return strings.Join(names, ",")
}

func versionName(v int) string {
	switch v {
	case 0x0300:
		return "SSL 3.0"
	case 0x0301, 0x0302, 0x0303, 0x0304:
		return fmt.Sprintf("TLS 1.%d", v-0x0301)
	}
	return fmt.Sprintf("0x%04x", v)
}

// suiteName names the cipher suites that are chosen today.
func suiteName(n int) string {
	switch n {
	case 0x1301:
		return "TLS_AES_128_GCM_SHA256"
	case 0x1302:
		return "TLS_AES_256_GCM_SHA384"
	case 0x1303:
		return "TLS_CHACHA20_POLY1305_SHA256"
	case 0xC02B:
		return "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
	case 0xC02C:
		return "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
	case 0xC02F:
		return "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
	case 0xC030:
		return "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
	case 0xCCA8:
		return "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
	case 0xCCA9:
		return "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
	}
	return fmt.Sprintf("0x%04x", n)
}
