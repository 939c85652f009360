package reassembly

import (
	"math"
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	const s, year = int64(time.Second), int64(365 * 24 * time.Hour)
	const t0 = 50 * year
	for _, c := range []struct {
		name   string
		stamps []int64
		want   int64
	}{
		{"forwards", []int64{t0, t0 + s, t0 + 3*s, t0 + 3*s}, 3 * s},
		{"a little back", []int64{t0, t0 + 5*s, t0 + 2*s, t0 + 6*s}, 6 * s},
		{"one stamp years ahead", []int64{t0, t0 + s, t0 + year, t0 + 2*s, t0 + 3*s}, 3 * s},
		{"one stamp years ahead, first", []int64{t0 + year, t0, t0 + s, t0 + 2*s}, s},
		{"one stamp years back", []int64{t0, t0 + s, 0, t0 + 2*s}, 2 * s},
		{"one stamp years ahead, first, and hours later", []int64{t0 + year, t0, t0 + s, t0 + 7200*s, t0 + 7201*s}, 7200 * s},
		{"one years ahead, one years back", []int64{t0, t0 + year, 0, t0 + s}, s},
		{"odd stamps between good ones", []int64{t0, 0, t0 + s, t0 + year, t0 + 2*s, 7, t0 + 3*s}, 3 * s},
		{"two agree that hours have passed", []int64{t0, t0 + 7200*s, t0 + 7201*s}, 7201 * s},
		{"the lesser of two jumps", []int64{t0, t0 + year, t0 + 7200*s}, 7200 * s},
		{"a packet every two minutes", []int64{t0, t0 + 120*s, t0 + 240*s, t0 + 360*s}, 240 * s},
		{"an older capture behind", []int64{t0, t0 + s, t0 - year, t0 - year + s, t0 - year + 3*s}, 3 * s},
		{"older and newer by turns", []int64{t0, t0 + s, t0 - year, t0 - year, t0 + 2*s, t0 + 2*s, t0 - year, t0 - year, t0 + 3*s, t0 + 3*s}, 3 * s},
		{"extremes", []int64{math.MinInt64, math.MaxInt64, math.MinInt64, math.MaxInt64}, 0},
		{"far extremes", []int64{0, s, math.MaxInt64, math.MaxInt64, math.MinInt64, 0, math.MaxInt64, math.MaxInt64}, maxStamp},
	} {
		t.Run(c.name, func(t *testing.T) {
			var k clock
			last := int64(0)
			for _, stamp := range c.stamps {
				k.advance(stamp)
				if k.now < last {
					t.Fatalf("went back from %d to %d", last, k.now)
				}
				last = k.now
			}
			if k.now != c.want {
				t.Errorf("now %v, want %v", time.Duration(k.now), time.Duration(c.want))
			}
		})
	}
}

func FuzzClock(f *testing.F) {
	f.Add(int64(1e18), int64(1e9), int64(-1e9), int64(math.MaxInt64))
	f.Add(int64(math.MinInt64), int64(math.MaxInt64), int64(0), int64(0))
	f.Fuzz(func(t *testing.T, a, b, c, d int64) {
		var k clock
		stamps := [...]int64{a, b, c, d}
		for i := range 64 {
			before := k.now
			k.advance(stamps[(i+i/4+i/16)%4])
			if k.now < before || k.now > maxStamp {
				t.Fatalf("from %d to %d at step %d", before, k.now, i)
			}
			if k.owed < 0 || k.owed > maxStamp {
				t.Fatalf("owed %d", k.owed)
			}
		}
	})
}

// Without being told, two packets that agree are believed; what was told passes no time.
func TestClockSet(t *testing.T) {
	const s, hour = int64(time.Second), int64(time.Hour)
	const t0 = 1000 * hour
	for _, c := range []struct {
		name         string
		before       []int64
		by           int64
		after        []int64
		told, untold int64
	}{
		{"ahead", []int64{t0, t0 + s}, 2 * hour, []int64{t0 + 2*hour + 2*s, t0 + 2*hour + 3*s}, 3 * s, 2*hour + 3*s},
		{"back", []int64{t0, t0 + s}, -2 * hour, []int64{t0 - 2*hour + 2*s, t0 - 2*hour + 3*s}, 3 * s, s},
		{"packets under way", []int64{t0, t0 + s}, 2 * hour,
			[]int64{t0 + 2*s, t0 + 2*s, t0 + 2*hour + 3*s, t0 + 2*hour + 3*s, t0 + 2*hour + 4*s}, 4 * s, 2*hour + 4*s},
		{"in doubt", []int64{t0, t0 + hour}, 9 * hour, []int64{t0 + 9*hour + s, t0 + 9*hour + 2*s}, 2 * s, 9*hour + 2*s},
		{"before the first packet", nil, hour, []int64{t0, t0 + s}, s, s},
		{"extremes", []int64{t0, t0 + s}, math.MinInt64, []int64{0, s}, 2 * s, s},
	} {
		t.Run(c.name, func(t *testing.T) {
			for told, want := range map[bool]int64{true: c.told, false: c.untold} {
				var k clock
				for _, stamp := range c.before {
					k.advance(stamp)
				}
				if told {
					k.set(c.by)
				}
				for _, stamp := range c.after {
					k.advance(stamp)
				}
				if k.now != want {
					t.Errorf("told %v: now %v, want %v", told, time.Duration(k.now), time.Duration(want))
				}
			}
		})
	}
}
