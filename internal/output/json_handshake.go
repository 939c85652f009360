package output

import (
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/http1"
)

func (j *jsonLines) handshake(h *dissect.Handshake) {
	j.open("handshake", &h.Meta)
	if !headValid(h.Request) || !headValid(h.Response) || !utf8.ValidString(h.URI) {
		j.latin1 = true
		j.token("headers_encoding", "latin1")
	}
	j.optional("uri", h.URI)
	j.optional("host", h.Host)
	j.optional("origin", h.Origin)
	j.optional("version", h.Version)
	j.optional("key", h.Key)
	j.optional("accept", h.Accept)
	if h.AcceptOK != dissect.Unchecked {
		j.truth("accept_ok", h.AcceptOK == dissect.Right)
	}
	if h.AcceptOK == dissect.Wrong {
		j.optional("accept_expected", h.AcceptWant)
	}
	if h.Request != nil {
		j.strings("subprotocols_offered", h.SubprotocolsOffered)
		j.strings("extensions_offered", h.ExtensionsOffered)
	}
	if h.Response != nil {
		j.optional("subprotocol", h.Subprotocol)
		j.strings("extensions", h.Extensions)
		j.num("status", int64(h.Status))
	}
	j.truth("upgraded", h.Upgraded)
	if h.RequestPacket.Number != 0 {
		j.num("request_packet", h.RequestPacket.Number)
	}
	if h.ResponsePacket.Number != 0 {
		j.num("response_packet", h.ResponsePacket.Number)
	}
	j.head("request", h.Request)
	j.head("response", h.Response)
	j.latin1 = false
}

// headValid reports whether all of a head is UTF-8.
func headValid(h *http1.Head) bool {
	if h == nil {
		return true
	}
	if !utf8.ValidString(h.Line) {
		return false
	}
	for i := range h.Fields {
		if !utf8.ValidString(h.Fields[i].Name) || !utf8.ValidString(h.Fields[i].Value) {
			return false
		}
	}
	return true
}

func (j *jsonLines) head(name string, h *http1.Head) {
	if h == nil {
		return
	}
	j.key(name)
	j.b = append(j.b, `{"line":`...)
	j.quote(h.Line)
	j.b = append(j.b, `,"headers":[`...)
	for i := range h.Fields {
		if i > 0 {
			j.b = append(j.b, ',')
		}
		j.b = append(j.b, '[')
		j.quote(h.Fields[i].Name)
		j.b = append(j.b, ',')
		j.quote(h.Fields[i].Value)
		j.b = append(j.b, ']')
		j.spill()
	}
	j.b = append(j.b, ']')
	if h.Cut {
		j.truth("cut", true)
	}
	j.b = append(j.b, '}')
}
