package reassembly

import "bytes"

// conflict finds the first of the bytes at number at that differs from one in the queue.
func (q *queue) conflict(at seq, b []byte) (where seq, differs bool) {
	end := at.add(int64(len(b)))
	for i := q.seek(at); ; i = q.after(i) {
		x := q.at(i)
		if x == nil || !x.seq.before(end) {
			return 0, false
		}
		if x.data == nil {
			continue
		}
		from := max(x.seq.from(at), 0)
		to := min(x.end().from(at), int64(len(b)))
		old := x.data[at.add(from).from(x.seq):]
		if n := to - from; !bytes.Equal(b[from:to], old[:n]) {
			for b[from] == old[0] {
				from++
				old = old[1:]
			}
			return at.add(from), true
		}
	}
}

// uncut takes the numbers from at to end out of the pieces that were cut off.
func (q *queue) uncut(at, end seq, m *memory) {
	for i := q.seek(at); q.at(i) != nil && q.at(i).seq.before(end); {
		x := *q.at(i)
		if x.data != nil {
			i = q.after(i)
			continue
		}
		q.remove(i, m)
		if x.seq.before(at) {
			left := x
			left.size = uint32(at - x.seq)
			q.insert(q.seek(left.seq), left, m)
		}
		if end.before(x.end()) {
			right := x
			right.seq, right.size = end, uint32(x.end()-end)
			q.insert(q.seek(right.seq), right, m)
			return
		}
		at = x.end()
		i = q.seek(at)
	}
}

// truncate drops all from s on, and reports whether there was any.
func (q *queue) truncate(s seq, m *memory) bool {
	dropped := false
	for !q.empty() && s.before(q.last().end()) {
		dropped = true
		x := q.last()
		if !x.seq.before(s) {
			n := len(q.pages) - 1
			q.remove(place{n, q.pages[n].to - 1}, m)
			continue
		}
		x.size = uint32(s - x.seq)
		if x.data != nil {
			x.data = x.data[:x.size]
		}
	}
	return dropped
}
