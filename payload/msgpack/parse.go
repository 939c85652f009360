package msgpack

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Errors of Parse.
var (
	ErrShort  = errors.New("MessagePack ends inside a value")
	ErrFormat = errors.New("0xc1 is no format of MessagePack")
	ErrLimit  = errors.New("too many values, or too deep, in MessagePack")
)

const (
	maxDepth  = 64
	maxValues = 1 << 16 // in one Parse
)

// Parse reads the value that b begins with, and gives what is behind it. A map becomes a
// dissect.Object if its keys are text or whole numbers and none comes twice, else a list
// of [key, value]; an extension becomes {"ext": type, "data": bytes}, a time stamp
// {"ext": -1, "time": RFC 3339}. Nothing of b is kept.
func Parse(b []byte) (v any, rest []byte, err error) {
	p := parser{b: b, left: maxValues}
	v, err = p.value(maxDepth)
	return v, p.b, err
}

type parser struct {
	b    []byte
	left int // values that may still come
}

func (p *parser) value(depth int) (any, error) {
	if p.left--; p.left < 0 || depth == 0 {
		return nil, ErrLimit
	}
	head, err := p.take(1)
	if err != nil {
		return nil, err
	}
	switch c := head[0]; {
	case c < 0x80:
		return int64(c), nil
	case c < 0x90:
		return p.mapping(uint64(c&0x0F), depth)
	case c < 0xA0:
		return p.array(uint64(c&0x0F), depth)
	case c < 0xC0:
		return p.str(uint64(c & 0x1F))
	case c >= 0xE0:
		return int64(int8(c)), nil
	default:
		return p.long(c, depth)
	}
}

// long reads what follows the formats 0xc0 to 0xdf.
func (p *parser) long(c byte, depth int) (any, error) {
	switch c {
	case 0xC0:
		return nil, nil
	case 0xC1:
		return nil, ErrFormat
	case 0xC2, 0xC3:
		return c == 0xC3, nil
	case 0xD4, 0xD5, 0xD6, 0xD7, 0xD8:
		return p.ext(1 << (c - 0xD4))
	}
	n, err := p.uint(1 << widths[c-0xC4])
	if err != nil {
		return nil, err
	}
	switch c {
	case 0xC4, 0xC5, 0xC6:
		data, err := p.take(n)
		return append([]byte{}, data...), err
	case 0xC7, 0xC8, 0xC9:
		return p.ext(n)
	case 0xCA:
		return float64(math.Float32frombits(uint32(n))), nil
	case 0xCB:
		return math.Float64frombits(n), nil
	case 0xCC, 0xCD, 0xCE, 0xCF:
		if n > math.MaxInt64 {
			return n, nil
		}
		return int64(n), nil
	case 0xD0:
		return int64(int8(n)), nil
	case 0xD1:
		return int64(int16(n)), nil
	case 0xD2:
		return int64(int32(n)), nil
	case 0xD3:
		return int64(n), nil
	case 0xD9, 0xDA, 0xDB:
		return p.str(n)
	case 0xDC, 0xDD:
		return p.array(n, depth)
	default:
		return p.mapping(n, depth)
	}
}

// widths are the powers of two of the bytes of the number behind the formats from 0xc4 on.
var widths = [...]uint8{
	0, 1, 2, // bin
	0, 1, 2, // ext
	2, 3, // float
	0, 1, 2, 3, // uint
	0, 1, 2, 3, // int
	0, 0, 0, 0, 0, // fixext, which have none
	0, 1, 2, // str
	1, 2, // array
	1, 2, // map
}

func (p *parser) take(n uint64) ([]byte, error) {
	if n > uint64(len(p.b)) {
		return nil, ErrShort
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

func (p *parser) str(n uint64) (any, error) {
	b, err := p.take(n)
	if err != nil {
		return nil, err
	}
	return payload.Text(b), nil
}

func (p *parser) array(n uint64, depth int) (any, error) {
	if n > uint64(len(p.b)) {
		return nil, ErrShort
	}
	list := []any{}
	for range n {
		v, err := p.value(depth - 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func (p *parser) mapping(n uint64, depth int) (any, error) {
	if n > uint64(len(p.b)/2) {
		return nil, ErrShort
	}
	var keys, values []any
	for range n {
		k, err := p.value(depth - 1)
		if err != nil {
			return nil, err
		}
		v, err := p.value(depth - 1)
		if err != nil {
			return nil, err
		}
		keys, values = append(keys, k), append(values, v)
	}
	return payload.Map(keys, values), nil
}

func (p *parser) ext(n uint64) (any, error) {
	kind, err := p.take(1)
	if err != nil {
		return nil, err
	}
	data, err := p.take(n)
	if err != nil {
		return nil, err
	}
	o := dissect.Object{{Name: "ext", Value: int64(int8(kind[0]))}}
	if t, ok := timestamp(data); ok && kind[0] == 0xFF {
		return append(o, dissect.Field{Name: "time", Value: t.UTC().Format(time.RFC3339Nano)}), nil
	}
	return append(o, dissect.Field{Name: "data", Value: append([]byte{}, data...)}), nil
}

// timestamp is the extension -1, of 32, 64 or 96 bits.
func timestamp(b []byte) (t time.Time, ok bool) {
	switch len(b) {
	case 4:
		return time.Unix(int64(binary.BigEndian.Uint32(b)), 0), true
	case 8:
		n := binary.BigEndian.Uint64(b)
		return time.Unix(int64(n&(1<<34-1)), int64(n>>34)), true
	case 12:
		s := int64(binary.BigEndian.Uint64(b[4:]))
		return time.Unix(s, int64(binary.BigEndian.Uint32(b))), s > -1<<36 && s < 1<<37 // the years that RFC 3339 can tell
	}
	return t, false
}
