package protobuf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/protobuf/schema"
)

const (
	maxTypedDepth = 64
	maxTyped      = 1 << 17 // fields and packed elements in a message
)

var (
	errDepth     = errors.New("protobuf nested too deep")
	errMalformed = errors.New("protobuf with a malformed field")
)

// wireError is the error for a negative size of protowire. Its own texts differ from build
// to build, so that none relies on them.
func wireError(size int) error {
	if errors.Is(protowire.ParseError(size), io.ErrUnexpectedEOF) {
		return ErrShort
	}
	return errMalformed
}

// typed reads a message of a known type.
type typed struct {
	left    int    // fields that may still come
	known   int    // that the type has
	unknown int    // that it has not
	wrong   string // the first that is not as the type says
}

// readTyped is a message as a value: fields by their names, in the order of the wire; those
// that the type does not have by their numbers.
func readTyped(m *schema.Message, b []byte) (o dissect.Object, t typed, err error) {
	t.left = maxTyped
	v, err := t.message(m, b, maxTypedDepth)
	return v, t, err
}

// slot gathers what a message has of one field.
type slot struct {
	name  string
	field *schema.Field // nil: not known
	list  []any
	raw   []byte // of a message that is not repeated: what comes twice is merged
}

// message reads to the end, or up to an error.
func (t *typed) message(m *schema.Message, b []byte, depth int) (dissect.Object, error) {
	if depth == 0 {
		return nil, errDepth
	}
	var slots []slot
	places := map[string]int{}
	var failed error
	for len(b) > 0 && failed == nil {
		number, kind, size := protowire.ConsumeTag(b)
		if size < 0 {
			failed = wireError(size)
			break
		}
		end := protowire.ConsumeFieldValue(number, kind, b[size:])
		if end < 0 {
			failed = wireError(end)
			break
		}
		if t.left--; t.left < 0 {
			failed = ErrLimit
			break
		}
		f := m.Fields[uint64(number)]
		value := b[size : size+end]
		b = b[size+end:]
		if f != nil && !t.fits(f, kind) {
			f = nil
		}
		name := strconv.Itoa(int(number))
		if f != nil {
			name = f.Name
			t.known++
		}
		at, ok := places[name]
		if !ok {
			at = len(slots)
			places[name] = at
			slots = append(slots, slot{name: name, field: f})
		}
		failed = t.add(&slots[at], number, kind, value, depth)
	}
	o := make(dissect.Object, 0, len(slots))
	for i := range slots {
		v, err := t.value(&slots[i], depth)
		if failed == nil {
			failed = err
		}
		o = append(o, dissect.Field{Name: slots[i].name, Value: v})
	}
	return o, failed
}

// fits reports whether a field can have this wire type, and notes where it cannot.
func (t *typed) fits(f *schema.Field, kind protowire.Type) bool {
	want := wireType(f.Kind)
	if kind == want || kind == protowire.BytesType && f.Repeated && want != protowire.StartGroupType {
		return true
	}
	if f.Message != nil && (kind == protowire.StartGroupType || kind == protowire.BytesType) {
		return true // since edition 2023 either stands for a message
	}
	t.note(f, "has wire type "+wireNames[kind])
	return false
}

var wireNames = [...]string{"varint", "i64", "len", "start group", "end group", "i32"}

func (t *typed) note(f *schema.Field, what string) {
	if t.wrong == "" {
		t.wrong = fmt.Sprintf("field %d, %s %s, %s", f.Number, f.Kind, f.Name, what)
	}
}

func wireType(k schema.Kind) protowire.Type {
	switch k {
	case schema.Double, schema.Fixed64, schema.Sfixed64:
		return protowire.Fixed64Type
	case schema.Float, schema.Fixed32, schema.Sfixed32:
		return protowire.Fixed32Type
	case schema.String, schema.Bytes, schema.Embedded:
		return protowire.BytesType
	case schema.Group:
		return protowire.StartGroupType
	}
	return protowire.VarintType
}

// add puts what a field has behind its tag into its slot.
func (t *typed) add(s *slot, number protowire.Number, kind protowire.Type, value []byte, depth int) error {
	body := value
	switch kind {
	case protowire.BytesType:
		body, _ = protowire.ConsumeBytes(value)
	case protowire.StartGroupType:
		body, _ = protowire.ConsumeGroup(number, value)
	}
	f := s.field
	switch {
	case f == nil:
		t.unknown++
		s.list = append(s.list, unknown(number, kind, value, body))
	case f.Message != nil && f.Repeated:
		v, err := t.message(f.Message, body, depth-1)
		s.list = append(s.list, v)
		return err
	case f.Message != nil:
		s.raw = append(s.raw, body...)
	case f.Kind == schema.String || f.Kind == schema.Bytes:
		s.list = append(s.list, t.text(f, body))
	case kind == protowire.BytesType:
		return t.packed(s, body)
	default:
		v, _ := scalar(f, value)
		s.list = append(s.list, v)
	}
	return nil
}

