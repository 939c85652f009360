package reassembly

import "hash/maphash"

// recent remembers what was delivered last of each direction, so that a retransmission
// with other bytes is noticed after its first copy has gone. It knows whole segments
// only: of one that begins or ends elsewhere nothing is said.
type recent struct {
	seen [2][2]print // by Dir; the older one first
}

// print is what is kept of a segment.
type print struct {
	at  seq
	n   uint32
	sum uint32
}

// delivered notes a segment.
func (r *recent) delivered(d Dir, at seq, b []byte, seed maphash.Seed) {
	seen := &r.seen[d]
	seen[0] = seen[1]
	seen[1] = print{at, uint32(len(b)), uint32(maphash.Bytes(seed, b))}
}

// conflicts reports whether a segment that was delivered had other bytes.
func (r *recent) conflicts(d Dir, at seq, b []byte, seed maphash.Seed) bool {
	for i := range r.seen[d] {
		if p := &r.seen[d][i]; p.at == at && p.n == uint32(len(b)) && p.n > 0 {
			return p.sum != uint32(maphash.Bytes(seed, b))
		}
	}
	return false
}
