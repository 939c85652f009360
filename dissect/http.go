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
	state  httpState
	parser http1.Parser
	begun  bool // the parser has bytes of a head
	first  int64
	body   http1.Body
	held   backlog
	search *search // of the server's frames, where its answer is missing
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
	first   int64
	packet  reassembly.PacketRef
}

const (
	maxWait      = 256 // requests that wait for a response
	maxHeldItems = 64  // pieces that a response waits for its request
)

func newHTTP(c *conn, client reassembly.Dir) *httpLayer {
	c.http = true
	h := &httpLayer{c: c, client: client}
	for i := range h.side {
		h.side[i].parser = http1.Parser{Kind: http1.Response, Limit: c.d.opts.Limits.Head}
	}
	h.side[client].parser.Kind = http1.Request
	return h
}

func (h *httpLayer) Data(p reassembly.Piece) {
	s := &h.side[p.Dir]
	for len(p.Data) > 0 && h.c.layer == h {
		switch s.state {
		case inHead:
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
			n, done := s.body.Skip(p.Data)
			p = cut(p, n)
			if done {
				s.state = inHead
			}
		case inHold:
			h.hold(s, p)
			return
		case inLost:
			if !h.beginsHead(p) {
				if p.Dir != h.client && h.awaitsAnswer() {
					h.seekFrames(s, p)
				}
				return
			}
			s.state, s.search = inHead, nil
		}
	}
	if len(p.Data) > 0 {
		h.c.Data(p) // the layer that took over
	}
}

// inHead feeds a head and gives the rest of the piece.
func (h *httpLayer) inHead(s *httpSide, p reassembly.Piece) reassembly.Piece {
	if !s.begun {
		if p.Dir != h.client && len(h.wait) == 0 && !h.orphan {
			s.state = inHold
			return p
		}
		s.begun, s.first = true, p.Packet.Number
	}
	n, state := s.parser.Feed(p.Data)
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
	m := Meta{Packet: p.Packet, FirstPacket: p.Packet.Number, Conn: h.c.Conn, Way: p.Dir, Dir: ServerToClient}
	if p.Dir == h.client {
		m.Dir = ClientToServer
	}
	h.c.anomaly(id, m, text)
}

// headDone takes a head that the parser has whole; p is what follows it.
func (h *httpLayer) headDone(s *httpSide, p reassembly.Piece) {
	head := s.parser.Head()
	s.parser.Reset()
	s.begun = false
	if p.Dir == h.client {
		h.request(s, head, p)
	} else {
		h.response(s, head, p)
	}
}

// beginsHead reports whether the piece starts like a message of its direction.
func (h *httpLayer) beginsHead(p reassembly.Piece) bool {
	if p.Dir == h.client {
		return http1.ProbeRequest(p.Data) == http1.Yes
	}
	return http1.ProbeResponse(p.Data) == http1.Yes
}

func (h *httpLayer) lose(s *httpSide) {
	s.parser.Reset()
	s.begun, s.state = false, inLost
}

