package conform_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

func TestPings(t *testing.T) {
	ping, pong, text := wstest.Ping, wstest.Pong, wstest.Text
	const long = 11 * time.Second
	wait := func(p *play, d time.Duration) *play {
		p.Wait(d)
		return p
	}
	tests := []struct {
		name string
		play func(p *play)
		want []string
	}{
		{"in order", func(p *play) { p.s(ping("1"), ping("2")).c(pong("1"), pong("2")) }, nil},
		{"only the last", func(p *play) { p.s(ping("1"), ping("2"), ping("3")).c(pong("3")) }, nil},
		{"equal, both answered", func(p *play) { p.s(ping("")).s(ping("")).c(pong("")).c(pong("")) }, nil},
		{"equal, one answer", func(p *play) { wait(p.s(ping("")).s(ping("")).c(pong("")), long).c(text("x")) }, nil},
		{"the older behind", func(p *play) { p.s(ping("1")).s(ping("2")).c(pong("2")).c(pong("1")) }, nil},
		{"unsolicited before the answer", func(p *play) { p.s(ping("1")).c(pong("alive")).c(pong("1")) }, []string{"c2s pong-unsolicited"}},
		{"two answers to one", func(p *play) { p.s(ping("1")).c(pong("1")).c(pong("1")) }, []string{"c2s pong-unsolicited"}},
		{"other data", func(p *play) { p.s(ping("1")).c(pong("2")) }, []string{"c2s pong-mismatch"}},
		{"always other data", func(p *play) {
			wait(p.s(ping("1")).c(pong("")), long).s(ping("2")).c(pong(""))
			wait(p, long).c(text("x"))
		}, []string{"c2s pong-mismatch", "c2s pong-mismatch"}},
		{"other data, the next right", func(p *play) { p.s(ping("1")).c(pong("")).s(ping("2")).c(pong("2")) }, []string{"c2s pong-mismatch"}},
		{"never", func(p *play) { wait(p.s(ping("1")), long).c(text("x")) }, []string{"c2s ping-unanswered"}},
		{"never, many", func(p *play) {
			for i := range 20 {
				wait(p.s(ping(fmt.Sprint(i))), long).c(text("x"))
			}
		}, []string{"c2s ping-unanswered"}},
		{"many, the last answered", func(p *play) {
			for i := range 20 {
				wait(p.s(ping(fmt.Sprint(i))), long).c(text("x"))
			}
			p.c(pong("19"))
		}, []string{"c2s pong-late"}},
		{"never, but a Close", func(p *play) { wait(p.s(ping("1")), long) }, []string{"c2s ping-unanswered"}},
		{"soon closed", func(p *play) { p.s(ping("1")).c(text("x")) }, nil},
		{"the close answered, not the ping", func(p *play) {
			wait(p.c(ping("1")), 2*time.Second)
		}, []string{"s2c ping-unanswered"}},
		{"late", func(p *play) { wait(p.s(ping("1")).c(text("x")), long).c(pong("1")) }, []string{"c2s pong-late"}},
		{"late, and nothing else", func(p *play) { wait(p.s(ping("1")), long).c(pong("1")) }, nil},
		{"pong of its own", func(p *play) { p.c(pong("")) }, []string{"c2s pong-unsolicited"}},
		{"after a lost ping", func(p *play) {
			p.LoseServer(3)
			p.s(text("y")).acked()
			wait(p, long).c(pong("z"))
		}, nil},
		{"lost pong", func(p *play) {
			wait(p.s(ping("1")).acked(), long)
			p.LoseClient(7)
			p.c(text("x")).ServerAck()
			wait(p, long).c(text("x"))
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlay()
			tt.play(p)
			expect(t, p.bye().Packets, tt.want...)
		})
	}
}

// acked has the client acknowledge what came.
func (p *play) acked() *play {
	p.ClientAck()
	return p
}

func TestRoundTrips(t *testing.T) {
	p := newPlay()
	p.Step = 0
	for _, d := range []time.Duration{30, 10, 20} {
		p.s(wstest.Ping("same"))
		p.Wait(d * time.Millisecond)
		p.c(wstest.Pong("same"))
	}
	p.c(wstest.Ping("a"), wstest.Ping("b"))
	r := judge(t, p.bye().Packets, dissect.Options{})
	want := dissect.Pings{Sent: 3, Answered: 3, Min: 10 * time.Millisecond, Max: 30 * time.Millisecond, Sum: 60 * time.Millisecond}
	if got := r.closed[0].Server.Pings; got != want || got.Mean() != 20*time.Millisecond {
		t.Errorf("server %+v, want %+v", got, want)
	}
	if got := r.closed[0].Client.Pings; got != (dissect.Pings{Sent: 2, Unanswered: 2}) {
		t.Errorf("client %+v", got)
	}
	if got := r.sum.Pings; got.Sent != 5 || got.Answered != 3 || got.Unanswered != 2 || got.Max != want.Max {
		t.Errorf("summary %+v", got)
	}
}
