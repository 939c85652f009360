package conform

import (
	"fmt"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/rules"
)

// pings are the Pings of an endpoint that wait for a Pong (RFC 6455 5.5.2, 5.5.3).
//
// Pairs are found by payload, not by position: a Pong without a Ping may come at any time,
// and of several Pings only the last needs an answer.
type pings struct {
	waiting []ping // oldest first, maxWaiting at most
	dropped *ping  // the first for which there was no room though it was due
	stray   *stray // the last Pong that matched none of them
	total   dissect.Pings
}

// ping is a Ping without its Pong.
type ping struct {
	mark
	hash    uint64 // of the payload
	length  uint8
	covered bool // it needs no answer any more, a later one or a hole stands for it
	active  bool // its receiver has sent frames since
	due     bool // its receiver goes on without an answer
}

// stray is a Pong that may be a wrong answer, or may have nothing to do with a Ping.
type stray struct {
	meta   dissect.Meta
	length int
	last   int64 // packet of the last Ping
}

const (
	maxWaiting = 8

	// pongLate is how long a Pong may take: "as soon as is practical" (RFC 6455 5.5.2).
	pongLate = 10 * time.Second
	// pongClose is how long before the peer's Close a Ping has to be, for a receiver that
	// answers the Close to have had time for the Ping.
	pongClose = time.Second
)

// ping notes a Ping of s.
func (s *side) ping(peer *side, e *dissect.Frame) {
	p := s.pings
	if p == nil {
		p = new(pings)
		s.pings = p
	}
	p.total.Sent++
	if !whole(e) || e.Header.Length > 125 {
		p.cover()
		s.blind = true
		return
	}
	if len(p.waiting) == maxWaiting {
		if old := p.waiting[0]; !old.covered {
			if old.due && p.dropped == nil {
				p.dropped = &old
			}
			s.blind = true
		}
		copy(p.waiting, p.waiting[1:])
		p.waiting = p.waiting[:maxWaiting-1]
	}
	if len(p.waiting) == 0 || p.waiting[len(p.waiting)-1].covered {
		p.total.Unanswered = 0
	}
	p.total.Unanswered++
	p.waiting = append(p.waiting, ping{mark: markOf(e), hash: hash(e.Payload), length: uint8(len(e.Payload))})
}

