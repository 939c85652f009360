package display

import (
	"cmp"
	"encoding/hex"
	"net/netip"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
)

// value is what a field has, or is compared with.
type value struct {
	kind   valueKind
	number uint64
	text   string
	prefix netip.Prefix
}

type valueKind uint8

const (
	isNumber valueKind = iota
	isText
	isAddr
)

func number(n uint64) []value { return []value{{kind: isNumber, number: n}} }

func text(s string) []value { return []value{{kind: isText, text: s}} }

func truth(b bool) []value {
	if b {
		return []value{{kind: isNumber, number: 1, text: "true"}}
	}
	return []value{{kind: isNumber, text: "false"}}
}

func addrs(list ...netip.Addr) []value {
	var vs []value
	for _, a := range list {
		vs = append(vs, value{kind: isAddr, prefix: netip.PrefixFrom(a, a.BitLen()), text: a.String()})
	}
	return vs
}

func (v value) isFalse() bool { return v.kind == isNumber && v.text == "false" }

// compare orders two values; ok is false where they are of kinds that do not compare.
func (v value) compare(w value) (n int, ok bool) {
	switch {
	case v.kind == isNumber && w.kind == isNumber:
		return cmp.Compare(v.number, w.number), true
	case v.kind == isAddr && w.kind == isAddr:
		if w.prefix.Contains(v.prefix.Addr()) {
			return 0, true
		}
		return v.prefix.Addr().Compare(w.prefix.Addr()), true
	case v.kind == isText:
		return strings.Compare(v.text, w.text), true
	}
	return 0, false
}

// field gives the values that an event has, none if it does not have the field.
type field func(dissect.Event) []value

// fieldOf is the field of a name, nil if there is none.
func fieldOf(name string) field {
	if f := metaField(name); f != nil {
		return f
	}
	if f := frameField(name); f != nil {
		return f
	}
	return otherField(name)
}

// metaField are the fields of all events.
func metaField(name string) field {
	of := func(f func(m *dissect.Meta) []value) field {
		return func(e dissect.Event) []value {
			if m := e.Head(); m.Conn != nil {
				return f(m)
			}
			return nil
		}
	}
	port := func(src, dst bool) field {
		return of(func(m *dissect.Meta) []value {
			s, d := m.Addrs()
			var vs []value
			if src {
				vs = append(vs, number(uint64(s.Port()))...)
			}
			if dst {
				vs = append(vs, number(uint64(d.Port()))...)
			}
			return vs
		})
	}
	switch name {
	case "type":
		return func(e dissect.Event) []value { return text(typeOf(e)) }
	case "frame.number", "packet":
		return of(func(m *dissect.Meta) []value { return number(uint64(m.Packet.Number)) })
	case "frame.len":
		return of(func(m *dissect.Meta) []value { return number(uint64(m.Packet.Wire)) })
	case "tcp.stream", "conn":
		return of(func(m *dissect.Meta) []value { return number(uint64(m.Conn.ID)) })
	case "dir":
		return of(func(m *dissect.Meta) []value {
			if m.Dir == dissect.Unknown {
				return nil
			}
			return text(m.Dir.String())
		})
	case "ip.src", "ipv6.src", "src":
		return of(func(m *dissect.Meta) []value { s, _ := m.Addrs(); return addrs(s.Addr()) })
	case "ip.dst", "ipv6.dst", "dst":
		return of(func(m *dissect.Meta) []value { _, d := m.Addrs(); return addrs(d.Addr()) })
	case "ip.addr", "ipv6.addr", "addr":
		return of(func(m *dissect.Meta) []value { s, d := m.Addrs(); return addrs(s.Addr(), d.Addr()) })
	case "tcp.srcport":
		return port(true, false)
	case "tcp.dstport":
		return port(false, true)
	case "tcp.port", "port":
		return port(true, true)
	}
	return nil
}

func typeOf(e dissect.Event) string {
	switch e.(type) {
	case *dissect.Handshake:
		return "handshake"
	case *dissect.Body:
		return "body"
	case *dissect.Frame:
		return "frame"
	case *dissect.Message:
		return "message"
	case *dissect.Anomaly:
		return "anomaly"
	case *dissect.Gap:
		return "gap"
	case *dissect.Closed:
		return "close"
	}
	return "summary"
}

