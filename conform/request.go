package conform

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/rules"
)

// judgeRequest judges the client's opening handshake (RFC 6455 4.1).
func (o *opening) judgeRequest() {
	h := o.e.Request
	malformed(h, func(text string) { o.refusable(rules.ReqHTTPMalformed, "%s", text) })
	if h.Method != "GET" {
		o.refusable(rules.ReqMethodNotGet, "the method is %s, expected \"GET\"", quote(h.Method))
	}
	if below11(h.Version) {
		o.refusable(rules.ReqHTTPVersionLow, "the request is of %s, expected HTTP/1.1 or higher", h.Version)
	}
	o.target(h)
	o.host(h)
	o.upgrade(h)
	o.nonce(h)
	o.version(h)
	o.origin(h)
	o.subprotocols(h)
	o.offers(h)
	o.rest(h)
}

// target judges the Request-URI: it "MUST match the /resource name/ ... or be an absolute
// http/https URI" (4.1 req 3). "Fragment identifiers are meaningless in the context of
// WebSocket URIs and MUST NOT be used on these URIs" (3).
func (o *opening) target(h *http1.Head) {
	if h.Target == "" {
		return // said of the start line already
	}
	if _, absolute := authority(h.Target); !absolute && h.Target[0] != '/' {
		o.refusable(rules.ReqURIForm, "the request target is %s, expected a path or an absolute http or https URI", quote(h.Target))
	}
	if strings.Contains(h.Target, "#") {
		o.refusable(rules.ReqURIFragment, "the request target %s has a fragment", quote(h.Target))
	}
}

// host judges the Host header (4.1 req 4, RFC 9112 3.2).
func (o *opening) host(h *http1.Head) {
	hosts := o.values(h, "Host")
	switch host, one := hosts.only(); {
	case lacks(h, hosts):
		o.refusable(rules.ReqHostMissing, "there is no Host header")
	case len(hosts) > 1:
		o.refusable(rules.ReqHostInvalid, "there are %d Host headers: %s, %s", len(hosts), quote(hosts[0]), quote(hosts[1]))
	case one && (host == "" || !isHost(host)):
		o.refusable(rules.ReqHostInvalid, "Host is %s, expected host[:port]", quote(host))
	case one:
		if a, absolute := authority(h.Target); absolute && !sameAuthority(a, host, h.Target) {
			o.request(rules.ReqHostURIMismatch, "the request target names %s, Host is %s", quote(a), quote(host))
		}
	}
}

// upgrade judges Upgrade and Connection (4.1 req 5 and 6).
func (o *opening) upgrade(h *http1.Head) {
	if upgrade := o.values(h, "Upgrade"); lacks(h, upgrade) {
		o.refusable(rules.ReqUpgradeMissing, "there is no Upgrade header")
	} else if len(upgrade) > 0 && !h.HasProduct("Upgrade", "websocket") {
		o.refusable(rules.ReqUpgradeNoWebsocket, "Upgrade is %s, expected \"websocket\"", quote(strings.Join(upgrade, ", ")))
	}
	if connection := o.values(h, "Connection"); lacks(h, connection) {
		o.refusable(rules.ReqConnectionMissing, "there is no Connection header")
	} else if len(connection) > 0 && !h.HasToken("Connection", "Upgrade") {
		o.refusable(rules.ReqConnectionNoUpgrade, "Connection is %s, expected the token \"Upgrade\"", quote(strings.Join(connection, ", ")))
	}
}

// nonceSize is the number of bytes that a Sec-WebSocket-Key stands for.
const nonceSize = 16

// keyRoom has room for what is valid of a Sec-WebSocket-Key, and of its nonce.
type keyRoom [32]byte

// decodeKey appends the bytes that a Sec-WebSocket-Key stands for.
func decodeKey(b []byte, key string) ([]byte, error) {
	return base64.StdEncoding.AppendDecode(b, []byte(key))
}

// nonce judges Sec-WebSocket-Key: "a nonce consisting of a randomly selected 16-byte value
// that has been base64-encoded" (4.1 req 7). It "MUST NOT appear more than once" (11.3.1).
func (o *opening) nonce(h *http1.Head) {
	keys := o.values(h, "Sec-WebSocket-Key")
	if lacks(h, keys) {
		o.refusable(rules.ReqKeyMissing, "there is no Sec-WebSocket-Key header")
	}
	if len(keys) > 1 {
		o.refusable(rules.ReqKeyDuplicate, "there are %d Sec-WebSocket-Key headers: %s, %s", len(keys), quote(keys[0]), quote(keys[1]))
	}
	for _, key := range keys {
		var room, again keyRoom
		nonce, err := decodeKey(room[:0], key)
		switch {
		case err != nil:
			o.refusable(rules.ReqKeyInvalid, "Sec-WebSocket-Key is %s, which is not base64", quote(key))
			continue
		case len(nonce) != nonceSize:
			o.refusable(rules.ReqKeyInvalid, "Sec-WebSocket-Key is %s, which is %d bytes in base64, expected 16", quote(key), len(nonce))
			continue
		}
		if canonical := base64.StdEncoding.AppendEncode(again[:0], nonce); string(canonical) != key {
			o.request(rules.ReqKeyNoncanonical, "Sec-WebSocket-Key is %s, the same bytes are properly written %s", quote(key), quote(canonical))
		}
		if why := constant(nonce); why != "" {
			o.request(rules.ReqKeyLowEntropy, "Sec-WebSocket-Key is %s, %s", quote(key), why)
		}
	}
}

