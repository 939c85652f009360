package protobuf

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// values are the fields as a value of dissect.
func values(list []Field) []any {
	all := make([]any, len(list))
	for i := range list {
		all[i] = list[i].object()
	}
	return all
}

func (f *Field) object() dissect.Object {
	o := dissect.Object{{Name: "field", Value: f.Number}, {Name: "type", Value: f.Kind.String()}}
	var v any
	switch f.Kind {
	case Varint:
		v = int64(f.Value) // negative numbers of int32 and int64 have all bits above set
	case I64, I32:
		v = f.Value
	case Text:
		v = string(f.Bytes)
	case Message:
		v = values(f.Message)
	case Bytes:
		v = bytes.Clone(f.Bytes)
	}
	o = append(o, dissect.Field{Name: "value", Value: v})
	if f.Kind == I64 || f.Kind == I32 {
		o = append(o, dissect.Field{Name: "float", Value: f.float()})
	}
	return o
}

func (f *Field) float() float64 {
	if f.Kind == I32 {
		return float64(math.Float32frombits(uint32(f.Value)))
	}
	return math.Float64frombits(f.Value)
}

// maxBrief bounds the line of the list, in bytes.
const maxBrief = 1024

// brief is a message in the manner of `protoc --decode_raw`, in one line.
func brief(list []Field) string {
	var b strings.Builder
	write(&b, list)
	return b.String()
}

func write(b *strings.Builder, list []Field) {
	for i := range list {
		if b.Len() > maxBrief {
			b.WriteString(" …")
			return
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		f := &list[i]
		b.WriteString(strconv.FormatUint(f.Number, 10))
		switch f.Kind {
		case Varint:
			b.WriteString(": " + strconv.FormatInt(int64(f.Value), 10))
		case I64, I32:
			b.WriteString(": 0x" + strconv.FormatUint(f.Value, 16))
		case Text:
			b.WriteString(": " + payload.Diagnostic(string(f.Bytes)))
		case Message:
			b.WriteString(" {")
			write(b, f.Message)
			b.WriteByte('}')
		case Bytes:
			b.WriteString(": " + payload.Diagnostic(f.Bytes))
		}
	}
}
