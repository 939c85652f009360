package capture

import (
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	const s, hour = time.Second, time.Hour
	p := pace{begin: time.Now()}
	if now := p.now(0); now != 0 {
		t.Errorf("now is %d before the first packet", now)
	}
	if by := p.handed(time.Now()); by != 0 {
		t.Errorf("set by %v", by)
	}
	p.last = int64(1e18)
	for _, c := range []struct{ system, steady, want time.Duration }{
		{s, s, 0},
		{2*s + s/2, 2 * s, 0}, // sped up
		{3*s + hour, 3 * s, hour},
		{4*s + hour, 4 * s, 0},
		{5*s - hour, 5 * s, -2 * hour},
		{6 * s, 6 * s, hour},
		{7*s + 999*s/1000, 7 * s, 0},
		{9 * s, 8 * s, s},
	} {
		before := p.last
		if by := p.compare(c.system, c.steady); by != c.want || p.last-before != int64(by) {
			t.Errorf("%v of %v: set by %v, want %v; last moved by %d", c.system, c.steady, by, c.want, p.last-before)
		}
	}
	if now := p.now(time.Minute); now >= p.last || now < p.last-int64(time.Minute) {
		t.Errorf("now %d, last %d", now, p.last)
	}
}
