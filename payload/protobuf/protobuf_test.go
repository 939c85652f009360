package protobuf_test

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/protobuf"
)

func unhex(s string) string {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return string(b)
}

// By protobufjs 8.8.1: M{id: 150, text: "testing", inner: [{name: "Zürich", lat: 47.37, f: 7}, {name: "x"}],
// nums: [1, 2, 300], z: -3, raw: 00 ff 01, ok: true, neg: -1}.
const sample = "089601120774657374696e671a170a075ac3bc72696368118fc2f5285caf47401d070000001a030a017822040102ac022805320300ff0178018001ffffffffffffffffff01"

func TestBrief(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"Test1 of the encoding guide", "089601", "1: 150"},
		{"Test2 of the encoding guide", "120774657374696e67", `2: "testing"`},
		{"Test3 of the encoding guide", "1a03089601", "3 {1: 150}"},
		{"packed field of the encoding guide", "3206038e029ea705", "6: h'038e029ea705'"},
		{"of a program", sample, `1: 150 2: "testing" 3 {1: "Zürich" 2: 0x4047af5c28f5c28f 3: 0x7} 3 {1: "x"} 4: h'0102ac02' 5: 5 6: h'00ff01' 15: 1 16: -1`},
	} {
		d := decode(unhex(c.in))
		if d.Error != "" || d.Brief != c.want {
			t.Errorf("%s: %s %s\nwant %s", c.name, d.Error, d.Brief, c.want)
		}
	}
}

func decode(b string) *dissect.Decoded {
	m := &dissect.Message{Opcode: 2, Payload: []byte(b)}
	return protobuf.Protocol().New(&payload.Session{}).Decode(m)
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     error
	}{
		{"number 0", "\x00\x01", protobuf.ErrNumber},
		{"group", "\x0B\x0C", protobuf.ErrWire},
		{"wire type 7", "\x0F", protobuf.ErrWire},
		{"cut varint", "\x08\x96", protobuf.ErrShort},
		{"varint of 70 bits", "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", protobuf.ErrVarint},
		{"cut double", "\x09\x01", protobuf.ErrShort},
		{"cut float", "\x0D\x01", protobuf.ErrShort},
		{"text that claims 16 E", "\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01a", protobuf.ErrShort},
		{"too many fields", strings.Repeat("\x08\x01", 40_000), protobuf.ErrLimit},
	} {
		if _, err := protobuf.Parse([]byte(c.in)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// What is nested deeper than the limit is bytes.
func TestDepth(t *testing.T) {
	b := "\x08\x01"
	for range 30 {
		b = "\x0A" + string(rune(len(b))) + b
	}
	d := decode(b)
	if got := strings.Count(d.Brief, "1 {"); d.Error != "" || got != 16 || !strings.Contains(d.Brief, "h'") {
		t.Errorf("%d levels: %s %s", got, d.Brief, d.Error)
	}
}

func TestLooks(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     bool
	}{
		{"of a program", unhex(sample), true},
		{"small, of a program", unhex("080112026869"), true},
		{"numbers alone", "\x08\x01\x10\x01", false},
		{"large field number", "\xF8\xFF\xFF\x7F\x01\x12\x02hi", false},
		{"cut", unhex(sample)[:40], false},
		{"words", "hello world", false},
	} {
		if got := protobuf.Looks([]byte(c.in)) != nil; got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestGolden(t *testing.T) {
	got := talk.Explain(protobuf.Protocol(), payload.Session{Subprotocol: "protobuf"},
		talk.Binary(dissect.ClientToServer, unhex(sample)),
		talk.Binary(dissect.ServerToClient, "\x0A\x05abc"),
		talk.Text(dissect.ServerToClient, "plain"),
	)
	wstest.Golden(t, "testdata/protobuf.txt", got)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(unhex(sample)))
	f.Add([]byte("\x1A\x03\x08\x96\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := protobuf.Parse(b)
		if err != nil {
			return
		}
		// A message is the same again when another stands behind it.
		twice, err := protobuf.Parse(append(b[:len(b):len(b)], b...))
		if err == nil && len(twice) != 2*len(list) {
			t.Errorf("%x has %d fields, twice %d", b, len(list), len(twice))
		}
		protobuf.Looks(b)
	})
}
