package protobuf

import (
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/protobuf/schema"
)

// Schema says of which type messages are. A direction without one goes by the wire alone.
type Schema struct {
	Client, Server *schema.Message // of what each of them sends
}

// of is the type of a message, nil if there is none.
func (s *Schema) of(m *dissect.Message) *schema.Message {
	switch {
	case m.Dir == dissect.ServerToClient:
		return s.Server
	case m.Dir == dissect.ClientToServer || s.Client == s.Server:
		return s.Client
	}
	return nil
}

// Protocol is the row for the list, for connections that carry protobuf alone.
func (s *Schema) Protocol() payload.Protocol {
	p := Protocol()
	p.New = func(*payload.Session) payload.Decoder { return payload.DecoderFunc(s.decode) }
	return p
}

func (s *Schema) decode(m *dissect.Message) *dissect.Decoded {
	t := s.of(m)
	if t == nil || m.Opcode != frame.Binary {
		return decode(m)
	}
	d, _ := explainTyped(t, m.Payload)
	return d
}

// Fallback explains messages that no protocol does by their type, if they fit it, and else
// leaves them to next. A message that is protobuf all the same gets an error that says how
// it does not fit.
func (s *Schema) Fallback(next payload.Decoder) payload.Decoder {
	return payload.DecoderFunc(func(m *dissect.Message) *dissect.Decoded {
		t := s.of(m)
		if t == nil || m.Opcode != frame.Binary || len(m.Payload) == 0 {
			return next.Decode(m)
		}
		d, known := explainTyped(t, m.Payload)
		if d.Error == "" && known > 0 {
			d.Protocol = "protobuf"
			return d
		}
		other := next.Decode(m)
		if other != nil && other.Protocol == "protobuf" && other.Error == "" {
			other.Error = d.Error
			if d.Error == "" {
				other.Error = "no field of " + t.Name
			}
		}
		return other
	})
}

// explainTyped explains a message of a type, and counts the fields that the type has.
func explainTyped(m *schema.Message, b []byte) (d *dissect.Decoded, known int) {
	o, t, err := readTyped(m, b)
	d = &dissect.Decoded{
		Brief:  payload.Line(m.Name, payload.Diagnostic(o)),
		Fields: dissect.Object{{Name: "message_type", Value: m.Name}, {Name: "value", Value: o}},
	}
	if t.unknown > 0 {
		d.Fields = append(d.Fields, dissect.Field{Name: "unknown_fields", Value: t.unknown})
	}
	switch {
	case err != nil:
		d.Error = "not a " + m.Name + ": " + err.Error()
	case t.wrong != "":
		d.Error = "not a " + m.Name + ": " + t.wrong
	}
	return d, t.known
}
