package dissect_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// asked is a conversation up to a request for an upgrade.
func asked() *wstest.Talk { return wstest.Talk4().Open().Client(good.Request()) }

// chat adds text of both sides, each in its packet: four of the client, then four of the server.
func chat(t *wstest.Talk) *wstest.Talk {
	for i := range 4 {
		t.Client(wstest.Text(fmt.Sprintf("from the client %d", i)).Masked().Bytes())
	}
	for i := range 4 {
		t.Server(wstest.Text(fmt.Sprintf("from the server %d", i)).Bytes())
	}
	return t
}

// moved puts the packet at index from where the one at index to is.
func moved(t *wstest.Talk, from, to int) *wstest.Talk {
	p := t.Packets[from]
	t.Packets = slices.Insert(slices.Delete(t.Packets, from, from+1), to, p)
	return t
}

// What is missing or late before frames does not keep them from being found, and does not
// make frames of what is HTTP.
func TestBeforeFrames(t *testing.T) {
	refusal := append(wstest.Head("HTTP/1.1 401 Unauthorized", "Content-Length: 3"), "no\n"...)
	page := append(wstest.Head("HTTP/1.1 200 OK", "Content-Length: 3"), "ok\n"...)
	again := wstest.Handshake{Target: "/again"}
	late := asked().Server(good.Response())
	for range 20 {
		late.Client(wstest.Text("x").Masked().Bytes())
	}
	late.Server(wstest.Text("y").Bytes())
	slow := asked().LoseServer(200)
	for range 5 {
		slow.Wait(30 * time.Second).Client(wstest.Text("tick tock").Masked().Bytes())
	}
	long := wstest.Handshake{Target: "/" + strings.Repeat("long", 60)}
	broken := wstest.Talk4()
	broken.MSS = 50
	broken.Open().Client(long.Request()).Server(long.Response())

	for _, c := range []struct {
		name             string
		talk             *wstest.Talk
		client, server   int // messages
		accepted, denied int // handshakes
	}{
		{"the 101 late by twenty packets", moved(late, 4, 25), 20, 1, 1, 0},
		{"no 101, and time passes", slow, 5, 0, 1, 0},
		{"a long request target in short packets", chat(broken), 4, 4, 1, 0},
		{"a refusal lost, asked again", chat(asked().LoseServer(len(refusal)).Client(again.Request()).Server(again.Response())), 4, 4, 1, 1},
		{"a refusal lost, asked again in pieces", func() *wstest.Talk {
			talk := asked().LoseServer(len(refusal))
			for _, b := range wstest.Chop(again.Request(), 7) {
				talk.Client(b)
			}
			return chat(talk.Server(again.Response()))
		}(), 4, 4, 1, 1},
		{"half a refusal lost, the other head in pieces with a hole", func() *wstest.Talk {
			request := again.Request()
			return chat(asked().LoseServer(20).Server(refusal[20:]).Client(request[:5]).LoseClient(50).Client(request[55:]).Server(again.Response()))
		}(), 4, 4, 1, 0},
		{"from behind a request on", func() *wstest.Talk {
			talk := wstest.Talk4().Open().Client(wstest.Request())
			talk.Packets = slices.Delete(talk.Packets, 3, 4)
			return chat(talk.Server(page).Client(again.Request()).Server(again.Response()))
		}(), 4, 4, 1, 0},
		{"from inside a response on", chat(wstest.Talk4().Server(page[10:]).Client(again.Request()).Server(again.Response())), 4, 4, 1, 0},
		{"the end of a request lost", func() *wstest.Talk {
			talk := wstest.Talk4().Open().Client([]byte("GET /one")).LoseClient(30).Server(page)
			talk.Client(good.Request()).Server(refusal)
			return chat(talk.Client(again.Request()).Server(again.Response()))
		}(), 4, 4, 1, 1},
		{"answers lost before that to an upgrade", func() *wstest.Talk {
			get := wstest.Head("GET / HTTP/1.1", "Host: a")
			talk := wstest.Talk4().Open().Client(get).Client(get).LoseServer(2 * len(page))
			return chat(talk.Client(again.Request()).Server(again.Response()))
		}(), 4, 4, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := dissected(t, c.talk.Segments(), dissect.Options{})
			for line, want := range map[string]int{"c2s message": c.client, "s2c message": c.server,
				"upgraded=true": c.accepted, "upgraded=false": c.denied, "not whole": 0, "reserved": 0, "incomplete": 0} {
				if n := count(got, line); n != want {
					t.Errorf("%d times %q, want %d\n%s", n, line, want, got)
				}
			}
		})
	}
}

