package output

import (
	"strconv"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/dissect"
)

// body prints the body of an HTTP message that belongs to what rides on WebSocket.
func (j *jsonLines) body(e *dissect.Body) {
	j.open("body", &e.Meta)
	if !utf8.ValidString(e.Request.Method) || !utf8.ValidString(e.Request.Target) {
		j.latin1 = true
		j.token("headers_encoding", "latin1")
	}
	j.str("method", e.Request.Method)
	j.str("uri", e.Request.Target)
	j.latin1 = false
	if e.Response != nil {
		j.num("status", int64(e.Response.Status))
	}
	j.unsigned("length", e.Length)
	j.truth("complete", e.Complete)
	j.truth("truncated", e.Truncated)
	if e.Decoded != nil {
		j.decoded(e.Decoded)
	}
	if utf8.Valid(e.Payload) {
		j.text("text", e.Payload)
	} else {
		j.bytes("bytes", e.Payload)
	}
}

// body appends which message it is of, how long it is and what it means.
func (l *list) body(e *dissect.Body) {
	l.b = appendEscaped(l.b, e.Request.Method)
	l.b = append(l.b, ' ')
	l.b = appendEscaped(l.b, e.Request.Target)
	if e.Response != nil {
		l.b = append(l.b, " → "...)
		l.b = strconv.AppendInt(l.b, int64(e.Response.Status), 10)
	}
	l.b = append(l.b, "  "...)
	l.b = appendCount(l.b, e.Length, "byte")
	if !e.Complete {
		l.b = painted(l.b, l.pal.warn, ", incomplete")
	}
	if d := e.Decoded; d != nil {
		l.b = append(l.b, "  "...)
		l.b = appendEscaped(l.b, d.Protocol)
		l.text([]byte(d.Brief), 0)
	}
}

// body prints the head of its message, and what it means.
func (t *tree) body(e *dissect.Body) {
	t.packet(&e.Meta)
	head := e.Request
	if e.Response != nil {
		head = e.Response
	}
	t.head(head)
	if e.Response != nil {
		t.value("    [Request: ", e.Request.Line, "]")
	}
	t.b = append(t.b, "    File Data: "...)
	t.b = appendCount(t.b, e.Length, "byte")
	if !e.Complete {
		t.b = painted(t.b, t.pal.warn, " [incomplete]")
	}
	t.b = append(t.b, '\n')
	if e.Decoded != nil {
		t.decoded(e.Decoded)
	}
}
