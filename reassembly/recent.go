package reassembly

import (
	"hash/maphash"
	"math"
)

// recent remembers what was delivered last of each direction, so that a retransmission
// with other bytes is noticed after its first copy has gone. It knows whole segments
// only: of one that begins or ends elsewhere nothing is said.
type recent struct {
	seen [2][2]print // by Dir; the older one first
}

// print is what is kept of a segment, of 65,535 bytes at most, small because each open
// connection has four: other bytes go unnoticed once in 65,536 times.
type print struct {
	at     seq
	n, sum uint16
}

func printOf(at seq, b []byte, seed maphash.Seed) print {
	if len(b) > math.MaxUint16 {
		return print{}
	}
	return print{at, uint16(len(b)), uint16(maphash.Bytes(seed, b))}
}

// delivered notes a segment.
func (r *recent) delivered(d Dir, at seq, b []byte, seed maphash.Seed) {
	seen := &r.seen[d]
	seen[0] = seen[1]
	seen[1] = printOf(at, b, seed)
}

// conflicts reports whether a segment that was delivered had other bytes.
func (r *recent) conflicts(d Dir, at seq, b []byte, seed maphash.Seed) bool {
	for i := range r.seen[d] {
		if p := r.seen[d][i]; p.at == at && int(p.n) == len(b) && p.n > 0 {
			return p != printOf(at, b, seed)
		}
	}
	return false
}
