package payload

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/dissect"
)

// Text is a copy of b: a string, or []byte where it is not UTF-8.
func Text(b []byte) any {
	if utf8.Valid(b) {
		return string(b)
	}
	return bytes.Clone(b)
}

// Data is a copy of b as what it seems to be: JSON where it is an object or an array, a
// string of printable text, else []byte.
func Data(b []byte) any {
	if t := bytes.TrimSpace(b); len(t) > 0 && (t[0] == '{' || t[0] == '[') {
		if j, ok := ParseJSON(t); ok {
			return j
		}
	}
	if Printable(b) {
		return string(b)
	}
	return bytes.Clone(b)
}

// Printable reports whether b is UTF-8 without control characters other than blanks.
func Printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7F {
			return false
		}
	}
	return utf8.Valid(b)
}

// Size is the "(12 bytes)" that stands in a list for what is not text.
func Size(n int) string { return "(" + bytesOf(n) + ")" }

func bytesOf(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return strconv.Itoa(n) + " bytes"
}

// Shown is a value as the end of a line in the list: text and JSON as they are.
func Shown(v any) string {
	switch v := v.(type) {
	case string:
		return cut(v)
	case dissect.JSON:
		return cut(string(v[:min(len(v), maxShown+1)]))
	case []byte:
		return Size(len(v))
	}
	return Diagnostic(v)
}

// After is a value behind something else in a line, with a blank between, if there is
// anything to show of it.
func After(v any) string {
	if s := Shown(v); s != "" {
		return " " + s
	}
	return ""
}

// maxShown bounds a value in a line of the list, in bytes.
const maxShown = 1024

func cut(s string) string {
	if len(s) <= maxShown {
		return s
	}
	end := maxShown
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

// Diagnostic is a value in a line, in the notation of RFC 8949 8: JSON, with byte strings
// as h'0102'. It ends with … where it is long.
func Diagnostic(v any) string {
	var b strings.Builder
	diagnose(&b, v)
	return cut(b.String())
}

func diagnose(b *strings.Builder, v any) {
	if b.Len() > maxShown {
		return
	}
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case int:
		b.WriteString(strconv.Itoa(v))
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case uint64:
		b.WriteString(strconv.FormatUint(v, 10))
	case float64:
		b.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
	case string:
		quoted(b, v)
	case []byte:
		b.WriteString("h'" + hex.EncodeToString(v[:min(len(v), maxShown)]) + "'")
	case dissect.JSON:
		b.Write(v)
	case dissect.Object:
		diagnoseObject(b, v)
	case []any:
		b.WriteByte('[')
		for i := range v {
			separate(b, i)
			diagnose(b, v[i])
		}
		b.WriteByte(']')
	}
}

func diagnoseObject(b *strings.Builder, o dissect.Object) {
	b.WriteByte('{')
	for i := range o {
		separate(b, i)
		quoted(b, o[i].Name)
		b.WriteString(": ")
		diagnose(b, o[i].Value)
	}
	b.WriteByte('}')
}

func separate(b *strings.Builder, i int) {
	if i > 0 {
		b.WriteString(", ")
	}
}

func quoted(b *strings.Builder, s string) {
	s = cut(s)
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

// Map makes a value of the entries of a map whose keys need not be text: an Object if they
// are strings or whole numbers, none twice; else a list of [key, value].
func Map(keys, values []any) any {
	o := make(dissect.Object, len(keys))
	seen := make(map[string]bool, len(keys))
	for i, k := range keys {
		name, ok := keyName(k)
		if !ok || seen[name] {
			return pairs(keys, values)
		}
		seen[name] = true
		o[i] = dissect.Field{Name: name, Value: values[i]}
	}
	return o
}

func keyName(k any) (string, bool) {
	switch k := k.(type) {
	case string:
		return k, true
	case int64:
		return strconv.FormatInt(k, 10), true
	case uint64:
		return strconv.FormatUint(k, 10), true
	}
	return "", false
}

func pairs(keys, values []any) []any {
	list := make([]any, len(keys))
	for i := range keys {
		list[i] = []any{keys[i], values[i]}
	}
	return list
}

// HasText reports whether there is printable text in a value, which chance seldom makes.
func HasText(v any) bool {
	switch v := v.(type) {
	case string:
		return v != "" && Printable([]byte(v))
	case dissect.Object:
		for i := range v {
			if HasText(v[i].Value) || v[i].Name != "" && (v[i].Name[0] < '0' || v[i].Name[0] > '9') && Printable([]byte(v[i].Name)) {
				return true
			}
		}
	case []any:
		for i := range v {
			if HasText(v[i]) {
				return true
			}
		}
	}
	return false
}
