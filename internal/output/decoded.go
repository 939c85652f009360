package output

import (
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
)

// decoded appends what a message means, in the json format: its protocol, what chose the
// decoder, and the fields that the decoder gave.
func (j *jsonLines) decoded(d *dissect.Decoded) {
	j.key("decoded")
	j.b = append(j.b, `{"protocol":`...)
	j.quote(d.Protocol)
	j.token("by", d.By)
	if d.Heartbeat {
		j.truth("heartbeat", true)
	}
	j.optional("error", d.Error)
	for i := range d.Fields {
		j.key(d.Fields[i].Name)
		j.value(d.Fields[i].Value)
		j.spill()
	}
	j.b = append(j.b, '}')
}

// value appends a value of a decoder. Bytes are an object, lest they be taken for the text
// that such a value may be too.
func (j *jsonLines) value(v any) {
	switch v := v.(type) {
	case bool:
		j.b = strconv.AppendBool(j.b, v)
	case string:
		j.quote(v)
	case []byte:
		j.b = append(j.b, `{"base64":"`...)
		j.b = appendBase64(j.b, v)
		j.b = append(j.b, `"}`...)
	case dissect.JSON:
		j.b = appendCompact(j.b, v)
	case dissect.Object:
		j.b = append(j.b, '{')
		for i := range v {
			if i > 0 {
				j.b = append(j.b, ',')
			}
			j.quote(v[i].Name)
			j.b = append(j.b, ':')
			j.value(v[i].Value)
		}
		j.b = append(j.b, '}')
	case []any:
		j.b = append(j.b, '[')
		for i := range v {
			if i > 0 {
				j.b = append(j.b, ',')
			}
			j.value(v[i])
		}
		j.b = append(j.b, ']')
	default:
		j.b = appendNumber(j.b, v)
	}
}

// appendNumber appends a number, or null for what is none.
func appendNumber(b []byte, v any) []byte {
	switch v := v.(type) {
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case uint64:
		return strconv.AppendUint(b, v, 10)
	case float64:
		if v-v == 0 { // neither infinite nor NaN, which JSON does not have
			return strconv.AppendFloat(b, v, 'g', -1, 64)
		}
	}
	return append(b, "null"...)
}

// decoded prints what a message means as a block of its own.
func (t *tree) decoded(d *dissect.Decoded) {
	t.b = appendEscaped(t.b, d.Protocol)
	t.b = append(t.b, " [by "...)
	t.b = append(t.b, d.By...)
	t.b = append(t.b, "]\n"...)
	if d.Error != "" {
		t.b = append(t.b, "    ["...)
		t.b = painted(t.b, t.pal.warn, "Not decoded: ")
		t.b = appendEscaped(t.b, d.Error)
		t.b = append(t.b, "]\n"...)
	}
	t.object(d.Fields, 1)
}

func (t *tree) object(o dissect.Object, depth int) {
	for i := range o {
		t.field(o[i].Name, o[i].Value, depth)
		t.spill()
	}
}

// field prints a named value, a line or, of more than one, a block.
func (t *tree) field(name string, v any, depth int) {
	t.b = appendIndent(t.b, depth)
	t.b = appendEscaped(t.b, name)
	t.b = append(t.b, ':')
	switch v := v.(type) {
	case dissect.Object:
		if len(v) == 0 {
			t.b = append(t.b, " {}\n"...)
			return
		}
		t.b = append(t.b, '\n')
		t.object(v, depth+1)
		return
	case []any:
		if b, ok := appendShortList(append(t.b, ' '), v); ok {
			t.b = append(b, '\n')
			return
		}
		t.b = append(t.b, '\n')
		for i := range v {
			t.field("["+strconv.Itoa(i)+"]", v[i], depth+1)
		}
		return
	}
	t.b = append(t.b, ' ')
	switch v := v.(type) {
	case bool:
		t.b = strconv.AppendBool(t.b, v)
	case string:
		shown := t.limit([]byte(v))
		t.b = appendEscaped(t.b, shown)
		t.rest(len(v) - len(shown))
	case []byte:
		shown := t.limit(v)
		t.b = hex.AppendEncode(t.b, shown)
		t.rest(len(v) - len(shown))
	case dissect.JSON:
		t.b = appendIndented(t.b, v, depth)
	default:
		t.b = appendNumber(t.b, v)
	}
	t.b = append(t.b, '\n')
}

// maxShortList bounds a list that stands in one line, in bytes.
const maxShortList = 200

// appendShortList appends a list of plain values; ok is false if it does not fit a line.
func appendShortList(b []byte, list []any) (_ []byte, ok bool) {
	start := len(b)
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ", "...)
		}
		switch v := v.(type) {
		case bool:
			b = strconv.AppendBool(b, v)
		case string:
			if len(v) > maxShortList || strings.IndexByte(v, '"') >= 0 {
				return nil, false
			}
			b = append(appendEscaped(append(b, '"'), v), '"')
		case []byte, dissect.Object, []any, dissect.JSON:
			return nil, false
		default:
			b = appendNumber(b, v)
		}
		if len(b)-start > maxShortList {
			return nil, false
		}
	}
	return append(b, ']'), true
}

// rest marks what is not shown of a value.
func (t *tree) rest(n int) {
	if n > 0 {
		t.b = append(t.b, " […]"...)
	}
}

func appendIndent(b []byte, depth int) []byte {
	for range depth {
		b = append(b, "    "...)
	}
	return b
}
