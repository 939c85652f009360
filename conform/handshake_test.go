package conform_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/conform"
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

// verdict is a line for each anomaly that was found in packets.
func verdict(t *testing.T, packets wstest.Packets) []string {
	t.Helper()
	var found anomalies
	v := &wstest.Validator{Next: &found, Poison: true}
	d := dissect.New(dissect.Options{}, conform.New(v))
	segments := packets.Segments()
	for i := range segments {
		if err := d.Push(&segments[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := v.Err(); err != nil {
		t.Error(err)
	}
	return found
}

// anomalies collects them as lines.
type anomalies []string

// Emit implements dissect.Sink.
func (l *anomalies) Emit(e dissect.Event) error {
	if a, ok := e.(*dissect.Anomaly); ok {
		*l = append(*l, fmt.Sprintf("%d %s %s: %s", a.Packet.Number, a.Dir, a.Rule.Code(), a.Text))
	}
	return nil
}

// aKey is a nonce, and its answer, with nothing wrong.
const (
	aKey    = "ByrM/ZMQsliJ3ARpSzF6lg=="
	anAgree = "j+6fEtOsvfgsycBMCfLxWNzPFxk="
)

// heads are a good request and a good response with changed header lines: "Name: value"
// changes or adds, "-Name" drops, "+Name: value" adds, a line with a version is the first.
func request(changes ...string) []byte {
	return head(changes, "GET /chat HTTP/1.1", "Host: example.com", "Upgrade: websocket",
		"Connection: Upgrade", "Sec-WebSocket-Key: "+aKey, "Sec-WebSocket-Version: 13")
}

func response(changes ...string) []byte {
	return head(changes, "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket",
		"Connection: Upgrade", "Sec-WebSocket-Accept: "+anAgree)
}

func head(changes []string, lines ...string) []byte {
	for _, c := range changes {
		add := strings.HasPrefix(c, "+")
		name, _, isField := strings.Cut(strings.TrimLeft(c, "+-"), ":")
		drop := strings.HasPrefix(c, "-")
		at := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, name+":") })
		switch {
		case drop:
			lines = slices.Delete(lines, at, at+1)
		case !isField, strings.Contains(c, " HTTP/1."):
			lines[0] = c
		case at < 0 || add:
			lines = append(lines, strings.TrimPrefix(c, "+"))
		default:
			lines[at] = c
		}
	}
	return wstest.Head(lines...)
}

