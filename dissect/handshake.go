package dissect

import (
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
)

// asksWebSocket reports whether a request is meant as an opening handshake (RFC 6455
// 4.2.1): by its Upgrade header, or where that is wrong by its Sec-WebSocket headers.
func asksWebSocket(h *http1.Head) bool {
	if h.HasProduct("Upgrade", "websocket") {
		return true
	}
	_, key := h.Value("Sec-WebSocket-Key")
	_, version := h.Value("Sec-WebSocket-Version")
	return key || version
}

// agreesWebSocket reports whether a 101 goes on with frames: it says so, or says nothing
// and was asked. Where the capture cut both heads short, frames are what a 101 is for.
func agreesWebSocket(r *request, response *http1.Head) bool {
	if response.HasProduct("Upgrade", "websocket") {
		return true
	}
	if _, accept := response.Value("Sec-WebSocket-Accept"); accept {
		return true
	}
	_, other := response.Value("Upgrade")
	return !other && (r.upgrade || response.Cut && (r.head == nil || r.head.Cut))
}

// emitHandshake tells of the handshake of a request and its response, of which one may
// be missing. The event is a loan until the next one.
func (h *httpLayer) emitHandshake(r *request, response *http1.Head, first int64, at reassembly.PacketRef, upgraded bool) *Handshake {
	e := &h.c.d.scratch.handshake
	*e = Handshake{Request: r.head, Response: response, Upgraded: upgraded}
	if r.head != nil {
		e.request(r.head)
	}
	e.Meta = Meta{Packet: at, FirstPacket: first, Conn: &h.c.Conn, Way: h.client.Reverse(), Dir: ServerToClient}
	if response == nil {
		e.Dropped = h.dropped()
	} else {
		e.ResponsePacket = at
		e.Early = h.early(r)
		e.response(response)
	}
	if r.head != nil {
		e.RequestPacket = r.packet
		if response == nil || r.first.number < first {
			e.FirstPacket = r.first.number
		}
		// The capture may have the response before its request.
		if response == nil || r.packet.Number > at.Number {
			e.Packet, e.Way, e.Dir = r.packet, h.client, ClientToServer
		}
	}
	e.FirstPacket = min(e.FirstPacket, e.Packet.Number) // segments of a head may be captured in any order
	h.c.d.emit(e)
	return e
}

// early is the first packet with bytes that the client sent behind its request although
// it had received nothing since.
func (h *httpLayer) early(r *request) reassembly.PacketRef {
	if r.head == nil || r.head.Cut {
		return reassembly.PacketRef{}
	}
	if body := http1.RequestBody(r.head); !body.Done() {
		return reassembly.PacketRef{}
	}
	for _, it := range h.side[h.client].held.items {
		if it.gap.Len == 0 && it.piece.Packet.Ack == r.packet.Ack {
			return it.piece.Packet
		}
	}
	return reassembly.PacketRef{}
}

// dropped is the packet with which the server ended the connection, not the client, when
// nothing of a response had come.
func (h *httpLayer) dropped() reassembly.PacketRef {
	server := h.client.Reverse()
	if s := &h.side[server]; s.state != inHead || s.head != nil {
		return reassembly.PacketRef{}
	}
	for _, e := range h.c.ended() {
		switch {
		case e.Dir != server && e.Reason != reassembly.PeerReset:
			return reassembly.PacketRef{}
		case e.Dir == server && (e.Reason == reassembly.Fin || e.Reason == reassembly.Reset):
			return e.Packet
		}
	}
	return reassembly.PacketRef{}
}

func (e *Handshake) request(h *http1.Head) {
	e.URI = h.Target
	e.Host, _ = h.Value("Host")
	e.Origin, _ = h.Value("Origin")
	e.Version, _ = h.Value("Sec-WebSocket-Version")
	e.Key, _ = h.Value("Sec-WebSocket-Key")
	if e.Key != "" {
		e.AcceptWant = frame.Accept(e.Key)
	}
	e.SubprotocolsOffered = h.List("Sec-WebSocket-Protocol")
	e.ExtensionsOffered = h.List("Sec-WebSocket-Extensions")
}

func (e *Handshake) response(h *http1.Head) {
	e.Status = h.Status
	e.Accept, _ = h.Value("Sec-WebSocket-Accept")
	e.Subprotocol, _ = h.Value("Sec-WebSocket-Protocol")
	e.Extensions = h.List("Sec-WebSocket-Extensions")
	switch {
	case h.Status != 101 || e.AcceptWant == "" || h.Cut && e.Accept == "":
		e.AcceptOK = Unchecked
	case e.Accept == e.AcceptWant:
		e.AcceptOK = Right
	default:
		e.AcceptOK = Wrong
	}
}

// compression is what the response agreed to, unknown where the capture does not tell.
func (e *Handshake) compression() compression {
	agreed := agreedCompression(e.Extensions)
	if agreed.scheme == noCompression && (e.Response == nil || e.Response.Cut) {
		agreed.scheme = unknownScheme
	}
	return agreed
}
