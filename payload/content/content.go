// Package content explains messages that no protocol claims, by what they look like:
// JSON, lines of JSON, XML, and files by their first bytes.
package content

import (
	"bytes"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Decoder is the fallback of a payload.Stage.
var _ payload.Decoder = payload.DecoderFunc(Decode)

// Decode explains a message by its content, nil if that says nothing.
func Decode(m *dissect.Message) *dissect.Decoded {
	p := bytes.TrimSpace(m.Payload)
	if len(p) == 0 {
		return nil
	}
	if d := jsonText(p); d != nil {
		return d
	}
	if m.Opcode == frame.Text {
		if looksLikeXML(p) {
			return named("xml", "")
		}
		return nil
	}
	for _, k := range kinds {
		if len(m.Payload) >= k.at+len(k.magic) && string(m.Payload[k.at:k.at+len(k.magic)]) == k.magic {
			return named(k.name, k.what)
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
	s := string(p[:min(len(p), 64)])
	return strings.HasPrefix(s, "<?xml") || len(s) > 3 && s[0] == '<' && p[len(p)-1] == '>' &&
		('a' <= s[1]|0x20 && s[1]|0x20 <= 'z' || s[1] == '/' || s[1] == '!')
}

// kinds are files and streams by what they begin with.
var kinds = [...]struct {
	at          int
	magic, name string
	what        string
}{
	{0, "\x89PNG\r\n\x1a\n", "image", "PNG image"},
	{0, "\xFF\xD8\xFF", "image", "JPEG image"},
	{0, "GIF8", "image", "GIF image"},
	{8, "WEBP", "image", "WebP image"},
	{0, "\x1F\x8B\x08", "gzip", "gzip data"},
	{0, "\x28\xB5\x2F\xFD", "zstd", "Zstandard data"},
	{0, "PK\x03\x04", "zip", "ZIP archive"},
	{0, "%PDF-", "pdf", "PDF document"},
	{0, "OggS", "ogg", "Ogg stream"},
	{0, "RIFF", "riff", "RIFF file"},
	{4, "ftyp", "mp4", "MP4 file"},
	{0, "\x1A\x45\xDF\xA3", "matroska", "WebM or Matroska stream"},
	{0, "\x00asm", "wasm", "WebAssembly module"},
	{0, "SSH-", "ssh", "SSH stream"},
	{0, "RFB ", "rfb", "RFB (VNC) stream"},
	{0, "\x16\x03", "tls", "TLS handshake"},
	{0, "HTTP/1.", "http", "HTTP response"},
	{0, "GET ", "http", "HTTP request"},
	{0, "POST ", "http", "HTTP request"},
}