// frameField are the fields of frames and messages.
func frameField(name string) field {
	ofFrame := func(f func(e *dissect.Frame) []value) field {
		return func(e dissect.Event) []value {
			if e, ok := e.(*dissect.Frame); ok && e.HeaderOK {
				return f(e)
			}
			return nil
		}
	}
	switch name {
	case "websocket":
		return func(e dissect.Event) []value {
			switch e.(type) {
			case *dissect.Frame, *dissect.Message:
				return truth(true)
			}
			return nil
		}
	case "websocket.fin", "fin":
		return ofFrame(func(e *dissect.Frame) []value { return truth(e.Header.Fin) })
	case "websocket.rsv", "rsv":
		return ofFrame(func(e *dissect.Frame) []value { return number(uint64(e.Header.RSV)) })
	case "websocket.mask", "masked":
		return ofFrame(func(e *dissect.Frame) []value { return truth(e.Header.Masked) })
	case "websocket.masking_key", "masking_key":
		return ofFrame(func(e *dissect.Frame) []value {
			if !e.Header.Masked {
				return nil
			}
			return text(hex.EncodeToString(e.Header.Key[:]))
		})
	case "websocket.opcode", "opcode":
		return func(e dissect.Event) []value {
			if op, ok := opcode(e); ok {
				return number(uint64(op))
			}
			return nil
		}
	case "opcode_name":
		return func(e dissect.Event) []value {
			if op, ok := opcode(e); ok {
				return text(op.String())
			}
			return nil
		}
	case "websocket.payload_length", "length":
		return func(e dissect.Event) []value {
			switch e := e.(type) {
			case *dissect.Frame:
				return number(e.Header.Length)
			case *dissect.Message:
				return number(e.Length)
			case *dissect.Gap:
				return number(uint64(e.Len))
			}
			return nil
		}
	case "websocket.payload.text", "text", "websocket.payload", "data-text-lines":
		return payloadText
	case "websocket.payload.close.status_code", "close_code":
		return ofFrame(func(e *dissect.Frame) []value {
			if e.CloseCode == 0 {
				return nil
			}
			return number(uint64(e.CloseCode))
		})
	case "websocket.payload.close.reason", "close_reason":
		return ofFrame(func(e *dissect.Frame) []value {
			if e.CloseCode == 0 {
				return nil
			}
			return text(string(e.CloseReason))
		})
	}
	return messageField(name)
}

func opcode(e dissect.Event) (frame.Opcode, bool) {
	switch e := e.(type) {
	case *dissect.Frame:
		return e.Header.Opcode, e.HeaderOK
	case *dissect.Message:
		return e.Opcode, true
	}
	return 0, false
}

// payloadText is the text of a message, also of the frame that completes it, or the
// payload of another frame.
func payloadText(e dissect.Event) []value {
	switch e := e.(type) {
	case *dissect.Frame:
		if e.Message != nil {
			return payloadText(e.Message)
		}
		if !e.Compressed {
			return text(string(e.Payload))
		}
	case *dissect.Message:
		return text(string(e.Payload))
	}
	return nil
}

// messageField are the fields that a message has, and the frame that completes it.
func messageField(name string) field {
	of := func(f func(m *dissect.Message) []value) field {
		return func(e dissect.Event) []value {
			switch e := e.(type) {
			case *dissect.Frame:
				if e.Message != nil {
					return f(e.Message)
				}
			case *dissect.Message:
				return f(e)
			}
			return nil
		}
	}
	switch name {
	case "compressed":
		return of(func(m *dissect.Message) []value { return truth(m.Compressed) })
	case "complete":
		return of(func(m *dissect.Message) []value { return truth(m.Complete) })
	case "fragments":
		return of(func(m *dissect.Message) []value { return number(uint64(m.Frames)) })
	case "wire_length":
		return of(func(m *dissect.Message) []value { return number(m.WireLength) })
	case "why":
		return of(func(m *dissect.Message) []value {
			if m.Why == dissect.WhyNone {
				return nil
			}
			return text(m.Why.String())
		})
	case "protocol":
		return of(func(m *dissect.Message) []value {
			if m.Decoded == nil {
				return nil
			}
			return text(m.Decoded.Protocol)
		})
	}
	return nil
}

// otherField are the fields of handshakes, anomalies and ends.
func otherField(name string) field {
	handshake := func(f func(h *dissect.Handshake) []value) field {
		return func(e dissect.Event) []value {
			if h, ok := e.(*dissect.Handshake); ok {
				return f(h)
			}
			return nil
		}
	}
	anomaly := func(f func(a *dissect.Anomaly) []value) field {
		return func(e dissect.Event) []value {
			if a, ok := e.(*dissect.Anomaly); ok {
				return f(a)
			}
			return nil
		}
	}
	switch name {
	case "http.request.uri", "uri":
		return handshake(func(h *dissect.Handshake) []value { return text(h.URI) })
	case "http.host", "host":
		return handshake(func(h *dissect.Handshake) []value { return text(h.Host) })
	case "origin":
		return handshake(func(h *dissect.Handshake) []value { return text(h.Origin) })
	case "http.response.code", "status":
		return handshake(func(h *dissect.Handshake) []value { return number(uint64(h.Status)) })
	case "subprotocol", "http.sec_websocket_protocol":
		return handshake(func(h *dissect.Handshake) []value { return text(h.Subprotocol) })
	case "extensions", "http.sec_websocket_extensions":
		return handshake(func(h *dissect.Handshake) []value { return text(strings.Join(h.Extensions, ", ")) })
	case "code":
		return anomaly(func(a *dissect.Anomaly) []value { return text(a.Rule.Code()) })
	case "severity":
		return anomaly(func(a *dissect.Anomaly) []value { return text(a.Rule.Rule().Severity.String()) })
	case "how":
		return func(e dissect.Event) []value {
			if c, ok := e.(*dissect.Closed); ok {
				return text(c.How.String())
			}
			return nil
		}
	}
	return nil
}
