package phoenix

import (
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Kinds of binary messages of version 2.
const (
	kindPush = iota
	kindReply
	kindBroadcast
)

// binary reads a message that begins with its kind and the lengths of what stands before
// the payload, a byte each:
//
//	push of the client  0, join_ref, ref, topic, event
//	push of the server  0, join_ref, topic, event
//	reply               1, join_ref, ref, topic, status
//	broadcast           2, topic, event
func binary(m *dissect.Message) (e envelope, ok bool) {
	b := m.Payload
	if len(b) == 0 {
		return e, false
	}
	n := 4
	switch {
	case b[0] == kindPush && m.Dir == dissect.ServerToClient:
		n = 3
	case b[0] == kindBroadcast:
		n = 2
	case b[0] > kindBroadcast:
		return e, false
	}
	parts, rest, ok := cut(b[1:], n)
	if !ok {
		return e, false
	}
	e.topic, e.event = parts[n-2], parts[n-1]
	if n > 2 {
		e.joinRef = ref(parts[0])
	}
	if n > 3 {
		e.ref = ref(parts[1])
	}
	if b[0] == kindReply {
		e.event, e.status = reply, e.event
	}
	e.payload = payload.Data(rest)
	return e, true
}

// ref is nil where none was sent.
func ref(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// cut takes n strings, whose lengths come first; ok is false if they are not there, or are
// not UTF-8.
func cut(b []byte, n int) (parts []string, rest []byte, ok bool) {
	if len(b) < n {
		return nil, nil, false
	}
	rest = b[n:]
	for _, size := range b[:n] {
		if len(rest) < int(size) {
			return nil, nil, false
		}
		s, ok := payload.Text(rest[:size]).(string)
		if !ok {
			return nil, nil, false
		}
		parts, rest = append(parts, s), rest[size:]
	}
	return parts, rest, true
}
