package dissect_test

import (
	"bytes"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

func TestLimits(t *testing.T) {
	talk := opened().Server(wstest.Text(strings.Repeat("x", 300)).Bytes()).Server(wstest.Text("small").Bytes())
	got := dissected(t, talk.Segments(), dissect.Options{Limits: dissect.Limits{Message: 100}})
	for _, want := range []string{`...100" not whole: message limit`, `message text 5 "small"`} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %q in\n%s", want, got)
		}
	}
}

// What all messages together may hold is a limit too. A message that met it stays cut.
func TestAllMessagesLimit(t *testing.T) {
	frames := wstest.Frames(wstest.Text(strings.Repeat("s", 80)).More(), wstest.Ping("p"), wstest.Continuation("more"))
	talk := opened().Client(wstest.Text(strings.Repeat("c", 80)).More().Masked().Bytes()).Server(frames).
		Client(wstest.Continuation("d").Masked().Bytes()).Server(wstest.Text("after").Bytes())
	got := dissected(t, talk.Segments(), dissect.Options{Limits: dissect.Limits{Messages: 100}})
	for _, want := range []string{
		`s2c message text 84 "ssssssssssssssssssss" not whole: message limit`,
		`c2s message text 81 "cccccccccccccccccccc...81"`,
		`s2c message text 5 "after"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %q in\n%s", want, got)
		}
	}
}

// So is what they inflate to, where each frame is compressed by itself.
func TestAllInflatedFramesLimit(t *testing.T) {
	h := wstest.Handshake{RequestLines: []string{"Sec-WebSocket-Extensions: x-webkit-deflate-frame"},
		ResponseLines: []string{"Sec-WebSocket-Extensions: x-webkit-deflate-frame"}}
	var c, s compressor
	end := wstest.Continuation("")
	talk := wstest.Talk4().Open().Client(h.Request()).Server(h.Response()).
		Client(c.message(strings.Repeat("c", 800)).More().Masked().Bytes()).Server(s.message(strings.Repeat("s", 800)).More().Bytes()).
		Client(end.Masked().Bytes()).Server(end.Bytes()).Server(s.message(strings.Repeat("a", 900)).Bytes())
	got := dissected(t, talk.Segments(), dissect.Options{Limits: dissect.Limits{Messages: 1000}})
	for _, want := range []string{
		`c2s message text 800 "cccccccccccccccccccc...800"`,
		`s2c message text 180 "ssssssssssssssssssss...180" not whole: inflate limit`,
		`s2c message text 900 "aaaaaaaaaaaaaaaaaaaa...900"`,
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("missing %q in\n%s", want, got)
		}
	}
}

func TestLimitsOfHandshakes(t *testing.T) {
	long := wstest.Talk4().Open().Client(wstest.Request("X-Long: " + strings.Repeat("x", 500)))
	if got := dissected(t, long.Segments(), dissect.Options{Limits: dissect.Limits{Head: 300}}); !strings.Contains(got, "c2s anomaly limit-head-size") {
		t.Errorf("a long head: %s", got)
	}
	eager := wstest.Talk4().Open().Client(good.Request()).Client(wstest.Text(strings.Repeat("x", 500)).Masked().Bytes()).Server(good.Response())
	if got := dissected(t, eager.Segments(), dissect.Options{Limits: dissect.Limits{Held: 300}}); !strings.Contains(got, "c2s anomaly limit-held-bytes") {
		t.Errorf("bytes before the response: %s", got)
	}
}

// A packet full of proxy headers costs no more than a few times its size.
func TestNestedPrefaces(t *testing.T) {
	talk := wstest.Talk4().Open().Client(nil)
	segments := talk.Segments()
	last := &segments[len(segments)-1]
	last.Payload = bytes.Repeat([]byte("PROXY \r\n"), 60_000/8)
	d := dissect.New(dissect.Options{}, nobody{})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, s := range segments {
		if err := d.Push(&s); err != nil {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 50*uint64(len(last.Payload)) {
		t.Errorf("%d bytes allocated for %d", n, len(last.Payload))
	}
}

// The summary tells of each limit that was reached, and of no other.
func TestLimitsInSummary(t *testing.T) {
	text := func(n int) []byte { return wstest.Text(strings.Repeat("x", n)).Bytes() }
	eager := asked().Client(wstest.Text(strings.Repeat("x", 500)).Masked().Bytes()).Server(good.Response())
	other := wstest.NewTalk(netip.MustParseAddrPort("10.0.0.3:50000"), netip.MustParseAddrPort("10.0.0.2:8080"))
	other.Open().Client(good.Request()).Server(good.Response())
	for _, c := range []struct {
		name string
		talk *wstest.Talk
		o    dissect.Options
		want []dissect.Count
	}{
		{"none", opened().Server(text(300)), dissect.Options{}, nil},
		{"message", opened().Server(text(300)).Server(text(300)), dissect.Options{Limits: dissect.Limits{Message: 100}}, []dissect.Count{{Reason: "message size", N: 2}}},
		{"inflated", deflated("").Server((&compressor{}).message(strings.Repeat("x", 300)).Bytes()), dissect.Options{Limits: dissect.Limits{Message: 100}},
			[]dissect.Count{{Reason: "inflated size", N: 1}}},
		{"head", opened(), dissect.Options{Limits: dissect.Limits{Head: 50}}, []dissect.Count{{Reason: "head size", N: 2}}},
		{"held", eager, dissect.Options{Limits: dissect.Limits{Held: 300}}, []dissect.Count{{Reason: "held bytes", N: 1}}},
		{"pending", opened().LoseServer(9).Server(text(300)).Server(text(300)), dissect.Options{Reassembly: reassembly.Config{MaxQueuedPerConn: 500}},
			[]dissect.Count{{Reason: "pending bytes", N: 1}}},
		{"connections", &wstest.Talk{Packets: append(opened().Packets, other.Packets...)}, dissect.Options{Reassembly: reassembly.Config{MaxConns: 1}},
			[]dissect.Count{{Reason: "connections", N: 1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var last dissect.Summary
			d := dissect.New(c.o, summaryOnly{&last})
			for _, s := range c.talk.Segments() {
				if err := d.Push(&s); err != nil {
					t.Fatal(err)
				}
			}
			if err := d.Close(); err != nil || !slices.Equal(last.Limits, c.want) {
				t.Errorf("%v, want %v (%v)", last.Limits, c.want, err)
			}
		})
	}
}

// summaryOnly is a Sink that keeps the Summary.
type summaryOnly struct{ last *dissect.Summary }

func (s summaryOnly) Emit(e dissect.Event) error {
	if e, ok := e.(*dissect.Summary); ok {
		*s.last = *e
	}
	return nil
}

// What connections hold until it is known what they are is bounded for all of them, whatever
// it is: heads without an end, what follows a request without its answer, frames that are
// searched.
func TestAllHeldLimit(t *testing.T) {
	const limit, each, many = 100_000, 5000, 400
	junk := strings.Repeat("x", each)
	for name, talk := range map[string]func(*wstest.Talk) *wstest.Talk{
		"a head": func(t *wstest.Talk) *wstest.Talk {
			return t.Open().Client([]byte("GET / HTTP/1.1\r\nHost: " + junk))
		},
		"behind a request": func(t *wstest.Talk) *wstest.Talk {
			return t.Open().Client(wstest.Handshake{}.Request()).Client(wstest.Text(junk).Masked().Bytes())
		},
		"behind a hole": func(t *wstest.Talk) *wstest.Talk {
			h := wstest.Handshake{}
			t.Open().Client(h.Request()).Server(h.Response()).LoseServer(10).Server([]byte(junk)).ClientAck()
			return t.Wait(time.Minute).Server([]byte("y")).ClientAck()
		},
		"from the middle": func(t *wstest.Talk) *wstest.Talk {
			return t.Client([]byte(junk)).ServerAck().Client([]byte(junk)).ServerAck()
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := dissect.Options{Limits: dissect.Limits{AllHeld: limit}}
			var anomalies, at int
			d := dissect.New(o, sinkFunc(func(e dissect.Event) error {
				if a, ok := e.(*dissect.Anomaly); ok && a.Rule == rules.LimitHeldBytes {
					anomalies++
				}
				return nil
			}))
			before := heap()
			for n := range many {
				for _, s := range talk(wstest.NewTalk(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(n), 1}), uint16(n)), netip.MustParseAddrPort("10.1.0.1:80"))).Segments() {
					at++
					s.Packet.Number = int64(at)
					if err := d.Push(&s); err != nil {
						t.Fatal(err)
					}
				}
			}
			if held := heap() - before; held > 8*limit { // of 2 MB, with what the connections take
				t.Errorf("%d bytes are held", held)
			}
			if anomalies < many/2 {
				t.Errorf("%d anomalies", anomalies)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}
