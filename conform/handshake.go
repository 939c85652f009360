package conform

import (
	"fmt"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

// handshake judges an opening handshake (RFC 6455 4).
func (j *Judge) handshake(e *dissect.Handshake) {
	o := opening{j: j, e: e}
	if e.Request != nil && isHixie(e.Request) {
		o.request(rules.LegacyHandshake, "the request is one of draft-hixie-thewebsocketprotocol; it is judged no further")
		return
	}
	if e.Request != nil {
		o.judgeRequest()
		j.past.handshake(&o)
	}
	if e.Response != nil {
		o.judgeResponse()
	}
	o.judgeRefusal()
	switch {
	case e.Upgraded:
		c := j.conn(&e.Meta)
		c.opening = opened{ack: e.RequestPacket.Ack, early: e.Early.Number != 0}
	case e.Response != nil:
		j.past.refused.keep(e.Conn.ID)
	}
}

// opening is the judgement of one opening handshake.
type opening struct {
	j *Judge
	e *dissect.Handshake

	// invalid is the first broken rule because of which the server had to refuse:
	// "including but not limited to any violations of the ABNF grammar specified for the
	// components of the handshake, the server MUST stop processing the client's handshake
	// and return an HTTP response with an appropriate error code" (RFC 6455 4.2.1).
	invalid rules.ID

	offered []extension // by the request
}

// request is a violation by the client that the request shows.
func (o *opening) request(id rules.ID, format string, args ...any) {
	o.client(o.e.RequestPacket, id, format, args...)
}

// refusable is a violation that the request shows, because of which the server must
// refuse it.
func (o *opening) refusable(id rules.ID, format string, args ...any) {
	if o.invalid == 0 {
		o.invalid = id
	}
	o.request(id, format, args...)
}

func (o *opening) client(shows reassembly.PacketRef, id rules.ID, format string, args ...any) {
	m := o.about(dissect.ClientToServer, shows)
	if shows.Number == o.e.RequestPacket.Number {
		m.FirstPacket = o.e.FirstPacket
	}
	o.j.violation(id, &m, fmt.Sprintf(format, args...))
}

// response is a violation by the server that the response shows.
func (o *opening) response(id rules.ID, format string, args ...any) {
	m := o.about(dissect.ServerToClient, o.e.ResponsePacket)
	o.j.violation(id, &m, fmt.Sprintf(format, args...))
}

// about heads an anomaly of the endpoint that sends in direction dir.
func (o *opening) about(dir dissect.Dir, shows reassembly.PacketRef) dissect.Meta {
	m := o.e.Meta
	m.Packet, m.FirstPacket = shows, shows.Number
	if dir != m.Dir {
		m.Dir, m.Way = dir, m.Way.Reverse()
	}
	return m
}

// values are those of all header lines of a name.
type values []string

// values are valid until the next call.
func (o *opening) values(h *http1.Head, name string) values {
	o.j.values = h.AppendValues(o.j.values[:0], name)
	return o.j.values
}

// only is the value where there is one header line.
func (v values) only() (string, bool) {
	if len(v) != 1 {
		return "", false
	}
	return v[0], true
}

// lacks reports that a head has no header line of a name, as far as the capture tells.
func lacks(h *http1.Head, v values) bool { return len(v) == 0 && !h.Cut }

// malformed lists what makes a head no valid HTTP message. Line folding is left out: it
// was allowed by the HTTP of RFC 6455's time.
func malformed(h *http1.Head, violation func(text string)) {
	for _, d := range h.Defects {
		switch d.Kind {
		case http1.NoVersion:
			violation("the start line " + quote(d.Text) + " has no HTTP version")
		case http1.BadStartLine:
			violation("the start line " + quote(d.Text) + " has not three parts with a space between each")
		case http1.NoColon:
			violation("the header line " + quote(d.Text) + " has no colon")
		case http1.BlankBeforeColon:
			violation("the header line " + quote(d.Text) + " has a blank before the colon")
		case http1.BadFieldName:
			violation("the header line " + quote(d.Text) + " has a name that is no token")
		case http1.NULInValue:
			violation("the header line " + quote(d.Text) + " has a control character in its value")
		}
	}
}

// below11 reports whether an HTTP version is valid and below 1.1.
func below11(version string) bool {
	return len(version) == len("HTTP/1.1") && version < "HTTP/1.1"
}
