// Package msgpack explains MessagePack: the values in a binary message, in their order.
package msgpack

import (
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list. Nothing but the user chooses it for a connection; for
// a single message the content does, see Looks.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "msgpack",
		Subprotocol: payload.Is("msgpack", "messagepack"),
		New:         func(*payload.Session) payload.Decoder { return payload.DecoderFunc(decode) },
	}
}

func decode(m *dissect.Message) *dissect.Decoded {
	if m.Opcode != frame.Binary || len(m.Payload) == 0 {
		return nil
	}
	var values []any
	for rest := m.Payload; len(rest) > 0; {
		v, more, err := Parse(rest)
		if err != nil {
			return &dissect.Decoded{Error: err.Error()}
		}
		if values = append(values, v); len(values) > maxValues {
			return &dissect.Decoded{Error: ErrLimit.Error()}
		}
		rest = more
	}
	return explain(values)
}

func explain(values []any) *dissect.Decoded {
	d := &dissect.Decoded{Protocol: "msgpack", Fields: dissect.Object{{Name: "values", Value: values}}}
	if len(values) == 1 {
		d.Brief, d.Fields = payload.Diagnostic(values[0]), dissect.Object{{Name: "value", Value: values[0]}}
		return d
	}
	for i, v := range values {
		if i > 0 {
			d.Brief += " "
		}
		if d.Brief += payload.Diagnostic(v); len(d.Brief) > 1024 {
			break
		}
	}
	return d
}

// Looks explains a payload that is one map or array of MessagePack and hardly anything
// else: the keys of the map are text, or there is text in the array. Nil if it is not.
func Looks(b []byte) *dissect.Decoded {
	if len(b) < 3 || !container(b[0]) {
		return nil
	}
	v, rest, err := Parse(b)
	if err != nil || len(rest) > 0 || !plausible(v) {
		return nil
	}
	return explain([]any{v})
}

func container(c byte) bool { return 0x80 <= c && c <= 0x9F || 0xDC <= c && c <= 0xDF }

func plausible(v any) bool {
	o, isMap := v.(dissect.Object)
	if !isMap {
		return payload.HasText(v)
	}
	for i := range o {
		name := o[i].Name
		if name == "" || '0' <= name[0] && name[0] <= '9' || name[0] == '-' || !payload.Printable([]byte(name)) {
			return false
		}
	}
	return len(o) > 0
}
