// Package sip explains SIP over WebSocket (RFC 7118): requests and responses with their
// headers and bodies, responses with the request that they answer, keep-alives.
package sip

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "sip",
		Subprotocol: payload.Is("sip"),
		Content:     func(m *dissect.Message) bool { return looksLike(m.Payload) },
		New:         func(*payload.Session) payload.Decoder { return &decoder{} },
	}
}

// looksLike is sure of a start line behind which stand headers.
func looksLike(b []byte) bool {
	line, _, found := bytes.Cut(b[:min(len(b), 1024)], []byte("\r\n"))
	if !found || !bytes.HasPrefix(line, []byte(version)) && !bytes.HasSuffix(line, []byte(" "+version)) {
		return false
	}
	m, ok := parse(b)
	return ok && m.header("call-id") != ""
}

// decoder pairs the requests and responses of a connection.
type decoder struct{ payload.Requests }

// Decode implements payload.Decoder. "Each SIP message MUST be carried within a single
// WebSocket message" (RFC 7118 5).
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	if len(bytes.Trim(m.Payload, "\r\n")) == 0 { // RFC 5626 4.4.1, RFC 7118 6
		kind := "pong"
		if len(m.Payload) > 2 {
			kind = "ping"
		}
		return &dissect.Decoded{Brief: "keep-alive " + kind, Heartbeat: true, Fields: dissect.Object{{Name: "keep_alive", Value: kind}}}
	}
	s, ok := parse(m.Payload)
	if !ok {
		return &dissect.Decoded{Error: "neither a request nor a response of SIP"}
	}
	if s.status != 0 {
		return d.response(m, &s)
	}
	return d.request(m, &s)
}

func (d *decoder) request(m *dissect.Message, s *sipMessage) *dissect.Decoded {
	fields := dissect.Object{{Name: "type", Value: "request"}, {Name: "method", Value: s.method}, {Name: "uri", Value: text(s.uri)}}
	if s.method != "ACK" { // which no response answers
		d.Sent(s.transaction(m.Dir), s.method, m)
	}
	fields, body := s.common(fields)
	return &dissect.Decoded{
		Brief:  payload.Line(s.method, clean(s.uri), from(s.header("from")), body),
		Fields: fields,
	}
}

func (d *decoder) response(m *dissect.Message, s *sipMessage) *dissect.Decoded {
	fields := dissect.Object{{Name: "type", Value: "response"}, {Name: "status", Value: s.status}, {Name: "reason", Value: text(s.reason)}}
	_, method := s.cseq()
	of := payload.Of(clean(method))
	key := s.transaction(m.Dir.Reverse())
	q, ok := d.Seen(key)
	if s.status >= 200 {
		d.Answered(key)
	}
	fields, body := s.common(fields)
	if ok {
		fields = append(fields, q.Fields(m)...)
	}
	return &dissect.Decoded{
		Brief:  payload.Line(strconv.Itoa(s.status), clean(s.reason), of, body),
		Fields: fields,
	}
}

// transaction names what a response shares with its request (RFC 3261 17.1.3), and who
// asked.
func (s *sipMessage) transaction(asked dissect.Dir) string {
	branch := s.header("via")
	if _, after, found := strings.Cut(branch, "branch="); found {
		branch, _, _ = strings.Cut(after, ";")
		branch, _, _ = strings.Cut(branch, ",")
	}
	number, method := s.cseq()
	return asked.String() + " " + branch + " " + s.header("call-id") + " " + number + " " + method
}

// cseq is "number method" of RFC 3261 20.16.
func (s *sipMessage) cseq() (number, method string) {
	number, method, _ = strings.Cut(s.header("cseq"), " ")
	return number, strings.TrimSpace(method)
}

// common adds what requests and responses have, and gives what stands for the body in a
// line.
func (s *sipMessage) common(o dissect.Object) (dissect.Object, string) {
	for _, name := range [...]string{"from", "to", "call-id", "contact", "user-agent"} {
		if v := s.header(name); v != "" {
			o = append(o, dissect.Field{Name: strings.ReplaceAll(name, "-", "_"), Value: text(v)})
		}
	}
	if number, method := s.cseq(); method != "" {
		if n, err := strconv.ParseUint(number, 10, 32); err == nil {
			o = append(o, dissect.Field{Name: "cseq", Value: int64(n)}, dissect.Field{Name: "cseq_method", Value: text(method)})
		}
	}
	list := make([]any, len(s.headers))
	for i, h := range s.headers {
		list[i] = []any{text(h.name), text(h.value)}
	}
	o = append(o, dissect.Field{Name: "headers", Value: list})
	if len(s.body) == 0 {
		return o, ""
	}
	v := payload.Data(s.body)
	o = append(o, dissect.Field{Name: "body", Value: v})
	kind, _, _ := strings.Cut(s.header("content-type"), ";")
	if kind == "application/sdp" {
		return o, "(SDP)"
	}
	return o, payload.Shown(v)
}

// from is the URI of a From (RFC 3261 20.20) for a line.
func from(s string) string {
	uri, _, _ := strings.Cut(s, ";")
	if _, after, found := strings.Cut(s, "<"); found {
		uri, _, _ = strings.Cut(after, ">")
	}
	if uri == "" {
		return ""
	}
	return "from " + clean(uri)
}

func text(s string) any { return payload.Text([]byte(s)) }

func clean(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
