package cbor

import (
	"errors"
	"math"
	"strconv"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Errors of Parse.
var (
	ErrShort    = errors.New("CBOR ends inside a data item")
	ErrReserved = errors.New("CBOR with a reserved additional information")
	ErrBreak    = errors.New("CBOR with a break where an item is due")
	ErrChunk    = errors.New("CBOR with a chunk of another type in a string")
	ErrLimit    = errors.New("too many items, or too deep, in CBOR")
)

const (
	maxDepth = 64
	maxItems = 1 << 16 // in one Parse

	selfDescribed = 55799 // a tag that only says: this is CBOR (RFC 8949 3.4.6)
)

// Parse reads the data item that b begins with, and gives what is behind it. A map becomes
// a dissect.Object if its keys are text or whole numbers and none comes twice, else a list
// of [key, value]; a tag becomes {"tag": number, "value": item}, undefined nil, and another
// simple value {"simple": number}. Nothing of b is kept.
func Parse(b []byte) (v any, rest []byte, err error) {
	p := parser{b: b, left: maxItems}
	v, err = p.item(maxDepth)
	return v, p.b, err
}

type parser struct {
	b    []byte
	left int // items that may still come
}

// head is the initial byte of an item with the argument behind it (RFC 8949 3).
type head struct {
	major      byte
	info       byte
	arg        uint64
	indefinite bool // no length: a break ends it; or the break itself
}

func (p *parser) head() (h head, err error) {
	if len(p.b) == 0 {
		return h, ErrShort
	}
	h.major, h.info = p.b[0]>>5, p.b[0]&0x1F
	p.b = p.b[1:]
	switch {
	case h.info < 24:
		h.arg = uint64(h.info)
	case h.info < 28:
		width := 1 << (h.info - 24)
		if len(p.b) < width {
			return h, ErrShort
		}
		for _, c := range p.b[:width] {
			h.arg = h.arg<<8 | uint64(c)
		}
		p.b = p.b[width:]
	case h.info == 31 && h.major != 0 && h.major != 1 && h.major != 6:
		h.indefinite = true
	default:
		return h, ErrReserved
	}
	return h, nil
}

func (p *parser) item(depth int) (any, error) {
	if p.left--; p.left < 0 || depth == 0 {
		return nil, ErrLimit
	}
	h, err := p.head()
	if err != nil {
		return nil, err
	}
	switch h.major {
	case 0:
		return unsigned(h.arg), nil
	case 1:
		return negative(h.arg), nil
	case 2, 3:
		return p.str(h)
	case 4:
		return p.array(h, depth)
	case 5:
		return p.mapping(h, depth)
	case 6:
		v, err := p.item(depth - 1)
		if err != nil || h.arg == selfDescribed {
			return v, err
		}
		return dissect.Object{{Name: "tag", Value: unsigned(h.arg)}, {Name: "value", Value: v}}, nil
	default:
		return simple(h)
	}
}

func unsigned(n uint64) any {
	if n > math.MaxInt64 {
		return n
	}
	return int64(n)
}

// negative is -1-n: text where no Go integer holds it.
func negative(n uint64) any {
	switch {
	case n <= math.MaxInt64:
		return -1 - int64(n)
	case n == math.MaxUint64:
		return "-18446744073709551616"
	}
	return "-" + strconv.FormatUint(n+1, 10)
}

func (p *parser) take(n uint64) ([]byte, error) {
	if n > uint64(len(p.b)) {
		return nil, ErrShort
	}
	b := p.b[:n]
	p.b = p.b[n:]
	return b, nil
}

// str is a byte string or a text string, joined from its chunks.
func (p *parser) str(h head) (any, error) {
	var joined []byte
	if h.indefinite {
		for {
			chunk, err := p.head()
			if err != nil {
				return nil, err
			}
			if chunk.major == 7 && chunk.indefinite {
				break
			}
			if chunk.major != h.major || chunk.indefinite {
				return nil, ErrChunk
			}
			b, err := p.take(chunk.arg)
			if err != nil {
				return nil, err
			}
			joined = append(joined, b...)
		}
	} else {
		b, err := p.take(h.arg)
		if err != nil {
			return nil, err
		}
		joined = b
	}
	if h.major == 3 {
		return payload.Text(joined), nil
	}
	return append([]byte{}, joined...), nil
}

// more reports whether another item of a container follows, of which i have been read.
func (p *parser) more(h head, i uint64) (bool, error) {
	if !h.indefinite {
		return i < h.arg, nil
	}
	if len(p.b) == 0 {
		return false, ErrShort
	}
	if p.b[0] == 0xFF {
		p.b = p.b[1:]
		return false, nil
	}
	return true, nil
}

func (p *parser) array(h head, depth int) (any, error) {
	list := []any{}
	for i := uint64(0); ; i++ {
		more, err := p.more(h, i)
		if err != nil {
			return nil, err
		}
		if !more {
			return list, nil
		}
		v, err := p.item(depth - 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
}

func (p *parser) mapping(h head, depth int) (any, error) {
	var keys, values []any
	for i := uint64(0); ; i++ {
		more, err := p.more(h, i)
		if err != nil {
			return nil, err
		}
		if !more {
			return payload.Map(keys, values), nil
		}
		k, err := p.item(depth - 1)
		if err != nil {
			return nil, err
		}
		v, err := p.item(depth - 1)
		if err != nil {
			return nil, err
		}
		keys, values = append(keys, k), append(values, v)
	}
}

// simple is a simple value or a floating-point number (RFC 8949 3.3).
func simple(h head) (any, error) {
	switch h.info {
	case 20, 21:
		return h.info == 21, nil
	case 22, 23:
		return nil, nil
	case 25:
		return half(uint16(h.arg)), nil
	case 26:
		return float64(math.Float32frombits(uint32(h.arg))), nil
	case 27:
		return math.Float64frombits(h.arg), nil
	case 31:
		return nil, ErrBreak
	}
	return dissect.Object{{Name: "simple", Value: int64(h.arg)}}, nil
}

// half is an IEEE 754 binary16 number, see RFC 8949 appendix D.
func half(n uint16) float64 {
	exponent, mantissa := int(n>>10&0x1F), float64(n&0x3FF)
	var v float64
	switch exponent {
	case 0:
		v = math.Ldexp(mantissa, -24)
	case 31:
		v = math.Inf(1)
		if mantissa != 0 {
			v = math.NaN()
		}
	default:
		v = math.Ldexp(mantissa+1024, exponent-25)
	}
	if n>>15 == 1 {
		return -v
	}
	return v
}