func (t *typed) text(f *schema.Field, b []byte) any {
	v := payload.Text(b)
	if _, ok := v.(string); ok && f.Kind == schema.String {
		return v
	}
	if f.Kind == schema.String {
		t.note(f, "is not UTF-8")
		return v
	}
	return bytes.Clone(b)
}

// packed are scalars one behind the other.
func (t *typed) packed(s *slot, b []byte) error {
	for len(b) > 0 {
		if t.left--; t.left < 0 {
			return ErrLimit
		}
		v, size := scalar(s.field, b)
		if size < 0 {
			return wireError(size)
		}
		s.list = append(s.list, v)
		b = b[size:]
	}
	return nil
}

// scalar reads a number; size is negative where b is none.
func scalar(f *schema.Field, b []byte) (v any, size int) {
	var n uint64
	switch wireType(f.Kind) {
	case protowire.Fixed64Type:
		n, size = protowire.ConsumeFixed64(b)
	case protowire.Fixed32Type:
		var short uint32
		short, size = protowire.ConsumeFixed32(b)
		n = uint64(short)
	default:
		n, size = protowire.ConsumeVarint(b)
	}
	return number(f, n), size
}

func number(f *schema.Field, n uint64) any {
	switch f.Kind {
	case schema.Double:
		return math.Float64frombits(n)
	case schema.Float:
		// The shortest number that is this float32, as its sender wrote it.
		short, _ := strconv.ParseFloat(strconv.FormatFloat(float64(math.Float32frombits(uint32(n))), 'g', -1, 32), 64)
		return short
	case schema.Int64, schema.Sfixed64:
		return int64(n)
	case schema.Int32, schema.Sfixed32:
		return int64(int32(n))
	case schema.Uint32:
		return uint64(uint32(n))
	case schema.Bool:
		return n != 0
	case schema.Sint64:
		return protowire.DecodeZigZag(n)
	case schema.Sint32:
		return int64(int32(protowire.DecodeZigZag(n & math.MaxUint32)))
	case schema.Enumerated:
		if name, ok := f.Enum.Values[int32(n)]; ok {
			return name
		}
		return int64(int32(n))
	}
	return n
}

// value is what became of a slot.
func (t *typed) value(s *slot, depth int) (any, error) {
	f := s.field
	switch {
	case f == nil && len(s.list) > 1, f != nil && f.Repeated && (f.Message == nil || !f.Message.Entry):
		return s.list, nil
	case f != nil && f.Repeated:
		return mapOf(f.Message, s.list), nil
	case f != nil && f.Message != nil:
		return t.message(f.Message, s.raw, depth-1)
	case len(s.list) == 0:
		return nil, nil
	}
	return s.list[len(s.list)-1], nil // of what comes twice the last stands
}

// mapOf makes a map of its entries. A key or value that is not sent is zero.
func mapOf(entry *schema.Message, list []any) any {
	var keys, values []any
	for _, e := range list {
		var kv [2]any
		for i, name := range [...]string{"key", "value"} {
			kv[i] = zero(entry.Fields[uint64(i+1)])
			for _, f := range e.(dissect.Object) {
				if f.Name == name {
					kv[i] = f.Value
				}
			}
		}
		keys, values = append(keys, kv[0]), append(values, kv[1])
	}
	return payload.Map(keys, values)
}

func zero(f *schema.Field) any {
	switch {
	case f == nil:
		return nil
	case f.Message != nil:
		return dissect.Object{}
	case f.Kind == schema.String:
		return ""
	case f.Kind == schema.Bytes:
		return []byte{}
	}
	return number(f, 0)
}

// unknown is a field that the type does not have, as far as the wire tells.
func unknown(n protowire.Number, kind protowire.Type, value, body []byte) any {
	switch kind {
	case protowire.StartGroupType:
		return bytes.Clone(body)
	case protowire.VarintType:
		v, _ := protowire.ConsumeVarint(value)
		return int64(v)
	case protowire.Fixed64Type:
		v, _ := protowire.ConsumeFixed64(value)
		return v
	case protowire.Fixed32Type:
		v, _ := protowire.ConsumeFixed32(value)
		return uint64(v)
	}
	p := parser{left: maxFields}
	var f Field
	p.guess(&f, body, maxDepth)
	o := f.object()
	return o[2].Value
}
