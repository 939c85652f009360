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

func load(t testing.TB) (payload.Session, []talk.Message) {
	s, list, err := talk.Load("testdata/nats.talk")
	if err != nil {
		t.Fatal(err)
	}
	return s, list
}

func TestGolden(t *testing.T) {
	s, list := load(t)
	wstest.Golden(t, "testdata/nats.txt", talk.Explain(nats.Protocol(), s, list...))
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
	_, list := load(t)
	whole := talk.Units(nats.Protocol().New(nil), 1<<20, list...)
	if strings.Contains(whole, "error:") {
		t.Fatal(whole)
	}
	for _, n := range []int{1, 2, 5, 13} {
		if got := talk.Units(nats.Protocol().New(nil), n, list...); got != whole {
			t.Errorf("in messages of %d bytes:\n%s\nwhole:\n%s", n, got, whole)
		}
	}
}

func FuzzDecode(f *testing.F) {
	_, list := load(f)
	for _, m := range list {
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
