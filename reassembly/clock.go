package reassembly

import "time"

const (
	// stride is how far the time stamp of one packet may move the clock by itself.
	stride = int64(time.Minute)
	// maxStamp bounds time stamps, so that differences cannot overflow.
	maxStamp = int64(1)<<62 - 1
)

// clock is the time of the capture, from which all timeouts are measured. It never goes
// back, and no single packet can move it far: a time stamp more than a minute after
// the last one believed counts only once a second packet in a row lies as far ahead, and
// then the lesser of the two is believed. One that lies back, as in captures put one
// behind the other, is believed likewise, without moving the clock; the way forward
// again is then free.
type clock struct {
	now   int64 // nanoseconds of capture time since an arbitrary start
	seen  int64 // the time stamp last believed
	doubt int64 // the previous packet's time stamp, if it was not believed
	owed  int64 // how far believed time stamps went back
	state clockState
}

type clockState uint8

const (
	unset clockState = iota
	steady
	doubtful
)

// advance takes the time stamp of the next packet, in nanoseconds.
func (c *clock) advance(stamp int64) {
	stamp = min(max(stamp, 0), maxStamp)
	d := stamp - c.seen
	if c.state == steady && d >= 0 && d <= stride {
		c.seen = stamp
		c.now += d
		return
	}
	c.jump(stamp)
}

func (c *clock) jump(stamp int64) {
	if c.state == unset {
		c.seen, c.state = stamp, steady
		return
	}
	d := stamp - c.seen
	switch {
	case d >= 0 && d <= stride:
		c.seen, c.state = stamp, steady
		c.forward(d)
	case d < 0 && d >= -stride: // the small disorder of merged interfaces
		c.state = steady
	case c.state == doubtful && (c.doubt > c.seen) == (d > 0):
		c.agree(stamp)
	default:
		c.doubt, c.state = stamp, doubtful
	}
}

// agree moves the clock to where two packets in a row say it is, at least.
func (c *clock) agree(stamp int64) {
	if stamp < c.seen {
		least := max(stamp, c.doubt)
		if c.now > 0 { // else only the first packet was ahead: nothing to pay back
			back := c.seen - least
			c.owed = min(c.owed, maxStamp-back) + back
		}
		c.seen = least
	} else {
		least := min(stamp, c.doubt)
		d := least - c.seen
		free := min(d, c.owed)
		c.owed -= free
		c.forward(d - free)
		c.seen = least
	}
	c.doubt, c.state = stamp, doubtful
	if d := stamp - c.seen; d >= -stride && d <= stride {
		c.forward(max(d, 0))
		c.seen, c.state = max(stamp, c.seen), steady
	}
}

// set moves the believed time stamps, but not the clock.
func (c *clock) set(by int64) {
	by = min(max(by, -maxStamp), maxStamp)
	c.seen = min(max(c.seen+by, 0), maxStamp)
	c.doubt = min(max(c.doubt+by, 0), maxStamp)
}

func (c *clock) forward(d int64) { c.now = min(c.now+d, maxStamp) }
