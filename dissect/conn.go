package dissect

import (
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

// conn is a TCP connection and the layer that eats its bytes at present. It is the Stream
// that the Assembler calls; layers replace each other by next.
type conn struct {
	reassembly.Conn
	d     *Dissector
	layer layer

	start     int64 // time of the first byte seen
	ends      *ends // nil while no direction has ended
	websocket bool  // frames are looked for on it
	http      bool  // HTTP/1 was found on it
	inner     uint8 // how often it was looked at anew
	held      int32 // bytes that the layer holds, as last counted
}

// maxInner is how many prefaces and tunnels may be inside each other.
const maxInner = 16

// ends are those of the directions that have ended, the first one first.
type ends struct {
	list [2]reassembly.End
	n    int
}

// layer eats the bytes of a connection, and says what is left of it when it is over.
type layer interface {
	reassembly.Stream
	held() int // bytes held until it is known what they are
	finish()   // both directions have ended
}

func newConn(d *Dissector, c reassembly.Conn) *conn {
	n := &conn{Conn: c, d: d, start: d.now().Time}
	n.layer = newDetector(n)
	return n
}

func (c *conn) Data(p reassembly.Piece) {
	c.layer.Data(p)
	c.charge(p.Dir, p.Packet)
}

func (c *conn) Gap(g reassembly.Gap) {
	c.layer.Gap(g)
	c.charge(g.Dir, g.Packet)
}

func (c *conn) Note(n reassembly.Note) { c.layer.Note(n) }

func (c *conn) End(e reassembly.End) {
	c.layer.End(e)
	c.recount(c.layer.held())
	if c.ends == nil {
		c.ends = c.d.pools.ends.take()
		*c.ends = ends{}
	}
	c.ends.list[c.ends.n] = e
	if c.ends.n++; c.ends.n < 2 {
		return
	}
	c.layer.finish()
	c.d.pools.ends.give(c.ends)
	c.ends = nil
	c.next(discard{}) // what is remarked on later has nowhere to go
	c.recount(0)
	if c.http && !c.websocket {
		c.d.summary.HTTPConnections++
	}
}

// ended are the ends so far.
func (c *conn) ended() []reassembly.End {
	if c.ends == nil {
		return nil
	}
	return c.ends.list[:c.ends.n]
}

// next makes l the layer from the next byte on. A detector is gone then.
func (c *conn) next(l layer) {
	left := c.layer
	if h, ok := left.(*httpLayer); ok {
		h.leave()
	}
	c.layer = l
	if d, ok := left.(*detector); ok {
		*d = detector{}
		c.d.pools.detectors.give(d)
	}
}

// anew looks at what follows as at the begin of a connection. It is false for one that is
// nested as nothing is that is meant to be understood: each level keeps the bytes of those
// inside it.
func (c *conn) anew() bool {
	if c.inner == maxInner {
		c.ignore()
		return false
	}
	c.inner++
	c.next(newDetector(c))
	return true
}

// infer goes on with frames, of which a packet completed the proof: they were found at a
// stream offset of direction way, with so many bits of evidence beyond chance. Both directions have to search for theirs still.
func (c *conn) infer(client, way reassembly.Dir, at int64, evidence int, packet reassembly.PacketRef) {
	w := newWebSocket(c, client, compression{scheme: unknownScheme})
	c.d.summary.Midstream++
	c.next(w)
	w.infer(way, at, evidence, packet)
	for i := range w.side {
		w.lose(&w.side[i])
	}
}

// repeatEnds tells a layer of the ends that were before it.
func (c *conn) repeatEnds() {
	for _, e := range c.ended() {
		c.layer.End(e)
	}
}

// ignore gives the connection up: nothing more of it is wanted.
func (c *conn) ignore() {
	c.next(discard{})
	c.d.asm.Ignore(&c.Conn)
	if f := c.d.opts.Ignored; f != nil {
		f(&c.Conn)
	}
}

// anomaly emits a violation by the sender of direction way.
func (c *conn) anomaly(id rules.ID, m Meta, text string) {
	c.d.emit(&Anomaly{Meta: m, Rule: id, Text: text})
}

// discard is the layer of what nobody wants.
type discard struct{}

func (discard) Data(reassembly.Piece) {}
func (discard) Gap(reassembly.Gap)    {}
func (discard) Note(reassembly.Note)  {}
func (discard) End(reassembly.End)    {}
func (discard) finish()               {}
