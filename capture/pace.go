package capture

import "time"

// leastSet is what counts as a setting of the system's clock. Less does no harm, and comes
// of its being slowed and sped up.
const leastSet = time.Second

// pace follows the clock that stamps the packets of a live capture, by one that nobody sets.
type pace struct {
	last   int64         // time stamp of the last packet; 0 before the first
	lastAt time.Time     // when it was handed over
	begin  time.Time     // of the capture
	offset time.Duration // how far the system's clock was set since, as far as is known
}

// now is how far the capture's clock has come, though no packet has: no packet comes any
// more from before that, where the system hands each over within a delay. 0 is unknown.
func (p *pace) now(delay time.Duration) int64 {
	if p.last == 0 {
		return 0
	}
	return p.last + int64(time.Since(p.lastAt)-delay)
}

// handed says that the system has handed packets over, and returns how far its clock was set
// before: the packets may be stamped by it as it was, or as it is now.
func (p *pace) handed(now time.Time) (by time.Duration) {
	p.lastAt = now
	return p.compare(time.Duration(now.UnixNano()-p.begin.UnixNano()), now.Sub(p.begin))
}

// compare holds the time since the beginning by the system's clock against the one that
// went by.
func (p *pace) compare(system, steady time.Duration) (by time.Duration) {
	by = system - steady - p.offset
	if by.Abs() < leastSet {
		return 0
	}
	p.offset += by
	if p.last != 0 {
		p.last += int64(by)
	}
	return by
}
