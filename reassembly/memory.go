package reassembly

// maxSpare bounds how many pages, and how many waits, are kept for reuse.
const maxSpare = 8192

// memory is what queues are made of. It counts what is in use, for Config.MaxQueued.
type memory struct {
	pool  pool
	pages []*page
	waits []*wait
	used  int64 // bytes
}

func (m *memory) takePage() *page {
	m.used += pageCost
	if n := len(m.pages); n > 0 {
		p := m.pages[n-1]
		m.pages = m.pages[:n-1]
		return p
	}
	return new(page)
}

// givePage takes back a page whose slots are all zero.
func (m *memory) givePage(p *page) {
	m.used -= pageCost
	if len(m.pages) < maxSpare {
		m.pages = append(m.pages, p)
	}
}

func (m *memory) takeWait() *wait {
	m.used += waitCost
	if n := len(m.waits); n > 0 {
		w := m.waits[n-1]
		m.waits = m.waits[:n-1]
		return w
	}
	return new(wait)
}

// giveWait takes back a wait that is in no list, and its pieces.
func (m *memory) giveWait(w *wait) {
	for !w.queue.empty() {
		w.queue.removeFirst(m)
	}
	m.used -= waitCost
	pages := w.queue.pages
	*w = wait{}
	if cap(pages) <= pageLen {
		w.queue.pages = pages
	}
	if len(m.waits) < maxSpare {
		m.waits = append(m.waits, w)
	}
}