// A request that is captured long behind its 101, and in two packets, is no frame.
func TestRequestLateInPieces(t *testing.T) {
	const frames = 600
	request := good.Request()
	talk := wstest.Talk4().Open().Server(good.Response())
	for range frames {
		talk.Server(wstest.Text("tick").Bytes())
	}
	talk.Client(request[:40]).Client(request[40:]).Client(wstest.Text("at last").Masked().Bytes())
	got := dissected(t, talk.Segments(), dissect.Options{Limits: dissect.Limits{Held: 2000}})
	for line, want := range map[string]int{"c2s message": 1, "s2c message": frames, "at last": 2, "not whole": 0, "incomplete": 0} {
		if n := count(got, line); n != want {
			t.Errorf("%d times %q, want %d\n%s", n, line, want, got)
		}
	}
}

// A client that asks again and again, never answered, costs time in proportion.
func TestManyUnanswered(t *testing.T) {
	talk := wstest.Talk4().Open()
	for range 200 {
		talk.Client(good.Request())
	}
	talk.Server(good.Response())
	got := dissected(t, chat(talk).Segments(), dissect.Options{})
	if count(got, "upgraded=false") != 199 || count(got, "upgraded=true") != 1 || count(got, "message") != 8 {
		t.Errorf("%.3000s", got)
	}
}

// A frame whose bytes look like frames, too, is not mistaken for these.
func TestFrameInsideFrame(t *testing.T) {
	// 81 7e 00 81 63: the header of 129 bytes of text, or from its end on that of 99.
	b := wstest.Text(strings.Repeat("con 114 msg 1 ", 20)[:129]).Bytes()
	got := dissected(t, opened().LoseServer(30).Server(b[:3]).Server(b[3:40]).Segments(), dissect.Options{})
	if count(got, "frame text 99") != 0 {
		t.Error(got)
	}
}

// The hole in which the 101 was is told of, whichever side's frames tell that there was one.
func TestHoleOfAnswerIsTold(t *testing.T) {
	n := len(good.Response())
	client := chat(asked().LoseServer(n))
	server := asked().LoseServer(n)
	for i := range 4 {
		server.Server(wstest.Text(fmt.Sprintf("from the server %d", i)).Bytes()).ClientAck()
	}
	for name, talk := range map[string]*wstest.Talk{"client": client, "server": server} {
		t.Run(name, func(t *testing.T) {
			got := dissected(t, talk.Segments(), dissect.Options{})
			if count(got, fmt.Sprintf("s2c gap lost at 0, %d bytes", n)) != 1 || count(got, "s2c message") != 4 {
				t.Error(got)
			}
		})
	}
}

