package wstest

import (
	"cmp"
	"errors"
	"fmt"
	"math"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/reassembly"
)

// Validator is a Sink that checks what every sequence of events must keep to, whatever
// the traffic. The events go on to Next, unless that is nil.
type Validator struct {
	Next dissect.Sink

	// Poison gives Next a copy of each event and overwrites it on return, so that
	// a Next that keeps what is on loan is found out.
	Poison bool

	errs    []error
	events  int
	last    dissect.Order
	streams map[streamID]*stream
	ways    map[int64]reassembly.Dir // of the client, by connection
	seen    dissect.Summary          // counts of the events
	summary bool
}

// maxErrs is how many errors are kept: the first ones tell the most.
const maxErrs = 20

// streamID is what frames belong to: a connection, or a stream in it.
type streamID struct{ conn, stream int64 }

// stream is what is known of one.
type stream struct {
	closed           bool
	frames, messages [3]int64 // by dissect.Dir
	complete         [3]int64 // frames that are whole
	halves           [2]half  // by reassembly.Dir
}

// half is the message in progress in a direction.
type half struct {
	open    bool
	opcode  frame.Opcode
	frames  int
	wire    uint64
	pending *dissect.Message // announced by the frame that completes it
}

// Err tells what was wrong with the events so far, and that the Summary is missing.
func (v *Validator) Err() error {
	errs := v.errs
	if !v.summary {
		errs = append(errs[:len(errs):len(errs)], errors.New("wstest: no summary"))
	}
	return errors.Join(errs...)
}

// Events is the number of events so far.
func (v *Validator) Events() int { return v.events }

// Emit implements dissect.Sink. Its error is that of Next.
func (v *Validator) Emit(e dissect.Event) error {
	v.check(e)
	switch {
	case v.Next == nil:
		return nil
	case !v.Poison:
		return v.Next.Emit(e)
	}
	c := dissect.Clone(e)
	err := v.Next.Emit(c)
	scribble(c)
	return err
}

func (v *Validator) check(e dissect.Event) {
	m := e.Head()
	fail := func(format string, args ...any) {
		if len(v.errs) < maxErrs {
			v.errs = append(v.errs, fmt.Errorf("wstest: event %d, %T %+v: %s", v.events+1, e, m.Order, fmt.Sprintf(format, args...)))
		}
	}
	if v.summary {
		fail("follows the summary")
	}
	s, isSummary := e.(*dissect.Summary)
	order := m.Order
	if isSummary {
		order.Conn = math.MaxInt64 // it is of all connections, and the last
	}
	if v.events > 0 && compare(v.last, order) >= 0 {
		fail("does not follow %+v", v.last)
	}
	v.last = order
	v.events++
	if isSummary {
		v.summary = true
		v.checkSummary(s, fail)
		return
	}
	if !checkMeta(m, fail) {
		return
	}
	if _, ok := e.(*dissect.Anomaly); !ok {
		v.checkWay(m, fail)
	}
	st := v.stream(m)
	if st.closed {
		fail("follows the end of its connection")
	}
	v.dispatch(st, e, fail)
}

// failure notes what is wrong with the event that is checked.
type failure func(format string, args ...any)

func (v *Validator) dispatch(s *stream, e dissect.Event, fail failure) {
	h := &s.halves[e.Head().Way&1]
	if _, ok := e.(*dissect.Anomaly); !ok && h.pending != nil {
		if m, ok := e.(*dissect.Message); !ok || !same(m, h.pending) {
			fail("comes before the message that a frame completed")
		}
	}
	switch e := e.(type) {
	case *dissect.Handshake:
		v.seen.Handshakes++
		checkHandshake(e, fail)
	case *dissect.Body:
		checkBody(e, fail)
	case *dissect.Frame:
		v.seen.Frames++
		s.frames[e.Dir]++
		if e.Complete {
			s.complete[e.Dir]++
		}
		checkFrame(e, fail)
		h.frame(e, fail)
	case *dissect.Message:
		v.seen.Messages++
		s.messages[e.Dir]++
		checkMessage(e, fail)
		h.message(e, fail)
	case *dissect.Anomaly:
		v.seen.Anomalies[e.Rule.Rule().Severity]++
	case *dissect.Gap:
		if !e.Resync {
			v.seen.Gaps++
			v.seen.LostBytes += e.Len
		}
	case *dissect.Closed:
		s.closed = true
		s.end(e, fail)
	default:
		fail("is of no known type")
	}
}

// checkBody checks what a Body says of itself.
func checkBody(e *dissect.Body, fail failure) {
	switch {
	case e.Request == nil:
		fail("is of no request")
	case (e.Response == nil) != (e.Dir == dissect.ClientToServer):
		fail("has a response in the direction %v", e.Dir)
	case e.Complete && e.Length != uint64(len(e.Payload)), e.Length < uint64(len(e.Payload)):
		fail("holds %d of %d bytes, complete %v", len(e.Payload), e.Length, e.Complete)
	}
}

// compare orders as dissect.Order says.
func compare(a, b dissect.Order) int {
	return cmp.Or(
		cmp.Compare(a.Packet, b.Packet),
		cmp.Compare(a.Phase, b.Phase),
		cmp.Compare(a.Conn, b.Conn),
		cmp.Compare(a.N, b.N),
	)
}

// checkMeta reports whether the Meta is complete enough to go on.
func checkMeta(m *dissect.Meta, fail failure) bool {
	if m.Conn == nil {
		fail("has no connection")
		return false
	}
	switch {
	case m.Conn.ID <= 0 || m.Conn.ID != m.Order.Conn:
		fail("has the order of connection %d, but is of %d", m.Order.Conn, m.Conn.ID)
	case m.Packet.Number <= 0:
		fail("has no packet")
	case m.FirstPacket <= 0 || m.FirstPacket > m.Packet.Number:
		fail("begins in packet %d and is complete in %d", m.FirstPacket, m.Packet.Number)
	case m.FirstPacket < m.Conn.ID:
		fail("begins in packet %d, before its connection", m.FirstPacket)
	case m.Order.Packet < m.Packet.Number:
		fail("is caused before packet %d", m.Packet.Number)
	case m.Way > reassembly.BtoA || m.Dir > dissect.ServerToClient:
		fail("has the directions %d, %d", m.Way, m.Dir)
	case !m.Conn.A().IsValid() || !m.Conn.B().IsValid():
		fail("has the addresses %v, %v", m.Conn.A(), m.Conn.B())
	}
	return true
}

// checkWay checks that the client of a connection stays the same endpoint.
func (v *Validator) checkWay(m *dissect.Meta, fail failure) {
	if m.Dir == dissect.Unknown {
		return
	}
	client := m.Way & 1
	if m.Dir == dissect.ServerToClient {
		client = client.Reverse()
	}
	if v.ways == nil {
		v.ways = map[int64]reassembly.Dir{}
	}
	if was, ok := v.ways[m.Conn.ID]; ok && was != client {
		fail("takes the other endpoint for the client")
	}
	v.ways[m.Conn.ID] = client
}

func (v *Validator) stream(m *dissect.Meta) *stream {
	id := streamID{m.Conn.ID, m.Stream}
	s := v.streams[id]
	if s == nil {
		if v.streams == nil {
			v.streams = map[streamID]*stream{}
		}
		s = &stream{}
		v.streams[id] = s
	}
	return s
}
