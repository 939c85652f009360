// Package cbor explains CBOR (RFC 8949): the data items in a binary message, in their order.
package cbor

import (
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list. Nothing but the user chooses it for a connection; for
// a single message the content does, see Looks.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "cbor",
		Subprotocol: payload.Is("cbor"),
		New:         func(*payload.Session) payload.Decoder { return payload.DecoderFunc(decode) },
	}
}

func decode(m *dissect.Message) *dissect.Decoded {
	if m.Opcode != frame.Binary || len(m.Payload) == 0 {
		return nil
	}
	var items []any
	for rest := m.Payload; len(rest) > 0; {
		v, more, err := Parse(rest)
		if err != nil {
			return &dissect.Decoded{Error: err.Error()}
		}
		if items = append(items, v); len(items) > maxItems {
			return &dissect.Decoded{Error: ErrLimit.Error()}
		}
		rest = more
	}
	return explain(items)
}

func explain(items []any) *dissect.Decoded {
	d := &dissect.Decoded{Protocol: "cbor", Fields: dissect.Object{{Name: "values", Value: items}}}
	if len(items) == 1 {
		d.Brief, d.Fields = payload.Diagnostic(items[0]), dissect.Object{{Name: "value", Value: items[0]}}
		return d
	}
	for i, v := range items {
		if i > 0 {
			d.Brief += " "
		}
		if d.Brief += payload.Diagnostic(v); len(d.Brief) > 1024 {
			break
		}
	}
	return d
}

// Looks explains a payload that is one map or array of CBOR, or tells by tag 55799 that it
// is CBOR, and hardly anything else: there is text in it. Nil if it is not.
func Looks(b []byte) *dissect.Decoded {
	tagged := len(b) > 3 && string(b[:3]) == "\xD9\xD9\xF7"
	if len(b) < 3 || !tagged && (b[0] < 0x80 || b[0] > 0xBF) {
		return nil
	}
	v, rest, err := Parse(b)
	if err != nil || len(rest) > 0 || !tagged && !payload.HasText(v) {
		return nil
	}
	return explain([]any{v})
}
