package display_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/display"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

func events() (text, ping *dissect.Frame, anomaly *dissect.Anomaly, handshake *dissect.Handshake) {
	conn := reassembly.NewConn(17, netip.MustParseAddrPort("192.168.206.1:49253"), netip.MustParseAddrPort("192.168.206.132:8080"), 0)
	meta := dissect.Meta{Conn: conn, Packet: reassembly.PacketRef{Number: 29, Wire: 81}, Dir: dissect.ClientToServer}
	text = &dissect.Frame{Meta: meta, HeaderOK: true, Payload: []byte("Good bye."),
		Header: frame.Header{Fin: true, Opcode: frame.Text, Masked: true, Key: [4]byte{0x95, 0x39, 0xFF, 0xDD}, Length: 9}}
	text.Message = &dissect.Message{Meta: meta, Opcode: frame.Text, Payload: text.Payload, Length: 9, Complete: true, Frames: 1}
	ping = &dissect.Frame{Meta: meta, HeaderOK: true, Header: frame.Header{Opcode: frame.Ping, Fin: true}}
	return text, ping, &dissect.Anomaly{Meta: meta, Rule: rules.FrameRSVSet},
		&dissect.Handshake{Meta: meta, URI: "/chat", Status: 101}
}

func TestMatch(t *testing.T) {
	text, ping, anomaly, handshake := events()
	for _, c := range []struct {
		expr string
		want string // which of the four match
	}{
		{"websocket", "text ping"},
		{"websocket.opcode == 1", "text"},
		{"websocket.opcode==9", "ping"},
		{"opcode = 9", "ping"},
		{"opcode_name eq ping", "ping"},
		{"websocket.fin", "text ping"},
		{"websocket.mask == true", "text"},
		{"not websocket.mask", "ping anomaly handshake"},
		{"!(websocket.opcode == 1)", "ping anomaly handshake"},
		{"websocket.opcode != 1", "ping"},
		{`websocket.payload.text contains "bye"`, "text"},
		{`text matches "^good\\b"`, "text"},
		{`text ~ "x$"`, ""},
		{"websocket.masking_key == \"9539ffdd\"", "text"},
		{"length >= 9 && length < 10", "text"},
		{"websocket.payload_length in {1..5, 9}", "text"},
		{"ip.addr == 192.168.206.0/24 and type == anomaly", "anomaly"},
		{"ip.src == 192.168.206.132", ""},
		{"ip.dst == 192.168.206.132 and tcp.dstport == 8080 and websocket.opcode == 1", "text"},
		{"tcp.port == 49253 or tcp.port == 1", "text ping anomaly handshake"},
		{"frame.number > 29", ""},
		{"frame.number ge 0x1d and frame.len == 81", "text ping anomaly handshake"},
		{"conn == 17 and dir == c2s and code == frame-rsv-set and severity == error", "anomaly"},
		{`uri == "/chat" && status == 101`, "handshake"},
		{`http.request.uri contains "ch" || opcode == 9`, "ping handshake"},
		{"compressed", ""},
		{"complete and fragments == 1", "text"},
		{"opcode == 9 or opcode == 1 and length == 0", "ping"},
	} {
		f, err := display.Parse(c.expr)
		if err != nil {
			t.Errorf("%s: %v", c.expr, err)
			continue
		}
		var got []string
		for _, e := range []struct {
			name string
			e    dissect.Event
		}{{"text", text}, {"ping", ping}, {"anomaly", anomaly}, {"handshake", handshake}} {
			if f.Match(e.e) {
				got = append(got, e.name)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: matches %q, want %q", c.expr, got, c.want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{"", "a field expected at the end"},
		{"websocket.colour == 1", `an unknown field at "websocket.colour"`},
		{"websocket.opcode ==", "a value expected at the end"},
		{"(websocket", "a closing bracket expected at the end"},
		{"websocket websocket", `or the end expected at "websocket"`},
		{`text contains "x`, `a string without its end at "\"x"`},
		{"websocket & 1", `a character that has no meaning at "&"`},
		{`text matches "("`, "no regular expression"},
		{"opcode in 1", `{ expected at "1"`},
		{"opcode in {1", "} expected at the end"},
		{strings.Repeat("(", 200), "too many brackets"},
		{strings.Repeat("!", 200), "too many brackets"},
	} {
		if _, err := display.Parse(c.expr); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q", c.expr, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`websocket.opcode == 1 && !(ip.addr in {10.0.0.0/8, ::1}) or text matches "a|b"`)
	f.Add(`length in {1..5, 9} and "x`)
	text, ping, anomaly, handshake := events()
	f.Fuzz(func(t *testing.T, expr string) {
		filter, err := display.Parse(expr)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("error with a control character: %q", err)
			}
			return
		}
		for _, e := range []dissect.Event{text, ping, anomaly, handshake, &dissect.Summary{}} {
			filter.Match(e)
		}
	})
}
