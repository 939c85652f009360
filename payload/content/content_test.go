package content_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	goimage "image"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/content"
)

func packed(w io.WriteCloser, out *bytes.Buffer, s string) string {
	io.WriteString(w, s)
	w.Close()
	return out.String()
}

func gz(s string) string {
	var b bytes.Buffer
	return packed(gzip.NewWriter(&b), &b, s)
}

func zl(s string) string {
	var b bytes.Buffer
	return packed(zlib.NewWriter(&b), &b, s)
}

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
		{"ZIP", frame.Binary, "PK\x03\x04abc", `zip ZIP archive {"what": "ZIP archive"}`},
		{"gzip of JSON", frame.Binary, gz(`{"a":1}`), `gzip of json {"a":1} {"size": 7, "inside": {"protocol": "json", "value": {"a":1}}}`},
		{"gzip of noise", frame.Binary, gz("\x00\x01\x02"), `gzip (3 bytes) {"size": 3}`},
		{"gzip cut", frame.Binary, gz(`{"a":1}`)[:20], `gzip  {} the compressed data is cut`},
		{"gzip in gzip in gzip", frame.Binary, gz(gz(gz("{}"))), fmt.Sprintf(`gzip of gzip (%d bytes) {"size": %d, "inside": {"protocol": "gzip", "size": %[1]d}}`, len(gz("{}")), len(gz(gz("{}"))))},
		{"gzip of much", frame.Binary, gz(strings.Repeat("\x00", 2<<20)), `gzip (more than 1 MiB) {"size_at_least": 1048576}`},
		{"zlib of text", frame.Binary, zl("hello"), `zlib of text hello {"size": 5, "inside": {"protocol": "text", "text": "hello"}}`},
		{"zlib cut", frame.Binary, zl("hello")[:11], ""},
		// @msgpack/msgpack 3.1.3, cbor-x 1.6.9, protobufjs 8.8.1
		{"MessagePack", frame.Binary, unhex("81a16101"), `msgpack {"a": 1} {"value": {"a": 1}}`},
		{"CBOR", frame.Binary, unhex("b90001616101"), `cbor {"a": 1} {"value": {"a": 1}}`},
		{"CBOR that could be MessagePack", frame.Binary, unhex("826568656c6c6fb90001616101"), `cbor ["hello", {"a": 1}] {"value": ["hello", {"a": 1}]}`},
		{"protobuf", frame.Binary, unhex("080112026869"), `protobuf 1: 1 2: "hi" {"fields": [{"field": 1, "type": "varint", "value": 1}, {"field": 2, "type": "text", "value": "hi"}]}`},
		{"noise", frame.Binary, "\x00\x01\x02\x03\xFF\xFE", ""},
	} {
		got := ""
		if d := content.Decode(&dissect.Message{Opcode: c.opcode, Payload: []byte(c.in)}); d != nil {
			got = strings.TrimSpace(d.Protocol + " " + d.Brief + " " + payload.Diagnostic(d.Fields) + " " + d.Error)
		}
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, "a=1&b=2", gz("{}"), zl("hello"), picture(), "\x81\xA1a\x01", "\xA1\x61a\x01", "\x08\x01\x12\x02hi"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, op := range []frame.Opcode{frame.Text, frame.Binary} {
			if d := content.Decode(&dissect.Message{Opcode: op, Payload: b}); d != nil && d.Protocol == "" {
				t.Errorf("%q is explained without a name", b)
			}
		}
	})
}
