package cbor_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/cbor"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
)

func unhex(s string) string {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return string(b)
}

// The first are RFC 8949 appendix A.
func TestParse(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"0", "00", "0"},
		{"23", "17", "23"},
		{"24", "1818", "24"},
		{"1000000000000", "1b000000e8d4a51000", "1000000000000"},
		{"18446744073709551615", "1bffffffffffffffff", "18446744073709551615"},
		{"bignum", "c249010000000000000000", `{"tag": 2, "value": h'010000000000000000'}`},
		{"-18446744073709551616", "3bffffffffffffffff", `"-18446744073709551616"`},
		{"-9223372036854775809", "3b8000000000000000", `"-9223372036854775809"`},
		{"-9223372036854775808", "3b7fffffffffffffff", "-9223372036854775808"},
		{"-1000", "3903e7", "-1000"},
		{"half 1.0", "f93c00", "1"},
		{"half 65504.0", "f97bff", "65504"},
		{"half 5.960464477539063e-8", "f90001", "5.960464477539063e-08"},
		{"half -4.0", "f9c400", "-4"},
		{"half infinity", "f97c00", "+Inf"},
		{"half NaN", "f97e00", "NaN"},
		{"single 100000.0", "fa47c35000", "100000"},
		{"double 1.1", "fb3ff199999999999a", "1.1"},
		{"false, true, null, undefined", "84f4f5f6f7", "[false, true, null, null]"},
		{"simple(16)", "f0", `{"simple": 16}`},
		{"simple(255)", "f8ff", `{"simple": 255}`},
		{"date and time", "c074323031332d30332d32315432303a30343a30305a", `{"tag": 0, "value": "2013-03-21T20:04:00Z"}`},
		{"bytes", "4401020304", "h'01020304'"},
		{"text", "64f0908591", `"𐅑"`},
		{"nested arrays", "8301820203820405", "[1, [2, 3], [4, 5]]"},
		{"map of numbers", "a201020304", `{"1": 2, "3": 4}`},
		{"map", "a26161016162820203", `{"a": 1, "b": [2, 3]}`},
		{"bytes in chunks", "5f42010243030405ff", "h'0102030405'"},
		{"text in chunks", "7f657374726561646d696e67ff", `"streaming"`},
		{"array without length", "9f018202039f0405ffff", "[1, [2, 3], [4, 5]]"},
		{"map without length", "bf61610161629f0203ffff", `{"a": 1, "b": [2, 3]}`},
		{"self-described", "d9d9f7 6161", `"a"`},
		{"key twice", "a2616101616102", `[["a", 1], ["a", 2]]`},
		// cbor-x 1.6.9
		{"of a program", "b90008656576656e74647469636b62696407657072696365fb3ff8000000000000636e6567399c3f636269671bffffffffffffffff6474616773836161f6f56362696ed840430102ff626174c1fb41d954fc4007df3b",
			`{"event": "tick", "id": 7, "price": 1.5, "neg": -40000, "big": 18446744073709551615, "tags": ["a", null, true], "bin": {"tag": 64, "value": h'0102ff'}, "at": {"tag": 1, "value": 1.700000000123e+09}}`},
		{"of a program, its Map", "d90103a301636f6e6521b900016178f7616bd90102820102",
			`{"tag": 259, "value": {"1": "one", "-2": {"x": null}, "k": {"tag": 258, "value": [1, 2]}}}`},
	} {
		in := unhex(c.in)
		v, rest, err := cbor.Parse([]byte(in + "\x00"))
		if got := payload.Diagnostic(v); err != nil || len(rest) != 1 || got != c.want {
			t.Errorf("%s: %s, %d bytes left, %v\nwant %s", c.name, got, len(rest), err, c.want)
		}
		for n := range in {
			if _, _, err := cbor.Parse([]byte(in[:n])); err != cbor.ErrShort {
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
		{"reserved information", "\x1C", cbor.ErrReserved},
		{"number without length", "\x1F", cbor.ErrReserved},
		{"break alone", "\xFF", cbor.ErrBreak},
		{"break in the middle of a pair", "\xBF\x01\xFF", cbor.ErrBreak},
		{"chunk of another type", "\x5F\x61a\xFF", cbor.ErrChunk},
		{"chunk in chunks", "\x5F\x5F\xFF\xFF", cbor.ErrChunk},
		{"deep", strings.Repeat("\x81", 100) + "\x01", cbor.ErrLimit},
		{"deep tags", strings.Repeat("\xC1", 100) + "\x01", cbor.ErrLimit},
		{"wide", "\x9F" + strings.Repeat("\x01", 70_000) + "\xFF", cbor.ErrLimit},
		{"array that claims 16 E", "\x9B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", cbor.ErrShort},
		{"map that claims 16 E", "\xBB\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", cbor.ErrShort},
		{"bytes that claim 16 E", "\x5B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", cbor.ErrShort},
	} {
		if _, _, err := cbor.Parse([]byte(c.in)); err != c.want {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestLooks(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     bool
	}{
		{"map", "\xA1\x61a\x01", true},
		{"array with text", "\x82\x65hello\x01", true},
		{"array of numbers", "\x83\x01\x02\x03", false},
		{"number that says it is CBOR", "\xD9\xD9\xF7\x01", true},
		{"more behind it", "\xA1\x61a\x01\x01", false},
		{"text", "hello", false},
	} {
		if got := cbor.Looks([]byte(c.in)) != nil; got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestGolden(t *testing.T) {
	got := talk.Explain(cbor.Protocol(), payload.Session{Subprotocol: "cbor"},
		// cbor-x 1.6.9
		talk.Binary(dissect.ClientToServer, unhex("826568656c6c6fb90001616101")),
		talk.Binary(dissect.ServerToClient, "\x01\x02\x61x"),
		talk.Binary(dissect.ServerToClient, "\x82\x01"),
		talk.Text(dissect.ServerToClient, "plain"),
	)
	wstest.Golden(t, "testdata/cbor.txt", got)
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"\xA1\x61a\x01", "\x9F\x01\x82\x02\x03\xFF", "\x7F\x65strea\x64ming\xFF", "\xD9\xD9\xF7\xF9\x3C\x00", "\xC2\x49\x01\x00\x00\x00\x00\x00\x00\x00\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, rest, err := cbor.Parse(b)
		if err != nil {
			return
		}
		used := b[:len(b)-len(rest)]
		again, more, err := cbor.Parse(used)
		if err != nil || len(more) != 0 || payload.Diagnostic(again) != payload.Diagnostic(v) {
			t.Errorf("%x gives %s, alone %s, %v", used, payload.Diagnostic(v), payload.Diagnostic(again), err)
		}
		cbor.Looks(b)
	})
}
