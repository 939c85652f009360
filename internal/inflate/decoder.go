package inflate

import "math"

// Limits bound the work on one message. Zero values mean no output at all, no ratio, and
// nothing beyond the output.
type Limits struct {
	Output  uint64 // bytes given out
	Ratio   uint64 // bytes given out for each byte of source, looked at above ratioFloor; 0 for any
	Discard uint64 // bytes inflated beyond the output, to keep the history right
}

// ratioFloor is the output that no ratio forbids: short messages may well be all zeros.
const ratioFloor = 1 << 16

func (l Limits) output(source int) uint64 {
	limit := min(l.Output, math.MaxInt)
	if l.Ratio == 0 || uint64(source) > limit/l.Ratio {
		return limit
	}
	return min(limit, max(l.Ratio*uint64(source), ratioFloor))
}

// Ending is how the data of a message ended.
type Ending uint8

const (
	// Complete: with the header of an empty stored block, whose 00 00 FF FF is removed
	// (RFC 7692 7.2.1), or with a final block.
	Complete Ending = iota
	// Open: behind a block, without the empty stored block. All the output is there.
	Open
	// Cut: inside a block. The history is lost.
	Cut
	// Corrupt: the data is not valid DEFLATE, at Offset or just before. The history is lost.
	Corrupt
	// Stopped: at the limits. The history is lost.
	Stopped
)

func (e Ending) String() string {
	return [...]string{"complete", "open", "cut", "corrupt", "stopped"}[e]
}

// Result is what came of a message.
type Result struct {
	Out          []byte // the output as far as Limits.Output; unknown bytes are 0
	Length       uint64 // bytes of output, those beyond Out too
	Unknown      uint64 // of these, bytes that were copied out of history that was lost
	FirstUnknown uint64 // position of the first, if Unknown is not 0
	Offset       int    // position of the first source byte with bits that were not consumed
	Distance     int    // longest distance of a reference, 0 without any
	Reach        int    // furthest that a reference went back before the begin of the message
	Ending       Ending
	Limited      bool // there was more output than Out holds
	Final        bool // a final block was seen (BFINAL)
	Padding      bool // bits other than 0 between the end of a final block and the next byte
	Tail         bool // 00 00 FF FF of the last, empty, stored block was not removed
}

// Decoder inflates messages. It serves many directions, one message at a time, and is not
// safe for concurrent use. The zero value is ready. It takes up about 12 KiB, and more
// once messages were over their limit.
type Decoder struct {
	// per message
	src      []byte
	in       int     // bytes of src that are in bits, or were
	bits     uint64  // source bits, first lowest; bits above the first n repeat src[in:]
	n        uint    // bits to be had of bits
	out      []byte  // room for output
	op       int     // bytes of out written
	base     uint64  // bytes of output before out, all in the window
	unknown  *bitset // of out
	payload  []byte  // what is given out, once the output goes to the window alone
	limit    uint64  // bytes given out
	bound    uint64  // bytes of output in all
	window   *Window
	result   Result
	given    bitset // unknown bytes of what is given out
	unseen   bitset // and of chunk
	touched  byte   // see Window.touch: what is read must be used
	empty    bool   // the block before was an empty stored one
	finished bool   // and it was final

	// per block
	dynamic codes
	used    [maxLit + maxDist]uint16

	// per worker
	chunk []byte // output that nobody is given
	pool  pool
}

// Inflate decodes the message src, whose references may go back into w, and adds its
// output to w, which holds keep bytes at most: a power of two from 1024 to Size, always
// the same for a window. Less than Size is for those who do not rely on it; Limits.Discard
// then has no use and no effect.
//
// Output is written over dst[:cap(dst)]; Result.Out is that memory, or larger memory when
// it was too small. What was wrong is in the Result. src must be the whole message:
// if bytes of it are missing, inflate what comes before them and then call w.Lose.
func (d *Decoder) Inflate(w *Window, dst, src []byte, l Limits, keep int) Result {
	d.src, d.in, d.bits, d.n = src, 0, 0, 0
	d.limit = l.output(len(src))
	if d.bound = d.limit; keep == Size { // else there is no whole history to keep right
		d.bound += min(l.Discard, ^d.limit)
	}
	d.out, d.op, d.base, d.payload = dst[:cap(dst)], 0, 0, nil
	if uint64(len(d.out)) > d.limit {
		d.out = d.out[:d.limit]
	}
	d.given, d.unknown = d.given[:0], &d.given
	d.window, d.result, d.empty, d.finished = w, Result{}, false, false

	d.touched = w.touch(len(src))
	ending := d.blocks()
	r := &d.result
	r.Ending = ending
	r.Offset = d.in - int(d.n+7)>>3
	r.Length = d.base + uint64(d.op)
	r.Out = d.payload
	if !r.Limited {
		r.Out = d.out[:d.op]
	}
	if ending <= Open {
		w.add(&d.pool, d.out[:d.op], *d.unknown, keep)
	} else {
		w.Lose()
	}
	d.src, d.out, d.payload, d.window = nil, nil, nil, nil
	return *r
}

// NextUnknown gives the first run of unknown bytes of the last Result.Out that ends after
// position from; ok is false if there is none.
func (d *Decoder) NextUnknown(from int) (start, end int, ok bool) {
	start, end = d.given.run(from)
	return start, end, start < end
}
