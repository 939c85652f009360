// Package schema reads what Protocol Buffers are made of, from .proto files and from
// descriptor sets, as far as decoding needs it: messages, fields, enums and extensions.
package schema

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind is the type of a field, with the numbers of FieldDescriptorProto.Type.
type Kind uint8

// The kinds of descriptor.proto.
const (
	Double Kind = iota + 1
	Float
	Int64
	Uint64
	Int32
	Fixed64
	Fixed32
	Bool
	String
	Group
	Embedded // message
	Bytes
	Uint32
	Enumerated
	Sfixed32
	Sfixed64
	Sint32
	Sint64
)

var kindNames = [...]string{
	Double: "double", Float: "float", Int64: "int64", Uint64: "uint64", Int32: "int32", Fixed64: "fixed64", Fixed32: "fixed32",
	Bool: "bool", String: "string", Group: "group", Embedded: "message", Bytes: "bytes", Uint32: "uint32", Enumerated: "enum",
	Sfixed32: "sfixed32", Sfixed64: "sfixed64", Sint32: "sint32", Sint64: "sint64",
}

func (k Kind) String() string { return kindNames[k] }

// Message is a type of messages.
type Message struct {
	Name   string // in full: "pkg.Outer.Inner"
	Fields map[uint64]*Field
	Entry  bool // of a map: its fields are key and value
}

// Field is a field of a message, or an extension of it.
type Field struct {
	Name     string // of an extension "[pkg.name]", as in the JSON of protobuf
	Number   uint64
	Kind     Kind
	Repeated bool
	Message  *Message // of Embedded and Group
	Enum     *Enum    // of Enumerated
}

// Enum names numbers. Of several names of a number the first stands.
type Enum struct {
	Name   string
	Values map[int32]string
}

// Types are all types of a set of files, by their full names.
type Types struct {
	messages map[string]*Message
	enums    map[string]*Enum
	fields   map[string]bool // that messages have, for none comes twice
}

// ErrType is for a name that no message type has.
var ErrType = errors.New("no such message type")

// Message finds a type by its full name, or by the end of it where only one ends so. The
// error names those that there are.
func (t *Types) Message(name string) (*Message, error) {
	for _, full := range []string{name, strings.TrimPrefix(name, ".")} {
		if m := t.messages[full]; m != nil && !m.Entry {
			return m, nil
		}
	}
	var found []string
	for _, full := range t.Names() {
		if strings.HasSuffix(full, "."+name) {
			found = append(found, full)
		}
	}
	switch len(found) {
	case 1:
		return t.messages[found[0]], nil
	case 0:
		return nil, fmt.Errorf("%w: %q; there are %s", ErrType, name, some(t.Names()))
	}
	return nil, fmt.Errorf("%w: %q may be %s", ErrType, name, some(found))
}

// Names are the full names of all message types, sorted; those that files bring along with
// the well-known ones of google.protobuf come last.
func (t *Types) Names() []string {
	var names []string
	for name, m := range t.messages {
		if !m.Entry {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if known := isKnown(a); known != isKnown(b) {
			if known {
				return 1
			}
			return -1
		}
		return strings.Compare(a, b)
	})
	return names
}

func isKnown(name string) bool { return strings.HasPrefix(name, "google.protobuf.") }

func some(names []string) string {
	const most = 20
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}
