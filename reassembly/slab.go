package reassembly

// listID names the list that a connection is in. The lists are ordered by the last
// packet, the least recent first; closed connections by when they closed.
type listID uint8

const (
	unlisted listID = iota
	halfOpen        // nothing but SYNs: what a flood consists of
	open
	timeWait
	lists
)

// slab owns the connections: by index, in chunks that never move and are used again, so
// that a steady coming and going does not allocate. Index 0 is no connection.
type slab struct {
	chunks []*[chunkLen]conn
	links  []link // apart from the connections, so that moving one touches few cache lines
	free   []uint32
	heads  [lists]link // next is the first, prev the last
	count  [lists]int
}

type link struct{ prev, next uint32 }

const (
	chunkBits = 8
	chunkLen  = 1 << chunkBits
)

// at is the connection with index i.
func (s *slab) at(i uint32) *conn { return &s.chunks[i>>chunkBits][i%chunkLen] }

// take is a zeroed connection that is in no list.
func (s *slab) take() *conn {
	if len(s.free) == 0 {
		s.grow()
	}
	i := s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	c := s.at(i)
	*c = conn{index: i}
	return c
}

func (s *slab) grow() {
	first := uint32(len(s.chunks)) << chunkBits
	s.chunks = append(s.chunks, new([chunkLen]conn))
	s.links = append(s.links, make([]link, chunkLen)...)
	for i := first + chunkLen - 1; i > first; i-- {
		s.free = append(s.free, i)
	}
	if first > 0 {
		s.free = append(s.free, first)
	}
}

// give takes back a connection; it keeps no reference of it.
func (s *slab) give(c *conn) {
	s.unlink(c)
	s.free = append(s.free, c.index)
	*c = conn{index: c.index}
}

// used is the number of connections held.
func (s *slab) used() int { return s.count[halfOpen] + s.count[open] + s.count[timeWait] }

// first is the head of a list, or nil.
func (s *slab) first(l listID) *conn {
	if i := s.heads[l].next; i != 0 {
		return s.at(i)
	}
	return nil
}

// moveTo makes c the last of a list.
func (s *slab) moveTo(l listID, c *conn) {
	if c.list == l && s.heads[l].prev == c.index {
		return
	}
	s.unlink(c)
	h := &s.heads[l]
	s.links[c.index] = link{prev: h.prev}
	if h.prev != 0 {
		s.links[h.prev].next = c.index
	} else {
		h.next = c.index
	}
	h.prev = c.index
	c.list = l
	s.count[l]++
}

func (s *slab) unlink(c *conn) {
	if c.list == unlisted {
		return
	}
	h, l := &s.heads[c.list], s.links[c.index]
	if l.prev != 0 {
		s.links[l.prev].next = l.next
	} else {
		h.next = l.next
	}
	if l.next != 0 {
		s.links[l.next].prev = l.prev
	} else {
		h.prev = l.prev
	}
	s.count[c.list]--
	c.list = unlisted
}

// next is the connection behind c in its list, or nil.
func (s *slab) next(c *conn) *conn {
	if i := s.links[c.index].next; i != 0 {
		return s.at(i)
	}
	return nil
}
