package dissect_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// polled wants the bodies of /poll.
var polled = dissect.Options{Bodies: func(target string) bool { return strings.HasPrefix(target, "/poll") }}

func post(target, body string) []byte {
	return append(wstest.Head("POST "+target+" HTTP/1.1", "Host: a", "Content-Length: "+itoa(len(body))), body...)
}

func answer(body string, lines ...string) []byte {
	return append(wstest.Head(append([]string{"HTTP/1.1 200 OK"}, lines...)...), body...)
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestBodies(t *testing.T) {
	chunked := answer("5\r\nhello\r\n6;x\r\n world\r\n0\r\nA: b\r\n\r\n", "Transfer-Encoding: chunked")
	for _, c := range []struct {
		name string
		talk func() *wstest.Talk
		want string
	}{
		{"both, and others that are not wanted", func() *wstest.Talk {
			return wstest.Talk4().Open().Client(post("/other", "abc")).Server(answer("no", "Content-Length: 2")).
				Client(post("/poll?a", "first")).Server(chunked).Client(post("/poll?b", "")).Server(answer("", "Content-Length: 0"))
		}, `6 c2s body of /poll?a 5 "first" from 6
			7 s2c body of /poll?a 11 "hello world" from 7 status 200`},
		{"in several packets, one behind the other", func() *wstest.Talk {
			return wstest.Talk4().Open().Client(append(post("/poll?a", "first"), post("/poll?b", "second")[:50]...)).Client(post("/poll?b", "second")[50:]).
				Server(chunked[:60]).Server(append(chunked[60:len(chunked):len(chunked)], answer("x", "Content-Length: 1")...))
		}, `4 c2s body of /poll?a 5 "first" from 4
			5 c2s body of /poll?b 6 "second" from 4
			7 s2c body of /poll?a 11 "hello world" from 6 status 200
			7 s2c body of /poll?b 1 "x" from 7 status 200`},
		{"up to the end of the connection", func() *wstest.Talk {
			return wstest.Talk4().Open().Client(post("/poll", "")).Server(answer("abc")).Server([]byte("def")).ServerFin().ClientFin()
		}, `6 s2c body of /poll 6 "abcdef" from 5 status 200`},
		{"cut by the end of the capture", func() *wstest.Talk {
			return wstest.Talk4().Open().Client(post("/poll", "")).Server(answer("abc", "Content-Length: 5"))
		}, `5 s2c body of /poll 3 "abc" from 5 status 200 incomplete, truncated false`},
		{"with a hole", func() *wstest.Talk {
			return wstest.Talk4().Open().Client(post("/poll", "")).Server(answer("abc", "Content-Length: 9")).LoseServer(3).Server([]byte("ghi")).
				Client(post("/poll", "next")).Shut()
		}, `7 c2s body of /poll 4 "next" from 7
			6 s2c body of /poll 3 "abc" from 5 status 200 incomplete, truncated false`}, // told when the hole is known to be one
		{"too large to be held", func() *wstest.Talk {
			w := wstest.Talk4()
			w.MSS = 60_000
			return w.Open().Client(post("/poll", strings.Repeat("x", 1<<20+5)))
		}, `21 c2s body of /poll 1048581 "xxxxxxxxxxxxxxxxxxxx...1048576" from 4 incomplete, truncated true`},
		{"and then WebSocket", func() *wstest.Talk {
			return wstest.Talk4().Open().Client(post("/poll", "a")).Server(answer("b", "Content-Length: 1")).Client(good.Request()).Server(good.Response()).Server(wstest.Text("hi").Bytes())
		}, `4 c2s body of /poll 1 "a" from 4
			5 s2c body of /poll 1 "b" from 5 status 200
			7 s2c handshake /chat 101 upgraded=true accept=1
			8 s2c frame text 2 "hi"
			8 s2c message text 2 "hi"
			8 ??? closed capture end by ""`},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines(t, dissected(t, c.talk().Segments(), polled), c.want)
			for _, line := range strings.Split(dissected(t, c.talk().Segments(), dissect.Options{}), "\n") {
				if strings.Contains(line, " body ") {
					t.Errorf("unasked: %s", line)
				}
			}
		})
	}
}

// A retransmission with other bytes is told where the bytes matter: of the handshake and of
// frames, and not of the body before them, though the head may share a packet with its end.
func TestConflictBehindABody(t *testing.T) {
	const (
		get     = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
		post    = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\nbody"
		counted = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nbody"
		chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nbody"
		empty   = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	)
	behind := func(body string, more ...[]byte) []byte { return append([]byte(body), bytes.Join(more, nil)...) }
	hello, masked := wstest.Text("hello").Bytes(), wstest.Text("hello").Masked().Bytes()
	for _, c := range []struct {
		name string
		play func(talk *wstest.Talk, again func(back int))
		want int
	}{
		{"in the body", func(talk *wstest.Talk, again func(int)) {
			talk.Client([]byte(get)).Server([]byte(counted)).Server([]byte("body"))
			again(0)
			talk.Client(good.Request()).Server(behind("body", good.Response())).Server(hello)
		}, 0},
		{"handshake and frame", func(talk *wstest.Talk, again func(int)) {
			talk.Client([]byte(get)).Server([]byte(counted)).Server([]byte("body"))
			talk.Client(good.Request()).Server(behind("body", good.Response()))
			again(0)
			talk.Server(hello)
			again(0)
		}, 2},
		{"behind a body and another head with its body", func(talk *wstest.Talk, again func(int)) {
			talk.Client([]byte(get)).Client([]byte(get)).Server([]byte(counted)).Server([]byte("body"))
			talk.Server(behind("body", []byte(counted))).Client(good.Request())
			talk.Server(behind("bodybody", good.Response()))
			again(1 + 1) // counted from the last packet
		}, 1},
		{"frames held for the response", func(talk *wstest.Talk, again func(int)) {
			talk.Client([]byte(post)).Client([]byte("body")).Server([]byte(empty))
			talk.Client(behind("body", good.Request(), masked)).Client(masked).Server(good.Response())
			again(1)
			again(3)
		}, 2},
		{"frames held for the request", func(talk *wstest.Talk, again func(int)) {
			talk.Client([]byte(get)).Server([]byte(counted)).Server([]byte("body")).Client(good.Request())
			last := len(talk.Packets) - 1
			request := talk.Packets[last]
			talk.Packets = talk.Packets[:last]
			talk.Server(behind("body", good.Response())).Server(hello)
			talk.Packets = append(talk.Packets, request)
			again(1)
		}, 1},
		{"frames searched behind a hole", func(talk *wstest.Talk, again func(int)) {
			talk.Client([]byte(get)).Server([]byte(chunked)).Server([]byte("body")).Client(good.Request())
			talk.LoseServer(15 + len(good.Response()))
			for k := range 40 {
				talk.Wait(500 * time.Millisecond)
				talk.Server(wstest.Binary([]byte{byte(k), 1, 2}[:1+k%3]).Bytes())
				talk.ClientAck()
				if k == 1 {
					again(3)
				}
			}
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk := wstest.Talk4().Open()
			c.play(talk, func(back int) { // so many packets before the last
				p := talk.Packets[len(talk.Packets)-1-back]
				p.Payload = bytes.Clone(p.Payload)
				p.Payload[len(p.Payload)-1] ^= 1
				talk.Packets = append(talk.Packets, p)
			})
			got := dissected(t, talk.Segments(), dissect.Options{})
			if count(got, "overlap-conflict") != c.want {
				t.Errorf("want %d conflicts in\n%s", c.want, got)
			}
		})
	}
}