// Answers that are lost do not shift those behind them: one to HEAD has no body, and what
// stands in a body is no handshake.
func TestLostAnswersKeepPairs(t *testing.T) {
	request := func(method string) []byte { return wstest.Head(method+" / HTTP/1.1", "Host: a") }
	decoy := append(good.Response(), wstest.Text("decoy").Bytes()...)
	talk := wstest.Talk4().Open().Client(request("GET")).Server([]byte("H")).LoseServer(5)
	talk.Server([]byte("1 304 Not Modified\r\nContent-Length: 1234\r\n\r\n"))
	talk.Client(request("HEAD"))
	for _, b := range wstest.Chop(wstest.Head("HTTP/1.1 200 OK", "Content-Length: 99999"), 6) {
		talk.Server(b)
	}
	talk.Client(request("GET")).Server(append(wstest.Head("HTTP/1.1 200 OK", fmt.Sprint("Content-Length: ", len(decoy))), decoy...))
	talk.ClientAck().Shut()
	if got := dissected(t, talk.Segments(), dissect.Options{}); got != "" {
		t.Error(got)
	}
}

// Nor does one to a request that is lost, too, pass for that to HEAD.
func TestLostRequestBehindHead(t *testing.T) {
	decoy := append(good.Response(), wstest.Text("decoy").Bytes()...)
	talk := wstest.Talk4().Open().Client(wstest.Head("HEAD / HTTP/1.1", "Host: a")).LoseServer(40).LoseClient(30)
	talk.Server(append(wstest.Head("HTTP/1.1 200 OK", fmt.Sprint("Content-Length: ", len(decoy))), decoy...)).ClientAck().Shut()
	if got := dissected(t, talk.Segments(), dissect.Options{}); got != "" {
		t.Error(got)
	}
}

// What stands in a body is no handshake, and what follows it there no frames, where the
// capture does not tell how many answers there were, or where the body began.
func TestUpgradeInsideBody(t *testing.T) {
	head, get := wstest.Head("HEAD / HTTP/1.1", "Host: a"), wstest.Head("GET / HTTP/1.1", "Host: a")
	decoy := append(good.Response(), wstest.Text("decoy").Bytes()...)
	page := append(wstest.Head("HTTP/1.1 200 OK", fmt.Sprint("Content-Length: ", len(decoy))), decoy...)
	both := slices.Concat(head, get)
	for name, talk := range map[string]*wstest.Talk{
		"requests in one packet, an answer lost": wstest.Talk4().Open().LoseServer(40).Client(both).Server(page),
		"requests in one packet, from there on":  wstest.Talk4().Client(both).Server(page),
		"the head of the answer lost":            wstest.Talk4().Open().Client(get).LoseServer(40).Server(decoy),
	} {
		t.Run(name, func(t *testing.T) {
			if got := dissected(t, talk.ClientAck().Shut().Segments(), dissect.Options{}); count(got, "frame") != 0 {
				t.Error(got)
			}
		})
	}
}

// The answer to HEAD has no body, whatever it says, also where the capture begins late.
func TestHeadFromTheMiddle(t *testing.T) {
	requests := slices.Concat(wstest.Head("HEAD / HTTP/1.1", "Host: a"), wstest.Head("GET / HTTP/1.1", "Host: a"))
	talk := wstest.Talk4().Client(requests).Server(wstest.Head("HTTP/1.1 200 OK", "Content-Length: 99999"))
	talk.Server(wstest.Head("HTTP/1.1 204 No Content")).Client(good.Request()).Server(good.Response())
	if got := dissected(t, chat(talk).Segments(), dissect.Options{}); count(got, "message") != 8 || count(got, "resync") != 0 {
		t.Error(got)
	}
}

// Behind a 101 that may stand in a body, frames that prove to be some are told.
func TestUpgradeInDoubt(t *testing.T) {
	get := wstest.Head("GET / HTTP/1.1", "Host: a")
	got := dissected(t, chat(wstest.Talk4().Open().Client(get).LoseServer(40).Server(good.Response())).Segments(), dissect.Options{})
	if count(got, "s2c message") != 4 || count(got, "s2c gap resync") != 1 {
		t.Error(got)
	}
}

