package schema

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// errDescriptor is for what is no FileDescriptorSet.
var errDescriptor = errors.New("neither a .proto file nor a descriptor set")

// descriptors reads a FileDescriptorSet, as `protoc --descriptor_set_out` writes it. The
// numbers of the fields are those of descriptor.proto.
func descriptors(name string, b []byte) ([]*file, error) {
	var files []*file
	err := each(b, func(number protowire.Number, value []byte, _ uint64) error {
		if number != 1 {
			return nil
		}
		f := &file{}
		if err := f.read(value); err != nil {
			return err
		}
		f.name = name + ": " + f.name
		files = append(files, f)
		return nil
	})
	if err == nil && len(files) == 0 {
		err = errDescriptor
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return files, nil
}

// each calls f with the fields of a message: those with a length, and varints.
func each(b []byte, f func(number protowire.Number, value []byte, n uint64) error) error {
	for len(b) > 0 {
		number, kind, size := protowire.ConsumeTag(b)
		if size < 0 {
			return errDescriptor
		}
		b = b[size:]
		var value []byte
		var n uint64
		switch kind {
		case protowire.BytesType:
			value, size = protowire.ConsumeBytes(b)
		case protowire.VarintType:
			n, size = protowire.ConsumeVarint(b)
		default:
			size = protowire.ConsumeFieldValue(number, kind, b)
		}
		if size < 0 {
			return errDescriptor
		}
		b = b[size:]
		if err := f(number, value, n); err != nil {
			return err
		}
	}
	return nil
}

// read is a FileDescriptorProto.
func (f *file) read(b []byte) error {
	scope := ""
	err := each(b, func(number protowire.Number, value []byte, _ uint64) error {
		switch number {
		case 1:
			f.name = string(value)
		case 2:
			scope = string(value)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return each(b, func(number protowire.Number, value []byte, _ uint64) error {
		switch number {
		case 4:
			return f.message(scope, value, 0)
		case 5:
			return f.enum(scope, value)
		case 7:
			return f.field(nil, scope, value)
		}
		return nil
	})
}

// message is a DescriptorProto.
func (f *file) message(scope string, b []byte, depth int) error {
	if depth >= maxNesting {
		return errors.New("messages nested too deep")
	}
	m := &Message{Name: join(scope, nameOf(b)), Fields: map[uint64]*Field{}}
	f.messages = append(f.messages, m)
	return each(b, func(number protowire.Number, value []byte, _ uint64) error {
		switch number {
		case 2:
			return f.field(m, m.Name, value)
		case 3:
			return f.message(m.Name, value, depth+1)
		case 4:
			return f.enum(m.Name, value)
		case 6:
			return f.field(nil, m.Name, value)
		case 7: // MessageOptions
			return each(value, func(number protowire.Number, _ []byte, n uint64) error {
				m.Entry = m.Entry || number == 7 && n == 1
				return nil
			})
		}
		return nil
	})
}

// nameOf is the first field of most descriptors.
func nameOf(b []byte) (name string) {
	each(b, func(number protowire.Number, value []byte, _ uint64) error {
		if number == 1 {
			name = string(value)
		}
		return nil
	})
	return name
}

// field is a FieldDescriptorProto. An extension has no owner.
func (f *file) field(owner *Message, scope string, b []byte) error {
	p := pending{field: &Field{Name: nameOf(b)}, owner: owner, scope: scope, at: f.name + ": "}
	err := each(b, func(number protowire.Number, value []byte, n uint64) error {
		switch number {
		case 2:
			p.extendee = string(value)
		case 3:
			p.field.Number = n
		case 4:
			p.field.Repeated = n == 3
		case 5:
			if n == 0 || n >= uint64(len(kindNames)) {
				return fmt.Errorf("a field of type %d", n)
			}
			p.field.Kind = Kind(n)
		case 6:
			p.typeName = string(value)
		}
		return nil
	})
	f.fields = append(f.fields, p)
	return err
}

// enum is an EnumDescriptorProto.
func (f *file) enum(scope string, b []byte) error {
	e := &Enum{Name: join(scope, nameOf(b)), Values: map[int32]string{}}
	f.enums = append(f.enums, e)
	return each(b, func(number protowire.Number, value []byte, _ uint64) error {
		if number != 2 {
			return nil
		}
		return each(value, func(number protowire.Number, _ []byte, n uint64) error {
			if number == 2 {
				e.add(int32(n), nameOf(value))
			}
			return nil
		})
	})
}
