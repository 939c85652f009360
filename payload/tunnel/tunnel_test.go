package tunnel_test

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/tunnel"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var names = []string{"chisel", "tls13", "tls12", "http", "ssh", "rfb", "rfb-refused"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(tunnel.Protocol(), s, list...))
	}
}

// How a stream is cut into messages changes nothing of what it carries.
func TestSplitInvariance(t *testing.T) {
	for _, name := range names {
		_, list := talk.Named(t, name)
		want := streams(list, 1<<20)
		for _, n := range []int{1, 2, 7, 300} {
			if got := streams(list, n); got != want {
				t.Errorf("%s in messages of %d bytes:\n%s\nwhole:\n%s", name, n, got, want)
			}
		}
	}
}

// streams are the parts of each direction, cut into messages of n bytes. Sizes of what
// goes on in the next message are added up.
func streams(list []talk.Message, n int) string {
	d := tunnel.Protocol().New(&payload.Session{})
	var out [3]strings.Builder
	var kind [3]string
	var size [3]int
	flush := func(dir dissect.Dir) {
		if kind[dir] != "" {
			out[dir].WriteString(kind[dir] + payload.Size(size[dir]) + "\n")
		}
		kind[dir], size[dir] = "", 0
	}
	for _, m := range list {
		for b := []byte(m.Data); len(b) > 0; b = b[min(n, len(b)):] {
			e := d.Decode(&dissect.Message{Meta: dissect.Meta{Dir: m.Dir}, Opcode: m.Opcode, Payload: b[:min(n, len(b))]})
			for _, v := range e.Fields[3].Value.([]any) {
				o := v.(dissect.Object)
				name := o[0].Value.(string)
				if name == "head" { // of HTTP, before it is whole
					continue
				}
				if o[len(o)-1].Name == "size" && name == kind[m.Dir] {
					size[m.Dir] += o[1].Value.(int)
					continue
				}
				flush(m.Dir)
				if o[len(o)-1].Name == "size" {
					kind[m.Dir], size[m.Dir] = name, o[1].Value.(int)
					continue
				}
				out[m.Dir].WriteString(payload.Diagnostic(o) + "\n")
			}
			if e.Error != "" {
				out[m.Dir].WriteString("error: " + e.Error + "\n")
			}
		}
	}
	flush(c2s)
	flush(s2c)
	return "c2s\n" + out[c2s].String() + "s2c\n" + out[s2c].String()
}

