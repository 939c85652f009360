package conform_test

import (
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

func TestEnds(t *testing.T) {
	bye, empty, text := wstest.Close(1000, ""), wstest.NewFrame(frame.Close, nil), wstest.Text("x")
	bad := wstest.Text("x").RSV(frame.RSV3)
	tests := []struct {
		name    string
		play    func(p *play)
		want    []string
		browser uint16
	}{
		{"client closes", func(p *play) { p.c(bye).s(bye).Shut() }, nil, 1000},
		{"server closes", func(p *play) { p.s(wstest.Close(4000, "x")).c(wstest.Close(4000, "x")).Shut() }, nil, 4000},
		{"without code", func(p *play) { p.c(empty).s(empty).Shut() }, nil, 1005},
		{"empty answered with a code", func(p *play) { p.c(empty).s(bye).Shut() }, nil, 1000},
		{"both at once", func(p *play) {
			p.c(wstest.Close(1001, ""))
			server := wstest.Close(1000, "").Bytes()
			p.Server(server)
			p.Packets[len(p.Packets)-1].Ack -= 8 // sent before the other had come
			p.Shut()
		}, nil, 1000},
		{"other code", func(p *play) { p.c(wstest.Close(1001, "")).s(bye).Shut() }, []string{"s2c close-code-echo-mismatch"}, 1000},
		{"server drops", func(p *play) { p.ServerFin().ClientFin().ServerAck() }, []string{"s2c close-missing"}, 1006},
		{"client drops", func(p *play) { p.ClientFin().ServerFin().ClientAck() }, []string{"c2s close-missing"}, 1006},
		{"both drop at once", func(p *play) {
			p.ClientFin().ServerFin()
			p.Packets[len(p.Packets)-1].Ack--
			p.ClientAck()
		}, []string{"c2s close-missing", "s2c close-missing"}, 1006},
		{"server resets", func(p *play) { p.s(text).ServerReset() }, []string{"s2c close-missing", "s2c close-tcp-reset"}, 1006},
		{"reset behind its FIN", func(p *play) { p.c(bye).s(bye).ServerFin().ServerReset() }, nil, 1000},
		{"reset at the end", func(p *play) { p.c(bye).s(bye).ServerFin().ClientReset() }, []string{"c2s close-tcp-reset"}, 1000},
		{"close ignored", func(p *play) { p.s(bye).ClientAck().ClientFin().ServerFin() }, []string{"c2s close-no-reply"}, 1000},
		{"close not seen", func(p *play) {
			p.s(bye).ClientFin()
			p.Packets[len(p.Packets)-1].Ack -= 4
			p.ServerFin()
		}, []string{"c2s close-missing"}, 1000},
		{"close ignored, the sender gives up", func(p *play) { p.s(bye).ClientAck().Wait(30 * time.Second).ServerFin().ClientFin() },
			[]string{"c2s close-no-reply"}, 1000},
		{"close and FIN at once", func(p *play) { p.s(bye).ServerFin().ClientFin() }, []string{"s2c close-tcp-before-reply"}, 1000},
		{"close and reset at once", func(p *play) { p.s(bye).ServerReset() }, []string{"s2c close-tcp-before-reply", "s2c close-tcp-reset"}, 1000},
		{"failed and dropped", func(p *play) { p.c(bad).s(wstest.Close(1002, "")).ServerFin().ClientFin() }, []string{"c2s frame-rsv-set"}, 1002},
		{"failed without a close", func(p *play) { p.c(bad).ServerFin().ClientFin() }, []string{"c2s frame-rsv-set"}, 1006},
		{"failed by a reset", func(p *play) { p.c(bad).ServerReset() }, []string{"c2s frame-rsv-set"}, 1006},
		{"server at fault", func(p *play) { p.s(bad).c(wstest.Close(1002, "")).s(wstest.Close(1002, "")).Shut() }, []string{"s2c frame-rsv-set"}, 1006},
		{"client first", func(p *play) { p.c(bye).s(bye).ClientFin().ServerFin() }, []string{"c2s close-client-tcp-first"}, 1000},
		{"server late", func(p *play) { p.c(bye).s(bye).ClientAck().Wait(6 * time.Second).ServerFin().ClientFin() }, []string{"s2c close-server-tcp-late"}, 1000},
		{"server never", func(p *play) { p.c(bye).s(bye).ClientAck().Wait(6 * time.Second).ClientAck() }, []string{"s2c close-server-tcp-late"}, 1000},
		{"reply late", func(p *play) { p.c(bye).ServerAck().Wait(6 * time.Second); p.s(bye).Shut() }, []string{"s2c close-reply-late"}, 1000},
		{"reply late behind data", func(p *play) {
			p.s(text.More()).c(bye).ServerAck().Wait(6 * time.Second)
			p.s(wstest.Continuation("y")).s(bye).Shut()
		}, nil, 1000},
		{"capture ends open", func(p *play) { p.s(text) }, nil, 0},
		{"capture ends behind a close", func(p *play) { p.c(bye).ServerAck() }, nil, 0},
		{"invalid close", func(p *play) { p.s(wstest.Close(1005, "")).c(wstest.Close(1002, "")).Shut() }, []string{"s2c close-code-forbidden"}, 1006},
		{"lost close", func(p *play) { p.c(bye).LoseServer(4).ServerFin().ClientFin() }, nil, 0},
		{"cut frame", func(p *play) { p.s(text.Claiming(2)).ServerFin().ClientFin() }, []string{"s2c close-missing", "s2c stream-truncated-frame"}, 1006},
		{"cut by the peer", func(p *play) { p.s(text.Claiming(2)).ClientReset() }, []string{"c2s close-missing", "c2s close-tcp-reset"}, 1006},
		{"cut by the capture", func(p *play) { p.s(text.Claiming(2)) }, nil, 0},
		{"message not finished", func(p *play) { p.s(text.More()).ServerFin().ClientFin() }, []string{"s2c close-missing", "s2c msg-unfinished"}, 1006},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlay()
			p.c(text).s(text)
			tt.play(p)
			r := expect(t, p.Packets, tt.want...)
			if got := r.closed[0].BrowserCode; got != tt.browser {
				t.Errorf("browser code %d, want %d", got, tt.browser)
			}
		})
	}
}

