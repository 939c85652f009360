package conform

import (
	"slices"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/rules"
)

// judgeResponse judges the server's answer to an opening handshake (RFC 6455 4.1, 4.2.2).
func (o *opening) judgeResponse() {
	h := o.e.Response
	if early, ok := frameBefore(h); ok {
		o.response(rules.FrameBeforeHandshake, "a %s frame of %d bytes stands before the response", early.Opcode, early.Length)
	} else {
		malformed(h, func(text string) { o.response(rules.RespHTTPMalformed, "%s", text) })
	}
	if h.Status != 101 {
		o.refusal(h)
		return
	}
	if below11(h.Version) {
		o.response(rules.RespHTTPVersionLow, "the response is of %s, expected HTTP/1.1 or higher", h.Version)
	}
	o.upgraded(h)
	o.accept(h)
	o.subprotocol(h)
	o.agrees(h.Values("Sec-WebSocket-Extensions"))
	for _, name := range []string{"Content-Length", "Transfer-Encoding"} {
		if v, ok := h.Value(name); ok {
			o.response(rules.Resp101Body, "%s is %s in a 101", name, quote(v))
		}
	}
	if o.invalid != 0 {
		o.response(rules.RespAcceptedInvalidRequest, "101, though the request had to be refused: %s", o.invalid.Code())
	}
}

// frameBefore finds a frame in front of the status line that begins a response.
func frameBefore(h *http1.Head) (frame.Header, bool) {
	at := strings.Index(h.Line, "HTTP/1.")
	if at < 2 {
		return frame.Header{}, false
	}
	f, n, err := frame.ParseHeader([]byte(h.Line[:at]))
	return f, err == nil && uint64(n)+f.Length == uint64(at)
}

// upgraded judges Upgrade and Connection: "if the response contains an |Upgrade| header
// field ... that is not an ASCII case-insensitive match for the value "websocket", the
// client MUST _Fail the WebSocket Connection_" (4.1 resp 2).
func (o *opening) upgraded(h *http1.Head) {
	if upgrade := o.values(h, "Upgrade"); lacks(h, upgrade) {
		o.response(rules.RespUpgradeMissing, "there is no Upgrade header")
	} else if v, one := upgrade.only(); len(upgrade) > 1 || one && !strings.EqualFold(v, "websocket") {
		o.response(rules.RespUpgradeNotWebsocket, "Upgrade is %s, expected \"websocket\"", quote(strings.Join(upgrade, ", ")))
	}
	if connection := o.values(h, "Connection"); lacks(h, connection) {
		o.response(rules.RespConnectionMissing, "there is no Connection header")
	} else if len(connection) > 0 && !h.HasToken("Connection", "Upgrade") {
		o.response(rules.RespConnectionNoUpgrade, "Connection is %s, expected the token \"Upgrade\"", quote(strings.Join(connection, ", ")))
	}
}

// accept judges Sec-WebSocket-Accept (4.1 resp 4, 4.2.2 5.4).
func (o *opening) accept(h *http1.Head) {
	accepts := o.values(h, "Sec-WebSocket-Accept")
	switch {
	case lacks(h, accepts) && o.e.AcceptWant != "":
		o.response(rules.RespAcceptMissing, "there is no Sec-WebSocket-Accept header, expected %s", quote(o.e.AcceptWant))
	case lacks(h, accepts):
		o.response(rules.RespAcceptMissing, "there is no Sec-WebSocket-Accept header")
	case len(accepts) > 1:
		o.response(rules.RespAcceptDuplicate, "there are %d Sec-WebSocket-Accept headers: %s, %s", len(accepts), quote(accepts[0]), quote(accepts[1]))
	}
	for _, accept := range slices.Compact(accepts) {
		if want := o.e.AcceptWant; want != "" && accept != want {
			o.response(rules.RespAcceptWrong, "Sec-WebSocket-Accept is %s, expected %s", quote(accept), quote(want))
		}
	}
}

// subprotocol judges Sec-WebSocket-Protocol: "if this header field indicates the use of a
// subprotocol that was not present in the client's handshake ... the client MUST _Fail the
// WebSocket Connection_" (4.1 resp 6).
func (o *opening) subprotocol(h *http1.Head) {
	chosen := o.values(h, "Sec-WebSocket-Protocol")
	if len(chosen) > 1 {
		o.response(rules.RespSubprotocolDuplicate, "there are %d Sec-WebSocket-Protocol headers: %s, %s", len(chosen), quote(chosen[0]), quote(chosen[1]))
	}
	request := o.e.Request
	for _, name := range chosen {
		switch {
		case !isToken(name):
			o.response(rules.RespSubprotocolInvalid, "Sec-WebSocket-Protocol is %s, expected one token", quote(name))
		case request != nil && !request.Cut && !slices.Contains(o.e.SubprotocolsOffered, name):
			o.response(rules.RespSubprotocolNotOffered, "the subprotocol %s was not offered; offered: %s", quote(name), quote(strings.Join(o.e.SubprotocolsOffered, ", ")))
		}
	}
}

// refusal judges a response other than 101.
func (o *opening) refusal(h *http1.Head) {
	if _, upgrade := h.Value("Upgrade"); h.Status == 426 && !upgrade && !h.Cut {
		o.response(rules.Resp426NoUpgrade, "426 without an Upgrade header")
	}
	if _, listed := h.Value("Sec-WebSocket-Version"); !listed && !h.Cut && o.refusedVersion(h) {
		o.response(rules.RespVersionHeaderMissing, "%d without a Sec-WebSocket-Version header, to a request of version %s", h.Status, quote(o.e.Version))
	}
}

// refusedVersion reports whether the version is why a request was refused: nothing else
// is wrong with it, and the status says no other reason.
func (o *opening) refusedVersion(h *http1.Head) bool {
	if o.e.Request == nil || o.invalid != 0 && o.invalid != rules.ReqVersionNot13 {
		return false
	}
	n, ok := versionNumber(o.e.Version)
	return ok && n != 13 && (h.Status == 426 || h.Status == 400)
}

// judgeRefusal judges a server that ends the connection when it should respond.
func (o *opening) judgeRefusal() {
	if o.e.Dropped.Number == 0 || o.invalid == 0 {
		return
	}
	m := o.about(dissect.ServerToClient, o.e.Dropped)
	o.j.violation(rules.RespMissing, &m, "the connection is ended without a response to a request that had to be refused: "+o.invalid.Code())
}
