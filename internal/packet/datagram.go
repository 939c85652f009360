package packet

import (
	"bytes"
	"sort"
)

const (
	// maxRuns bounds the fragments of a datagram. The smallest MTU of IPv4, 68 bytes,
	// makes 1366 of the longest datagram.
	maxRuns = 2048

	runCost = 32
	unknown = -1
)

// state is how far a datagram is.
type state uint8

const (
	waiting state = iota
	completed
	refused // to be left out whole, with fragments to come
)

// fit is how a fragment fits into its datagram.
type fit uint8

const (
	fits fit = iota
	overlaps
	repeats
	contradicts
)

// run is a part of a datagram, of which the first n bytes were captured.
type run struct {
	off, size int // in the datagram
	at, n     int // in buffer.bytes
}

func (r run) end() int { return r.off + r.size }

// buffer is what a datagram needs while it waits.
type buffer struct {
	bytes []byte // captured, in order of arrival: nothing is allocated for a mere length
	runs  []run  // disjoint, in order of off
}

func (b *buffer) cost() int { return cap(b.bytes) + cap(b.runs)*runCost }

// datagram is a fragmented IP datagram without its IP header.
type datagram struct {
	key        fragmentKey
	prev, next *datagram
	start      int64 // when its first fragment was captured, or when it was completed
	state      state
	proto      uint8 // what it carries, according to the fragment at 0
	total      int   // bytes on the wire, or unknown
	have       int   // bytes in runs
	fragments  int   // that are in it
	buffer
}

// add takes the bytes of f that g does not have. Fragments of IPv6 that overlap leave g
// as it was, unless they repeat what it has.
func (g *datagram) add(f *fragment) fit {
	end := f.off + f.size
	switch {
	case f.last && g.reach() > end,
		f.last && g.total != unknown && g.total != end,
		g.total != unknown && end > g.total,
		len(g.runs) >= maxRuns:
		return contradicts
	}
	at := sort.Search(len(g.runs), func(i int) bool { return g.runs[i].end() > f.off })
	if at < len(g.runs) && g.runs[at].off < end && !f.key.src.Is4() {
		if g.holds(f, at) {
			return repeats
		}
		return overlaps
	}
	taken := g.fill(f, at)
	ends := f.last && g.total == unknown
	if ends {
		g.total = end
	}
	switch {
	case taken == 0 && !ends:
		return repeats
	case taken < f.size:
		return overlaps
	}
	return fits
}

// reach is the end of the last run.
func (g *datagram) reach() int {
	if len(g.runs) == 0 {
		return 0
	}
	return g.runs[len(g.runs)-1].end()
}

// holds reports whether g has all bytes of f, and the same. at is the first run that
// ends behind the start of f.
func (g *datagram) holds(f *fragment, at int) bool {
	pos, end := f.off, f.off+f.size
	for _, r := range g.runs[at:] {
		if pos >= end || r.off > pos {
			break
		}
		mine := g.bytes[r.at+min(pos-r.off, r.n) : r.at+r.n]
		theirs := f.data[min(pos-f.off, len(f.data)):]
		n := min(len(mine), len(theirs))
		if !bytes.Equal(mine[:n], theirs[:n]) {
			return false
		}
		pos = r.end()
	}
	return pos >= end
}

// fill copies f into the holes of g from run at on, and returns the bytes on the wire
// that it took.
func (g *datagram) fill(f *fragment, at int) int {
	taken := 0
	for pos, end := f.off, f.off+f.size; pos < end; {
		hole := end
		if at < len(g.runs) {
			if r := g.runs[at]; r.off <= pos {
				pos = r.end()
				at++
				continue
			}
			hole = min(end, g.runs[at].off)
		}
		data := f.data[min(pos-f.off, len(f.data)):min(hole-f.off, len(f.data))]
		if pos == 0 {
			g.proto = f.next
		}
		g.insert(at, run{off: pos, size: hole - pos, at: len(g.bytes), n: len(data)}, data)
		taken += hole - pos
		pos = hole
	}
	g.have += taken
	return taken
}

// insert makes r with its bytes the run at, or a part of the run before: fragments
// that come in order stay one run.
func (g *datagram) insert(at int, r run, data []byte) {
	if at > 0 {
		if p := &g.runs[at-1]; p.end() == r.off && p.n == p.size && p.at+p.n == r.at {
			p.size += r.size
			p.n += r.n
			g.bytes = append(g.bytes, data...)
			return
		}
	}
	g.bytes = append(g.bytes, data...)
	g.runs = append(g.runs, run{})
	copy(g.runs[at+1:], g.runs[at:])
	g.runs[at] = r
}

// append appends the bytes of the complete g to b, up to the first that was not captured.
func (g *datagram) append(b []byte) []byte {
	for _, r := range g.runs {
		b = append(b, g.bytes[r.at:r.at+r.n]...)
		if r.n < r.size {
			break
		}
	}
	return b
}