// hash is FNV-1a: the same in every run.
func hash(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

// cover says that no answer can be asked for any more.
func (p *pings) cover() {
	for i := range p.waiting {
		p.waiting[i].covered = true
	}
	p.dropped, p.stray = nil, nil
	p.total.Unanswered = 0
}

// pong judges a Pong of s.
func (j *Judge) pong(s, peer *side, e *dissect.Frame) {
	p := peer.pings
	switch {
	case !whole(e) || e.Header.Length > 125:
		if p != nil {
			p.cover()
		}
	case p == nil:
		if !peer.unseen(e) {
			j.violation(rules.PongUnsolicited, &e.Meta, "Pong, but there was no Ping")
		}
	default:
		if i := p.find(e); i >= 0 {
			j.answered(peer, i, e)
		} else if !peer.unseen(e) {
			j.unmatched(p, e)
		}
	}
}

// unseen reports whether the sender of e may have had Pings of s that have not been seen,
// because they are lost, or late behind a hole that may be filled yet.
func (s *side) unseen(e *dissect.Frame) bool {
	return s.blind || int32(e.Packet.Ack-s.end) > 1 // 1 is the number of a FIN
}

// find is the index of the Ping that a Pong answers, -1 for none: the oldest with the same
// payload that had reached the Pong's sender, those that need an answer first.
func (p *pings) find(e *dissect.Frame) int {
	h := hash(e.Payload)
	found := -1
	for i := range p.waiting {
		w := &p.waiting[i]
		if w.hash != h || int(w.length) != len(e.Payload) || !w.reached(e.Packet.Ack) {
			continue
		}
		if !w.covered {
			return i
		}
		if found < 0 {
			found = i
		}
	}
	return found
}

// answered takes a Pong for the answer to Ping i of a side.
func (j *Judge) answered(pinger *side, i int, e *dissect.Frame) {
	p := pinger.pings
	w := p.waiting[i]
	trip := max(time.Duration(e.Packet.Time-w.packet.Time), 0)
	p.total.Add(&dissect.Pings{Answered: 1, Min: trip, Max: trip, Sum: trip})
	if !w.covered {
		pinger.blind = false
		p.dropped = nil
	}
	// 5.5.3: "it MAY elect to send a Pong frame for only the most recently processed Ping
	// frame", which may be one of several with the same payload.
	unanswered := int64(0)
	for k := range p.waiting {
		o := &p.waiting[k]
		o.covered = o.covered || k < i || o.hash == w.hash && o.length == w.length && o.reached(e.Packet.Ack)
		if k != i && !o.covered {
			unanswered++
		}
	}
	p.total.Unanswered = unanswered
	p.waiting = append(p.waiting[:i], p.waiting[i+1:]...)
	if st := p.stray; st != nil {
		p.stray = nil
		if w.packet.Number <= st.last {
			j.againstSender(rules.PongUnsolicited, &e.Meta, st, "Pong of %d bytes that answers no Ping", st.length)
		} else {
			j.mismatch(&e.Meta, st)
		}
	}
	if trip >= pongLate && w.active {
		j.violation(rules.PongLate, &e.Meta, fmt.Sprintf("Pong %s after the Ping in packet %d", seconds(int64(trip)), w.packet.Number))
	}
}

// unmatched judges a Pong with other data than any Ping that waits. It is a wrong answer
// when the right one does not follow.
func (j *Judge) unmatched(p *pings, e *dissect.Frame) {
	last := int64(0)
	for i := range p.waiting {
		if w := &p.waiting[i]; !w.covered && w.reached(e.Packet.Ack) {
			last = w.packet.Number
		}
	}
	if last == 0 {
		j.violation(rules.PongUnsolicited, &e.Meta, "Pong, but no Ping waits for one")
		return
	}
	if p.stray != nil {
		j.mismatch(&e.Meta, p.stray)
		p.settle(p.stray.last)
	}
	p.stray = &stray{e.Meta, len(e.Payload), last}
}

// settle covers the Pings up to that in a packet.
func (p *pings) settle(last int64) {
	for i := range p.waiting {
		if w := &p.waiting[i]; w.packet.Number <= last {
			w.covered = true
		}
	}
}

// mismatch says that a stray was a wrong answer.
func (j *Judge) mismatch(m *dissect.Meta, st *stray) {
	j.againstSender(rules.PongMismatch, m, st, "Pong of %d bytes that are not those of the Ping in packet %d, nor of another that waits", st.length, st.last)
}

// againstSender emits an Anomaly about a stray, at the event of m.
func (j *Judge) againstSender(id rules.ID, m *dissect.Meta, st *stray, format string, args ...any) {
	about := st.meta
	about.Order = m.Order
	j.violation(id, &about, fmt.Sprintf(format, args...))
}

// goesOn notes which Pings of the peer the sender of e had when it sent e.
func (j *Judge) goesOn(s, peer *side, e *dissect.Frame) {
	p := peer.pings
	if p == nil {
		return
	}
	begun, ack := e.Packet.Time, e.Packet.Ack
	if e.FirstPacket != e.Packet.Number { // not before the frame before it had ended
		begun, ack = s.ended, s.acked
	}
	for i := range p.waiting {
		w := &p.waiting[i]
		if w.covered || w.due || !w.reached(ack) {
			continue
		}
		w.active = true
		switch {
		// 5.5.2: "unless it already received a Close frame"
		case peer.close == nil:
			w.due = time.Duration(begun-w.packet.Time) >= pongLate
		case s.close != nil:
			w.due = w.before(peer.close.packet, pongClose) && peer.close.packet.Number > w.packet.Number
		}
	}
}

// unanswered judges the Pings that wait when the connection ends; dir is the direction of
// the endpoint that had to answer.
func (j *Judge) unanswered(e *dissect.Closed, dir dissect.Dir, pinger *side) {
	p := pinger.pings
	if p == nil {
		return
	}
	if st := p.stray; st != nil && e.How != dissect.HowCapture {
		j.mismatch(&e.Meta, st)
		p.settle(st.last)
	}
	first := p.dropped
	for i := range p.waiting {
		if w := &p.waiting[i]; first == nil && w.due && !w.covered {
			first = w
		}
	}
	if first == nil {
		return
	}
	j.against(dir, rules.PingUnanswered, &e.Meta, first.packet, "Ping of %d bytes is never answered, nor is a later one; its receiver goes on", first.length)
}