// TestWhatWasKnown holds that nobody is blamed for what crossed in the network.
func TestWhatWasKnown(t *testing.T) {
	bye, text := wstest.Close(1000, ""), wstest.Text("x")
	bad := wstest.Text("x").RSV(frame.RSV3)
	crossed := func(p *play, n uint32) { p.Packets[len(p.Packets)-1].Ack -= n }
	tests := []struct {
		name string
		play func(p *play)
		want []string
	}{
		{"data after a close that had come", func(p *play) { p.c(bye).s(text).s(bye).Shut() }, []string{"s2c close-data-after-received"}},
		{"data in flight", func(p *play) { p.c(bye).s(text); crossed(p, 8); p.s(bye).Shut() }, nil},
		{"the rest of a message", func(p *play) { p.s(text.More()).c(bye).s(wstest.Continuation("y")).s(bye).Shut() }, nil},
		{"data from a full buffer", func(p *play) {
			p.s(text).c(bye)
			crossed(p, 3) // the client has not had all that the server sent
			p.s(text).s(bye).Shut()
		}, nil},
		{"answers what came in a packet with a fault, before it", func(p *play) { p.c(text, bad).s(text, wstest.Close(1002, "")).c(wstest.Close(1002, "")).Shut() }, []string{"c2s frame-rsv-set"}},
		{"goes on long after such a fault", func(p *play) { p.c(text, bad).s(text).Wait(2 * time.Second); p.s(text).bye() }, []string{"c2s frame-rsv-set", "s2c fail-not-performed"}},
		{"goes on after a fault", func(p *play) { p.c(bad).s(text).bye() }, []string{"c2s frame-rsv-set", "s2c fail-not-performed"}},
		{"fault in flight", func(p *play) {
			p.c(bad).s(text)
			crossed(p, 7)
			p.s(wstest.Close(1002, "")).c(wstest.Close(1002, "")).Shut()
		}, []string{"c2s frame-rsv-set"}},
		{"pong after a fault", func(p *play) { p.c(bad).c(wstest.Ping("")).s(wstest.Pong("")).bye() }, []string{"c2s frame-rsv-set", "s2c fail-not-performed"}},
		{"close of its own in flight", func(p *play) { p.c(bad).s(bye); crossed(p, 7); p.c(bye).Shut() }, []string{"c2s frame-rsv-set"}},
		{"answers a fault with 1000", func(p *play) { p.c(bad).s(bye).c(bye).Shut() }, []string{"c2s frame-rsv-set", "s2c fail-code-unsuitable"}},
		{"answers a fault with 4002", func(p *play) { p.c(bad).s(wstest.Close(4002, "")).c(wstest.Close(4002, "")).Shut() }, []string{"c2s frame-rsv-set"}},
		{"does nothing about a fault", func(p *play) { p.c(bad).ServerAck().Wait(20 * time.Second).ClientFin().ServerFin() },
			[]string{"c2s close-missing", "c2s frame-rsv-set"}},
		{"text that is not UTF-8 echoed", func(p *play) { p.c(wstest.Text("\xff")).s(text).bye() }, []string{"c2s msg-invalid-utf8", "s2c fail-not-performed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlay()
			p.c(text).s(text)
			tt.play(p)
			expect(t, p.Packets, tt.want...)
		})
	}
}
