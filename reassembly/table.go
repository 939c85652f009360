package reassembly

import "hash/maphash"

// table finds the connection of a segment. It is a hash table with open addressing whose
// keys are those that the connections have anyway, in the slab. Its hash is seeded, so that
// nobody can choose flows that collide, and nothing depends on the order of the slots.
//
// It remembers the last answer, because packets come in trains.
type table struct {
	conns *slab
	hash  hashing
	slots []slot // a power of two of them
	used  int    // at most seven eighths of them

	last      flow4
	lastIndex uint32 // 0 for none
}

// slot is one of the table: the hash of a flow, the lowest bits of which say where the
// search for it begins, and the connection. A free one has index 0.
type slot struct{ tag, index uint32 }

const leastSlots = 64

func newTable(conns *slab, seed maphash.Seed) table {
	return table{conns: conns, hash: newHashing(seed), slots: make([]slot, leastSlots)}
}

// find is the index of the connection of s, 0 if there is none, and the side of its sender.
func (t *table) find(s *Segment) (uint32, side) {
	if !isV4(s) {
		k, from := newFlow6(s)
		return t.find6(&k), from
	}
	k, from := newFlow4(s)
	if t.lastIndex != 0 && k == t.last {
		return t.lastIndex, from
	}
	i := t.find4(k)
	t.last, t.lastIndex = k, i
	return i, from
}

func (t *table) find4(k flow4) uint32 {
	tag := t.hash.flow4(k)
	i, at := t.probe(tag, tag)
	for i != 0 {
		if c := t.conns.at(i); c.flow == k && c.has(v4) {
			break
		}
		i, at = t.probe(tag, at)
	}
	return i
}

func (t *table) find6(k *flow6) uint32 {
	tag := t.hash.flow6(k)
	i, at := t.probe(tag, tag)
	for i != 0 {
		if !t.conns.at(i).has(v4) && *t.conns.flow6(i) == *k {
			break
		}
		i, at = t.probe(tag, at)
	}
	return i
}

// probe is the connection of the first slot from at on that has a tag, 0 if there is none,
// and where to go on.
func (t *table) probe(tag, at uint32) (index, next uint32) {
	for mask := t.mask(); ; at++ {
		x := t.slots[at&mask]
		if x.tag == tag || x.index == 0 {
			return x.index, at + 1
		}
	}
}

func (t *table) mask() uint32 { return uint32(len(t.slots) - 1) }

// insert enters connection c, which has no key yet, under that of s, and tells the side of
// its sender.
func (t *table) insert(s *Segment, c *conn) side {
	if t.used >= len(t.slots)/8*7 {
		t.grow()
	}
	t.used++
	if isV4(s) {
		k, from := newFlow4(s)
		c.flow, c.flags = k, c.flags|v4
		t.last, t.lastIndex = k, c.index
		t.place(slot{t.hash.flow4(k), c.index})
		return from
	}
	k, from := newFlow6(s)
	*t.conns.flow6(c.index) = k
	t.place(slot{t.hash.flow6(&k), c.index})
	return from
}

func (t *table) place(x slot) {
	at, mask := x.tag, t.mask()
	for t.slots[at&mask].index != 0 {
		at++
	}
	t.slots[at&mask] = x
}

func (t *table) grow() {
	old := t.slots
	t.slots = make([]slot, 2*len(old))
	for _, x := range old {
		if x.index != 0 {
			t.place(x)
		}
	}
}

// remove forgets the connection c, which it has.
func (t *table) remove(c *conn) {
	t.lastIndex = 0
	var at uint32
	if c.has(v4) {
		at = t.hash.flow4(c.flow)
	} else {
		at = t.hash.flow6(t.conns.flow6(c.index))
	}
	mask := t.mask()
	for t.slots[at&mask].index != c.index {
		at++
	}
	t.used--
	t.close(at & mask)
}

// close frees the slot at hole, and moves into it what would not be found behind it.
func (t *table) close(hole uint32) {
	mask := t.mask()
	for at := hole + 1; ; at++ {
		x := t.slots[at&mask]
		if x.index == 0 {
			t.slots[hole] = slot{}
			return
		}
		if (at-x.tag)&mask >= (at-hole)&mask {
			t.slots[hole] = x
			hole = at & mask
		}
	}
}
