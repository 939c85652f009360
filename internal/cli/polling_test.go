package cli

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

// A session of Socket.IO begins by HTTP, on another connection than WebSocket.
func TestPolling(t *testing.T) {
	const target = "/socket.io/?EIO=4&transport="
	poll, ws := wstest.Talk4(), wstest.NewTalk(netip.MustParseAddrPort("10.0.0.1:50001"), netip.MustParseAddrPort("10.0.0.2:8080"))
	const open = `0{"sid":"S","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}`
	poll.Open().
		Client(wstest.Head("GET "+target+"polling HTTP/1.1", "Host: a")).
		Server(append(wstest.Head("HTTP/1.1 200 OK", "Content-Length: 78"), open...)).
		Client(append(wstest.Head("POST "+target+"polling&sid=S HTTP/1.1", "Host: a", "Content-Length: 15"), `42["early","x"]`...)).
		Server(append(wstest.Head("HTTP/1.1 200 OK", "Content-Length: 2"), "ok"...))
	ws.Now = poll.Now
	hs := wstest.Handshake{Target: target + "websocket&sid=S"}
	ws.Open().Client(hs.Request()).Server(hs.Response()).Client(wstest.Text("2probe").Masked().Bytes())
	file := append(poll.Packets, ws.Packets...).TempFile(t)

	r := run("read", "-q", "--max-payload", "0", file)
	for _, want := range []string{
		`GET /socket.io/?EIO=4&transport=polling → 200  78 bytes  socket.io  polling engine.io open {"sid":"S"`,
		`POST /socket.io/?EIO=4&transport=polling&sid=S  15 bytes  socket.io  polling `,
		`socket.io  engine.io ping probe (session opened by polling)`,
	} {
		if !strings.Contains(r.out, want) {
			t.Errorf("%s\ndoes not have %s", r.out, want)
		}
	}
	if r := run("read", "--json", "--only", "body", file); strings.Count(r.out, `"type":"body"`) != 2 || r.code != 0 {
		t.Errorf("code %d\n%s", r.code, r.out)
	}
	if r := run("read", "-q", "--no-decode", file); strings.Contains(r.out, "polling ") {
		t.Errorf("nothing is to be decoded\n%s", r.out)
	}
	if r := run("read", "-q", "-Y", `type == "body" && dir == "c2s"`, file); strings.Count(r.out, "\n") != 1 {
		t.Errorf("the filter gives\n%s%s", r.out, r.err)
	}
}