// constant tells what a nonce is that nobody selected randomly, empty if it may be.
func constant(nonce []byte) string {
	switch {
	case string(nonce) == "the sample nonce":
		return "the sample of RFC 6455 1.3"
	case string(nonce) == "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10":
		return "the sample of RFC 6455 4.1"
	case bytes.Count(nonce, nonce[:1]) == len(nonce):
		return "16 times the byte " + strconv.Quote(string(nonce[:1]))
	}
	return ""
}

// version judges Sec-WebSocket-Version: "The value of this header field MUST be 13"
// (4.1 req 9), and it "MUST NOT appear more than once" in a request (11.3.5).
func (o *opening) version(h *http1.Head) {
	versions := o.values(h, "Sec-WebSocket-Version")
	if lacks(h, versions) {
		o.refusable(rules.ReqVersionMissing, "there is no Sec-WebSocket-Version header")
	}
	if len(versions) > 1 {
		o.refusable(rules.ReqVersionDuplicate, "there are %d Sec-WebSocket-Version headers: %s, %s", len(versions), quote(versions[0]), quote(versions[1]))
	}
	for _, v := range versions {
		switch n, ok := versionNumber(v); {
		case !ok:
			o.refusable(rules.ReqVersionMalformed, "Sec-WebSocket-Version is %s, expected 13", quote(v))
		case n < 13: // a draft, which a server may speak
			o.request(rules.ReqVersionNot13, "Sec-WebSocket-Version is %s, that of a draft, expected 13", v)
		case n > 13:
			o.refusable(rules.ReqVersionNot13, "Sec-WebSocket-Version is %s, expected 13", v)
		}
	}
}

// versionNumber reads a version of RFC 6455 4.3: 0 to 255 without leading zeros.
func versionNumber(s string) (int, bool) {
	n, err := strconv.ParseUint(s, 10, 8)
	return int(n), err == nil && strconv.Itoa(int(n)) == s
}

// origin judges Origin (4.1 req 8, RFC 6454 7).
func (o *opening) origin(h *http1.Head) {
	origins := o.values(h, "Origin")
	if len(origins) > 1 {
		o.request(rules.ReqOriginDuplicate, "there are %d Origin headers: %s, %s", len(origins), quote(origins[0]), quote(origins[1]))
	}
	for _, origin := range origins {
		if !isOriginList(origin) {
			o.request(rules.ReqOriginMalformed, "Origin is %s, expected scheme://host[:port] or null", quote(origin))
		}
	}
	agent, _ := h.Value("User-Agent")
	if _, draft := h.Value("Sec-WebSocket-Origin"); lacks(h, origins) && !draft && isBrowser(agent) {
		o.request(rules.ReqOriginMissingBrowser, "there is no Origin header, though User-Agent is that of a browser: %s", quote(agent))
	}
}

// isBrowser reports whether a User-Agent is that of a browser.
func isBrowser(agent string) bool {
	return strings.HasPrefix(agent, "Mozilla/5.0 (") &&
		slices.ContainsFunc([]string{"Chrome/", "Firefox/", "Safari/"}, func(name string) bool { return strings.Contains(agent, name) })
}

// subprotocols judges Sec-WebSocket-Protocol: "The elements that comprise this value MUST
// be non-empty strings ... and MUST all be unique strings" (4.1 req 10).
func (o *opening) subprotocols(h *http1.Head) {
	var seen []string
	for _, v := range h.Values("Sec-WebSocket-Protocol") {
		for _, name := range elements(v, ',') {
			switch {
			case name == "":
				o.refusable(rules.ReqSubprotocolInvalid, "Sec-WebSocket-Protocol is %s, with an empty element", quote(v))
			case !isToken(name):
				o.refusable(rules.ReqSubprotocolInvalid, "the subprotocol %s is no token", quote(name))
			case slices.Contains(seen, name):
				o.request(rules.ReqSubprotocolDuplicate, "the subprotocol %s is listed twice", quote(name))
			default:
				seen = append(seen, name)
			}
		}
	}
}

// rest judges what comes with the request.
func (o *opening) rest(h *http1.Head) {
	if length, _ := h.Value("Content-Length"); strings.Trim(length, "0") != "" {
		o.request(rules.ReqHasBody, "the request has a body: Content-Length is %s", quote(length))
	} else if coding, ok := h.Value("Transfer-Encoding"); ok {
		o.request(rules.ReqHasBody, "the request has a body: Transfer-Encoding is %s", quote(coding))
	}
	if early := o.e.Early; early.Number != 0 {
		o.client(early, rules.ReqDataBeforeResponse, "packet %d has bytes behind the request, sent before the response had come", early.Number)
	}
	for _, name := range []string{"WebSocket-Protocol", "Sec-WebSocket-Draft", "Sec-WebSocket-Origin"} {
		if v, ok := h.Value(name); ok {
			o.request(rules.LegacyHandshake, "the header %s is one of a draft: %s", name, quote(v))
			break
		}
	}
}

// isHixie reports whether a request is one of draft-hixie-thewebsocketprotocol-75 or -76,
// which has other headers, and whose frames are not those of RFC 6455.
func isHixie(h *http1.Head) bool {
	if _, ok := h.Value("Sec-WebSocket-Key"); ok {
		return false
	}
	_, key1 := h.Value("Sec-WebSocket-Key1")
	_, key2 := h.Value("Sec-WebSocket-Key2")
	_, protocol := h.Value("WebSocket-Protocol")
	return key1 || key2 || protocol
}
