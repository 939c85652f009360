package nats_test

import (
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/nats"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

// nats.ws 1.30.3 with nats-server 2.9.10; INFO is shortened.
func conversation() []talk.Message {
	return []talk.Message{
		talk.Binary(s2c, `INFO {"server_id":"NA3RJ4","version":"2.9.10","proto":1,"headers":true,"auth_required":true,"max_payload":1048576,"client_id":4} `+"\r\n"),
		talk.Binary(c2s, `CONNECT {"protocol":1,"version":"1.30.3","lang":"nats.ws","verbose":false,"pedantic":false,"name":"lab","user":"u","pass":"p","headers":true,"no_responders":true}`+"\r\n"),
		talk.Binary(c2s, "PING\r\n"),
		talk.Binary(s2c, "PONG\r\n"),
		talk.Binary(c2s, "SUB sensors.> 1\r\nSUB svc.time q1 2\r\nPUB sensors.1 8\r\n{\"t\":21}\r\nPUB sensors.2 3\r\n\x00\x01\xff\r\nHPUB sensors.3 28 40\r\nNATS/1.0\r\nX-A: 1\r\nX-A: 2\r\n\r\nwith headers\r\n"),
		talk.Binary(c2s, "SUB _INBOX.SPL.* 3\r\nPUB svc.time _INBOX.SPL.MD0 7\r\n{\"q\":1}\r\n"),
		talk.Binary(s2c, "MSG sensors.1 1 8\r\n{\"t\":21}\r\nMSG sensors.2 1 3\r\n\x00\x01\xff\r\nHMSG sensors.3 1 28 40\r\nNATS/1.0\r\nX-A: 1\r\nX-A: 2\r\n\r\nwith headers\r\nMSG svc.time 2 _INBOX.SPL.MD0 7\r\n{\"q\":1}\r\n"),
		talk.Binary(c2s, "PUB _INBOX.SPL.MD0 9\r\n{\"now\":1}\r\n"),
		talk.Binary(s2c, "MSG _INBOX.SPL.MD0 3 9\r\n{\"now\":1}\r\n"),
		talk.Binary(c2s, "PUB nobody.home _INBOX.SPL.MOS 1\r\nx\r\n"),
		talk.Binary(s2c, "HMSG _INBOX.SPL.MOS 3 16 16\r\nNATS/1.0 503\r\n\r\n\r\n"),
		talk.Binary(s2c, "-ERR 'Permissions Violation for Publish to \"forbidden.x\"'\r\n"),
		talk.Binary(c2s, "UNSUB 1\r\nUNSUB 2 2\r\nPING\r\n"),
		talk.Binary(s2c, "+OK\r\n"),
	}
}

func TestGolden(t *testing.T) {
	wstest.Golden(t, "testdata/nats.txt", talk.Explain(nats.Protocol(), payload.Session{Path: "/"}, conversation()...))
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name  string
		parts []string
		want  string
	}{
		{"lower case", []string{"pub a 1\r\nx\r\n"}, `"PUB a x"`},
		{"line in two messages", []string{"PU", "B a 1\r\nx\r\n"}, `"(2 bytes, more to come)", "PUB a x"`},
		{"payload in three messages", []string{"PUB a 3\r\nx", "\n", "z\r\nPING\r\n"}, `"(10 bytes, more to come)", "(11 bytes, more to come)", "PUB a x\nz; PING"`},
		{"unknown operation", []string{"HELLO world\r\n"}, `"" error: NATS: no operation that is known`},
		{"unknown operation without end", []string{"HELLO world"}, `"" error: NATS: no operation that is known`},
		{"something else", []string{"\x00\x01"}, `"" error: NATS: no operation that is known`},
		{"too few arguments", []string{"PUB 3\r\nabc\r\n"}, `"" error: NATS: arguments that do not fit the operation`},
		{"size that is no number", []string{"PUB a -3\r\nabc\r\n"}, `"" error: NATS: arguments that do not fit the operation`},
		{"more headers than all", []string{"HPUB a 4 3\r\nabc\r\n"}, `"" error: NATS: arguments that do not fit the operation`},
		{"payload longer than it says", []string{"PUB a 1\r\nabc\r\n"}, `"" error: NATS: no line end behind the payload`},
		{"line without end", []string{"INFO {" + strings.Repeat("x", 70_000)}, `"" error: NATS: a control line of more than 64 KiB`},
		{"too large to be held", []string{"PUB a 2000000\r\n", strings.Repeat("x", 2_000_000) + "\r\nPING\r\n"}, `"" error: NATS: an operation that goes on in later messages is too large to be held, "PING" heartbeat`},
	} {
		var messages []talk.Message
		for _, p := range c.parts {
			messages = append(messages, talk.Binary(c2s, p))
		}
		var lines []string
		for line := range strings.Lines(string(talk.Explain(nats.Protocol(), payload.Session{Subprotocol: "nats"}, messages...))) {
			if rest, ok := strings.CutPrefix(line, "c2s nats by subprotocol: "); ok {
				lines = append(lines, strings.TrimSpace(rest))
			}
		}
		want := strings.ReplaceAll(c.want, "\nz", `\nz`)
		if got := strings.Join(lines, ", "); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, want)
		}
	}
}

func TestContent(t *testing.T) {
	for in, want := range map[string]bool{
		"INFO {\"server_id\":\"x\"}\r\n":      true,
		"CONNECT {}\r\n":                      true,
		"INFO x\r\n":                          false,
		"PUB a 1\r\nx\r\n":                    true,
		"PING\r\n":                            false,
		"SUB a 1\r\n":                         false,
		"CONNECT\naccept-version:1.2\n\n\x00": false,
	} {
		if got := nats.Protocol().Content(&dissect.Message{Opcode: frame.Binary, Payload: []byte(in)}); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

func TestSplitInvariance(t *testing.T) {
	whole := talk.Units(nats.Protocol().New(nil), 1<<20, conversation()...)
	if strings.Contains(whole, "error:") {
		t.Fatal(whole)
	}
	for _, n := range []int{1, 2, 5, 13} {
		if got := talk.Units(nats.Protocol().New(nil), n, conversation()...); got != whole {
			t.Errorf("in messages of %d bytes:\n%s\nwhole:\n%s", n, got, whole)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, m := range conversation() {
		f.Add([]byte(m.Data), uint8(200))
		f.Add([]byte(m.Data), uint8(3))
	}
	f.Fuzz(func(t *testing.T, b []byte, cut uint8) {
		d := nats.Protocol().New(nil)
		for len(b) > 0 {
			n := min(int(cut)+1, len(b))
			e := d.Decode(&dissect.Message{Meta: dissect.Meta{Dir: c2s}, Opcode: frame.Binary, Payload: b[:n]})
			if e == nil || e.Fields[0].Name != "operations" {
				t.Fatalf("%q gives %+v", b[:n], e)
			}
			b = b[n:]
		}
	})
}
