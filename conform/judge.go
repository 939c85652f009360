package conform

import (
	"fmt"
	"strconv"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

// Judge is a dissect.Sink that adds anomalies to the events that it passes on. It keeps a
// state for each open WebSocket connection, and bounded ones for what concerns several.
type Judge struct {
	next  dissect.Sink
	conns map[int64]*conn // open WebSocket connections, by ID
	found *conn           // of them, the one asked for last: events come in trains
	id    int64           // its ID
	past  past            // of all connections, as far as it is remembered
	last  dissect.Order
	err   error // of next; sticks
	count [4]int64
	pings dissect.Pings // of the connections that have ended

	values values // scratch of opening.values
}

// conn is what must be remembered of a connection to judge what comes.
type conn struct {
	opening        opened
	terms          terms
	masks          masks
	client, server side
}

// New makes a Judge in front of next.
func New(next dissect.Sink) *Judge {
	return &Judge{next: next, conns: make(map[int64]*conn), past: newPast()}
}

// Emit implements dissect.Sink.
func (j *Judge) Emit(e dissect.Event) error {
	switch e := e.(type) {
	case *dissect.Handshake:
		j.pass(e)
		j.handshake(e)
		if e.Upgraded {
			j.opens(e)
		}
	case *dissect.Frame:
		j.pass(e)
		c := j.conn(&e.Meta)
		j.frameAtOpening(c, e)
		j.frame(c, e)
	case *dissect.Message:
		j.pass(e)
		j.message(j.conn(&e.Meta), e)
	case *dissect.Gap:
		j.pass(e)
		j.gap(j.conn(&e.Meta), e)
	case *dissect.Closed:
		c := j.conn(&e.Meta)
		j.closed(c, e)
		j.past.ended(e)
		j.pass(e)
		delete(j.conns, e.Conn.ID)
		j.found = nil
	case *dissect.Anomaly:
		j.count[e.Rule.Rule().Severity]++
		j.pass(e)
	case *dissect.Summary:
		e.Anomalies, e.Pings = j.count, j.pings
		j.pass(e)
	default:
		j.pass(e)
	}
	return j.err
}

// pass hands an event on, with its place among those of the same cause.
func (j *Judge) pass(e dissect.Event) {
	if j.err != nil {
		return
	}
	o := &e.Head().Order
	o.N = 0
	if l := j.last; l.Packet == o.Packet && l.Phase == o.Phase && l.Conn == o.Conn {
		o.N = l.N + 1
	}
	j.last = *o
	j.err = j.next.Emit(e)
}

// violation emits an Anomaly about what m heads, by its sender. The text quotes what was
// seen.
func (j *Judge) violation(id rules.ID, m *dissect.Meta, text string) {
	a := &dissect.Anomaly{Meta: *m, Rule: id, Text: text}
	j.count[id.Rule().Severity]++
	j.pass(a)
}

// against emits an Anomaly about the endpoint that sends in direction dir, which a packet
// shows, on the connection of m.
func (j *Judge) against(dir dissect.Dir, id rules.ID, m *dissect.Meta, shows reassembly.PacketRef, format string, args ...any) {
	about := *m
	about.Packet, about.FirstPacket = shows, shows.Number
	if dir != m.Dir {
		about.Dir, about.Way = dir, m.Way.Reverse()
	}
	j.violation(id, &about, fmt.Sprintf(format, args...))
}

// quote puts what was seen into quotes, not more of it than a sentence can hold.
func quote[T ~string | ~[]byte](s T) string {
	const most = 80
	if len(s) <= most {
		return strconv.Quote(string(s))
	}
	return strconv.Quote(string(s[:most])) + "..."
}

// conn is the state of the connection of an event, made when it is first asked for.
func (j *Judge) conn(m *dissect.Meta) *conn {
	if j.found != nil && j.id == m.Conn.ID {
		return j.found
	}
	c := j.conns[m.Conn.ID]
	if c == nil {
		c = &conn{client: side{blind: true}, server: side{blind: true}}
		if j.past.refused.find(m.Conn.ID) != nil {
			c.opening.refused = [3]bool{true, true, true}
		}
		j.conns[m.Conn.ID] = c
	}
	j.found, j.id = c, m.Conn.ID
	return c
}

// opens begins the state of a connection whose frames follow.
func (j *Judge) opens(e *dissect.Handshake) {
	c := j.conn(&e.Meta)
	c.terms = termsOf(e)
	c.client.blind, c.server.blind = false, false
	c.client.end = e.RequestPacket.Seq + e.RequestPacket.Len
	c.server.end = e.ResponsePacket.Seq + e.ResponsePacket.Len
	if e.AcceptOK == dissect.Wrong {
		// RFC 6455 4.1: "the client MUST _Fail the WebSocket Connection_", which is without
		// a Close, as it is not yet established.
		c.server.fault = &fault{mark: mark{packet: e.ResponsePacket}, rule: rules.RespAcceptWrong, judged: true}
	}
	if e.Key != "" {
		c.masks.opening = hash([]byte(e.Key)) | 1
	}
	if e.Request != nil {
		j.reconnects(e)
	}
}
