package dissect

import (
	"bytes"
	"fmt"
	"time"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

// What a response may come late by, more than reassembly waits for lost bytes.
const (
	latePackets = 40
	lateTime    = 10 * time.Second
)

// awaitsAnswer reports whether the next that the server sends should answer an upgrade.
func (h *httpLayer) awaitsAnswer() bool {
	return len(h.wait) > 0 && h.wait[0].upgrade && h.side[h.client].state == inHold
}

// searches reports whether frames are searched in a direction: where the answer to an
// upgrade should be, or behind the hole that it is in.
func (h *httpLayer) searches(way reassembly.Dir) bool {
	s := &h.side[way]
	switch {
	case way == h.client || !h.awaitsAnswer():
		s.search = nil
	case s.search == nil:
		s.search = newSearch(frame.Server, frame.RSV1, h.c.d.opts.Limits.Held)
	}
	return s.search != nil
}

// seekFrames goes on with frames of the server, if some are found by the time of a packet.
// final says that nothing more will come.
func (h *httpLayer) seekFrames(s *httpSide, packet reassembly.PacketRef, final bool) {
	at, ok := s.search.find(final)
	if !ok {
		return
	}
	h.passAnswered()
	switch {
	case h.c.layer != h:
	case h.awaitsAnswer():
		r := h.wait[0]
		h.upgrade(&r, nil, 0, r.packet)
	default:
		h.c.infer(h.client, h.client.Reverse(), at, s.search.evidence, packet)
		h.handOver()
	}
}

// framesAnyway goes on with frames where an endpoint sends them although the handshake was
// refused, and reports whether it did.
func (h *httpLayer) framesAnyway(p reassembly.Piece) bool {
	role := frame.Server
	if p.Dir == h.client {
		role = frame.Client
	}
	if h.side[p.Dir].head != nil || !looksLikeFrames(role, 0, heldItem{piece: p}) {
		return false
	}
	w := newWebSocket(h.c, h.client, compression{})
	w.lose(w.half(p.Dir.Reverse()))
	h.c.next(w)
	replay(h.side[p.Dir.Reverse()].held.take(), h.c)
	h.c.repeatEnds()
	h.c.Data(p)
	return true
}

// passAnswered gives up the answer to an upgrade behind which the client sent another
// request: the capture has lost it, and it was no 101.
func (h *httpLayer) passAnswered() {
	client := &h.side[h.client]
	for h.awaitsAnswer() && client.held.begins(http1.ProbeRequest) {
		r := h.wait[0]
		h.wait = h.wait[1:]
		h.emitHandshake(&r, nil, 0, r.packet, false)
		client.state = inHead
		h.reread(client)
	}
}

// startsAmiss reports whether the next head of a direction is missing: what comes is
// none, and its connection is on the way to frames.
func (h *httpLayer) startsAmiss(s *httpSide, p reassembly.Piece) bool {
	if s.head != nil {
		return false
	}
	if p.Dir != h.client { // a server that is early with a frame still answers behind it
		return h.awaitsAnswer() && http1.ProbeResponse(p.Data) == http1.No && !bytes.Contains(p.Data, []byte("HTTP/1."))
	}
	return h.side[p.Dir.Reverse()].state == inHold && http1.ProbeRequest(p.Data) == http1.No
}

// requestLost goes on without a request that the capture does not have: its response need
// not wait for it.
func (h *httpLayer) requestLost() {
	h.orphan = true
	h.release(&h.side[h.client.Reverse()])
}

// mayHaveAskedMore reports whether what the client sent behind the request for an upgrade
// may begin with another: an answer between them is missing.
func (h *httpLayer) mayHaveAskedMore(response *http1.Head) bool {
	answered := response != nil && !h.orphan && !h.side[h.client.Reverse()].amiss
	return !answered && !looksLikeFrames(frame.Client, frame.RSV1, h.side[h.client].held.items...)
}

// mayBeContent reports whether a 101 may be part of a body: its head is missing, or was taken
// for the answer to another request. That the 101 has the Accept of its request tells that it
// is a response.
func (h *httpLayer) mayBeContent(hs *Handshake) bool {
	return hs.Response != nil && h.side[h.client.Reverse()].found && hs.AcceptOK != Right
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
// not have: nothing of the server was seen, and packets or time enough for it to come late.
func (h *httpLayer) answerUnseen(s *httpSide, p reassembly.Piece) bool {
	server := &h.side[h.client.Reverse()]
	if server.head != nil || server.state != inHead || len(h.wait) != 1 {
		return false
	}
	asked := &h.wait[0].packet
	if len(s.held.items) < latePackets && p.Packet.Time-asked.Time < int64(lateTime) {
		return false
	}
	return p.Packet.Ack > 1 && p.Packet.Ack != asked.Ack
}

// giveUpWaiting decides without the response: frames, if what the client sent looks so.
func (h *httpLayer) giveUpWaiting(client *httpSide) {
	h.passAnswered()
	if !h.awaitsAnswer() || !looksLikeFrames(frame.Client, frame.RSV1, client.held.items...) {
		h.lose(client)
		client.held.take()
		return
	}
	r := h.wait[0]
	h.upgrade(&r, nil, 0, r.packet)
}

// answerLost: the capture has a hole where the response to the oldest request would be, or
// that to several.
func (h *httpLayer) answerLost() {
	client := &h.side[h.client]
	if client.state != inHold || len(h.wait) == 0 {
		return
	}
	h.wait = h.wait[len(h.wait)-1:] // the client waits for that
	switch r := &h.wait[0]; {
	case r.method == "CONNECT":
		h.tunnel(client)
	case r.upgrade && looksLikeFrames(frame.Client, frame.RSV1, client.held.items...):
		h.giveUpWaiting(client)
	}
}

// passLost gives up responses that are missing before the one that begins at a sequence
// number of the server: the client had them when it sent the next request. What the server
// acknowledges with it may be a request that is missing, too; that it has no body, as an
// answer to HEAD, is not to be taken for sure then.
func (h *httpLayer) passLost(seq, ack uint32) {
	if !h.side[h.client.Reverse()].amiss {
		return
	}
	for len(h.wait) > 1 {
		had := h.wait[1].first.ack
		if int32(had-h.wait[0].first.ack) <= 0 || int32(seq-had) < 0 {
			return
		}
		h.wait = h.wait[1:]
	}
	if len(h.wait) == 1 && h.wait[0].method == "HEAD" {
		if last := &h.wait[0].packet; int32(ack-(last.Seq+last.Len)) > 0 {
			h.wait = nil
		}
	}
}