func unhex(s string) string {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestEdges(t *testing.T) {
	binary := payload.Session{Subprotocol: "binary"}
	for _, c := range []struct {
		name    string
		session payload.Session
		parts   []talk.Message
		want    string
	}{
		{"base64 of old websockify", payload.Session{Subprotocol: "base64"}, []talk.Message{talk.Text(s2c, base64.StdEncoding.EncodeToString([]byte("RFB 003.003\n"))), talk.Text(s2c, "!")},
			`s2c tunnel by subprotocol: "rfb version 003.003" stream: "rfb" offset: 0 size: 12 parts: [{"type": "version", "version": "003.003"}] | s2c tunnel by subprotocol: "" error: not base64, which the subprotocol asks for`},
		{"version 3.3, in which the server decides", binary, []talk.Message{talk.Binary(s2c, "RFB 003.003\n"), talk.Binary(c2s, "RFB 003.003\n"), talk.Binary(s2c, "\x00\x00\x00\x01"), talk.Binary(c2s, "\x00")},
			`s2c tunnel by subprotocol: "rfb version 003.003" stream: "rfb" offset: 0 size: 12 parts: [{"type": "version", "version": "003.003"}] | c2s tunnel by subprotocol: "rfb version 003.003" stream: "rfb" offset: 0 size: 12 parts: [{"type": "version", "version": "003.003"}] | s2c tunnel by subprotocol: "rfb security None" stream: "rfb" offset: 12 size: 4 parts: [{"type": "security", "security": "None"}] | c2s tunnel by subprotocol: "rfb ClientInit" stream: "rfb" offset: 12 size: 1 parts: [{"type": "ClientInit", "shared": false}]`},
		{"security that is not followed", binary, []talk.Message{talk.Binary(s2c, "RFB 003.008\n"), talk.Binary(c2s, "RFB 003.008\n"), talk.Binary(s2c, "\x02\x01\x13"), talk.Binary(c2s, "\x13ab"), talk.Binary(s2c, "\x00\x02")},
			`s2c tunnel by subprotocol: "rfb version 003.008" stream: "rfb" offset: 0 size: 12 parts: [{"type": "version", "version": "003.008"}] | c2s tunnel by subprotocol: "rfb version 003.008" stream: "rfb" offset: 0 size: 12 parts: [{"type": "version", "version": "003.008"}] | s2c tunnel by subprotocol: "rfb security types None,VeNCrypt" stream: "rfb" offset: 12 size: 3 parts: [{"type": "security_types", "security_types": ["None", "VeNCrypt"]}] | c2s tunnel by subprotocol: "rfb security VeNCrypt; opaque (2 bytes)" stream: "rfb" offset: 12 size: 3 parts: [{"type": "security", "security": "VeNCrypt"}, {"type": "opaque", "size": 2}] | s2c tunnel by subprotocol: "rfb opaque (2 bytes)" stream: "rfb" offset: 15 size: 2 parts: [{"type": "opaque", "size": 2}]`},
		{"requests one behind the other, and a switch", binary, []talk.Message{talk.Binary(c2s, "HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nUpgrade: x\r\n\r\n"), talk.Binary(s2c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n\r\nxyz"), talk.Binary(c2s, "ab")},
			`c2s tunnel by subprotocol: "http request HEAD /a HTTP/1.1; request GET /b HTTP/1.1" stream: "http" offset: 0 size: 60 parts: [{"type": "request", "method": "HEAD", "target": "/a", "host": "h"}, {"type": "request", "method": "GET", "target": "/b"}] | s2c tunnel by subprotocol: "http response HTTP/1.1 200 OK; response HTTP/1.1 101 Switching Protocols; switched (3 bytes)" stream: "http" offset: 0 size: 77 parts: [{"type": "response", "status": 200}, {"type": "response", "status": 101}, {"type": "switched", "size": 3}] | c2s tunnel by subprotocol: "http switched (2 bytes)" stream: "http" offset: 60 size: 2 parts: [{"type": "switched", "size": 2}]`},
		{"no HTTP in return", binary, []talk.Message{talk.Binary(c2s, "GET / HTTP/1.1\r\n\r\n"), talk.Binary(s2c, "220 mail\r\n\r\n"), talk.Binary(s2c, "more")},
			`c2s tunnel by subprotocol: "http request GET / HTTP/1.1" stream: "http" offset: 0 size: 18 parts: [{"type": "request", "method": "GET", "target": "/"}] | s2c tunnel by subprotocol: "http opaque (12 bytes)" error: no HTTP message where one begins stream: "http" offset: 0 size: 12 parts: [{"type": "opaque", "size": 12}] | s2c tunnel by subprotocol: "http opaque (4 bytes)" stream: "http" offset: 12 size: 4 parts: [{"type": "opaque", "size": 4}]`},
		{"the middle of TLS", payload.Session{}, []talk.Message{talk.Binary(s2c, unhex("1703030003 010203 1503030002 0506")), talk.Binary(s2c, "\x17\x03\x03"), talk.Binary(s2c, "\x00\x01x\x00")},
			`s2c tunnel by content: "tls application data (3 bytes); alert level_5 alert_6" stream: "tls" offset: 0 size: 15 parts: [{"type": "application_data", "size": 3}, {"type": "alert", "level": "level_5", "description": "alert_6"}] | s2c tunnel by content: "tls (3 bytes, more to come)" stream: "tls" offset: 15 size: 3 parts: [] held: 3 | s2c tunnel by content: "tls application data (1 byte); (1 byte, more to come)" stream: "tls" offset: 18 size: 4 parts: [{"type": "application_data", "size": 1}] held: 1`},
		{"alert in clear", payload.Session{}, []talk.Message{talk.Binary(s2c, unhex("1503030002 0228"))},
			`s2c tunnel by content: "tls alert fatal handshake_failure" stream: "tls" offset: 0 size: 7 parts: [{"type": "alert", "level": "fatal", "description": "handshake_failure"}]`},
		{"HTTP/2", binary, []talk.Message{talk.Binary(c2s, "PRI * HTTP/2.0\r\n\r\n"), talk.Binary(c2s, "SM\r\n\r\n\x00"), talk.Binary(s2c, "\x00\x00")},
			`c2s tunnel by subprotocol: "(18 bytes, more to come)" stream: "unknown" offset: 0 size: 18 parts: [] held: 18 | c2s tunnel by subprotocol: "http2 opaque (25 bytes)" stream: "http2" offset: 18 size: 7 parts: [{"type": "opaque", "size": 25}] | s2c tunnel by subprotocol: "http2 opaque (2 bytes)" stream: "http2" offset: 0 size: 2 parts: [{"type": "opaque", "size": 2}]`},
		{"RDP", binary, []talk.Message{talk.Binary(c2s, unhex("03000013 0ee000000000000100080003000000"))},
			`c2s tunnel by subprotocol: "rdp opaque (19 bytes)" stream: "rdp" offset: 0 size: 19 parts: [{"type": "opaque", "size": 19}]`},
		{"unknown", binary, []talk.Message{talk.Binary(c2s, "hello"), talk.Binary(c2s, "SSH-2.0-x\r\n"), talk.Binary(s2c, "SSH-2.0-y\n"), talk.Binary(c2s, "z"), talk.Text(c2s, "t")},
			`c2s not explained, 5 bytes | c2s not explained, 11 bytes | s2c tunnel by subprotocol: "ssh banner SSH-2.0-y" stream: "ssh" offset: 0 size: 10 parts: [{"type": "banner", "text": "SSH-2.0-y"}] | c2s tunnel by subprotocol: "ssh opaque (1 byte)" stream: "ssh" offset: 16 size: 1 parts: [{"type": "opaque", "size": 1}] | c2s not explained, 1 bytes`},
		{"SSH with a line before", binary, []talk.Message{talk.Binary(c2s, "SSH-2.0-a\r\n"), talk.Binary(s2c, "welcome\r\nSSH-2.0-b\r\n\xFF\xFF\xFF\xFF\x01\x02")},
			`c2s tunnel by subprotocol: "ssh banner SSH-2.0-a" stream: "ssh" offset: 0 size: 11 parts: [{"type": "banner", "text": "SSH-2.0-a"}] | s2c tunnel by subprotocol: "ssh line welcome; banner SSH-2.0-b; opaque (6 bytes)" error: no SSH packet where one begins stream: "ssh" offset: 0 size: 26 parts: [{"type": "line", "text": "welcome"}, {"type": "banner", "text": "SSH-2.0-b"}, {"type": "opaque", "size": 6}]`},
	} {
		if got := talk.Line(talk.Explain(tunnel.Protocol(), c.session, c.parts...)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestContent(t *testing.T) {
	for _, c := range []struct {
		in   string
		want bool
	}{
		{"SSH-2.0-x\r\n", true}, {"SSH", false}, {"RFB 003.008\n", true},
		{"GET / HTTP/1.1\r\nHost: a\r\n\r\n", true}, {"GET / HTTP/1.1", false}, {"GET /\r\n", false}, {"HTTP/1.1 200 OK\r\n", true}, {"get / HTTP/1.1\r\n", false},
		{unhex("1703030001 00"), true}, {unhex("1703030001 0000"), false}, {unhex("1703030000"), false}, {unhex("1603010200 01000000 0303"), false}, {unhex("1603010200 010001fc 0303"), true},
		{unhex("03000013 0ee000000000000100080003000000"), false}, {"", false}, {"PUB a 1\r\nx\r\n", false},
	} {
		m := &dissect.Message{Meta: dissect.Meta{Dir: c2s}, Opcode: frame.Binary, Payload: []byte(c.in)}
		if got := tunnel.Protocol().Content(m); got != c.want {
			t.Errorf("%q: %v", c.in, got)
		}
		if m.Dir = dissect.Unknown; tunnel.Protocol().Content(m) {
			t.Errorf("%q of nobody is one", c.in)
		}
	}
}

// Behind a hole nothing is read any more, and what the other side sends next in RFB
// depends on what was lost.
func TestMissed(t *testing.T) {
	d, _ := tunnel.Protocol().New(&payload.Session{}).(payload.Streamer)
	decode := func(dir dissect.Dir, s string) string {
		return d.Decode(&dissect.Message{Meta: dissect.Meta{Dir: dir}, Opcode: frame.Binary, Payload: []byte(s)}).Brief
	}
	decode(s2c, "RFB 003.008\n")
	d.Missed(c2s)
	for _, dir := range []dissect.Dir{c2s, s2c} {
		if got := decode(dir, "\x01\x01"); got != "rfb opaque (2 bytes)" {
			t.Errorf("%v: %q", dir, got)
		}
	}
}

// A clipboard that is too large to be held is passed over, and the next message is read.
func TestLargeClipboard(t *testing.T) {
	_, list := talk.Named(t, "rfb")
	list = append(list[:8:8], talk.Binary(c2s, unhex("06000000 00100000")+strings.Repeat("x", 1<<20)+unhex("05010002 0003")))
	got := talk.Line(talk.Explain(tunnel.Protocol(), payload.Session{}, list...))
	if want := `"rfb ClientCutText (1048584 bytes); PointerEvent 2,3"`; !strings.Contains(got, want) {
		t.Errorf("%s\ndoes not have %s", got, want)
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range names {
		_, list := talk.Named(f, name)
		for i := range list {
			f.Add(list[i].Data, list[(i+1)%len(list)].Data, uint16(100))
		}
	}
	f.Fuzz(func(t *testing.T, a, b string, cut uint16) {
		p := tunnel.Protocol()
		p.Content(&dissect.Message{Meta: dissect.Meta{Dir: c2s}, Opcode: frame.Binary, Payload: []byte(a)})
		n := min(int(cut), len(b))
		if err := talk.Check(p.New(&payload.Session{}), talk.Binary(c2s, a), talk.Binary(s2c, b[:n]), talk.Binary(s2c, b[n:]), talk.Binary(c2s, b), talk.Binary(s2c, a)); err != nil {
			t.Fatal(err)
		}
	})
}
