package conform

import (
	"net/netip"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

// route is a client's address and a server.
type route struct {
	client netip.Addr
	server netip.AddrPort
}

// attempts are how a client came back to a server each time that it had lost the
// connection (RFC 6455 7.2.3).
type attempts struct {
	open  int           // connections at present
	lost  int64         // when the last one ended abnormally, in capture time; 0 if it did not
	waits [backoff]wait // before the last reconnects, a ring
	n     int           // reconnects in a row
	said  bool
}

type wait = time.Duration

const (
	// backoff is how many reconnects show that their spacing does not grow.
	backoff = 3
	// maxSteady is the longest spacing that counts as "at once": in between, a client that
	// backs off reaches its longest delay, which is constant, too.
	maxSteady = 5 * time.Second
	// jitter is by how much equal spacings may differ.
	jitter = 50 * time.Millisecond
)

func routeOf(m *dissect.Meta) route {
	src, dst := m.Addrs()
	if m.Dir == dissect.ServerToClient {
		src, dst = dst, src
	}
	return route{src.Addr(), dst}
}

// reconnects judges a handshake by how the connections before it ended.
func (j *Judge) reconnects(e *dissect.Handshake) {
	a, _ := j.past.attempts.keep(routeOf(&e.Meta))
	a.open++
	if a.open > 1 || a.lost == 0 {
		a.n, a.lost, a.said = 0, 0, false
		return
	}
	a.waits[a.n%backoff] = max(time.Duration(e.RequestPacket.Time-a.lost), 0)
	a.n++
	a.lost = 0
	least, most := a.waits[0], a.waits[0]
	for _, w := range a.waits {
		least, most = min(least, w), max(most, w)
	}
	if a.n < backoff || a.said || most > maxSteady || most-least > max(jitter, most/10) {
		return
	}
	a.said = true
	// 7.2.3: "Should the first reconnect attempt fail, subsequent reconnect attempts SHOULD be
	// delayed by increasingly longer amounts of time"
	j.against(dissect.ClientToServer, rules.ClientReconnectNoBackoff, &e.Meta, e.RequestPacket,
		"%d connections in a row were lost, and each time the client is back after %s to %s", a.n, seconds(int64(least)), seconds(int64(most)))
}

// ended notes how a connection ended.
func (p *past) ended(e *dissect.Closed) {
	a := p.attempts.find(routeOf(&e.Meta))
	if a == nil || a.open == 0 {
		return
	}
	a.open--
	a.lost = 0
	if server := e.Server.End; lostBy(e) {
		a.lost = server.Packet.Time
	} else {
		a.n, a.said = 0, false
	}
}

// lostBy reports whether the server ended a connection without a Close, and the client did
// not ask for it.
func lostBy(e *dissect.Closed) bool {
	client, server := e.Client.End, e.Server.End
	return own(server) && !e.Server.CloseSent && !e.Client.CloseSent && e.Server.Lost == 0 &&
		(server.Reason == reassembly.Reset || server.Packet.Number < client.Packet.Number)
}
