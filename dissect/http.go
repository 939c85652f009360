package dissect

import (
	"fmt"
	"slices"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

// httpLayer follows HTTP/1 on a connection until an upgrade to WebSocket (RFC 6455 4).
//
// Requests and responses are paired in order. What the client sends behind an upgrade
// request is held until the response tells what it is, and a response without a request
// is held until the request comes later in the capture.
type httpLayer struct {
	c      *conn
	client reassembly.Dir
	side   [2]httpSide // by reassembly.Dir
	wait   []request   // without a final response yet, oldest first
	orphan bool        // responses are taken without their requests

	refused bool // an upgrade was not accepted
}

// httpSide is the state of one direction.
type httpSide struct {
	head     *openHead // in progress, else nil
	body     http1.Body
	gathered *gathering // the body, where it is wanted
	held     backlog
	search   *search // of the server's frames, where its answer is missing
	state    httpState
	amiss    bool // bytes are missing before those that come
	found    bool // heads come of which it is not sure that they are not part of a body
	passes   bool // the last piece was of nothing but a body that nobody looks at
}

type httpState uint8

const (
	inHead httpState = iota
	inBody
	inHold // until the other direction says more
	inLost // where the next head begins is not known
)

// request is a request that waits for its response.
type request struct {
	method  string
	upgrade bool        // to WebSocket
	head    *http1.Head // of an upgrade
	wanted  *http1.Head // of one whose bodies are wanted
	first   beginning
	packet  reassembly.PacketRef
}

// beginning is what pairing looks at of the packet that a request begins in.
type beginning struct {
	number   int64
	seq, ack uint32
}

const (
	maxWait      = 256 // requests that wait for a response
	maxHeldItems = 64  // pieces that a response waits for its request
)

func newHTTP(c *conn, client reassembly.Dir) *httpLayer {
	c.http = true
	return &httpLayer{c: c, client: client}
}

func (h *httpLayer) Data(p reassembly.Piece) {
	s := &h.side[p.Dir]
	s.passes = s.state == inBody && s.gathered == nil
	h.eat(s, p)
	h.overlook(p.Dir)
}

// overlook tells whether the next bytes of a direction matter: not those in the middle of a
// body that nobody looks at. A piece with a part of a head matters as a whole.
func (h *httpLayer) overlook(d reassembly.Dir) {
	s := &h.side[d]
	if h.c.layer == h {
		h.c.d.asm.Overlook(&h.c.Conn, d, s.passes && s.state == inBody)
	}
}

// eat takes a piece of a direction; what is behind an upgrade goes to the layer that took over.
func (h *httpLayer) eat(s *httpSide, p reassembly.Piece) {
	if p.Offset == 0 && int32(p.Packet.Seq) > 1 && p.Dir != h.client && !s.amiss {
		s.amiss, s.found = true, true
		h.answerLost()
	}
	for len(p.Data) > 0 && h.c.layer == h {
		switch s.state {
		case inHead:
			s.passes = false
			if h.refused && h.framesAnyway(p) {
				return
			}
			if h.startsAmiss(s, p) {
				h.lose(s)
				if p.Dir == h.client {
					h.requestLost()
				}
				continue
			}
			p = h.inHead(s, p)
		case inBody:
			n, content, done := s.body.Next(p.Data)
			if s.gathered != nil {
				h.gathers(s, p, content, done)
			}
			p = cut(p, n)
			if done {
				s.state = inHead
			}
		case inHold:
			h.hold(s, p)
			return
		case inLost:
			if !h.beginsHead(p) {
				if h.searches(p.Dir) {
					s.search.add(p)
					h.seekFrames(s, p.Packet, false)
				}
				return
			}
			s.state, s.search, s.found = inHead, nil, true
		}
	}
	if len(p.Data) > 0 {
		h.c.Data(p) // the layer that took over
	}
}

// inHead feeds a head and gives the rest of the piece.
func (h *httpLayer) inHead(s *httpSide, p reassembly.Piece) reassembly.Piece {
	if s.head == nil {
		if p.Dir != h.client && len(h.wait) == 0 && !h.orphan {
			s.state = inHold
			return p
		}
		h.begin(s, p)
	}
	n, state := s.head.parser.Feed(p.Data)
	p = cut(p, n)
	switch state {
	case http1.TooLong:
		h.remark(rules.LimitHeadSize, p, fmt.Sprintf("an HTTP head of more than %d bytes", h.c.d.opts.Limits.Head))
		h.lose(s)
	case http1.Done:
		h.headDone(s, p)
	}
	return p
}

// remark tells of a limit that was reached.
func (h *httpLayer) remark(id rules.ID, p reassembly.Piece, text string) {
	m := Meta{Packet: p.Packet, FirstPacket: p.Packet.Number, Conn: &h.c.Conn, Way: p.Dir, Dir: ServerToClient}
	if p.Dir == h.client {
		m.Dir = ClientToServer
	}
	h.c.anomaly(id, m, text)
}

// headDone takes a head that the parser has whole; p is what follows it.
func (h *httpLayer) headDone(s *httpSide, p reassembly.Piece) {
	head := s.head.parser.Head()
	first := h.over(s)
	if p.Dir == h.client {
		h.request(s, head, first, p)
	} else {
		h.response(s, head, first, p)
	}
}

// request takes a head of the client, which began in packet first.
func (h *httpLayer) request(s *httpSide, head *http1.Head, first reassembly.PacketRef, p reassembly.Piece) {
	if len(h.wait) == maxWait {
		h.c.ignore()
		return
	}
	r := request{method: head.Method, upgrade: asksWebSocket(head), first: beginning{first.Number, first.Seq, first.Ack}, packet: p.Packet}
	s.body = http1.RequestBody(head)
	switch {
	case r.upgrade, head.Cut, head.Method == "CONNECT":
		r.head = head
		s.state = inHold
	default:
		if wants := h.c.d.opts.Bodies; wants != nil && wants(head.Target) {
			r.wanted = head
			s.gather(head, nil, first.Number)
		}
		s.next()
	}
	h.wait = append(h.wait, r)
	h.release(&h.side[h.client.Reverse()])
}

// next goes on to the body, or where there is none to the next head.
func (s *httpSide) next() {
	s.state = inBody
	if s.body.Done() {
		s.state = inHead
	}
}

// release goes on with what a direction has held.
func (h *httpLayer) release(s *httpSide) {
	if s.state == inHold {
		s.state = inHead
		h.reread(s)
	}
}

// reread replays what a direction has held, up to where it is to be held again.
func (h *httpLayer) reread(s *httpSide) {
	held := s.held
	s.held = backlog{}
	for len(held.items) > 0 && (s.state != inHold || h.c.layer != h) {
		replay(held.items[:1], h.c)
		if rest := s.held.take(); len(rest) > 0 {
			held.shorten(rest[0])
			break
		}
		held.dropFirst()
	}
	s.held = held
}

// response takes a head of the server, which began in packet first.
func (h *httpLayer) response(s *httpSide, head *http1.Head, first reassembly.PacketRef, p reassembly.Piece) {
	if head.Status >= 100 && head.Status < 200 && head.Status != 101 {
		return
	}
	if head.Status == 101 {
		h.passAnswered()
	}
	h.passLost(first.Seq, p.Packet.Ack)
	r := h.answered(head, p.Packet.Ack)
	s.found = s.found || r.method == "HEAD" && h.c.Midstream // this may answer another
	client := &h.side[h.client]
	if head.Status == 101 {
		if agreesWebSocket(&r, head) {
			h.upgrade(&r, head, first.Number, p.Packet)
		} else {
			h.c.ignore()
		}
		return
	}
	if r.upgrade {
		h.refused = true
		h.emitHandshake(&r, head, first.Number, p.Packet, false)
	}
	if r.method == "CONNECT" && head.Status/100 == 2 {
		h.tunnel(client)
		return
	}
	s.body = http1.ResponseBody(r.method, head)
	s.gather(r.wanted, head, first.Number)
	s.next()
	if head.Cut {
		s.state = inLost
	}
	if r.head != nil {
		client.body = http1.RequestBody(r.head)
		if client.next(); r.head.Cut {
			client.state = inLost
		}
		h.reread(client)
	}
}

// answered takes the request of a final response: the oldest, but a 101 answers the one
// that asked for an upgrade, also where a server sends it before what it still owes. What
// was sent before the server had the request, as ack tells, answers one that the capture
// does not have.
func (h *httpLayer) answered(head *http1.Head, ack uint32) request {
	if len(h.wait) == 0 || int32(ack) > 1 && int32(ack-h.wait[0].first.seq) <= 0 {
		return request{} // an ack of 1 may be all that was known of the client then
	}
	i := 0
	if head.Status == 101 {
		i = max(0, slices.IndexFunc(h.wait, func(r request) bool { return r.upgrade }))
	}
	r := h.wait[i]
	h.wait = slices.Delete(h.wait, i, i+1)
	return r
}

// upgrade goes on with frames. What the client sent meanwhile are the first of them.
func (h *httpLayer) upgrade(r *request, response *http1.Head, first int64, at reassembly.PacketRef) {
	hs := h.emitHandshake(r, response, first, at, true)
	w := newWebSocket(h.c, h.client, hs.compression())
	if response == nil || response.Cut {
		w.lose(w.half(h.client.Reverse()))
	}
	switch {
	case r.head == nil && response != nil && !response.Cut:
		w.awaitRequest(hs.Accept)
	case r.head == nil || r.head.Cut || h.mayHaveAskedMore(response):
		w.lose(w.half(h.client))
	}
	if h.mayBeContent(hs) {
		w.doubt()
	}
	h.c.next(w)
	h.handOver()
}

// handOver gives the layer that took over what is held for it, and the ends.
func (h *httpLayer) handOver() {
	replay(h.side[h.client].held.take(), h.c)
	if s := h.side[h.client.Reverse()].search; s != nil {
		replay(s.held.take(), h.c)
	}
	h.c.repeatEnds()
}

// tunnel looks into what CONNECT opened (RFC 9110 9.3.6).
func (h *httpLayer) tunnel(client *httpSide) {
	held := client.held.take()
	if h.c.anew() {
		replay(held, h.c)
	}
}

func (h *httpLayer) Gap(g reassembly.Gap) {
	if h.c.layer != h {
		h.c.Gap(g)
		return
	}
	s := &h.side[g.Dir]
	if s.state == inHold {
		s.held.addGap(g)
		return
	}
	if s.state == inBody {
		if s.gathered != nil {
			s.gathered.lost = true
		}
		if !s.body.Gap(g.Len) {
			s.state, s.amiss = inLost, true
			h.gatheredAll(s, false)
		} else if s.body.Done() {
			s.state = inHead
			h.gatheredAll(s, false)
		}
		h.overlook(g.Dir)
		return
	}
	s.amiss = true
	if head := s.partial(); head != nil {
		first := h.over(s)
		p := reassembly.Piece{Dir: g.Dir, Offset: g.Offset, Packet: g.Packet}
		if g.Dir == h.client {
			h.request(s, head, first, p)
		} else {
			if h.response(s, head, first, p); h.c.layer == h {
				h.answerLost() // there may be more of them in the hole
			}
		}
		if h.c.layer != h {
			h.c.Gap(g)
		} else if s.state == inHold {
			s.held.addGap(g)
		}
		return
	}
	if h.lose(s); g.Dir != h.client {
		h.answerLost()
	} else {
		h.requestLost()
	}
	switch {
	case h.c.layer != h:
		h.c.Gap(g)
	case h.searches(g.Dir):
		s.search.addGap(g)
	}
}

func (h *httpLayer) Note(reassembly.Note) {}

func (h *httpLayer) End(e reassembly.End) {
	s := &h.side[e.Dir]
	if s.gathered != nil {
		h.gatheredAll(s, s.body.UntilClose() && e.Reason == reassembly.Fin && !s.gathered.lost)
	}
	if e.Dir != h.client {
		h.orphan = true
		h.release(s)
		if h.c.layer == h && s.search != nil && h.searches(e.Dir) {
			h.seekFrames(s, e.Packet, true)
		}
	}
	if h.c.layer != h {
		h.c.layer.End(e)
	}
}

// finish tells of an upgrade that was never answered.
func (h *httpLayer) finish() {
	client := &h.side[h.client]
	if client.state == inHold && len(h.wait) > 0 && h.wait[0].upgrade {
		if looksLikeFrames(frame.Client, frame.RSV1, client.held.items...) {
			h.giveUpWaiting(client)
			h.c.layer.finish()
			return
		}
	}
	for i := range h.wait {
		if r := &h.wait[i]; r.upgrade {
			h.emitHandshake(r, nil, 0, r.packet, false)
		}
	}
}