func (h *httpLayer) request(s *httpSide, head *http1.Head, p reassembly.Piece) {
	if len(h.wait) == maxWait {
		h.c.ignore()
		return
	}
	r := request{method: head.Method, upgrade: asksWebSocket(head), first: s.first, packet: p.Packet}
	s.body = http1.RequestBody(head)
	switch {
	case r.upgrade, head.Cut, head.Method == "CONNECT":
		r.head = head
		s.state = inHold
	default:
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

// release replays what a direction has held.
func (h *httpLayer) release(s *httpSide) {
	if s.state == inHold {
		s.state = inHead
		replay(s.held.take(), h.c)
	}
}

func (h *httpLayer) response(s *httpSide, head *http1.Head, p reassembly.Piece) {
	if head.Status >= 100 && head.Status < 200 && head.Status != 101 {
		return
	}
	r := h.answered(head)
	client := &h.side[h.client]
	if head.Status == 101 {
		if agreesWebSocket(&r, head) {
			h.upgrade(&r, head, s.first, p.Packet)
		} else {
			h.c.ignore()
		}
		return
	}
	if r.upgrade {
		h.refused = true
		h.emitHandshake(&r, head, s.first, p.Packet, false)
	}
	if r.method == "CONNECT" && head.Status/100 == 2 {
		h.tunnel(client)
		return
	}
	s.body = http1.ResponseBody(r.method, head)
	s.next()
	if head.Cut {
		s.state = inLost
	}
	if r.head != nil {
		client.body = http1.RequestBody(r.head)
		held := client.held.take()
		if client.next(); r.head.Cut {
			client.state = inLost
		}
		replay(held, h.c)
	}
}

// answered takes the request of a final response: the oldest, but a 101 answers the one
// that asked for an upgrade, also where a server sends it before what it still owes.
func (h *httpLayer) answered(head *http1.Head) request {
	if len(h.wait) == 0 {
		return request{}
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
	if r.head == nil || r.head.Cut {
		w.lose(w.half(h.client))
	}
	h.c.next(w)
	replay(h.side[h.client].held.take(), h.c)
	for _, e := range h.c.ends {
		w.End(e)
	}
}

// framesAnyway goes on with frames where an endpoint sends them although the handshake was
// refused, and reports whether it did.
func (h *httpLayer) framesAnyway(p reassembly.Piece) bool {
	role := frame.Server
	if p.Dir == h.client {
		role = frame.Client
	}
	if h.side[p.Dir].begun || !looksLikeFrames(role, 0, heldItem{piece: p}) {
		return false
	}
	h.c.next(newWebSocket(h.c, h.client, compression{}))
	replay(h.side[p.Dir.Reverse()].held.take(), h.c)
	for _, e := range h.c.ends {
		h.c.layer.End(e)
	}
	h.c.Data(p)
	return true
}

// tunnel looks into what CONNECT opened (RFC 9110 9.3.6).
func (h *httpLayer) tunnel(client *httpSide) {
	held := client.held.take()
	h.c.next(newDetector(h.c))
	replay(held, h.c)
}

// hold keeps a piece for later, and stops waiting at a limit.
func (h *httpLayer) hold(s *httpSide, p reassembly.Piece) {
	s.held.add(p)
	full := s.held.bytes > h.c.d.opts.Limits.Held
	if full {
		h.remark(rules.LimitHeldBytes, p, fmt.Sprintf("%d bytes held, and no handshake seen yet", s.held.bytes))
	}
	if p.Dir != h.client {
		if full || len(s.held.items) > maxHeldItems {
			h.orphan = true
			h.release(s)
		}
		return
	}
	if full || h.answerUnseen(s, p) {
		h.giveUpWaiting(s)
	}
}

// answerUnseen reports that the client has acknowledged an answer that the capture does
// not have: nothing of the server was seen, and packets enough for it to come late.
func (h *httpLayer) answerUnseen(s *httpSide, p reassembly.Piece) bool {
	const late = 8
	server := &h.side[h.client.Reverse()]
	return len(s.held.items) >= late && !server.begun && server.state == inHead &&
		len(h.wait) == 1 && p.Packet.Ack > 1 && p.Packet.Ack != h.wait[0].packet.Ack
}

// giveUpWaiting decides without the response: frames, if what the client sent looks so.
func (h *httpLayer) giveUpWaiting(client *httpSide) {
	if len(h.wait) == 0 || !h.wait[0].upgrade || !looksLikeFrames(frame.Client, frame.RSV1, client.held.items...) {
		h.lose(client)
		client.held.take()
		return
	}
	r := h.wait[0]
	h.upgrade(&r, nil, 0, r.packet)
}

func (h *httpLayer) Gap(g reassembly.Gap) {
	if h.c.layer != h {
		h.c.Gap(g)
		return
	}
	s := &h.side[g.Dir]
	switch s.state {
	case inHold:
		s.held.addGap(g)
		return
	case inBody:
		if !s.body.Gap(g.Len) {
			s.state = inLost
		} else if s.body.Done() {
			s.state = inHead
		}
		return
	}
	if head := s.parser.Partial(); head != nil && s.begun {
		s.parser.Reset()
		s.begun = false
		p := reassembly.Piece{Dir: g.Dir, Offset: g.Offset, Packet: g.Packet}
		if g.Dir == h.client {
			h.request(s, head, p)
		} else {
			h.response(s, head, p)
		}
		if h.c.layer != h {
			h.c.Gap(g)
		} else if s.state == inHold {
			s.held.addGap(g)
		}
		return
	}
	if s.search != nil {
		s.search.addGap(g)
	}
	h.lose(s)
	if g.Dir != h.client && len(h.wait) > 0 {
		h.answerLost()
	} else if g.Dir == h.client {
		if h.requestLost(); h.c.layer != h {
			h.c.Gap(g)
		}
	}
}

// answerLost: the capture has a hole where the response to the oldest request would be.
func (h *httpLayer) answerLost() {
	if client := &h.side[h.client]; client.state == inHold {
		if looksLikeFrames(frame.Client, frame.RSV1, client.held.items...) {
			h.giveUpWaiting(client)
		}
		return
	}
	h.wait = h.wait[1:]
}

func (h *httpLayer) Note(reassembly.Note) {}

func (h *httpLayer) End(e reassembly.End) {
	if s := &h.side[e.Dir]; e.Dir != h.client {
		h.orphan = true
		h.release(s)
		if h.c.layer == h && s.search != nil && h.awaitsAnswer() {
			h.foundFrames(s, true)
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
