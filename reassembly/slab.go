package reassembly

import (
	"cmp"
	"slices"
)

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
	chunks []chunk
	fresh  uint32      // below it, connections have been used
	free   uint32      // the first of those given back, linked by next; 0 for none
	heads  [lists]link // next is the first, prev the last
	count  [lists]int
}

// chunk is a run of connections, with what not every step needs apart from them, so that
// moving one in its list touches few cache lines.
type chunk struct {
	conns *[chunkLen]conn
	links *[chunkLen]link
	flows *[chunkLen]flow6 // nil while none of them is of IPv6
}

type link struct{ prev, next uint32 }

const (
	chunkBits = 8
	chunkLen  = 1 << chunkBits
)

// at is the connection with index i.
func (s *slab) at(i uint32) *conn { return &s.chunks[i>>chunkBits].conns[i%chunkLen] }

func (s *slab) link(i uint32) *link { return &s.chunks[i>>chunkBits].links[i%chunkLen] }

// flow6 is the key of connection i, which is of IPv6.
func (s *slab) flow6(i uint32) *flow6 {
	k := &s.chunks[i>>chunkBits]
	if k.flows == nil {
		k.flows = new([chunkLen]flow6)
	}
	return &k.flows[i%chunkLen]
}

// take is a zeroed connection that is in no list.
func (s *slab) take() *conn {
	if i := s.free; i != 0 {
		s.free = s.link(i).next
		return s.at(i)
	}
	s.fresh = max(s.fresh, 1)
	if s.fresh>>chunkBits == uint32(len(s.chunks)) {
		s.chunks = append(s.chunks, chunk{conns: new([chunkLen]conn), links: new([chunkLen]link)})
	}
	c := s.at(s.fresh)
	c.index = s.fresh
	s.fresh++
	return c
}

// give takes back a connection; it keeps no reference of it.
func (s *slab) give(c *conn) {
	s.unlink(c)
	*c = conn{index: c.index}
	s.link(c.index).next = s.free
	s.free = c.index
}

// byID are the indexes of the connections held, by rising ID, which is mostly the order of
// their memory.
func (s *slab) byID() []uint32 {
	list := make([]uint32, 0, s.used())
	for i := uint32(1); i < s.fresh; i++ {
		if s.at(i).list != unlisted {
			list = append(list, i)
		}
	}
	slices.SortFunc(list, func(x, y uint32) int { return cmp.Compare(s.at(x).id, s.at(y).id) })
	return list
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
	*s.link(c.index) = link{prev: h.prev}
	if h.prev != 0 {
		s.link(h.prev).next = c.index
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
	h, l := &s.heads[c.list], *s.link(c.index)
	if l.prev != 0 {
		s.link(l.prev).next = l.next
	} else {
		h.next = l.next
	}
	if l.next != 0 {
		s.link(l.next).prev = l.prev
	} else {
		h.prev = l.prev
	}
	s.count[c.list]--
	c.list = unlisted
}

// next is the connection behind c in its list, or nil.
func (s *slab) next(c *conn) *conn {
	if i := s.link(c.index).next; i != 0 {
		return s.at(i)
	}
	return nil
}
