package inflate

// Size is the furthest that a reference of RFC 1951 reaches back.
const Size = 1 << 15

const minRing = 1 << 10

// Window is what a direction keeps between its messages: the last bytes of its output,
// at most Size. The zero value is a direction before its first byte; it holds no memory
// until there is output to remember, and never more than that needs.
//
// After Lose there is history that nobody saw, and references to it give bytes that are
// unknown. The window remembers which of its bytes are unknown.
type Window struct {
	ring  []byte // a power of two; not wrapped before it has its full size
	holes *holes // unknown bytes of ring, nil if there are none
	end   int32  // where in ring the next byte goes
	n     int32  // bytes held
	clean int32  // of these, the latest that are known, up to the first unknown one
	older bool   // there was output before the bytes held
}

// holes has a bit for each byte of a ring.
type holes [Size / 64]uint64

// Lose says that output of this direction is missing: all history before now is unknown.
func (w *Window) Lose() {
	w.end, w.n, w.clean, w.older = 0, 0, 0, true
}

// Release gives the memory of the window back to d. History is then unknown.
func (w *Window) Release(d *Decoder) {
	d.pool.putRing(w.ring)
	d.pool.putHoles(w.holes)
	*w = Window{older: w.older || w.n > 0}
}

// Held is the memory that the window occupies, in bytes.
func (w *Window) Held() int {
	n := len(w.ring)
	if w.holes != nil {
		n += Size / 8
	}
	return n
}

// at is the byte that lies back bytes before the end, 0 unless it is known.
func (w *Window) at(back int) (b byte, known bool) {
	if back > int(w.n) {
		return 0, false
	}
	i := (int(w.end) - back) & (len(w.ring) - 1)
	if w.holes != nil && bitset(w.holes[:]).has(i) {
		return 0, false
	}
	return w.ring[i], true
}

// known reports whether the n bytes are known the first of which lies back bytes before
// the end. n is at most back.
func (w *Window) known(back, n int) bool {
	if back <= int(w.clean) {
		return true
	}
	if back > int(w.n) || w.holes == nil {
		return false
	}
	i := (int(w.end) - back) & (len(w.ring) - 1)
	h := bitset(w.holes[:])
	return h.lacks(i, min(i+n, len(w.ring))) && h.lacks(0, i+n-len(w.ring))
}

// read copies known bytes into dst, the first of which lies back bytes before the end.
func (w *Window) read(dst []byte, back int) {
	i := (int(w.end) - back) & (len(w.ring) - 1)
	if n := copy(dst, w.ring[i:]); n < len(dst) {
		copy(dst[n:], w.ring)
	}
}

// perByte is how many bytes of history are touched for each byte of a message: in feeds,
// most of which are references, this is what helps.
const perByte = 128

// touch reads from each cache line of the newest history, before a message of n bytes is
// inflated. What has left the cache since the message before then comes back in one go, and
// not line by line as references are met.
func (w *Window) touch(n int) (sum byte) {
	mask := len(w.ring) - 1
	for back := cacheLine; back <= n*perByte && back <= int(w.n); back += cacheLine {
		sum += w.ring[(int(w.end)-back)&mask]
	}
	return sum
}

const cacheLine = 64 // bytes

// add appends output, of which at most keep bytes, a power of two, are held in all.
func (w *Window) add(p *pool, out []byte, unknown bitset, keep int) {
	skipped := 0
	if len(out) > keep {
		skipped = len(out) - keep
		out = out[skipped:]
	}
	if len(out) == 0 {
		return
	}
	if need := min(int(w.n)+len(out), keep); need > len(w.ring) {
		w.grow(p, need)
	}
	mask := len(w.ring) - 1
	start := int(w.end)
	if n := copy(w.ring[start:], out); n < len(out) {
		copy(w.ring, out[n:])
	}
	w.end = int32((start + len(out)) & mask)
	total := int(w.n) + len(out)
	if w.n = int32(min(total, len(w.ring))); total > len(w.ring) || skipped > 0 {
		w.older = true
	}
	if len(unknown) == 0 && w.holes == nil {
		w.clean = min(w.clean+int32(len(out)), w.n)
		return
	}
	w.mark(p, start, len(out), skipped, unknown)
}

// mark notes which of the n bytes written at start are unknown. They are those behind
// the first skipped ones of a piece of output.
func (w *Window) mark(p *pool, start, n, skipped int, unknown bitset) {
	if w.holes == nil {
		w.holes = p.getHoles()
	}
	w.put(start, n, false)
	w.clean = min(w.clean+int32(n), w.n)
	for from, to := unknown.run(skipped); from < to; from, to = unknown.run(to) {
		from = max(from, skipped)
		w.put(start+from-skipped, to-from, true)
		w.clean = int32(n - (to - skipped))
	}
	if w.clean == w.n {
		p.putHoles(w.holes)
		w.holes = nil
	}
}

// put marks n bytes of the ring as unknown or known.
func (w *Window) put(i, n int, unknown bool) {
	i &= len(w.ring) - 1
	j := i + n
	if over := j - len(w.ring); over > 0 {
		bitset(w.holes[:]).put(0, over, unknown)
		j = len(w.ring)
	}
	bitset(w.holes[:]).put(i, j, unknown)
}

// grow makes room for need bytes, more than the ring has. It is not wrapped then.
func (w *Window) grow(p *pool, need int) {
	ring := p.getRing(need)
	copy(ring, w.ring[:w.n])
	p.putRing(w.ring)
	w.ring, w.end = ring, w.n
}
