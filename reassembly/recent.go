package reassembly

import "hash/maphash"

// recent remembers what was delivered last of each direction, so that a retransmission
// with other bytes is noticed after its first copy has gone. It knows whole segments
// only: of one that begins or ends elsewhere nothing is said.
type recent struct {
	seen [2][2]print // by Dir; the older one first
}

// print is what is kept of a segment. It ends where the next one begins, the newest of
// them with what was delivered.
type print struct {
	at  seq
	sum uint32 // of its bytes; 0 for bytes that are not compared
}

func sumOf(b []byte, seed maphash.Seed) uint32 { return max(uint32(maphash.Bytes(seed, b)), 1) }

// delivered notes a segment, which begins at number at.
func (r *recent) delivered(d Dir, at seq, b []byte, seed maphash.Seed) {
	r.add(d, print{at, sumOf(b, seed)})
}

// pass notes that bytes from number at on are not compared, or missing.
func (r *recent) pass(d Dir, at seq) {
	if r.seen[d][1].sum != 0 {
		r.add(d, print{at: at})
	}
}

func (r *recent) add(d Dir, p print) {
	seen := &r.seen[d]
	seen[0] = seen[1]
	seen[1] = p
}

// conflicts reports whether a segment that was delivered had other bytes. The number next
// is that behind all that was delivered.
func (r *recent) conflicts(d Dir, at seq, b []byte, next seq, seed maphash.Seed) bool {
	seen := &r.seen[d]
	for i, end := range [...]seq{seen[1].at, next} {
		if p := seen[i]; p.at == at && p.sum != 0 && end.from(at) == int64(len(b)) {
			return p.sum != sumOf(b, seed)
		}
	}
	return false
}
