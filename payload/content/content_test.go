package content_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	goimage "image"
	"image/png"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/content"
)

func picture() string {
	var b bytes.Buffer
	png.Encode(&b, goimage.NewGray(goimage.Rect(0, 0, 3, 2)))
	return b.String()
}

func unhex(s string) string {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name   string
		opcode frame.Opcode
		in     string
		want   string // protocol, list line and fields; empty if there is nothing to say
	}{
		{"empty", frame.Text, "", ""},
		{"words", frame.Text, "hello world", ""},
		{"JSON", frame.Text, ` {"a":[1]}`, `json {"a":[1]} {"value": {"a":[1]}}`},
		{"lines of JSON", frame.Text, "{}\n[1]\n", "json-lines {}\n[1] {\"values\": [{}, [1]]}"},
		{"XML", frame.Text, "<a>b</a>", "xml  {}"},
		{"form", frame.Text, "a=1&b=x+y%20z&a=%C3%BC", `form a=1&b=x+y%20z&a=%C3%BC {"value": [["a", "1"], ["b", "x y z"], ["a", "ü"]]}`},
		{"form without a key twice", frame.Text, "a=1&b=", `form a=1&b= {"value": {"a": "1", "b": ""}}`},
		{"no form", frame.Text, "a&b", ""},
		{"no form with a bad escape", frame.Text, "a=1&b=%zz", ""},
		{"text in a binary message", frame.Binary, "hello\n", "text hello\n {\"text\": \"hello\\n\"}"},
		{"JSON in a binary message", frame.Binary, `[1]`, `json [1] {"value": [1]}`},
		{"PNG", frame.Binary, picture(), `image PNG image 3x2 {"what": "PNG image", "width": 3, "height": 2}`},
		{"PNG cut", frame.Binary, picture()[:10], `image PNG image {"what": "PNG image"}`},
		{"JSON behind a byte order mark", frame.Text, "\uFEFF{}", `json {} {"value": {}}`},
		{"WebP", frame.Binary, unhex("52494646220000005745425056503820160000003001009d012a03000200"), `image WebP image 3x2 {"what": "WebP image", "width": 3, "height": 2}`},
		{"WebP without loss", frame.Binary, unhex("5249464622000000574542505650384c160000002f02400000000000000000"), `image WebP image 3x2 {"what": "WebP image", "width": 3, "height": 2}`},
		{"WebP extended", frame.Binary, unhex("524946462200000057454250565038580a0000000000000002000001000000"), `image WebP image 3x2 {"what": "WebP image", "width": 3, "height": 2}`},
		{"WebP cut", frame.Binary, unhex("524946462200000057454250565038580a"), `image WebP image {"what": "WebP image"}`},
		{"BMP from top to bottom", frame.Binary, unhex("424d46000000000000003600000028000000" + "03000000" + "feffffff" + "01001800"), `image BMP image 3x2 {"what": "BMP image", "width": 3, "height": 2}`},
		{"BMP of no size", frame.Binary, unhex("424d46000000000000003600000028000000" + "00000000" + "feffffff" + "01001800"), `image BMP image {"what": "BMP image"}`},
		{"two letters", frame.Binary, "BM\x00\x01\x02\x03" + strings.Repeat("\xF1", 40), ""},
		{"TIFF", frame.Binary, "MM\x00*\x00\x00", `image TIFF image {"what": "TIFF image"}`},
		{"WAVE", frame.Binary, "RIFF\x24\x00\x00\x00WAVEfmt ", `wav WAVE audio {"what": "WAVE audio"}`},
		{"AVI", frame.Binary, "RIFF\x24\x00\x00\x00AVI LIST", `avi AVI video {"what": "AVI video"}`},
		{"RIFF", frame.Binary, "RIFF\x24\x00\x00\x00", `riff RIFF file {"what": "RIFF file"}`},
		{"FLV", frame.Binary, "FLV\x01\x05\x00", `flv FLV stream {"what": "FLV stream"}`},
		{"MPEG transport stream", frame.Binary, strings.Repeat("\x47"+strings.Repeat("\x00", 187), 2), `mpeg-ts MPEG transport stream {"what": "MPEG transport stream"}`},
		{"one packet of it", frame.Binary, "\x47" + strings.Repeat("\x00", 187), ""},
		{"another byte", frame.Binary, strings.Repeat("\x47"+strings.Repeat("\x00", 187), 2) + "\x48", ""},
		{"H.264", frame.Binary, "\x00\x00\x00\x01\x67\x42\x00\x1E", `h264 H.264 video {"what": "H.264 video"}`},
		{"a number", frame.Binary, "\x00\x00\x00\x01\x67\x43\x00\x1E", ""},
		{"deflate of JSON", frame.Binary, wstest.Deflate(`{"a":[1,2,3]}`), `deflate of json {"a":[1,2,3]} {"size": 13, "inside": {"protocol": "json", "value": {"a":[1,2,3]}}}`},
		{"deflate and more", frame.Binary, wstest.Deflate(`{"a":[1,2,3]}`) + "\x00", ""},
		{"deflate of words", frame.Binary, wstest.Deflate("hello hello hello"), ""},
		{"ZIP", frame.Binary, "PK\x03\x04abc", `zip ZIP archive {"what": "ZIP archive"}`},
		{"gzip of JSON", frame.Binary, wstest.Gzip(`{"a":1}`), `gzip of json {"a":1} {"size": 7, "inside": {"protocol": "json", "value": {"a":1}}}`},
		{"gzip of noise", frame.Binary, wstest.Gzip("\x00\x01\x02"), `gzip (3 bytes) {"size": 3}`},
		{"gzip cut", frame.Binary, wstest.Gzip(`{"a":1}`)[:20], `gzip  {} the compressed data is cut`},
		{"gzip in gzip in gzip", frame.Binary, wstest.Gzip(wstest.Gzip(wstest.Gzip("{}"))), fmt.Sprintf(`gzip of gzip (%d bytes) {"size": %d, "inside": {"protocol": "gzip", "size": %[1]d}}`, len(wstest.Gzip("{}")), len(wstest.Gzip(wstest.Gzip("{}"))))},
		{"gzip of much", frame.Binary, wstest.Gzip(strings.Repeat("\x00", 2<<20)), `gzip (more than 1 MiB) {"size_at_least": 1048576}`},
		{"zlib of text", frame.Binary, wstest.Zlib("hello"), `zlib of text hello {"size": 5, "inside": {"protocol": "text", "text": "hello"}}`},
		{"zlib cut", frame.Binary, wstest.Zlib("hello")[:11], ""},
		// @msgpack/msgpack 3.1.3, cbor-x 1.6.9, protobufjs 8.8.1
		{"MessagePack", frame.Binary, unhex("81a16101"), `msgpack {"a": 1} {"value": {"a": 1}}`},
		{"CBOR", frame.Binary, unhex("b90001616101"), `cbor {"a": 1} {"value": {"a": 1}}`},
		{"CBOR that could be MessagePack", frame.Binary, unhex("826568656c6c6fb90001616101"), `cbor ["hello", {"a": 1}] {"value": ["hello", {"a": 1}]}`},
		{"protobuf", frame.Binary, unhex("080112026869"), `protobuf 1: 1 2: "hi" {"fields": [{"field": 1, "type": "varint", "value": 1}, {"field": 2, "type": "text", "value": "hi"}]}`},
		{"noise", frame.Binary, "\x00\x01\x02\x03\xFF\xFE", ""},
	} {
		got := ""
		if d := new(content.Decoder).Decode(&dissect.Message{Opcode: c.opcode, Payload: []byte(c.in)}); d != nil {
			got = strings.TrimSpace(d.Protocol + " " + d.Brief + " " + payload.Diagnostic(d.Fields) + " " + d.Error)
		}
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, "a=1&b=2", wstest.Gzip("{}"), wstest.Zlib("hello"), picture(), "\x81\xA1a\x01", "\xA1\x61a\x01", "\x08\x01\x12\x02hi"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, op := range []frame.Opcode{frame.Text, frame.Binary} {
			if d := new(content.Decoder).Decode(&dissect.Message{Opcode: op, Payload: b}); d != nil && d.Protocol == "" {
				t.Errorf("%q is explained without a name", b)
			}
		}
	})
}
