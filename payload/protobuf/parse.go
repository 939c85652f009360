package protobuf

import (
	"encoding/binary"
	"errors"

	"github.com/wsdissect/wsdissect/payload"
)

// Errors of Parse.
var (
	ErrShort  = errors.New("protobuf ends inside a field")
	ErrVarint = errors.New("protobuf with a varint of more than 64 bits")
	ErrNumber = errors.New("protobuf with a field number that is not allowed")
	ErrWire   = errors.New("protobuf with a group or an unknown wire type")
	ErrLimit  = errors.New("too many fields in protobuf")
)

const (
	maxDepth  = 16
	maxFields = 1 << 15 // in one Parse, those of a guess that failed included
)

// Kind is what a field holds, as far as its wire type and its bytes tell.
type Kind uint8

// The wire types, LEN told apart by what is inside.
const (
	Varint  Kind = iota // int32, int64, uint32, uint64, sint32, sint64, bool, enum
	I64                 // fixed64, sfixed64, double
	Text                // string
	Message             // embedded message
	Bytes               // bytes, packed repeated fields
	I32                 // fixed32, sfixed32, float
)

func (k Kind) String() string {
	return [...]string{"varint", "i64", "text", "message", "bytes", "i32"}[k]
}

// Field is a field of a message, in the order of the wire.
type Field struct {
	Number  uint64
	Kind    Kind
	Value   uint64  // of Varint, I64 and I32
	Bytes   []byte  // of Text and Bytes; aliases the input
	Message []Field // of Message
}

// Parse reads a whole message.
func Parse(b []byte) ([]Field, error) {
	p := parser{left: maxFields}
	return p.message(b, maxDepth)
}

type parser struct {
	left int // fields that may still come
}

func (p *parser) message(b []byte, depth int) (list []Field, err error) {
	for len(b) > 0 {
		if p.left--; p.left < 0 {
			return nil, ErrLimit
		}
		var f Field
		if f, b, err = p.field(b, depth); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

func (p *parser) field(b []byte, depth int) (f Field, rest []byte, err error) {
	tag, b, err := varint(b)
	if err != nil {
		return f, nil, err
	}
	if f.Number = tag >> 3; f.Number == 0 || f.Number >= 1<<29 {
		return f, nil, ErrNumber
	}
	switch tag & 7 {
	case 0:
		f.Value, b, err = varint(b)
		return f, b, err
	case 1:
		if len(b) < 8 {
			return f, nil, ErrShort
		}
		f.Kind, f.Value = I64, binary.LittleEndian.Uint64(b)
		return f, b[8:], nil
	case 5:
		if len(b) < 4 {
			return f, nil, ErrShort
		}
		f.Kind, f.Value = I32, uint64(binary.LittleEndian.Uint32(b))
		return f, b[4:], nil
	case 2:
		n, b, err := varint(b)
		if err != nil {
			return f, nil, err
		}
		if n > uint64(len(b)) {
			return f, nil, ErrShort
		}
		p.guess(&f, b[:n], depth)
		return f, b[n:], nil
	}
	return f, nil, ErrWire
}

// areFields reports whether b consists of whole fields. Most bytes that are asked about do
// not, and this allocates nothing.
func areFields(b []byte) bool {
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 || tag>>3 == 0 || tag>>3 >= 1<<29 {
			return false
		}
		b = b[n:]
		size := uint64(0)
		switch tag & 7 {
		case 0:
			if _, n = binary.Uvarint(b); n <= 0 {
				return false
			}
			size = uint64(n)
		case 1:
			size = 8
		case 5:
			size = 4
		case 2:
			if size, n = binary.Uvarint(b); n <= 0 {
				return false
			}
			b = b[n:]
		default:
			return false
		}
		if size > uint64(len(b)) {
			return false
		}
		b = b[size:]
	}
	return true
}

// guess tells what the bytes of a LEN field are: text, else a message if they are a whole
// one, else bytes.
func (p *parser) guess(f *Field, b []byte, depth int) {
	f.Bytes = b
	if payload.Printable(b) {
		f.Kind = Text
		return
	}
	if f.Kind = Bytes; depth > 0 && areFields(b) {
		if list, err := p.message(b, depth-1); err == nil {
			f.Kind, f.Message, f.Bytes = Message, list, nil
		}
	}
}

func varint(b []byte) (n uint64, rest []byte, err error) {
	n, size := binary.Uvarint(b)
	switch {
	case size == 0:
		return 0, nil, ErrShort
	case size < 0:
		return 0, nil, ErrVarint
	}
	return n, b[size:], nil
}