func TestHandshake(t *testing.T) {
	offer := "Sec-WebSocket-Extensions: "
	for _, c := range []struct {
		name              string
		request, response []string
		want              []string
	}{
		{name: "good"},
		{name: "other case, more in the lists", request: []string{"Upgrade: WebSocket", "Connection: keep-alive, upgrade"}, response: []string{"Upgrade: WebSocket", "Connection: keep-alive, upgrade"}},
		{name: "a second protocol", request: []string{"Upgrade: h2c, websocket"}},
		{name: "IPv6 host", request: []string{"Host: [2001:db8::1]:8080", "Origin: http://[2001:db8::1]:8080"}},
		{name: "origins", request: []string{"Origin: null"}},
		{name: "origin of a file", request: []string{"Origin: file://"}},
		{name: "origin of an extension", request: []string{"Origin: chrome-extension://abcdefghijklmnop"}},
		{name: "absolute form", request: []string{"GET http://EXAMPLE.com:80/chat HTTP/1.1"}},
		{name: "HTTP/1.2", request: []string{"GET /chat HTTP/1.2"}},
		{name: "a browser", request: []string{"User-Agent: Mozilla/5.0 (X11) Firefox/128.0", "Origin: https://example.com"}},
		{name: "a robot", request: []string{"User-Agent: Mozilla/5.0 (compatible; robot)"}},
		{name: "subprotocols over two lines", request: []string{"Sec-WebSocket-Protocol: a, b", "+Sec-WebSocket-Protocol: c"}, response: []string{"Sec-WebSocket-Protocol: c"}},
		{name: "an offer that is declined", request: []string{offer + "permessage-deflate"}},
		{name: "a quoted parameter", request: []string{offer + `permessage-deflate; server_max_window_bits="10"`}, response: []string{offer + "permessage-deflate;server_max_window_bits=9"}},
		{name: "the second offer", request: []string{offer + "permessage-deflate; server_no_context_takeover; client_max_window_bits, permessage-deflate"}, response: []string{offer + "Permessage-Deflate"}},
		{name: "folded", request: []string{"Sec-WebSocket-Protocol: a,\r\n b"}, response: []string{"Sec-WebSocket-Protocol: b"}},
		{name: "an empty length", request: []string{"Content-Length: 0"}},
		{
			name: "many at once", request: []string{"POST http://other/chat#x HTTP/1.1", "Connection: close", "Sec-WebSocket-Version: 8"},
			want: []string{
				`4 c2s req-method-not-get: the method is "POST", expected "GET"`,
				`4 c2s req-uri-fragment: the request target "http://other/chat#x" has a fragment`,
				`4 c2s req-host-uri-mismatch: the request target names "other", Host is "example.com"`,
				`4 c2s req-connection-no-upgrade: Connection is "close", expected the token "Upgrade"`,
				`4 c2s req-version-not-13: Sec-WebSocket-Version is 8, that of a draft, expected 13`,
				`5 s2c resp-accepted-invalid-request: 101, though the request had to be refused: req-method-not-get`,
			},
		},
		{name: "a draft that the server speaks", request: []string{"Sec-WebSocket-Version: 8"}, want: []string{
			`4 c2s req-version-not-13: Sec-WebSocket-Version is 8, that of a draft, expected 13`}},
		{name: "hosts", request: []string{"+Host: other"}, want: []string{
			`4 c2s req-host-invalid: there are 2 Host headers: "example.com", "other"`,
			`5 s2c resp-accepted-invalid-request: 101, though the request had to be refused: req-host-invalid`}},
		{name: "terminal escapes and length", request: []string{"Origin: \x80" + strings.Repeat("x", 100)}, want: []string{
			`4 c2s req-origin-malformed: Origin is "\x80` + strings.Repeat("x", 79) + `"..., expected scheme://host[:port] or null`}},
		{name: "the sample of the RFC", request: []string{"Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC=="}, response: []string{"Sec-WebSocket-Accept: OfS0wDaT5NoxF2gqm7Zj2YtetzM="}, want: []string{
			`4 c2s req-key-noncanonical: Sec-WebSocket-Key is "AQIDBAUGBwgJCgsMDQ4PEC==", the same bytes are properly written "AQIDBAUGBwgJCgsMDQ4PEA=="`,
			`4 c2s req-key-low-entropy: Sec-WebSocket-Key is "AQIDBAUGBwgJCgsMDQ4PEC==", the sample of RFC 6455 4.1`}},
		{name: "short key", request: []string{"Sec-WebSocket-Key: AAAA"}, response: []string{"Sec-WebSocket-Accept: "}, want: []string{
			`4 c2s req-key-invalid: Sec-WebSocket-Key is "AAAA", which is 3 bytes in base64, expected 16`,
			`5 s2c resp-accept-wrong: Sec-WebSocket-Accept is "", expected "XB9IIzDTB5SFgH/jYXFZTWYC8MY="`,
			`5 s2c resp-accepted-invalid-request: 101, though the request had to be refused: req-key-invalid`}},
		{name: "no key", request: []string{"-Sec-WebSocket-Key"}, response: []string{"-Sec-WebSocket-Accept"}, want: []string{
			`4 c2s req-key-missing: there is no Sec-WebSocket-Key header`,
			`5 s2c resp-accept-missing: there is no Sec-WebSocket-Accept header`,
			`5 s2c resp-accepted-invalid-request: 101, though the request had to be refused: req-key-missing`}},
		{name: "subprotocols", request: []string{"Sec-WebSocket-Protocol: a b,, c, c"}, response: []string{"Sec-WebSocket-Protocol: d", "+Sec-WebSocket-Protocol: a, c"}, want: []string{
			`4 c2s req-subprotocol-invalid: the subprotocol "a b" is no token`,
			`4 c2s req-subprotocol-invalid: Sec-WebSocket-Protocol is "a b,, c, c", with an empty element`,
			`4 c2s req-subprotocol-duplicate: the subprotocol "c" is listed twice`,
			`5 s2c resp-subprotocol-duplicate: there are 2 Sec-WebSocket-Protocol headers: "d", "a, c"`,
			`5 s2c resp-subprotocol-not-offered: the subprotocol "d" was not offered; offered: "a b, c, c"`,
			`5 s2c resp-subprotocol-invalid: Sec-WebSocket-Protocol is "a, c", expected one token`,
			`5 s2c resp-accepted-invalid-request: 101, though the request had to be refused: req-subprotocol-invalid`}},
		{name: "extensions", request: []string{offer, "+" + offer + `a b; c="d e", permessage-deflate; =1`}, response: []string{offer + "foo"}, want: []string{
			`4 c2s ext-header-malformed: Sec-WebSocket-Extensions is "", which names no extension`,
			`4 c2s ext-header-malformed: the extension "a b; c=\"d e\"" does not begin with a token`,
			`4 c2s ext-header-malformed: the parameter "c=\"d e\"" of an extension has a value that is no token`,
			`4 c2s ext-header-malformed: the parameter "=1" of an extension has a name that is no token`,
			`4 c2s ext-unregistered: the extension "a b; c=\"d e\"" is not registered`,
			`4 c2s pmd-offer-param-unknown: the parameter "" of "permessage-deflate; =1" is not defined`,
			`5 s2c ext-unregistered: the extension "foo" is not registered`,
			`5 s2c resp-ext-not-offered: the extension "foo" was not offered`,
			`5 s2c resp-accepted-invalid-request: 101, though the request had to be refused: ext-header-malformed`}},
		{name: "the offer that fits best", request: []string{offer + "permessage-deflate; server_max_window_bits=9; server_no_context_takeover, permessage-deflate; server_max_window_bits=12"}, response: []string{offer + "permessage-deflate; server_max_window_bits=13; client_no_context_takeover=1"}, want: []string{
			`5 s2c pmd-resp-param-invalid: the parameter "client_no_context_takeover" of "permessage-deflate; server_max_window_bits=13; client_no_context_takeover=1" has a value`,
			`5 s2c pmd-resp-server-bits-larger: the response is "permessage-deflate; server_max_window_bits=13; client_no_context_takeover=1", but server_max_window_bits is 12 in the offer "permessage-deflate; server_max_window_bits=12"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := wstest.Talk4().Open().Client(request(c.request...)).Server(response(c.response...))
			if got := verdict(t, k.Packets); !slices.Equal(got, c.want) {
				t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
			}
		})
	}
}

// TestHandshakeInPart checks that what was not captured is held against nobody.
func TestHandshakeInPart(t *testing.T) {
	bad := []string{"Origin: nonsense", "-Sec-WebSocket-Version"}
	whole := wstest.Talk4().Open().Client(request(bad...)).Server(response("-Upgrade")).Packets
	origin := "4 c2s req-origin-malformed: Origin is \"nonsense\", expected scheme://host[:port] or null"
	version := "4 c2s req-version-missing: there is no Sec-WebSocket-Version header"
	cut := func(n int) wstest.Packets {
		ps := slices.Clone(whole)
		ps[3].Cut, ps[4].Cut = n, n
		return ps
	}
	for _, c := range []struct {
		name    string
		packets wstest.Packets
		want    []string
	}{
		{"all", whole, []string{version, origin, "5 s2c resp-upgrade-missing: there is no Upgrade header",
			"5 s2c resp-accepted-invalid-request: 101, though the request had to be refused: req-version-missing"}},
		{"the ends are cut off", cut(3), []string{}},
		{"no response", whole.Without(4), []string{version, origin}},
		{"no request", whole.Without(3), []string{"4 s2c resp-upgrade-missing: there is no Upgrade header"}},
		{"the client leaves", wstest.Talk4().Open().Client(request(bad...)).ClientFin().ServerFin().Packets, []string{version, origin}},
		{"the server leaves", wstest.Talk4().Open().Client(request(bad...)).ServerReset().Packets, []string{version, origin,
			"5 s2c resp-missing: the connection is ended without a response to a request that had to be refused: req-version-missing"}},
		{"the server leaves a good client", wstest.Talk4().Open().Client(request()).ServerFin().ClientFin().Packets, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := verdict(t, c.packets); !slices.Equal(got, c.want) && len(got)+len(c.want) > 0 {
				t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
			}
		})
	}
}

// TestProxy checks that a handshake that is seen on both sides of a proxy is one.
func TestProxy(t *testing.T) {
	outer, inner := wstest.Talk4(), wstest.NewTalk(addr("10.0.0.2:40000"), addr("10.0.0.3:8080"))
	outer.Step, inner.Step = 4*time.Millisecond, time.Millisecond
	inner.Wait(13 * time.Millisecond)
	outer.Open().Client(request()).Wait(20 * time.Millisecond).Server(response())
	inner.Open().Client(request("X-Forwarded-For: 10.0.0.1")).Server(response())
	again := wstest.NewTalk(addr("10.0.0.1:50001"), addr("10.0.0.2:8080"))
	again.Wait(time.Second).Open().Client(request()).Server(response())
	got := verdict(t, wstest.Merge(outer, inner, again))
	want := []string{`14 c2s req-key-reused: Sec-WebSocket-Key is "ByrM/ZMQsliJ3ARpSzF6lg==", as in packet 4`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestHixie checks that a handshake of another protocol is not judged by this one.
func TestHixie(t *testing.T) {
	k := wstest.Talk4().Open().Client(append(wstest.Head("GET / HTTP/1.1", "Host: a", "Upgrade: WebSocket", "Connection: Upgrade",
		"Sec-WebSocket-Key1: 18x 6]8vM;54 *(5:  {   U1]8  z [  8", "Sec-WebSocket-Key2: 1_ tx7X d  <  nw  334J702) 7]o}` 0"), "Tm[K T2u"...))
	got := verdict(t, k.Server(wstest.Head("HTTP/1.1 403 Forbidden", "Content-Length: 0")).Packets)
	want := []string{"4 c2s legacy-handshake: the request is one of draft-hixie-thewebsocketprotocol; it is judged no further"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestServerFrameBeforeHandshake checks the one way in which a server can be early.
func TestServerFrameBeforeHandshake(t *testing.T) {
	k := wstest.Talk4().Open().Client(request()).Server(append(wstest.Text("hi").Bytes(), response()...))
	got := verdict(t, k.Packets)
	want := []string{"5 s2c frame-before-handshake: a text frame of 2 bytes stands before the response"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// FuzzHandshake checks that any handshake is judged without a fault of ours, and by rules
// that bind the endpoint that is accused.
func FuzzHandshake(f *testing.F) {
	f.Add(request(), response())
	f.Add(request("Origin: a b", "+Host: x", "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=\"10\""), response("-Upgrade"))
	f.Add(request("-Sec-WebSocket-Key"), wstest.Head("HTTP/1.1 426 Upgrade Required"))
	f.Fuzz(func(t *testing.T, request, response []byte) {
		got := verdict(t, wstest.Talk4().Open().Client(request).Server(response).Shut().Packets)
		for _, line := range got {
			fields := strings.Fields(line)
			id, _ := rules.Find(strings.TrimSuffix(fields[2], ":"))
			party := map[string]rules.Party{"c2s": rules.Client, "s2c": rules.Server}[fields[1]]
			if p := id.Rule().Party; p != rules.Both && p != party && party != rules.Both {
				t.Errorf("%s is a rule for the %s", line, p)
			}
		}
	})
}

func addr(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }
