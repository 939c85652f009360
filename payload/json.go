package payload

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/dissect"
)

// maxDepth bounds the nesting of a JSON text that is shown as such.
const maxDepth = 200

// ParseJSON is b as a JSON text that stands on its own, if it is one: valid, UTF-8, and not
// too deep.
func ParseJSON(b []byte) (dissect.JSON, bool) {
	if !utf8.Valid(b) || !validJSON(b) {
		return nil, false
	}
	return append(dissect.JSON(nil), b...), true
}

// Elements are the elements of a JSON array; ok is false if b is none.
func Elements(b []byte) (list []dissect.JSON, ok bool) {
	text, ok := ParseJSON(b)
	if !ok {
		return nil, false
	}
	var raw []json.RawMessage
	if json.Unmarshal(text, &raw) != nil || raw == nil {
		return nil, false
	}
	for _, e := range raw {
		list = append(list, dissect.JSON(e))
	}
	return list, true
}

// Members are the members of a JSON object by name; ok is false if b is none. Of a name
// that comes twice the last stands.
func Members(b []byte) (m map[string]dissect.JSON, ok bool) {
	text, ok := ParseJSON(b)
	if !ok {
		return nil, false
	}
	var raw map[string]json.RawMessage
	if json.Unmarshal(text, &raw) != nil || raw == nil {
		return nil, false
	}
	m = make(map[string]dissect.JSON, len(raw))
	for name, v := range raw {
		m[name] = dissect.JSON(v)
	}
	return m, true
}

// Mentions reports whether word stands near one of the ends of a message: there the names
// of an envelope are, however large what is inside.
func Mentions(b []byte, word string) bool {
	const near = 4 << 10
	w := []byte(word)
	if len(b) <= 2*near {
		return bytes.Contains(b, w)
	}
	return bytes.Contains(b[:near], w) || bytes.Contains(b[len(b)-near:], w)
}

// String is the value of a JSON string; ok is false if it is none.
func String(j dissect.JSON) (s string, ok bool) {
	ok = len(j) > 0 && j[0] == '"' && json.Unmarshal(j, &s) == nil
	return s, ok
}

// Value is a JSON text as a value: a string, a whole number, true, false and null as such,
// all else as the JSON that it is. No text at all is nil.
func Value(j dissect.JSON) any {
	switch string(j) {
	case "", "null":
		return nil
	case "true":
		return true
	case "false":
		return false
	}
	if s, ok := String(j); ok {
		return s
	}
	if n, err := strconv.ParseInt(string(j), 10, 64); err == nil {
		return n
	}
	return j
}

// Word is a JSON text in a Line: a string without its quotes, all else as it is.
func Word(j dissect.JSON) string {
	if s, ok := String(j); ok {
		return cut(s)
	}
	return Shown(j)
}

// With appends to fields a member of an object that is there, and is not null.
func With(o dissect.Object, name string, j dissect.JSON) dissect.Object {
	if len(j) == 0 || string(j) == "null" {
		return o
	}
	return append(o, dissect.Field{Name: name, Value: Value(j)})
}

// NotJSON explains a message that should have been JSON. It is nil, for its content to
// tell what it is, where it does not begin so.
func NotJSON(b []byte) *dissect.Decoded {
	if b = bytes.TrimLeft(b, " \t\r\n"); len(b) == 0 || b[0] != '{' && b[0] != '[' {
		return nil
	}
	if _, ok := ParseJSON(b); ok {
		return nil
	}
	return &dissect.Decoded{Error: "not valid JSON, or nested too deep"}
}
