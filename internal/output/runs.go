package output

import "github.com/wsdissect/wsdissect/dissect"

// run is a part of a payload without holes in it.
type run struct {
	at   uint64 // in the payload, as on the wire
	data []byte
	more bool // another one follows
}

// runs gives the parts of a payload that the holes leave, one after the other.
type runs struct {
	rest  []byte
	holes []dissect.Hole
	at    uint64
}

func runsOf(f *dissect.Frame) runs { return runs{rest: f.Payload, holes: f.Holes} }

// next is the next part that is not empty. The first one may be, if the payload begins
// with a hole; it is given all the same.
func (r *runs) next() run {
	part := run{at: r.at, data: r.rest}
	if len(r.holes) > 0 {
		hole := r.holes[0]
		if hole.At >= r.at && hole.At-r.at < uint64(len(r.rest)) {
			part.data = r.rest[:hole.At-r.at]
		}
		r.at = hole.At + hole.Len
		r.holes = r.holes[1:]
	} else {
		r.at += uint64(len(part.data))
	}
	r.rest = r.rest[len(part.data):]
	for len(r.rest) > 0 && len(r.holes) > 0 && r.holes[0].At <= r.at {
		r.at = max(r.at, r.holes[0].At+r.holes[0].Len)
		r.holes = r.holes[1:]
	}
	part.more = len(r.rest) > 0
	return part
}
