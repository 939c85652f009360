package amqp

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Why a value is not read.
var (
	errShort = errors.New("AMQP: the frame ends inside a value")
	errCode  = errors.New("AMQP: a format code that is not known")
	errLimit = errors.New("AMQP: too many values, or too deep")
)

const (
	maxDepth  = 32
	maxValues = 1 << 14 // in one frame
)

// parser reads values of AMQP 1.0 part 1.
type parser struct {
	b    []byte
	left int
}

func (p *parser) take(n uint64) ([]byte, error) {
	if n > uint64(len(p.b)) {
		return nil, errShort
	}
	b := p.b[:n]
	p.b = p.b[n:]
	return b, nil
}

func (p *parser) uint(width uint64) (uint64, error) {
	b, err := p.take(width)
	if err != nil {
		return 0, err
	}
	var n uint64
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	return n, nil
}

// value reads a value with its constructor. One with a descriptor that is known becomes an
// Object with its fields, see described.
func (p *parser) value(depth int) (any, error) {
	code, err := p.take(1)
	if err != nil {
		return nil, err
	}
	if code[0] != 0 {
		return p.of(code[0], depth)
	}
	if depth == 0 {
		return nil, errLimit
	}
	descriptor, err := p.value(depth - 1)
	if err != nil {
		return nil, err
	}
	v, err := p.value(depth - 1)
	return described(descriptor, v), err
}

// of reads a value of a format code. Its upper half is the width of what follows.
func (p *parser) of(code byte, depth int) (any, error) {
	if p.left--; p.left < 0 || depth == 0 {
		return nil, errLimit
	}
	switch code >> 4 {
	case 0x4:
		return empty(code)
	case 0x5, 0x6, 0x7, 0x8:
		n, err := p.uint(1 << (code>>4 - 5))
		if err != nil {
			return nil, err
		}
		return fixed(code, n)
	case 0x9:
		b, err := p.take(16)
		if err == nil && code != 0x94 && code != 0x98 {
			err = errCode
		}
		return hex.EncodeToString(b), err // decimal128, UUID
	}
	width := uint64(1)
	if code&0x10 != 0 {
		width = 4
	}
	size, err := p.uint(width)
	if err != nil {
		return nil, err
	}
	b, err := p.take(size)
	if err != nil {
		return nil, err
	}
	switch code {
	case 0xA0, 0xB0:
		return append([]byte{}, b...), nil
	case 0xA1, 0xB1, 0xA3, 0xB3:
		return payload.Text(b), nil
	case 0xC0, 0xD0, 0xC1, 0xD1, 0xE0, 0xF0:
		in := parser{b, p.left}
		v, err := in.compound(code, width, depth)
		p.left = in.left
		return v, err
	}
	return nil, errCode
}

func empty(code byte) (any, error) {
	switch code {
	case 0x40:
		return nil, nil
	case 0x41, 0x42:
		return code == 0x41, nil
	case 0x43, 0x44:
		return int64(0), nil
	case 0x45:
		return []any{}, nil
	}
	return nil, errCode
}

// fixed is a value of 1 to 8 bytes.
func fixed(code byte, n uint64) (any, error) {
	switch code {
	case 0x50, 0x52, 0x53, 0x60, 0x70, 0x80: // ubyte, uint, ulong, ushort
		if n > math.MaxInt64 {
			return n, nil
		}
		return int64(n), nil
	case 0x51, 0x54, 0x55:
		return int64(int8(n)), nil
	case 0x56:
		return n == 1, nil
	case 0x61:
		return int64(int16(n)), nil
	case 0x71:
		return int64(int32(n)), nil
	case 0x72:
		return float64(math.Float32frombits(uint32(n))), nil
	case 0x73:
		return string(rune(n & 0x1FFFFF)), nil
	case 0x81:
		return int64(n), nil
	case 0x82:
		return math.Float64frombits(n), nil
	case 0x83:
		return moment(int64(n)), nil
	case 0x74, 0x84: // decimals, as they are
		b := binary.BigEndian.AppendUint64(nil, n)
		return hex.EncodeToString(b[8-(4<<(code>>7)):]), nil
	}
	return nil, errCode
}

// moment is a timestamp in milliseconds, in the form of RFC 3339 where that can tell it.
func moment(ms int64) any {
	if ms < -1<<45 || ms > 1<<47 {
		return ms
	}
	return time.UnixMilli(ms).UTC().Format(time.RFC3339Nano)
}

// compound is a list, a map or an array, whose size has been taken.
func (p *parser) compound(code byte, width uint64, depth int) (any, error) {
	n, err := p.uint(width)
	if err != nil {
		return nil, err
	}
	if n > uint64(p.left) {
		return nil, errLimit
	}
	if code>>4 >= 0xE {
		return p.array(n, depth)
	}
	list := []any{}
	for range n {
		v, err := p.value(depth - 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	if code&0x0F == 0 {
		return list, nil
	}
	var keys, values []any
	for i := 0; i+1 < len(list); i += 2 {
		keys, values = append(keys, list[i]), append(values, list[i+1])
	}
	return payload.Map(keys, values), nil
}

// array has one constructor for all of its elements.
func (p *parser) array(n uint64, depth int) (any, error) {
	code, err := p.take(1)
	if err != nil {
		return nil, err
	}
	var descriptor any
	if code[0] == 0 {
		if descriptor, err = p.value(depth - 1); err != nil {
			return nil, err
		}
		if code, err = p.take(1); err != nil {
			return nil, err
		}
	}
	list := []any{}
	for range n {
		v, err := p.of(code[0], depth-1)
		if err != nil {
			return nil, err
		}
		if descriptor != nil {
			v = described(descriptor, v)
		}
		list = append(list, v)
	}
	return list, nil
}

// described names a value by its descriptor: {"type": name, field...} for a list whose
// fields are known, else {"type": name, "value": value}.
func described(descriptor, v any) dissect.Object {
	code, ok := descriptor.(int64)
	t, known := composites[code]
	if !ok || !known {
		return dissect.Object{{Name: "type", Value: descriptor}, {Name: "value", Value: v}}
	}
	o := dissect.Object{{Name: "type", Value: t.name}}
	list, ok := v.([]any)
	if !ok || t.fields == nil {
		return append(o, dissect.Field{Name: "value", Value: v})
	}
	for i := range list {
		if i < len(t.fields) && list[i] != nil {
			o = append(o, dissect.Field{Name: t.fields[i], Value: list[i]})
		}
	}
	return o
}
