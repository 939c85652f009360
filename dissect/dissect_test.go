package dissect_test

import (
	"bytes"
	"compress/flate"
	"strings"
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

var good wstest.Handshake

// opened is a conversation whose opening handshake is done: the next packet is number 6.
func opened() *wstest.Talk {
	return wstest.Talk4().Open().Client(good.Request()).Server(good.Response())
}

// deflated agrees on permessage-deflate: the next packet is number 6.
func deflated(params string) *wstest.Talk {
	h := wstest.Handshake{RequestLines: []string{"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"},
		ResponseLines: []string{"Sec-WebSocket-Extensions: permessage-deflate" + params}}
	return wstest.Talk4().Open().Client(h.Request()).Server(h.Response())
}

// compressor deflates messages with context takeover.
type compressor struct {
	b bytes.Buffer
	w *flate.Writer
}

func (c *compressor) message(s string) wstest.Frame {
	if c.w == nil {
		c.w, _ = flate.NewWriter(&c.b, 9)
	}
	c.b.Reset()
	c.w.Write([]byte(s))
	c.w.Flush()
	return wstest.NewFrame(frame.Text, bytes.Clone(bytes.TrimSuffix(c.b.Bytes(), []byte{0, 0, 0xFF, 0xFF}))).RSV(frame.RSV1)
}

const ok = "5 s2c handshake /chat 101 upgraded=true accept=1\n"

func TestFramesAndMessages(t *testing.T) {
	for _, c := range []struct {
		name string
		talk func() *wstest.Talk
		want string
	}{
		{"text both ways", func() *wstest.Talk {
			return opened().Server(wstest.Text("Hello").Bytes()).Client(wstest.Text("Good bye.").Masked().Bytes())
		}, ok + `6 s2c frame text 5 "Hello"
			6 s2c message text 5 "Hello"
			7 c2s frame text 9 "Good bye."
			7 c2s message text 9 "Good bye."
			7 ??? closed capture end by ""`},
		{"glued behind the 101", func() *wstest.Talk {
			return wstest.Talk4().Open().Client(good.Request()).Server(append(good.Response(), wstest.Text("now").Bytes()...))
		}, ok + `5 s2c frame text 3 "now"
			5 s2c message text 3 "now"
			5 ??? closed capture end by ""`},
		{"client before the 101", func() *wstest.Talk {
			return wstest.Talk4().Open().Client(append(good.Request(), wstest.Text("eager").Masked().Bytes()...)).Server(good.Response())
		}, ok + `4 c2s frame text 5 "eager"
			4 c2s message text 5 "eager"
			5 ??? closed capture end by ""`},
		{"empty fragments first, middle and last, a ping between", func() *wstest.Talk {
			return opened().Server(wstest.Frames(wstest.Text("").More(), wstest.Continuation("a").More(), wstest.Ping("p"),
				wstest.Continuation("").More(), wstest.Continuation("b").More(), wstest.Continuation("")))
		}, ok + `6 s2c frame text more 0 ""
			6 s2c frame continuation more 1 "a"
			6 s2c frame ping 1 "p"
			6 s2c frame continuation more 0 ""
			6 s2c frame continuation more 1 "b"
			6 s2c frame continuation 0 ""
			6 s2c message text 2 "ab"
			6 ??? closed capture end by ""`},
		{"both directions fragment at once", func() *wstest.Talk {
			return opened().
				Server(wstest.Text("se").More().Bytes()).
				Client(wstest.Binary([]byte("cl")).More().Masked().Bytes()).
				Server(wstest.Continuation("rver").Bytes()).
				Client(wstest.Continuation("ient").Masked().Bytes())
		}, ok + `6 s2c frame text more 2 "se"
			7 c2s frame binary more 2 "cl"
			8 s2c frame continuation 4 "rver"
			8 s2c message text 6 "server"
			9 c2s frame continuation 4 "ient"
			9 c2s message binary 6 "client"
			9 ??? closed capture end by ""`},
		{"frames that waited for the first", func() *wstest.Talk {
			return moved(opened().Server(wstest.Text("one").Bytes()).Server(wstest.Text("two").Bytes()).Server(wstest.Text("three").Bytes()), 5, 7)
		}, ok + `8 s2c frame text 3 "one"
			8 s2c message text 3 "one"
			8 s2c frame text 3 "two"
			8 s2c message text 3 "two"
			8 s2c frame text 5 "three"
			8 s2c message text 5 "three"
			8 ??? closed capture end by ""`},
		{"a message that is not finished", func() *wstest.Talk {
			return opened().Server(wstest.Text("begun").More().Bytes()).Shut()
		}, ok + `6 s2c frame text more 5 "begun"
			6 s2c message text 5 "begun" not whole: unfinished
			8 s2c closed fin by "s2c"`},
		{"a frame that never completes", func() *wstest.Talk {
			return opened().Server(wstest.Text("half").Claiming(300).Long(16).Bytes()).Shut()
		}, ok + `6 s2c frame text 300 "half" incomplete
			6 s2c message text 4 "half" not whole: unfinished
			8 s2c closed fin by "s2c"`},
		{"a header that never completes", func() *wstest.Talk {
			return opened().Server([]byte{0x81, 126, 1}).Shut()
		}, ok + `6 s2c frame continuation more 0 "" incomplete
			8 s2c closed fin by "s2c"`},
		{"an absurd length", func() *wstest.Talk {
			return opened().Server(wstest.Binary([]byte("x")).Claiming(1<<63 | 5).Bytes())
		}, ok + `6 s2c frame binary 9223372036854775813 "x" incomplete
			6 s2c message binary 1 "x" not whole: unfinished
			6 ??? closed capture end by ""`},
		{"a reserved opcode", func() *wstest.Talk {
			return opened().Client(wstest.NewFrame(3, []byte("op")).Masked().Bytes())
		}, ok + `6 c2s frame reserved 2 "op"
			6 ??? closed capture end by ""`},
		{"a new message inside a message", func() *wstest.Talk {
			return opened().Server(wstest.Frames(wstest.Text("one").More(), wstest.Text("two"), wstest.Continuation("three")))
		}, ok + `6 s2c frame text more 3 "one"
			6 s2c message text 3 "one" not whole: unfinished
			6 s2c frame text 3 "two"
			6 s2c message text 3 "two"
			6 s2c frame continuation 5 "three"
			6 ??? closed capture end by ""`},
		{"the closing handshake", func() *wstest.Talk {
			return opened().Client(wstest.Close(1000, "bye").Masked().Bytes()).Server(wstest.Close(1000, "").Bytes()).Shut()
		}, ok + `6 c2s frame close 5 "\x03\xe8bye"
			7 s2c frame close 2 "\x03\xe8"
			9 c2s closed close handshake by "c2s"`},
		{"reset", func() *wstest.Talk {
			return opened().Server(wstest.Text("x").Bytes()).ClientReset()
		}, ok + `6 s2c frame text 1 "x"
			6 s2c message text 1 "x"
			7 c2s closed reset by "c2s"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines(t, dissected(t, c.talk().Segments(), dissect.Options{}), c.want)
		})
	}
}

func TestHandshakes(t *testing.T) {
	get := wstest.Head("GET /page HTTP/1.1", "Host: a")
	found := append(wstest.Head("HTTP/1.1 200 OK", "Content-Length: 5"), "hello"...)
	for _, c := range []struct {
		name string
		talk *wstest.Talk
		want string
	}{
		{"after other requests", wstest.Talk4().Open().Client(get).Server(found).Client(good.Request()).Server(good.Response()).
			Server(wstest.Text("x").Bytes()),
			`7 s2c handshake /chat 101 upgraded=true accept=1
			8 s2c frame text 1 "x"
			8 s2c message text 1 "x"
			8 ??? closed capture end by ""`},
		{"pipelined, with the 101 behind what is owed", wstest.Talk4().Open().Client(append(get, good.Request()...)).
			Server(append(found, good.Response()...)),
			`5 s2c handshake /chat 101 upgraded=true accept=1
			5 ??? closed capture end by ""`},
		{"refused, then repeated", wstest.Talk4().Open().Client(good.Request()).
			Server(wstest.Head("HTTP/1.1 401 Unauthorized", "Content-Length: 0")).Client(good.Request()).Server(good.Response()),
			`5 s2c handshake /chat 401 upgraded=false accept=0
			7 s2c handshake /chat 101 upgraded=true accept=1
			7 ??? closed capture end by ""`},
		{"100 and 103 before the 101", wstest.Talk4().Open().Client(good.Request()).
			Server(wstest.Head("HTTP/1.1 103 Early Hints")).Server(good.Response()),
			`6 s2c handshake /chat 101 upgraded=true accept=1
			6 ??? closed capture end by ""`},
		{"never answered", wstest.Talk4().Open().Client(good.Request()).ClientFin(),
			`4 c2s handshake /chat 0 upgraded=false accept=0`},
		{"a wrong accept", wstest.Talk4().Open().Client(good.Request()).Server(wstest.Handshake{Accept: "AAAA"}.Response()),
			`5 s2c handshake /chat 101 upgraded=true accept=2
			5 ??? closed capture end by ""`},
		{"through CONNECT", wstest.Talk4().Open().Client(wstest.Head("CONNECT a:80 HTTP/1.1")).Server(wstest.Head("HTTP/1.1 200 OK")).
			Client(good.Request()).Server(good.Response()),
			`7 s2c handshake /chat 101 upgraded=true accept=1
			7 ??? closed capture end by ""`},
		{"behind a PROXY header", wstest.Talk4().Open().Client(append([]byte("PROXY TCP4 1.2.3.4 5.6.7.8 9 80\r\n"), good.Request()...)).
			Server(good.Response()),
			`5 s2c handshake /chat 101 upgraded=true accept=1
			5 ??? closed capture end by ""`},
		{"through SOCKS 5", wstest.Talk4().Open().Client([]byte{5, 1, 0}).Server([]byte{5, 0}).
			Client([]byte{5, 1, 0, 1, 1, 2, 3, 4, 0, 80}).Server([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}).
			Client(good.Request()).Server(good.Response()),
			`9 s2c handshake /chat 101 upgraded=true accept=1
			9 ??? closed capture end by ""`},
		{"through SOCKS 4a", wstest.Talk4().Open().Client([]byte("\x04\x01\x00\x50\x00\x00\x00\x01me\x00host\x00")).
			Server([]byte{0, 90, 0, 0, 0, 0, 0, 0}).Client(good.Request()).Server(good.Response()),
			`7 s2c handshake /chat 101 upgraded=true accept=1
			7 ??? closed capture end by ""`},
		{"an offer of HTTP/2 refused", wstest.Talk4().Open().
			Client(wstest.Head("GET / HTTP/1.1", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")).Server(found).
			Client(good.Request()).Server(good.Response()).Server(wstest.Text("x").Bytes()), `
			7 s2c handshake /chat 101 upgraded=true accept=1
			8 s2c frame text 1 "x"
			8 s2c message text 1 "x"
			8 ??? closed capture end by ""`},
		{"another upgrade", wstest.Talk4().Open().Client(wstest.Head("GET / HTTP/1.1", "Upgrade: h2c")).
			Server(wstest.Head("HTTP/1.1 101 Switching Protocols", "Upgrade: h2c")), ``},
		{"no HTTP at all", wstest.Talk4().Open().Server([]byte("SSH-2.0-OpenSSH\r\n")).Client([]byte("SSH-2.0-x\r\n")), ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines(t, dissected(t, c.talk.Segments(), dissect.Options{}), c.want)
		})
	}
}

// The capture has the response before its request, or the first frame before the response.
func TestOrderOfCapture(t *testing.T) {
	want := `5 s2c handshake /chat 101 upgraded=true accept=1
		6 s2c frame text 1 "x"
		6 s2c message text 1 "x"
		6 ??? closed capture end by ""`
	straight := opened().Server(wstest.Text("x").Bytes()).Segments()
	lines(t, dissected(t, straight, dissect.Options{}), want)
	for _, swap := range []int{3, 4} {
		s := opened().Server(wstest.Text("x").Bytes()).Packets
		s[swap], s[swap+1] = s[swap+1], s[swap]
		got := dissected(t, s.Segments(), dissect.Options{})
		if !strings.Contains(got, `message text 1 "x"`) || !strings.Contains(got, "upgraded=true accept=1") || strings.Contains(got, "gap") {
			t.Errorf("packets %d and %d swapped:\n%s", swap+1, swap+2, got)
		}
	}
}

func TestCompression(t *testing.T) {
	hello := func(talk *wstest.Talk, lost ...int) *wstest.Talk {
		var c compressor
		for i, s := range []string{"one Hello Hello", "two Hello Hello", "two Hello Hello"} {
			f := c.message(s).Bytes()
			if len(lost) > 0 && lost[0] == i {
				talk.LoseServer(len(f))
			} else {
				talk.Server(f)
			}
		}
		return talk
	}
	for _, c := range []struct {
		name string
		talk *wstest.Talk
		want []string
		not  []string
	}{
		{"context takeover", hello(deflated("")),
			[]string{`6 s2c message text 15 "one Hello Hello"`, `8 s2c message text 15 "two Hello Hello"`}, nil},
		{"no agreement", hello(opened()),
			[]string{`6 s2c message text 15 "one Hello Hello" inferred`}, nil},
		{"one lost", hello(deflated(""), 0),
			[]string{`7 s2c message text 15 "two" not whole: compression context lost`}, []string{"Hello Hello\"\n"}},
		{"no takeover, one lost", deflated("; server_no_context_takeover").LoseServer(20).
			Server(new(compressor).message("fresh start, fresh start").Bytes()),
			[]string{`message text 24 "fresh start, fresh start"`}, nil},
		{"corrupt", deflated("").Server(wstest.NewFrame(frame.Text, []byte{0xFF, 0xFF, 0xFF}).RSV(4).Bytes()).
			Server(new(compressor).message("after, after").Bytes()),
			[]string{"not whole: inflate error", `7 s2c message text 12 "after, after"`}, nil},
		{"empty", deflated("").Server(wstest.NewFrame(frame.Text, []byte{0}).RSV(4).Bytes()),
			[]string{`message text 0 ""`}, []string{"not whole"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := dissected(t, c.talk.Server(wstest.Ping("end").Bytes()).Segments(), dissect.Options{})
			for _, w := range c.want {
				if !strings.Contains(got, w) {
					t.Errorf("missing %q", w)
				}
			}
			for _, n := range c.not {
				if strings.Contains(got, n) {
					t.Errorf("found %q", n)
				}
			}
			if t.Failed() {
				t.Log(got)
			}
		})
	}
}

func TestDeflateFrame(t *testing.T) {
	var c compressor
	h := wstest.Handshake{RequestLines: []string{"Sec-WebSocket-Extensions: x-webkit-deflate-frame"},
		ResponseLines: []string{"Sec-WebSocket-Extensions: x-webkit-deflate-frame"}}
	one, two := c.message("Hello, "), c.message("Hello again")
	two.Header.Opcode = frame.Continuation
	talk := wstest.Talk4().Open().Client(h.Request()).Server(h.Response()).Server(one.More().Bytes()).Server(two.Bytes())
	got := dissected(t, talk.Segments(), dissect.Options{})
	if !strings.Contains(got, `7 s2c message text 18 "Hello, Hello again"`) {
		t.Error(got)
	}
}

func TestGaps(t *testing.T) {
	long := strings.Repeat("0123456789", 20)
	for _, c := range []struct {
		name string
		talk *wstest.Talk
		want []string
		not  []string
	}{
		{"inside a payload", opened().Server(wstest.Text(long).Bytes()[:50]).LoseServer(50).
			Server(append(wstest.Text(long).Bytes()[100:], wstest.Text("next").Bytes()...)).ClientAck(),
			[]string{"gap", "holes=[{46 50}] incomplete", `message text 200 "01234567890123456789...46" not whole: gap`, `message text 4 "next"`}, nil},
		{"over a header", opened().Server(wstest.Text("first").Bytes()).LoseServer(9).
			Server(wstest.Text(long).Bytes()).Server(wstest.Text("last one").Bytes()).ClientAck(),
			[]string{"gap", "gap resync", `message text 200 `, `message text 8 "last one"`}, nil},
		{"over a header, then random bytes", opened().LoseServer(9).Server(bytes.Repeat([]byte{0x5A, 0x01, 0x00, 0xC3}, 300)).ClientAck(),
			[]string{"gap"}, []string{"frame", "message"}},
		{"client header", opened().LoseClient(7).Client(wstest.Text("found again").Masked().Bytes()).
			Client(wstest.Text("and again").Masked().Bytes()).ServerAck(),
			[]string{"gap resync", `message text 11 "found again"`, `message text 9 "and again"`}, nil},
		{"the 101 is lost", wstest.Talk4().Open().Client(good.Request()).LoseServer(len(good.Response())).
			Client(wstest.Text("client text").Masked().Bytes()).Server(wstest.Text("server text").Bytes()).
			Client(wstest.Text("client text").Masked().Bytes()).Server(wstest.Text("server text").Bytes()),
			[]string{"handshake /chat 0 upgraded=true", `c2s message text 11 "client text"`, `s2c message text 11 "server text"`}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := dissected(t, c.talk.Segments(), dissect.Options{})
			for _, w := range c.want {
				if !strings.Contains(got, w) {
					t.Errorf("missing %q", w)
				}
			}
			for _, n := range c.not {
				if strings.Contains(got, n) {
					t.Errorf("found %q", n)
				}
			}
			if t.Failed() {
				t.Log(got)
			}
		})
	}
}

// One direction alone is decoded too, and the middle of a connection.
func TestPartsOfConversation(t *testing.T) {
	talk := opened()
	for range 20 {
		talk.Server(wstest.Text(`{"tick":"some text"}`).Bytes()).Client(wstest.Text(`{"tock":"other text"}`).Masked().Bytes())
	}
	all := talk.Packets
	pick := func(keep func(i int, p *wstest.Packet) bool) string {
		var part wstest.Packets
		for i := range all {
			if keep(i, &all[i]) {
				part = append(part, all[i])
			}
		}
		return dissected(t, part.Segments(), dissect.Options{})
	}
	client := all[0].Src
	for _, c := range []struct {
		name           string
		got            string
		client, server int
	}{
		{"client only", pick(func(_ int, p *wstest.Packet) bool { return p.Src == client }), 20, 0},
		{"server only", pick(func(_ int, p *wstest.Packet) bool { return p.Src != client }), 0, 20},
		{"from the middle", pick(func(i int, _ *wstest.Packet) bool { return i >= 5 }), 20, 20},
		{"client from the middle", pick(func(i int, p *wstest.Packet) bool { return i >= 5 && p.Src == client }), 20, 0},
		{"server from the middle", pick(func(i int, p *wstest.Packet) bool { return i >= 5 && p.Src != client }), 0, 20},
	} {
		if n := strings.Count(c.got, "c2s message"); n != c.client {
			t.Errorf("%s: %d client messages, want %d\n%s", c.name, n, c.client, c.got)
		}
		if n := strings.Count(c.got, "s2c message"); n != c.server {
			t.Errorf("%s: %d server messages, want %d\n%s", c.name, n, c.server, c.got)
		}
	}
}

func TestAssume(t *testing.T) {
	talk := wstest.Talk4().Open().Client(wstest.Text("hi").Masked().Bytes()).Server(wstest.Text("ho").Bytes())
	if got := dissected(t, talk.Segments(), dissect.Options{}); got != "" {
		t.Errorf("two bytes of text are no evidence:\n%s", got)
	}
	server := talk.Packets[0].Dst.Port()
	assume := func(port uint16) (dissect.Assumption, bool) { return dissect.Assumption{}, port == server }
	lines(t, dissected(t, talk.Segments(), dissect.Options{Assume: assume}),
		`4 c2s frame text 2 "hi"
		4 c2s message text 2 "hi"
		5 s2c frame text 2 "ho"
		5 s2c message text 2 "ho"
		5 ??? closed capture end by ""`)
}

func TestPorts(t *testing.T) {
	talk := opened().Server(wstest.Text("x").Bytes())
	none := func(uint16) bool { return false }
	if got := dissected(t, talk.Segments(), dissect.Options{Ports: none}); got != "" {
		t.Errorf("got %s", got)
	}
}

// The same bytes in other segments give the same frames and messages.
func TestSplitInvariance(t *testing.T) {
	var server []byte
	var c compressor
	for i := range 30 {
		server = c.message(strings.Repeat("abc ", i)).Append(server)
		server = wstest.Ping("p").Append(server)
	}
	wstest.EachSplit(t, server, func(t *testing.T, pieces [][]byte) {
		talk := deflated("")
		talk.MSS = len(server)
		for _, p := range pieces {
			if len(p) > 0 {
				talk.Server(p)
			}
		}
		got := dissected(t, talk.Segments(), dissect.Options{})
		for i := range 30 {
			if !strings.Contains(got, short([]byte(strings.Repeat("abc ", i)))) {
				t.Errorf("message %d is missing", i)
			}
		}
		if n := strings.Count(got, " message "); n != 30 {
			t.Errorf("%d messages", n)
		}
	})
}

// Events in the steady state cost no memory.
func TestAllocations(t *testing.T) {
	talk := opened().Server(wstest.Text("warm up").Bytes())
	segments := talk.Segments()
	n := 0
	d := dissect.New(dissect.Options{}, sinkFunc(func(e dissect.Event) error {
		if m, ok := e.(*dissect.Message); ok {
			n += len(m.Payload)
		}
		return nil
	}))
	for i := range segments {
		d.Push(&segments[i])
	}
	s := segments[len(segments)-1]
	step := uint32(len(s.Payload))
	n = 0
	allocs := testing.AllocsPerRun(100, func() {
		s.Seq += step
		s.Packet.Number++
		s.Packet.Time += int64(time.Millisecond)
		d.Push(&s)
	})
	if n != 101*len("warm up") {
		t.Errorf("%d payload bytes", n)
	}
	if allocs != 0 {
		t.Errorf("%v allocations for a frame", allocs)
	}
}

type sinkFunc func(dissect.Event) error

func (f sinkFunc) Emit(e dissect.Event) error { return f(e) }
