package conform

import (
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

const (
	// closeWait is how long the sender of a Close has to wait for the answer, at least,
	// before it may give up.
	closeWait = time.Second
	// closeServerLate is how long a server may take to end the TCP connection: "immediately"
	// (RFC 6455 7.1.1).
	closeServerLate = 5 * time.Second
)

// ending is the end of a connection as one endpoint made it.
type ending struct {
	*dissect.Closed
	dir       dissect.Dir
	s, peer   *side
	me, other *dissect.Traffic
}

// closed judges how a connection ended (RFC 6455 7), before its end is passed on, and
// completes what is told of it.
func (j *Judge) closed(c *conn, e *dissect.Closed) {
	client := ending{e, dissect.ClientToServer, &c.client, &c.server, &e.Client, &e.Server}
	server := ending{e, dissect.ServerToClient, &c.server, &c.client, &e.Server, &e.Client}
	for _, n := range [...]*ending{&client, &server} {
		j.leaves(n)
		j.endsTCP(n)
		j.unanswered(e, n.dir, n.peer)
		j.stayed(e, n.dir, n.peer.fault, n.me, n.other)
		if n.s.pings != nil {
			n.me.Pings = n.s.pings.total
			j.pings.Add(&n.me.Pings)
		}
	}
	j.clientFirst(&client)
	j.serverLate(&server)
	e.BrowserCode = browserCode(&server)
}

// own reports whether the sender of a direction ended it.
func own(e reassembly.End) bool {
	return e.Reason == reassembly.Fin || e.Reason == reassembly.Reset
}

// leaves judges what an endpoint left unfinished.
func (j *Judge) leaves(n *ending) {
	l := n.s.loose
	if l == nil {
		return
	}
	if cut := l.cut; cut != nil && own(n.me.End) {
		cut.meta.Order = n.Order
		j.violation(rules.StreamTruncatedFrame, &cut.meta, cut.text)
	}
	if left := l.left; left != nil && (own(n.me.End) || n.me.End.Reason == reassembly.PeerReset) {
		left.meta.Order = n.Order
		j.violation(rules.MsgUnfinished, &left.meta, left.text)
	}
}

// endsTCP judges whether the closing handshake was kept to when an endpoint ended its
// direction, or did not.
func (j *Judge) endsTCP(n *ending) {
	end := n.me.End
	if end.Reason == reassembly.Reset && n.peer.fault == nil {
		// 7.1.1: "An endpoint SHOULD use a method that cleanly closes the TCP connection"
		j.against(n.dir, rules.CloseTCPReset, &n.Meta, end.Packet, "the %s resets the TCP connection", n.name())
	}
	switch {
	case n.me.Lost > 0:
	case n.me.CloseSent:
		if n.hasty() {
			j.against(n.dir, rules.CloseTCPBeforeReply, &n.Meta, end.Packet, "the %s ends the TCP connection %s after its Close in packet %d, without waiting for the reply",
				n.name(), seconds(end.Packet.Time-n.s.close.packet.Time), n.s.close.packet.Number)
		}
	case n.ignores():
		j.against(n.dir, rules.CloseNoReply, &n.Meta, end.Packet, "the %s does not answer the Close in packet %d", n.name(), n.peer.close.packet.Number)
	case own(end) && n.peer.fault == nil && !n.follows() && (n.me.Frames > 0 || !n.Conn.Midstream):
		j.against(n.dir, rules.CloseMissing, &n.Meta, end.Packet, "the %s ends the TCP connection by %s, but has sent no Close", n.name(), how(end.Reason))
	}
}

func (n *ending) name() string { return role(n.dir).String() }

func how(r reassembly.Reason) string {
	if r == reassembly.Reset {
		return "RST"
	}
	return "FIN"
}

// follows reports whether the endpoint ended its direction when it had the end of the
// other one.
func (n *ending) follows() bool {
	peer := n.other.End
	if !own(peer) || peer.Packet.Number > n.me.End.Packet.Number {
		return false
	}
	ack := n.me.End.Packet.Ack
	return peer.Reason == reassembly.Reset || ack == 0 || int32(ack-uint32(peer.Offset)-2) >= 0
}

// hasty reports whether the endpoint, having sent a Close, ended its direction without
// waiting for the answer. Who fails the connection need not wait (7.1.7), nor who has seen
// the end of the other direction.
func (n *ending) hasty() bool {
	end, sent := n.me.End, n.s.close
	if !own(end) || sent == nil || sent.reply || n.follows() || n.other.Lost > 0 ||
		n.peer.fault != nil || fails(sent.code) || sent.before(end.Packet, closeWait) {
		return false
	}
	reply := n.peer.close
	return reply == nil || reply.packet.Number > end.Packet.Number || end.Packet.Ack != 0 && !reply.reached(end.Packet.Ack)
}

// fails reports whether a code says that the connection is failed because of what the
// peer sent.
func fails(code uint16) bool {
	switch code {
	case 1002, 1003, 1007, 1008, 1009, 1010:
		return true
	}
	return false
}

// ignores reports whether the endpoint left a Close without an answer that it could have
// given.
func (n *ending) ignores() bool {
	sent, end := n.peer.close, n.me.End
	if sent == nil {
		return false
	}
	gone := own(n.other.End) && n.other.End.Packet.Number <= end.Packet.Number &&
		!sent.before(n.other.End.Packet, closeReplyLate)
	switch end.Reason {
	case reassembly.Fin, reassembly.Reset:
		return !gone && sent.packet.Number < end.Packet.Number && sent.reached(end.Packet.Ack)
	case reassembly.PeerReset, reassembly.Idle, reassembly.Reused:
		return !gone && sent.before(end.Packet, closeReplyLate)
	}
	return false
}

// clientFirst judges who ended the TCP connection after the closing handshake. 7.1.1: "the
// server [...] SHOULD be the first to close the TCP connection".
func (j *Judge) clientFirst(n *ending) {
	end, reply := n.me.End, n.peer.close
	if end.Reason != reassembly.Fin || n.s.close == nil || reply == nil || n.peer.fault != nil ||
		!reply.reached(end.Packet.Ack) || reply.packet.Number > end.Packet.Number {
		return
	}
	server := n.other.End
	if own(server) && server.Packet.Number <= end.Packet.Number || int32(end.Packet.Ack-uint32(server.Offset)-2) >= 0 {
		return
	}
	j.against(n.dir, rules.CloseClientTCPFirst, &n.Meta, end.Packet, "the client sends its FIN before the server's")
}

// serverLate judges how long the server kept the TCP connection open.
func (j *Judge) serverLate(n *ending) {
	if n.s.close == nil || n.peer.close == nil || n.me.Lost > 0 || n.other.Lost > 0 {
		return
	}
	last := n.s.close
	if n.peer.close.packet.Time > last.packet.Time {
		last = n.peer.close
	}
	end := n.me.End
	if !last.before(end.Packet, closeServerLate) {
		return
	}
	j.against(n.dir, rules.CloseServerTCPLate, &n.Meta, end.Packet, "the server keeps the TCP connection open for %s after both Close frames",
		seconds(end.Packet.Time-last.packet.Time))
}

// browserCode is what a browser as the client reports to its page (RFC 6455 7.1.5).
func browserCode(server *ending) uint16 {
	const none, abnormal = 1005, 1006
	sent := server.s.close
	switch {
	case server.s.fault != nil, sent != nil && sent.bad:
		return abnormal // the browser fails the connection
	case sent != nil && !sent.known:
		return 0
	case sent != nil && sent.code == 0:
		return none
	case sent != nil:
		return sent.code
	case server.me.Lost > 0:
		return 0
	case own(server.me.End), own(server.other.End), server.me.End.Reason == reassembly.Reused:
		return abnormal
	}
	return 0
}