// The request may be captured behind everything else: it still tells where frames begin, be
// they so small that they prove nothing, if it is the one that was answered.
func TestRequestBehindTheEnd(t *testing.T) {
	ping := wstest.Ping("hb").Masked().Bytes()
	other := wstest.Handshake{Key: "x3JJHMbDL1EzLkh9GBhXDw=="}
	for _, c := range []struct {
		name    string
		request []byte
		split   int
		told    int
	}{
		{"whole", good.Request(), 0, 1},
		{"in pieces", good.Request(), 30, 1},
		{"of another answer", other.Request(), 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk := wstest.Talk4().Open().Client(c.request[:c.split]).Client(c.request[c.split:])
			asks := len(talk.Packets)
			talk.Server(good.Response()).Client(ping).Server(wstest.Text("hello").Bytes()).ServerFin()
			for range asks - 3 {
				moved(talk, 3, len(talk.Packets)-1)
			}
			got := dissected(t, talk.Segments(), dissect.Options{})
			if count(got, "c2s frame ping 2") != c.told || count(got, "s2c message text 5") != 1 {
				t.Error(got)
			}
		})
	}
}

// Where the answer to CONNECT is lost, what goes through the tunnel is still looked at.
func TestAnswerOfConnectLost(t *testing.T) {
	talk := wstest.Talk4().Open().Client(wstest.Head("CONNECT a:80 HTTP/1.1")).LoseServer(40)
	got := dissected(t, chat(talk.Client(good.Request()).Server(good.Response())).Segments(), dissect.Options{})
	if count(got, "upgraded=true") != 1 || count(got, "message") != 8 {
		t.Error(got)
	}
}

// Bytes that look like a Close are none where more follows.
func TestNoCloseIsInvented(t *testing.T) {
	close := wstest.Close(4941, "QZTg").Masked().Bytes()
	for _, payload := range []int{3, 8, 20} {
		talk := opened().LoseClient(40)
		for range 3 {
			talk.Client(noise(payload))
		}
		talk.Client(close)
		for i := range 8 {
			talk.Client(wstest.Text(fmt.Sprintf("then comes text number %d", i)).Masked().Bytes()).ServerAck()
		}
		got := dissected(t, talk.Segments(), dissect.Options{})
		if count(got, "frame close") != 0 || count(got, "message") != 8 {
			t.Error(got)
		}
	}
}

// Text under the mask of another place may look like text, too: a key has but four bytes.
func TestWrongKey(t *testing.T) {
	ping := wstest.Ping("hb").MaskedWith([4]byte{0xD0, 0x45, 0xB4, 0x01}).Bytes() // ends in 01 b8 27: text, 56 bytes, and the first of a key
	record := wstest.Text(`{"event":"tick","price":"10472","size":"33","side":"buy","venue":"north","id":"000451"}`)
	text := record.MaskedWith([4]byte{0x99, 0x73, 0xDD, 0xC5}).Bytes()
	talk := opened().LoseClient(30).Client(ping[:5])
	for _, b := range ping[5:] {
		talk.Client([]byte{b})
	}
	talk.Client(text[:43]).Client(text[43:63]).ServerAck()
	if got := dissected(t, talk.Segments(), dissect.Options{}); count(got, "text more 56") != 0 {
		t.Error(got)
	}
}

// A length of two bytes is like the header of a fragment. Where a packet begins with it, and
// ends where that fragment would, it is none still.
func TestLengthIsNoFrame(t *testing.T) {
	long := wstest.Text("msg 9 " + strings.Repeat("x", 0x010B-6)).Bytes() // 81 7e 01 0b
	talk := opened().Server(wstest.Text("before").Bytes()).LoseServer(2).Server(long[2:15]).Server(long[15:40]).
		LoseServer(len(long) - 40).Server(wstest.Text("after").Bytes()).Server(wstest.Text("and more").Bytes()).ClientAck()
	got := dissected(t, talk.Segments(), dissect.Options{})
	if count(got, "text more 11") != 0 || count(got, "xxxx") != 0 || count(got, `"and more"`) == 0 {
		t.Error(got)
	}
}
