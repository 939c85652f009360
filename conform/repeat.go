package conform

import (
	"slices"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/rules"
)

// span is the packets in which a handshake was outstanding.
type span struct{ conn, from, to int64 }

func spanOf(e *dissect.Handshake) span {
	s := span{e.Conn.ID, e.RequestPacket.Number, e.ResponsePacket.Number}
	if e.Response == nil {
		s.to = e.Order.Packet
	}
	return s
}

func (s span) overlaps(other span) bool { return s.from <= other.to && other.from <= s.to }

// dialog is the handshake of a client with a server that was outstanding last.
type dialog struct {
	last          span
	agent, origin string // what the client said of itself
}

// handshake judges a handshake by those before it.
func (p *past) handshake(o *opening) {
	e := o.e
	p.nonce(o)
	if e.Response == nil && e.Dropped.Number == 0 || isForwarded(e.Request) {
		return
	}
	d, _ := p.dialogs.keep(routeOf(&e.Meta))
	d.connecting(o)
}

// nonce looks for another handshake with the same one: "The nonce MUST be selected
// randomly for each connection" (RFC 6455 4.1 req 7). Handshakes that are outstanding at
// the same time may be one, seen on both sides of a proxy.
func (p *past) nonce(o *opening) {
	var room keyRoom
	nonce, err := decodeKey(room[:0], o.e.Key)
	if err != nil || len(nonce) != nonceSize {
		return
	}
	now := spanOf(o.e)
	use, known := p.nonces.keep([nonceSize]byte(nonce))
	if known && use.conn != now.conn && !use.overlaps(now) {
		o.request(rules.ReqKeyReused, "Sec-WebSocket-Key is %s, as in packet %d", quote(o.e.Key), use.from)
	}
	if now.to >= use.to {
		*use = now
	}
}

// connecting looks for another handshake of the same client: "If the client already has a
// WebSocket connection to the remote host ... the client MUST wait until that connection
// has been established or for that connection to have failed" (RFC 6455 4.1 step 2).
// Clients that share an address are told apart by what they say of themselves.
func (d *dialog) connecting(o *opening) {
	now := spanOf(o.e)
	agent, _ := o.e.Request.Value("User-Agent")
	same := d.agent == agent && d.origin == o.e.Origin
	if was := d.last; was.conn != 0 && was.conn != now.conn && was.overlaps(now) && same {
		o.request(rules.ClientParallelConnecting, "the handshake of packet %d is still without a response in packet %d", min(was.from, now.from), max(was.from, now.from))
	}
	if now.to < d.last.to {
		return
	}
	if d.last = now; !same {
		d.agent, d.origin = strings.Clone(agent), strings.Clone(o.e.Origin)
	}
}

// isForwarded reports whether a request comes through a proxy, behind which many clients
// may be.
func isForwarded(h *http1.Head) bool {
	return slices.ContainsFunc(h.Fields, func(f http1.Field) bool {
		name := strings.ToLower(f.Name)
		return name == "forwarded" || name == "via" || name == "x-real-ip" || strings.HasPrefix(name, "x-forwarded-")
	})
}
