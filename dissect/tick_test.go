package dissect_test

import (
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// In a live capture connections expire though no packet comes, and time that goes back or
// has gone far ahead does no harm.
func TestTick(t *testing.T) {
	var closed []dissect.Meta
	v := wstest.Validator{Next: sinkFunc(func(e dissect.Event) error {
		if c, ok := e.(*dissect.Closed); ok {
			closed = append(closed, c.Meta)
		}
		return nil
	})}
	d := dissect.New(dissect.Options{}, &v)
	if err := d.Tick(1e18); err != nil {
		t.Fatal(err)
	}
	var last dissect.Meta
	for _, s := range opened().Server(wstest.Text("x").Bytes()).Segments() {
		last.Packet = s.Packet
		if err := d.Push(&s); err != nil {
			t.Fatal(err)
		}
	}
	now := last.Packet.Time
	tick := func(after time.Duration) {
		t.Helper()
		now += int64(after)
		if err := d.Tick(now); err != nil {
			t.Fatal(err)
		}
	}
	tick(-time.Hour)
	tick(11 * time.Hour)
	tick(-10 * time.Hour)
	for range 59 {
		tick(time.Minute)
	}
	if len(closed) > 0 {
		t.Fatalf("closed before its time: %+v", closed)
	}
	for range 3 {
		tick(time.Minute)
	}
	if len(closed) != 1 || closed[0].Order.Phase != dissect.PhaseIdle || closed[0].Order.Packet != last.Packet.Number {
		t.Fatalf("closed: %+v", closed)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := v.Err(); err != nil {
		t.Error(err)
	}
}

// A clock that is set makes no connection idle, where that is known.
func TestClockSet(t *testing.T) {
	for _, c := range []struct {
		by   time.Duration
		told bool
		want int // connections closed as idle
	}{
		{3 * time.Hour, true, 0},
		{-3 * time.Hour, true, 0},
		{0, true, 0},
		{3 * time.Hour, false, 1},
	} {
		idle := 0
		d := dissect.New(dissect.Options{}, sinkFunc(func(e dissect.Event) error {
			if c, ok := e.(*dissect.Closed); ok && c.How == dissect.HowIdle {
				idle++
			}
			return nil
		}))
		push := func(talk *wstest.Talk, by time.Duration) {
			for _, s := range talk.Segments() {
				s.Packet.Time += int64(by)
				s.Zone = uint32(by) // the talks are not of the same connection
				if err := d.Push(&s); err != nil {
					t.Fatal(err)
				}
			}
		}
		push(opened(), 0)
		if c.told {
			d.ClockSet(c.by)
		}
		push(wstest.Talk4().Open().Client(good.Request()), c.by+time.Second)
		if idle != c.want {
			t.Errorf("%+v: %d closed", c, idle)
		}
	}
}
