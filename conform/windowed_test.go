package conform_test

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// windowed compresses messages with references that stay inside a window of any size,
// which compress/flate cannot: fixed Huffman codes, the latest match of three bytes or
// more.
type windowed struct {
	window int  // bytes
	reset  bool // no context takeover
	past   []byte
	latest [1 << 15]int32 // one behind where the bytes of a hash were last seen
	out    []byte
	bits   uint64
	n      int  // of bits
	reach  bool // the last message refers to those before it
}

func newWindowed(bits int, reset bool) *windowed {
	return &windowed{window: 1 << bits, reset: reset}
}

// message is a message as it is sent, without the 00 00 FF FF of its last block.
func (w *windowed) message(b []byte) []byte {
	if w.reset {
		w.past, w.latest = nil, [1 << 15]int32{}
	}
	w.out, w.reach = nil, false
	start := len(w.past)
	w.past = append(w.past, b...)
	w.put(0b010, 3) // not final, fixed codes
	for i := start; i < len(w.past); {
		n, distance := w.match(i)
		if n == 0 {
			w.literal(int(w.past[i]))
			i++
			continue
		}
		w.reach = w.reach || distance > i-start
		w.length(n)
		w.distance(distance)
		for end := i + n; i+1 < end; {
			i++
			w.match(i)
		}
		i++
	}
	w.literal(256)
	w.put(0, 3) // a stored block, of no bytes
	w.put(0, -w.n&7)
	return bytes.Clone(w.out)
}

// match finds the bytes at i before them, and notes them.
func (w *windowed) match(i int) (n, distance int) {
	if i+4 > len(w.past) {
		return 0, 0
	}
	slot := &w.latest[binary.LittleEndian.Uint32(w.past[i:])*2654435761>>17]
	j := int(*slot) - 1
	*slot = int32(i + 1)
	if j < 0 || i-j > w.window {
		return 0, 0
	}
	for n < 258 && i+n < len(w.past) && w.past[i+n] == w.past[j+n] {
		n++
	}
	if n < 3 {
		return 0, 0
	}
	return n, i - j
}

// put appends n bits, the lowest first.
func (w *windowed) put(v, n int) {
	w.bits |= uint64(v) << w.n
	for w.n += n; w.n >= 8; w.n -= 8 {
		w.out = append(w.out, byte(w.bits))
		w.bits >>= 8
	}
}

// code appends a Huffman code, which has its highest bit first.
func (w *windowed) code(v, n int) { w.put(int(bits.Reverse16(uint16(v))>>(16-n)), n) }

// literal appends a literal or length symbol (RFC 1951 3.2.6).
func (w *windowed) literal(v int) {
	switch {
	case v < 144:
		w.code(0x30+v, 8)
	case v < 256:
		w.code(0x190+v-144, 9)
	case v < 280:
		w.code(v-256, 7)
	default:
		w.code(0xc0+v-280, 8)
	}
}

// length appends that of a match, 3 to 258 (RFC 1951 3.2.5).
func (w *windowed) length(n int) {
	switch n -= 3; {
	case n == 255:
		w.literal(285)
	case n < 8:
		w.literal(257 + n)
	default:
		extra := bits.Len(uint(n)) - 3
		w.literal(257 + 4*extra + n>>extra)
		w.put(n&(1<<extra-1), extra)
	}
}

// distance appends that of a match, 1 to 32768.
func (w *windowed) distance(n int) {
	n--
	if n < 4 {
		w.code(n, 5)
		return
	}
	extra := bits.Len(uint(n)) - 2
	w.code(2*extra+n>>extra, 5)
	w.put(n&(1<<extra-1), extra)
}
