// Package content explains messages that no protocol claims, by what they look like: JSON,
// lines of JSON, XML, forms, MessagePack, CBOR, protobuf, what is compressed, and files by
// their first bytes.
package content

import (
	"bytes"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/cbor"
	"github.com/wsdissect/wsdissect/payload/msgpack"
	"github.com/wsdissect/wsdissect/payload/protobuf"
)

// Decoder is the fallback of a payload.Stage. It keeps nothing of a message.
type Decoder struct {
	deflated flateReader // what reads raw deflate; nil until there was some
}

// Decode explains a message by its content, nil if that says nothing.
func (d *Decoder) Decode(m *dissect.Message) *dissect.Decoded {
	if m.Opcode == frame.Text {
		return text(m.Payload)
	}
	return d.explain(m.Payload, 0)
}

// text explains what has a format of text; text as such needs no explanation.
func text(b []byte) *dissect.Decoded {
	p := trimmed(b)
	if len(p) == 0 {
		return nil
	}
	if d := jsonText(p); d != nil {
		return d
	}
	if looksLikeXML(p) {
		return named("xml", "")
	}
	return form(p)
}

// trimmed is a text without a byte order mark, and without blanks at its ends.
func trimmed(b []byte) []byte {
	if len(b) > 0 && b[0] == 0xEF {
		b = bytes.TrimPrefix(b, []byte("\uFEFF"))
	}
	for len(b) > 0 && isBlank(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isBlank(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func isBlank(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// explain explains bytes that are inside as many layers of compression as depth says.
func (d *Decoder) explain(b []byte, depth int) *dissect.Decoded {
	if e := text(b); e != nil {
		return e
	}
	known := mayBeKnown(b)
	if known {
		if e := image(b); e != nil {
			return e
		}
	}
	if e := d.compressed(b, depth); e != nil {
		return e
	}
	if known {
		if e := file(b); e != nil {
			return e
		}
	}
	if len(b) > 0 && payload.Printable(b) {
		return &dissect.Decoded{Protocol: "text", Brief: payload.Shown(string(b)), Fields: dissect.Object{{Name: "text", Value: string(b)}}}
	}
	for _, looks := range [...]func([]byte) *dissect.Decoded{msgpack.Looks, cbor.Looks, protobuf.Looks} {
		if e := looks(b); e != nil {
			return e
		}
	}
	return nil
}

func named(protocol, what string) *dissect.Decoded {
	d := &dissect.Decoded{Protocol: protocol, Brief: what}
	if what != "" {
		d.Fields = dissect.Object{{Name: "what", Value: what}}
	}
	return d
}

// jsonText is a JSON object or array, or several with a line each.
func jsonText(p []byte) *dissect.Decoded {
	if p[0] != '{' && p[0] != '[' {
		return nil
	}
	if text, ok := payload.ParseJSON(p); ok {
		return &dissect.Decoded{Protocol: "json", Brief: string(text), Fields: dissect.Object{{Name: "value", Value: text}}}
	}
	if !bytes.ContainsAny(p, "\n\x1e") {
		return nil
	}
	var values []any
	for line := range bytes.FieldsFuncSeq(p, func(r rune) bool { return r == '\n' || r == '\r' || r == 0x1E }) {
		text, ok := payload.ParseJSON(bytes.TrimSpace(line))
		if !ok || len(values) == maxLines {
			return nil
		}
		values = append(values, text)
	}
	return &dissect.Decoded{Protocol: "json-lines", Brief: string(p), Fields: dissect.Object{{Name: "values", Value: values}}}
}

// maxLines bounds the lines of JSON that are told apart.
const maxLines = 10_000

func looksLikeXML(p []byte) bool {
	return bytes.HasPrefix(p, []byte("<?xml")) || len(p) > 3 && p[0] == '<' && p[len(p)-1] == '>' &&
		('a' <= p[1]|0x20 && p[1]|0x20 <= 'z' || p[1] == '/' || p[1] == '!')
}
