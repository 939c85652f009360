package dissect

import (
	"errors"
	"iter"
	"math"
	"time"

	"github.com/wsdissect/wsdissect/reassembly"
)

// Dissector turns the segments of a capture into events for a Sink. Push the segments in
// the order of the capture, then Close. It is not safe for concurrent use.
type Dissector struct {
	opts    Options
	sink    Sink
	err     error // of the sink; sticks
	asm     *reassembly.Assembler
	pools   pools
	scratch scratch
	summary Summary
	limits  limitCounts

	// The cause of what is emitted now, see now.
	cause reassembly.PacketRef // the packet before seg
	seg   *reassembly.Segment  // nil when the capture's clock or its end is the cause
	idle  bool
	end   bool
	last  Order

	before int64 // segments taken before seg
	bodies int   // bytes held of HTTP bodies
	held   int64 // bytes that all connections hold until it is known what they are
}

// New makes a Dissector that emits to sink.
func New(o Options, sink Sink) *Dissector {
	o.Limits = o.Limits.withDefaults()
	d := &Dissector{opts: o, sink: sink}
	c := o.Reassembly
	c.New = d.open
	d.asm = reassembly.New(c)
	return d
}

// Push takes the next segment. Its error is the sink's, and sticks.
func (d *Dissector) Push(s *reassembly.Segment) error {
	if d.err != nil {
		return d.err
	}
	d.seg = s
	d.asm.Push(s)
	d.cause, d.seg = s.Packet, nil
	d.before++
	return d.err
}

// Tick says that the capture's clock has come to now, in nanoseconds since 1970 UTC,
// without a packet: connections expire in a live capture where nothing happens. Its error
// is that of Push.
func (d *Dissector) Tick(now int64) error {
	if d.err != nil || d.cause.Number == 0 || now <= d.cause.Time {
		return d.err
	}
	p := d.cause
	p.Time = now
	d.idle = true
	d.asm.Tick(p)
	d.idle = false
	return d.err
}

// ClockSet says that the clock that stamps the packets was set, ahead by a positive time: the
// time stamps that follow are off by that, and no connection has been idle for it.
func (d *Dissector) ClockSet(by time.Duration) { d.asm.ClockSet(by) }

// Close ends all connections where the capture ends, and emits the Summary.
func (d *Dissector) Close() error {
	d.end = true
	d.asm.Close(d.cause)
	s := &d.summary
	st := d.asm.Stats()
	s.TCPConnections = st.Connections
	s.Limits = d.reached()
	if d.opts.Account != nil {
		d.opts.Account(s)
	}
	s.Meta = Meta{Packet: d.cause, FirstPacket: d.cause.Number}
	d.emit(s)
	return d.err
}

// Stats are the counts so far.
func (d *Dissector) Stats() Summary {
	s := d.summary
	s.TCPConnections = d.asm.Stats().Connections
	return s
}

// open is asked by the Assembler for the consumer of a new connection.
func (d *Dissector) open(c reassembly.Conn) reassembly.Stream {
	if p := d.opts.Ports; p != nil && !p(c.A().Port()) && !p(c.B().Port()) {
		d.summary.OtherPorts++
		return nil
	}
	return newConn(d, c)
}

// now is the packet that is the cause of what happens.
func (d *Dissector) now() *reassembly.PacketRef {
	if d.seg != nil {
		return &d.seg.Packet
	}
	return &d.cause
}

// emit gives e its place in the order and hands it to the sink.
func (d *Dissector) emit(e Event) {
	if d.err != nil {
		return
	}
	m := e.Head()
	o := Order{Packet: d.now().Number, Phase: d.phase(m.Conn), Conn: math.MaxInt64}
	if m.Conn != nil {
		o.Conn = m.Conn.ID
	}
	if o.Packet == d.last.Packet && o.Phase == d.last.Phase && o.Conn == d.last.Conn {
		o.N = d.last.N + 1
	}
	d.last, m.Order = o, o
	d.count(e)
	d.err = d.sink.Emit(e)
}

// phase tells what the cause of an event of c is: the segment pushed now when it is of
// that connection, else the passing of time, or the end.
func (d *Dissector) phase(c *reassembly.Conn) Phase {
	switch {
	case d.end:
		return PhaseEnd
	case d.idle:
		return PhaseIdle
	case d.seg == nil || c == nil || d.asm.Segments() == d.before:
		return PhaseTick // a segment counts only when its time stamp has had its effects
	case c.Has(d.seg):
		return PhasePacket
	}
	return PhaseTick
}

func (d *Dissector) count(e Event) {
	s := &d.summary
	switch e := e.(type) {
	case *Handshake:
		s.Handshakes++
	case *Frame:
		s.Frames++
	case *Message:
		s.Messages++
		if e.Why != WhyNone {
			s.Incomplete[e.Why]++
		}
	case *Anomaly:
		s.Anomalies[e.Rule.Rule().Severity]++
		d.limits.anomaly(e.Rule)
	case *Gap:
		if !e.Resync {
			s.Gaps++
			s.LostBytes += e.Len
		}
	}
}

// Run dissects what src yields, to the sink, and closes. Errors of src go to failed (nil
// drops them) and do not end the run; the error of the sink does, and is returned.
func Run(src iter.Seq2[*reassembly.Segment, error], o Options, sink Sink, failed func(error)) error {
	d := New(o, sink)
	for s, err := range src {
		if err != nil {
			if failed != nil {
				failed(err)
			}
			continue
		}
		if err := d.Push(s); err != nil {
			return err
		}
	}
	return d.Close()
}

// errStop says that the consumer of Events wants no more.
var errStop = errors.New("dissect: stopped")

type sinkFunc func(Event) error

func (f sinkFunc) Emit(e Event) error { return f(e) }

// Events is Run as an iterator: events, each on loan for one step of the loop, and the
// errors of src between them.
func Events(src iter.Seq2[*reassembly.Segment, error], o Options) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		stopped := false
		d := New(o, sinkFunc(func(e Event) error {
			if !yield(e, nil) {
				stopped = true
				return errStop
			}
			return nil
		}))
		for s, err := range src {
			if err != nil {
				if stopped = !yield(nil, err); stopped {
					return
				}
				continue
			}
			if d.Push(s) != nil {
				return
			}
		}
		if !stopped {
			d.Close()
		}
	}
}
