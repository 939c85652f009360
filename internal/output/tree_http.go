package output

import (
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/http1"
)

// handshake prints request and response, each under its own packet.
func (t *tree) handshake(h *dissect.Handshake) {
	toServer := h.Way
	if h.Dir == dissect.ServerToClient || h.Dir == dissect.Unknown && h.Response != nil {
		toServer = toServer.Reverse()
	}
	request := func() {
		if h.Request == nil {
			return
		}
		t.packetOf(&h.Meta, h.RequestPacket, toServer, dissect.ClientToServer)
		t.head(h.Request)
		t.aboutRequest(h)
	}
	response := func() {
		if h.Response == nil {
			return
		}
		t.packetOf(&h.Meta, h.ResponsePacket, toServer.Reverse(), dissect.ServerToClient)
		t.head(h.Response)
		t.aboutResponse(h)
	}
	if h.Response != nil && h.ResponsePacket.Number < h.RequestPacket.Number {
		response()
		request()
		return
	}
	request()
	response()
}

// head prints the head of an HTTP message as it was sent.
func (t *tree) head(h *http1.Head) {
	t.b = append(t.b, "Hypertext Transfer Protocol\n    "...)
	t.b = appendEscaped(t.b, h.Line)
	t.b = append(t.b, `\r\n`+"\n"...)
	if t.o.Verbose > 0 {
		t.startLine(h)
	}
	for i := range h.Fields {
		t.b = append(t.b, "    "...)
		t.b = appendEscaped(t.b, h.Fields[i].Name)
		t.b = append(t.b, ": "...)
		t.b = appendEscaped(t.b, h.Fields[i].Value)
		t.b = append(t.b, `\r\n`+"\n"...)
		t.spill()
	}
	if h.Cut {
		t.b = append(t.b, "    "...)
		t.b = painted(t.b, t.pal.warn, "[Incomplete: the rest of the head was not captured]")
		t.b = append(t.b, '\n')
		return
	}
	t.b = append(t.b, `    \r\n`+"\n"...)
}

// startLine prints the parts of the start line.
func (t *tree) startLine(h *http1.Head) {
	if h.Request {
		t.value("        Request Method: ", h.Method, "")
		t.value("        Request URI: ", h.Target, "")
		t.value("        Request Version: ", h.Version, "")
		return
	}
	t.value("        Response Version: ", h.Version, "")
	t.b = append(t.b, "        Status Code: "...)
	t.b = strconv.AppendInt(t.b, int64(h.Status), 10)
	t.b = append(t.b, '\n')
	t.value("        Response Phrase: ", h.Phrase, "")
}

// aboutRequest prints what the request asks for.
func (t *tree) aboutRequest(h *dissect.Handshake) {
	t.requestURI("    [Full request URI: ", h)
	if h.URI != "" {
		t.value("    [WebSocket URI: ", h.URI, "]")
	}
	t.list("    [Subprotocols offered: ", h.SubprotocolsOffered)
	t.list("    [Extensions offered: ", h.ExtensionsOffered)
	switch {
	case h.Response == nil:
		t.b = append(t.b, "    "...)
		t.b = painted(t.b, t.pal.warn, "[Response not captured]")
		t.b = append(t.b, '\n')
	case h.ResponsePacket.Number != 0:
		t.b = append(t.b, "    [Response in frame: "...)
		t.b = strconv.AppendInt(t.b, h.ResponsePacket.Number, 10)
		t.b = append(t.b, "]\n"...)
	}
}

// aboutResponse prints what was agreed, and whether the response is right.
func (t *tree) aboutResponse(h *dissect.Handshake) {
	t.accept(h)
	if h.Upgraded {
		t.value("    [Subprotocol: ", orNone(h.Subprotocol), "]")
		t.list("    [Extensions agreed: ", h.Extensions)
		if len(h.Extensions) == 0 {
			t.b = append(t.b, "    [Extensions agreed: none]\n"...)
		}
	} else {
		t.b = append(t.b, "    "...)
		t.b = painted(t.b, t.pal.warn, "[Handshake not accepted]")
		t.b = append(t.b, '\n')
	}
	if h.Request == nil {
		t.b = append(t.b, "    "...)
		t.b = painted(t.b, t.pal.warn, "[Request not captured]")
		t.b = append(t.b, '\n')
		return
	}
	t.seconds("    [Time since request: ", h.ResponsePacket.Time-h.RequestPacket.Time, " seconds]\n")
	t.b = append(t.b, "    [Request in frame: "...)
	t.b = strconv.AppendInt(t.b, h.RequestPacket.Number, 10)
	t.b = append(t.b, "]\n"...)
	t.requestURI("    [Request URI: ", h)
}

// requestURI prints what Wireshark takes for the URI: it does not know of ws.
func (t *tree) requestURI(before string, h *dissect.Handshake) {
	target := h.Request.Target
	switch {
	case strings.HasPrefix(target, "/") && h.Host != "":
		t.b = append(t.b, before...)
		t.b = append(t.b, "http://"...)
		t.b = appendEscaped(t.b, h.Host)
		t.value("", target, "]")
	case strings.Contains(target, "://"):
		t.value(before, target, "]")
	}
}

// accept says whether Sec-WebSocket-Accept is what the key demands (RFC 6455 4.2.2).
func (t *tree) accept(h *dissect.Handshake) {
	switch h.AcceptOK {
	case dissect.Right:
		t.b = append(t.b, "    [Sec-WebSocket-Accept: right]\n"...)
	case dissect.Wrong:
		t.b = append(t.b, "    "...)
		t.b = append(t.b, t.pal.fail.on...)
		t.b = append(t.b, "[Sec-WebSocket-Accept: "...)
		if h.Accept == "" {
			t.b = append(t.b, "missing"...)
		} else {
			t.b = append(t.b, "wrong"...)
		}
		if h.AcceptWant != "" {
			t.b = append(t.b, ", expected "...)
			t.b = appendEscaped(t.b, h.AcceptWant)
		}
		t.b = append(t.b, ']')
		t.b = append(t.b, t.pal.fail.off...)
		t.b = append(t.b, '\n')
	default:
		if h.Accept != "" {
			t.b = append(t.b, "    [Sec-WebSocket-Accept: not checked, for want of the key]\n"...)
		}
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// value prints a line with a string of the traffic.
func (t *tree) value(before, value, after string) {
	t.b = append(t.b, before...)
	t.b = appendEscaped(t.b, value)
	t.b = append(t.b, after...)
	t.b = append(t.b, '\n')
}

// list prints a line with several strings of the traffic, if there are any.
func (t *tree) list(before string, values []string) {
	if len(values) == 0 {
		return
	}
	t.b = append(t.b, before...)
	for i, v := range values {
		if i > 0 {
			t.b = append(t.b, ", "...)
		}
		t.b = appendEscaped(t.b, v)
	}
	t.b = append(t.b, "]\n"...)
}
