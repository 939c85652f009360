// Package protobuf explains Protocol Buffers without their schema, by the wire format
// alone: field numbers, wire types, and what the values may be.
package protobuf

import (
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list. Nothing but the user chooses it for a connection; for
// a single message the content does, see Looks.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "protobuf",
		Subprotocol: payload.Is("protobuf", "proto", "x-protobuf"),
		New:         func(*payload.Session) payload.Decoder { return payload.DecoderFunc(decode) },
	}
}

func decode(m *dissect.Message) *dissect.Decoded {
	if m.Opcode != frame.Binary || len(m.Payload) == 0 {
		return nil
	}
	list, err := Parse(m.Payload)
	if err != nil {
		return &dissect.Decoded{Error: err.Error()}
	}
	return explain(list)
}

func explain(list []Field) *dissect.Decoded {
	return &dissect.Decoded{
		Protocol: "protobuf",
		Brief:    brief(list),
		Fields:   dissect.Object{{Name: "fields", Value: values(list)}},
	}
}

// maxNumber bounds the field numbers that a message is taken for one with.
const maxNumber = 4096

// Looks explains a payload that is a protobuf message and hardly anything else: it parses
// to its last byte, has small field numbers, and text somewhere. Nil if it is not.
func Looks(b []byte) *dissect.Decoded {
	if len(b) < 4 || !areFields(b) {
		return nil
	}
	list, err := Parse(b)
	if err != nil || !small(list) || !hasText(list) {
		return nil
	}
	return explain(list)
}

func small(list []Field) bool {
	for i := range list {
		if list[i].Number > maxNumber || !small(list[i].Message) {
			return false
		}
	}
	return true
}

// hasText asks for two characters: of one, too much random data has some.
func hasText(list []Field) bool {
	for i := range list {
		if list[i].Kind == Text && len(list[i].Bytes) > 1 || hasText(list[i].Message) {
			return true
		}
	}
	return false
}
