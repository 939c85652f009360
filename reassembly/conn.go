package reassembly

// half is what is known of one direction of a connection.
type half struct {
	base   seq // relative number 0: of the SYN, or before the first byte known of
	next   seq // of the next byte to deliver, once started
	acked  seq // the highest number that the peer acknowledged
	fin    seq // of the FIN, once seen
	far    seq // where the last segment out of the window ended
	flags  halfFlags
	agree  uint8 // segments in a row that were out of the window, but at the same place
	offset int64 // in the stream, of next
	wait   *wait // nil while there is nothing to wait for
}

type halfFlags uint8

const (
	based    halfFlags = 1 << iota // base is known
	started                        // next is known
	acking                         // the peer acknowledges: its packets are in the capture
	finished                       // fin is known
	ended                          // all was delivered: nothing follows
)

func (h *half) has(f halfFlags) bool { return h.flags&f != 0 }

// setBase makes s the relative number 0.
func (h *half) setBase(s seq) {
	h.base = s
	h.flags |= based
}

// offsetOf is where s is in the stream.
func (h *half) offsetOf(s seq) int64 { return h.offset + s.from(h.next) }

// holds reports whether pieces are queued.
func (h *half) holds() bool { return h.wait != nil && !h.wait.queue.empty() }

// top is the end of the bytes seen.
func (h *half) top() seq {
	if w := h.wait; h.holds() {
		return w.queue.last().end()
	}
	if h.has(started) {
		return h.next
	}
	return h.base.add(1)
}

// pristine reports whether nothing but SYNs came.
func (h *half) pristine() bool {
	return h.offset == 0 && h.wait == nil && !h.has(finished)
}

// hole is where the first hole ends. A single byte acknowledged with nothing behind it
// is no hole: it is as well a FIN that the capture does not have.
func (h *half) hole() (end seq, open bool) {
	switch {
	case !h.has(started) || h.has(ended):
		return 0, false
	case h.holds():
		return h.wait.queue.first().seq, true
	case h.has(finished):
		return h.fin, h.next.before(h.fin)
	}
	return h.acked, h.acked.from(h.next) > 1
}

// earliest is the first number held of a half that has not started.
func (h *half) earliest() (s seq, held bool) {
	if h.holds() {
		return h.wait.queue.first().seq, true
	}
	return h.fin, h.has(finished)
}

// conn is the state of a connection, kept small: a capture has very many that nobody
// wants, and more that send nothing for long. What disorder needs is in half.wait, what
// only some have is elsewhere.
type conn struct {
	flags    connFlags
	list     listID
	index    uint32    // in the slab
	seen     int64     // clock at its last packet
	consumer *consumer // nil until the first payload, and if nobody wants it
	half     [2]half   // by Dir
	id       int64
	flow     flow4 // its key; of IPv6, the slab has it
}

// consumer is who takes the bytes of a connection, and what is known of it only then.
type consumer struct {
	stream Stream
	recent recent
}

// doubt is a SYN inside the window, which may be the first packet of another connection.
type doubt struct {
	isn    seq
	number int64 // of the packet
}

type connFlags uint16

const (
	v4        connFlags = 1 << iota
	highOpens           // A is the high side of the flow
	midstream           // neither SYN nor SYN-ACK opened it
	asked               // Config.New was called
	closed              // both halves ended
	collected           // in the list of connections that are due
	ignored             // Assembler.Ignore was called
	doubted             // there is a doubt about it
	overlookA           // Assembler.Overlook was called for AtoB
	overlookB           // and for BtoA
)

func (c *conn) has(f connFlags) bool { return c.flags&f != 0 }

// dir is the direction of what the given side sends.
func (c *conn) dir(from side) Dir {
	if (from == highSide) == c.has(highOpens) {
		return AtoB
	}
	return BtoA
}

// overlook is the flag of Assembler.Overlook for direction d.
func overlook(d Dir) connFlags { return overlookA << d }

// wanted reports whether somebody takes the bytes.
func (c *conn) wanted() bool { return c.consumer != nil && !c.has(ignored) }

// unheeded reports whether nobody wants the bytes of the connection.
func (c *conn) unheeded() bool { return c.has(asked) && !c.wanted() }

// queued is what all copies of the connection count towards Config.MaxQueuedPerConn.
func (c *conn) queued() int {
	n := 0
	for d := range c.half {
		if w := c.half[d].wait; w != nil {
			n += w.queue.cost
		}
	}
	return n
}
