package packet

import "time"

const (
	maxDatagrams     = 4096     // held at once, those that are done or refused included
	maxHeldBytes     = 16 << 20 // of buffers that wait, unless another limit is set
	maxSpareBytes    = 1 << 20  // of buffers kept for datagrams to come
	maxDatagramBytes = 65535    // RFC 791 3.1, RFC 8200 4.5

	// fragmentAge is how long a datagram waits for its fragments on the capture's
	// clock, after Linux (net.ipv4.ipfrag_time).
	fragmentAge = int64(30 * time.Second)

	// repeatAge is how long the fragments of a datagram that is complete are taken for
	// copies of its own, as captures on several interfaces have them. It is short, since
	// a busy sender goes through all 65536 identifications within seconds.
	repeatAge = int64(100 * time.Millisecond)
)

// FragmentStats count fragmented IP datagrams.
type FragmentStats struct {
	Waiting     int   // incomplete and held
	Completed   int64 // put together
	Expired     int64 // given up: incomplete for 30 s of the capture
	Evicted     int64 // given up: too many datagrams, or too many bytes, were waiting
	Refused     int64 // given up: fragments of IPv6 overlapped, RFC 5722
	Overlapping int64 // fragments of IPv4 that overlapped; bytes first seen stand
}

// fragments holds datagrams that are incomplete, and for a while those that were
// completed or refused, to know their late fragments.
type fragments struct {
	byKey   map[fragmentKey]*datagram
	waiting queue // incomplete or refused, oldest first
	done    queue // completed, oldest first
	free    queue // datagrams to be used again
	buffers []buffer
	held    int    // cost of the buffers in waiting
	limit   int    // of held
	spare   int    // cost of buffers
	out     []byte // the datagram completed last
	stats   FragmentStats
	joined  int64 // fragments that waited, of datagrams that are complete
}

func newFragments() fragments {
	return fragments{byKey: make(map[fragmentKey]*datagram), limit: maxHeldBytes}
}

// add returns the datagram that f completes, with its bytes in s.out up to the first
// that was not captured; or nil and why.
func (s *fragments) add(f *fragment) (*datagram, Reason) {
	s.expire(f.time)
	if f.size == 0 || f.off+f.size > maxDatagramBytes || !f.last && f.size%8 != 0 {
		return nil, FragmentDropped
	}
	g := s.byKey[f.key]
	if g == nil {
		g = s.start(f)
	}
	switch g.state {
	case completed:
		return nil, FragmentRepeat
	case refused:
		return nil, FragmentDropped
	}
	before := g.cost()
	fit := g.add(f)
	s.held += g.cost() - before
	switch fit {
	case repeats:
		return nil, FragmentRepeat
	case contradicts:
		return nil, FragmentDropped
	case overlaps:
		if !f.key.src.Is4() {
			s.stats.Refused++
			s.settle(g, refused)
			return nil, FragmentDropped
		}
		s.stats.Overlapping++
	}
	g.fragments++
	if g.have == g.total {
		s.out = g.append(s.out[:0])
		s.stats.Completed++
		s.joined += int64(g.fragments - 1)
		s.settle(g, completed)
		s.waiting.remove(g)
		s.done.push(g)
		g.start = f.time
		return g, TCP
	}
	for s.held > s.limit {
		s.evict()
	}
	return nil, FragmentWaiting
}

// start makes the datagram of f.
func (s *fragments) start(f *fragment) *datagram {
	for len(s.byKey) >= maxDatagrams {
		if s.done.head != nil {
			s.drop(&s.done)
		} else {
			s.evict()
		}
	}
	g := s.free.head
	if g == nil {
		g = new(datagram)
	} else {
		s.free.remove(g)
	}
	*g = datagram{key: f.key, start: f.time, total: unknown}
	if n := len(s.buffers); n > 0 {
		g.buffer = s.buffers[n-1]
		s.buffers = s.buffers[:n-1]
		s.spare -= g.cost()
		s.held += g.cost()
	}
	s.stats.Waiting++
	s.byKey[f.key] = g
	s.waiting.push(g)
	return g
}

// settle ends the wait of g, whose bytes are no longer needed.
func (s *fragments) settle(g *datagram, end state) {
	s.stats.Waiting--
	g.state = end
	cost := g.cost()
	s.held -= cost
	if cost > 0 && s.spare+cost <= maxSpareBytes {
		s.spare += cost
		s.buffers = append(s.buffers, buffer{bytes: g.bytes[:0], runs: g.runs[:0]})
	}
	g.buffer = buffer{}
}

// expire gives up what is too old, or, since clocks jump, too far ahead of now.
func (s *fragments) expire(now int64) {
	for g := s.waiting.head; g != nil && apart(now, g.start) > fragmentAge; g = s.waiting.head {
		if g.state == waiting {
			s.stats.Expired++
		}
		s.drop(&s.waiting)
	}
	for g := s.done.head; g != nil && apart(now, g.start) > repeatAge; g = s.done.head {
		s.drop(&s.done)
	}
}

func apart(a, b int64) int64 { return max(a-b, b-a) }

// evict gives up the datagram that waits longest.
func (s *fragments) evict() {
	if s.waiting.head.state == waiting {
		s.stats.Evicted++
	}
	s.drop(&s.waiting)
}

// drop forgets the oldest datagram of q.
func (s *fragments) drop(q *queue) {
	g := q.head
	if g.state == waiting {
		s.settle(g, refused)
	}
	q.remove(g)
	delete(s.byKey, g.key)
	s.free.push(g)
}

// queue is a list of datagrams, each in one queue at a time.
type queue struct{ head, tail *datagram }

func (q *queue) push(g *datagram) {
	g.prev, g.next = q.tail, nil
	if q.tail == nil {
		q.head = g
	} else {
		q.tail.next = g
	}
	q.tail = g
}

func (q *queue) remove(g *datagram) {
	if g.prev == nil {
		q.head = g.next
	} else {
		g.prev.next = g.next
	}
	if g.next == nil {
		q.tail = g.prev
	} else {
		g.next.prev = g.prev
	}
}
