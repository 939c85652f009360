package msgpack_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/msgpack"
)

func unhex(s string) string {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nil", "c0", "null"},
		{"false and true", "92 c2 c3", "[false, true]"},
		{"positive fixint", "7f", "127"},
		{"negative fixint", "e0", "-32"},
		{"uint 8 to 64", "94 ccff cdffff ceffffffff cfffffffffffffffff", "[255, 65535, 4294967295, 18446744073709551615]"},
		{"int 8 to 64", "94 d080 d18000 d280000000 d38000000000000000", "[-128, -32768, -2147483648, -9223372036854775808]"},
		{"float 32 and 64", "92 ca3fc00000 cb3ff8000000000000", "[1.5, 1.5]"},
		{"str 8, 16, 32", "93 d90161 da000162 db0000000163", `["a", "b", "c"]`},
		{"str that is not UTF-8", "a1ff", "h'ff'"},
		{"bin 8, 16, 32", "93 c40101 c5000102 c60000000103", "[h'01', h'02', h'03']"},
		{"array 16, 32", "dc0001 dd00000001 01", "[[1]]"},
		{"map 16, 32", "de0001 a161 df00000001 a162 01", `{"a": {"b": 1}}`},
		{"map with numbers as keys", "82 01a161 ffa162", `{"1": "a", "-1": "b"}`},
		{"map with a key twice", "82 a16101 a16102", `[["a", 1], ["a", 2]]`},
		{"map with an array as key", "81 9101 02", `[[[1], 2]]`},
		{"fixext 1 to 16", "95 d40501 d5050102 d60501020304 d7050102030405060708 d805" + strings.Repeat("00", 16), `[{"ext": 5, "data": h'01'}, {"ext": 5, "data": h'0102'}, {"ext": 5, "data": h'01020304'}, {"ext": 5, "data": h'0102030405060708'}, {"ext": 5, "data": h'` + strings.Repeat("00", 16) + `'}]`},
		{"ext 8, 16, 32", "93 c70105aa c8000105aa c90000000105aa", `[{"ext": 5, "data": h'aa'}, {"ext": 5, "data": h'aa'}, {"ext": 5, "data": h'aa'}]`},
		{"time stamp 32", "d6ff 6553f100", `{"ext": -1, "time": "2023-11-14T22:13:20Z"}`},
		{"time stamp 96", "c70cff 00000001 ffffffffffffffff", `{"ext": -1, "time": "1969-12-31T23:59:59.000000001Z"}`},
		// @msgpack/msgpack 3.1.3, useBigInt64.
		{"of a program", "88a56576656e74a47469636ba2696407a57072696365cb3ff8000000000000a36e6567d2ffff63c0a3626967cfffffffffffffffffa47461677393a161c0c3a362696ec4030102ffa26174d7ff1d5353006553f100",
			`{"event": "tick", "id": 7, "price": 1.5, "neg": -40000, "big": 18446744073709551615, "tags": ["a", null, true], "bin": h'0102ff', "at": {"ext": -1, "time": "2023-11-14T22:13:20.123Z"}}`},
	} {
		in := unhex(c.in)
		v, rest, err := msgpack.Parse([]byte(in + "\x00"))
		if got := payload.Diagnostic(v); err != nil || len(rest) != 1 || got != c.want {
			t.Errorf("%s: %s, %d bytes left, %v\nwant %s", c.name, got, len(rest), err, c.want)
		}
		for n := range in {
			if _, _, err := msgpack.Parse([]byte(in[:n])); err != msgpack.ErrShort {
				t.Errorf("%s: %d bytes of %d give %v", c.name, n, len(in), err)
			}
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     error
	}{
		{"unused format", "\xC1", msgpack.ErrFormat},
		{"deep", strings.Repeat("\x91", 100) + "\x01", msgpack.ErrLimit},
		{"wide", "\xDD\x00\x01\x11\x70" + strings.Repeat("\x01", 70_000), msgpack.ErrLimit},
		{"array that claims 4 G", "\xDD\xFF\xFF\xFF\xFF\x01", msgpack.ErrShort},
		{"map that claims 4 G", "\xDF\xFF\xFF\xFF\xFF\x01\x01", msgpack.ErrShort},
		{"bin that claims 4 G", "\xC6\xFF\xFF\xFF\xFF\x01", msgpack.ErrShort},
	} {
		if _, _, err := msgpack.Parse([]byte(c.in)); err != c.want {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestLooks(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     bool
	}{
		{"map", "\x81\xA1a\x01", true},
		{"array with text", "\x92\xA5hello\x81\xA1a\x01", true},
		{"array of numbers", "\x93\x01\x02\x03", false},
		{"number", "\x01", false},
		{"more behind it", "\x81\xA1a\x01\x01", false},
		{"map with numbers as keys", "\x81\x61\x61", false}, // ["a"] in CBOR
		{"empty map", "\x80", false},
		{"text", "hello", false},
	} {
		if got := msgpack.Looks([]byte(c.in)) != nil; got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestGolden(t *testing.T) {
	got := talk.Explain(msgpack.Protocol(), payload.Session{Subprotocol: "msgpack"},
		// @msgpack/msgpack 3.1.3
		talk.Binary(dissect.ClientToServer, unhex("92a568656c6c6f81a16101")),
		talk.Binary(dissect.ServerToClient, "\x01\x02\xA1x"),
		talk.Binary(dissect.ServerToClient, "\x92\x01"),
		talk.Text(dissect.ServerToClient, "plain"),
	)
	wstest.Golden(t, "testdata/msgpack.txt", got)
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"\x81\xA1a\x01", "\x92\xA5hello\x81\xA1a\xC0", "\xDD\x00\x00\x00\x01\xCB\x3F\xF8\x00\x00\x00\x00\x00\x00", "\xD6\xFF\x65\x53\xF1\x00", "\xC7\x01\x05\xAA"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, rest, err := msgpack.Parse(b)
		if err != nil {
			return
		}
		used := b[:len(b)-len(rest)]
		again, more, err := msgpack.Parse(used)
		if err != nil || len(more) != 0 || payload.Diagnostic(again) != payload.Diagnostic(v) {
			t.Errorf("%x gives %s, alone %s, %v", used, payload.Diagnostic(v), payload.Diagnostic(again), err)
		}
		msgpack.Looks(b)
	})
}
