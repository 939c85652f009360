package reassembly

import "slices"

// piece is a run of bytes of one packet that waits in a queue, or of bytes that it had
// on the wire but that were cut off.
type piece struct {
	packet PacketRef
	data   []byte // nil if cut off
	seq    seq
	size   uint32
}

func (p *piece) end() seq { return p.seq + seq(p.size) }

const (
	pageLen   = 16
	pageCost  = 16 + pageLen*80 // bytes of a page
	pieceCost = 96              // bookkeeping of a piece, with its share of pages
)

// page is a run of pieces in order, in slots from up to to.
type page struct {
	from, to int
	slots    [pageLen]piece
}

// queue holds pieces by rising sequence number, without overlap. It is a B-tree of two
// levels, so that segments in any order, a million tiny ones or all in reverse, cost
// about the same each; both ends take the least.
type queue struct {
	pages []*page // none is empty
	cuts  int     // pieces that were cut off
	cost  int     // bytes held, with bookkeeping
}

// place is a position in a queue: of a piece, or behind the last one of a page.
type place struct{ page, slot int }

func (q *queue) empty() bool { return len(q.pages) == 0 }

func (q *queue) first() *piece {
	p := q.pages[0]
	return &p.slots[p.from]
}

func (q *queue) last() *piece {
	p := q.pages[len(q.pages)-1]
	return &p.slots[p.to-1]
}

// at is the piece at i, or nil behind the last one.
func (q *queue) at(i place) *piece {
	if i.page == len(q.pages) {
		return nil
	}
	return &q.pages[i.page].slots[i.slot]
}

// after is the position behind i.
func (q *queue) after(i place) place {
	if i.slot+1 < q.pages[i.page].to {
		return place{i.page, i.slot + 1}
	}
	if i.page+1 == len(q.pages) {
		return place{page: i.page + 1}
	}
	return place{i.page + 1, q.pages[i.page+1].from}
}

// seek is the position of the first piece that ends behind s.
func (q *queue) seek(s seq) place {
	if q.empty() || !s.before(q.last().end()) {
		return place{page: len(q.pages)}
	}
	low, high := 0, len(q.pages)-1 // the last page ends behind s
	for low < high {
		mid := (low + high) / 2
		if p := q.pages[mid]; s.before(p.slots[p.to-1].end()) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	p := q.pages[low]
	i := p.from
	for !s.before(p.slots[i].end()) {
		i++
	}
	return place{low, i}
}

// insert puts x before the piece at i, which must be where its sequence number belongs.
func (q *queue) insert(i place, x piece, m *memory) {
	q.cost += pieceCost + footprintOf(&x)
	m.used += int64(footprintOf(&x))
	if x.data == nil {
		q.cuts++
	}
	p, slot := q.room(i, m)
	if slot-p.from < p.to-slot && p.from > 0 || p.to == pageLen {
		copy(p.slots[p.from-1:], p.slots[p.from:slot])
		p.from--
		slot--
	} else {
		copy(p.slots[slot+1:], p.slots[slot:p.to])
		p.to++
	}
	p.slots[slot] = x
}

// room finds the page for an insertion at i, and makes a new one where it is full.
func (q *queue) room(i place, m *memory) (*page, int) {
	if i.page == len(q.pages) { // behind all
		if i.page > 0 {
			if p := q.pages[i.page-1]; p.to-p.from < pageLen {
				return p, p.to
			}
		}
		return q.addPage(i.page, 0, m), 0
	}
	p := q.pages[i.page]
	if p.to-p.from < pageLen {
		return p, i.slot
	}
	if i.slot == p.from { // before all of it: pages stay full where segments come in reverse
		if i.page > 0 {
			if b := q.pages[i.page-1]; b.to-b.from < pageLen {
				return b, b.to
			}
		}
		n := q.addPage(i.page, pageLen, m)
		return n, pageLen
	}
	n := q.addPage(i.page+1, 0, m)
	const mid = pageLen / 2
	n.to = copy(n.slots[:], p.slots[mid:])
	clear(p.slots[mid:])
	p.to = mid
	if i.slot > mid {
		return n, i.slot - mid
	}
	return p, i.slot
}

// addPage makes an empty page at the given index, to be filled from slot on.
func (q *queue) addPage(at, slot int, m *memory) *page {
	p := m.takePage()
	p.from, p.to = slot, slot
	q.pages = slices.Insert(q.pages, at, p)
	return p
}

// remove takes out the piece at i and gives its buffer back.
func (q *queue) remove(i place, m *memory) {
	p := q.pages[i.page]
	x := &p.slots[i.slot]
	q.cost -= pieceCost + footprintOf(x)
	m.used -= int64(footprintOf(x))
	if x.data == nil {
		q.cuts--
	} else {
		m.pool.recycle(x.data)
	}
	if i.slot == p.from {
		p.slots[p.from] = piece{}
		p.from++
	} else {
		copy(p.slots[i.slot:], p.slots[i.slot+1:p.to])
		p.to--
		p.slots[p.to] = piece{}
	}
	if p.from == p.to {
		m.givePage(p)
		q.pages = slices.Delete(q.pages, i.page, i.page+1)
	}
}

func footprintOf(p *piece) int { return footprint(cap(p.data)) }

func (q *queue) removeFirst(m *memory) { q.remove(place{0, q.pages[0].from}, m) }
