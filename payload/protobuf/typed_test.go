package protobuf_test

import (
	"os"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/protobuf"
	"github.com/wsdissect/wsdissect/payload/protobuf/schema"
)

func types(t testing.TB, client, server string) *protobuf.Schema {
	l := schema.Loader{Read: os.ReadFile}
	known, err := l.Load("schema/testdata/chat.proto", "schema/testdata/old.proto")
	if err != nil {
		t.Fatal(err)
	}
	s := &protobuf.Schema{}
	for name, to := range map[string]**schema.Message{client: &s.Client, server: &s.Server} {
		if name != "" {
			if *to, err = known.Message(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	return s
}

// Messages of protobufjs 8.8.1 at both ends, against what these logged.
func TestTypedGolden(t *testing.T) {
	s := types(t, "Envelope", "Reply")
	session, list, err := talk.Load("testdata/protobufjs.talk")
	if err != nil {
		t.Fatal(err)
	}
	session.Subprotocol = "protobuf"
	wstest.Golden(t, "testdata/protobufjs.txt", talk.Explain(s.Protocol(), session, list...))
}

func TestTyped(t *testing.T) {
	for _, c := range []struct{ name, kind, in, want string }{
		// protobuf 3.21.12 of Python
		{"group and extension", "old.Thing", "0a016e1308fbffffffffffffffff011006141b0a01611c1b0a01621c200120022003a2060665787420c3bcaa06070a05696e6e6572",
			`{"name": "n", "point": {"x": -5, "y": 6}, "row": [{"cell": "a"}, {"cell": "b"}], "unpacked": [1, 2, 3], "[lab.old.note]": "ext ü", "[lab.old.more]": [{"name": "inner"}]}`},
		{"map and timestamp", "Envelope", "080712027079220201023a080a016b12030a014b420408031200aa010e0a0c08a5ebdcca061080cab5ee01",
			`{"id": 7, "text": "py", "nums": [1, 2], "places": {"k": {"name": "K"}}, "names": {"3": ""}, "stamp": {"at": {"seconds": 1767323045, "nanos": 500000000}}}`},
		{"packed where it is not, and the other way round", "old.Thing", "0a0161 220201ff 2001", `not a lab.old.Thing: protobuf ends inside a field: {"name": "a", "unpacked": [1]}`},
		{"packed", "old.Thing", "0a0161 22020102 2003", `{"name": "a", "unpacked": [1, 2, 3]}`},
		{"twice what is not repeated", "Envelope", "0801 0802 52020801 52031201 61", `{"id": 2, "nested": {"id": 1, "text": "a"}}`},
		{"a map that has a key twice", "Envelope", "42020801 42020801", `{"names": [[1, ""], [1, ""]]}`},
		{"unknown fields", "Reply", "0801 1a027879 209601 1a0108 2d00000000", `{"id": 1, "3": ["xy", h'08'], "4": 150, "5": 0}`},
		{"unknown group", "Reply", "0801 1b08011c", `{"id": 1, "3": h'0801'}`},
		{"another wire type", "Reply", "0a0161 1201 62", `not a lab.chat.Reply: field 1, uint32 id, has wire type len: {"1": "a", "error": "b"}`},
		{"string that is not UTF-8", "Reply", "1201ff", `not a lab.chat.Reply: field 2, string error, is not UTF-8: {"error": h'ff'}`},
		{"cut", "Reply", "0801 120561", `not a lab.chat.Reply: protobuf ends inside a field: {"id": 1}`},
		{"group without an end", "Reply", "0801 1b0801", `not a lab.chat.Reply: protobuf ends inside a field: {"id": 1}`},
		{"field number 0", "Reply", "0001", `not a lab.chat.Reply: protobuf with a malformed field: {}`},
		{"too many", "Reply", strings.Repeat("0801", 200_000), `not a lab.chat.Reply: too many fields in protobuf: {"id": 1}`},
		{"message as a group", "Envelope", "53 0805 54", `{"nested": {"id": 5}}`},
		{"empty", "Envelope", "", `{}`},
	} {
		s := types(t, c.kind, "")
		d := s.Protocol().New(nil).Decode(&dissect.Message{Meta: dissect.Meta{Dir: dissect.ClientToServer}, Opcode: frame.Binary, Payload: []byte(unhex(c.in))})
		got := payload.Diagnostic(d.Fields[1].Value)
		if d.Error != "" {
			got = d.Error + ": " + got
		}
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestTypedDepth(t *testing.T) {
	b := "\x08\x01"
	for range 100 {
		n := len(b)
		if n < 128 {
			b = "\x52" + string([]byte{byte(n)}) + b
		} else {
			b = "\x52" + string([]byte{byte(n) | 0x80, byte(n >> 7)}) + b
		}
	}
	d := types(t, "Envelope", "").Protocol().New(nil).Decode(&dissect.Message{Meta: dissect.Meta{Dir: dissect.ClientToServer}, Opcode: frame.Binary, Payload: []byte(b)})
	if d.Error != "not a lab.chat.Envelope: protobuf nested too deep" || strings.Count(d.Brief, "nested") != 64 {
		t.Errorf("%s %s", d.Error, d.Brief)
	}
}

// What fits the type is explained by it, what is protobuf all the same says why it does
// not, and all else stays what it is.
func TestFallback(t *testing.T) {
	next := payload.DecoderFunc(func(m *dissect.Message) *dissect.Decoded {
		if d := protobuf.Looks(m.Payload); d != nil {
			return d
		}
		return &dissect.Decoded{Protocol: "other"}
	})
	d := types(t, "Envelope", "Reply").Fallback(next)
	for _, c := range []struct {
		name   string
		dir    dissect.Dir
		opcode frame.Opcode
		in     string
		want   string
	}{
		{"fits", dissect.ServerToClient, frame.Binary, "\x08\x01\x12\x01x", `protobuf lab.chat.Reply {"id": 1, "error": "x"} `},
		{"text", dissect.ServerToClient, frame.Text, "\x08\x01\x12\x01x", `other  `},
		{"empty", dissect.ServerToClient, frame.Binary, "", `other  `},
		{"of the other direction", dissect.ClientToServer, frame.Binary, "\x0A\x03abc", `protobuf 1: "abc" not a lab.chat.Envelope: field 1, uint32 id, has wire type len`},
		{"no field that is known", dissect.ServerToClient, frame.Binary, "\x2A\x03abc", `protobuf 5: "abc" no field of lab.chat.Reply`},
		{"no protobuf", dissect.ServerToClient, frame.Binary, "\xFF\xFF", `other  `},
		{"of nobody", dissect.Unknown, frame.Binary, "\x08\x01", `other  `},
	} {
		e := d.Decode(&dissect.Message{Meta: dissect.Meta{Dir: c.dir}, Opcode: c.opcode, Payload: []byte(c.in)})
		if got := e.Protocol + " " + e.Brief + " " + e.Error; got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func FuzzTyped(f *testing.F) {
	_, list, err := talk.Load("testdata/protobufjs.talk")
	if err != nil {
		f.Fatal(err)
	}
	for i := range list {
		f.Add([]byte(list[i].Data))
	}
	f.Add([]byte(unhex("0a016e1308fbffffffffffffffff011006141b0a01611c1b0a01621c200120022003a2060665787420c3bcaa06070a05696e6e6572")))
	s := types(f, "Envelope", "old.Thing")
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, dir := range []dissect.Dir{dissect.ClientToServer, dissect.ServerToClient} {
			if err := talk.Check(s.Protocol().New(nil), talk.Binary(dir, string(b))); err != nil {
				t.Fatal(err)
			}
		}
	})
}
