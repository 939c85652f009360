package frame

import (
	"bytes"
	"testing"
)

func TestParseClose(t *testing.T) {
	cases := []struct {
		name    string
		payload string
		role    Role
		code    uint16
		reason  string
		want    Violations
	}{
		{"empty", "", RoleUnknown, 0, "", 0},
		{"one byte", "\x03", RoleUnknown, 0, "", CloseBodyOneByte},
		{"code", "\x03\xe8", RoleUnknown, 1000, "", 0},
		{"code and reason", "\x03\xe8bye \xe2\x9c\x93", RoleUnknown, 1000, "bye \xe2\x9c\x93", 0},
		{"reason not utf-8", "\x03\xe9\xff", RoleUnknown, 1001, "\xff", CloseReasonInvalidUTF8},
		{"reason cut off", "\x03\xe9\xe2\x9c", RoleUnknown, 1001, "\xe2\x9c", CloseReasonInvalidUTF8},
		{"all at once", "\x00\x00\xff", RoleUnknown, 0, "\xff", CloseCodeOutOfRange | CloseReasonInvalidUTF8},
		{"1010 with list", "\x03\xf2permessage-deflate", Client, 1010, "permessage-deflate", 0},
		{"1010 without list", "\x03\xf2", Client, 1010, "", Close1010NoList},
		{"1010 without list, role unknown", "\x03\xf2", RoleUnknown, 1010, "", Close1010NoList},
		{"1010 from a server", "\x03\xf2", Server, 1010, "", CloseCodeWrongRole},
		{"1010 from a server, with list", "\x03\xf2x", Server, 1010, "x", CloseCodeWrongRole},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			checker := Checker{Role: c.role}
			code, reason, v := checker.Close([]byte(c.payload))
			if code != c.code || !bytes.Equal(reason, []byte(c.reason)) || v != c.want {
				t.Errorf("%d %q %v, want %d %q %v", code, reason, v, c.code, c.reason, c.want)
			}
		})
	}
}

func TestCloseCodeRanges(t *testing.T) {
	for code := range 1 << 16 {
		want := Violations(0)
		switch {
		case code < 1000 || code >= 5000:
			want = CloseCodeOutOfRange
		case code == 1005 || code == 1006 || code == 1015:
			want = CloseCodeForbidden
		case code == 1004 || code >= 1016 && code <= 2999:
			want = CloseCodeReserved
		}
		_, _, got := ParseClose([]byte{byte(code >> 8), byte(code), 'x'})
		if got != want {
			t.Errorf("%d: %v, want %v", code, got, want)
		}
	}
}

func TestCloseName(t *testing.T) {
	for _, c := range []struct {
		code          uint16
		name, meaning string
	}{
		{0, "Unknown", "not a valid close code"},
		{1000, "Normal Closure", ""},
		{1002, "Protocol error", ""},
		{1004, "---Reserved----", ""},
		{1010, "Mandatory Ext.", ""},
		{1011, "Internal Server", ""},
		{1012, "Unknown", "Service Restart"},
		{1015, "TLS handshake", ""},
		{2000, "Unknown", "reserved for the protocol and its extensions"},
		{3000, "Unknown", "Unauthorized"},
		{3001, "Unknown", "for libraries and frameworks, registered with IANA"},
		{3003, "Unknown", "Forbidden"},
		{3008, "Unknown", "Timeout"},
		{4999, "Unknown", "private use"},
		{5000, "Unknown", "not a valid close code"},
	} {
		if name, meaning := CloseName(c.code), CloseMeaning(c.code); name != c.name || meaning != c.meaning {
			t.Errorf("%d is %q, %q; want %q, %q", c.code, name, meaning, c.name, c.meaning)
		}
	}
}

// The example of RFC 6455 1.3.
func TestAccept(t *testing.T) {
	if got := Accept("dGhlIHNhbXBsZSBub25jZQ=="); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Errorf("Accept = %q", got)
	}
}
