package reassembly

// classes are the capacities of pooled buffers. 1536 holds the payload of an Ethernet
// frame, by far the most frequent size.
var classes = [...]int{16, 64, 256, 512, 1024, 1536, 2048, 4096, 8192, 16384, 32768, 65536}

// maxFree bounds the bytes that a pool keeps for reuse; the rest goes to the collector.
const maxFree = 16 << 20

// pool hands out buffers for bytes that must wait.
type pool struct {
	free   [len(classes)][][]byte
	bytes  int  // held in free
	poison bool // overwrite returned buffers, so that a kept loan shows in tests
}

// class is the index of the smallest class that holds n bytes, or len(classes).
func class(n int) int {
	for i, size := range classes {
		if n <= size {
			return i
		}
	}
	return len(classes)
}

// footprint is the memory that a copy of n bytes takes.
func footprint(n int) int {
	if i := class(n); i < len(classes) {
		return classes[i]
	}
	return n
}

// copyOf returns b in a buffer of the pool.
func (p *pool) copyOf(b []byte) []byte {
	i := class(len(b))
	if i == len(classes) {
		return append(make([]byte, 0, len(b)), b...)
	}
	if n := len(p.free[i]); n > 0 {
		buf := p.free[i][n-1]
		p.free[i] = p.free[i][:n-1]
		p.bytes -= classes[i]
		return append(buf[:0], b...)
	}
	return append(make([]byte, 0, classes[i]), b...)
}

// recycle takes back a buffer of copyOf. One that was cut at its front is dropped.
func (p *pool) recycle(b []byte) {
	b = b[:cap(b)]
	if p.poison {
		for i := range b {
			b[i] = 0xDB
		}
	}
	i := class(len(b))
	if i == len(classes) || len(b) != classes[i] || p.bytes+len(b) > maxFree {
		return
	}
	p.bytes += len(b)
	p.free[i] = append(p.free[i], b)
}
