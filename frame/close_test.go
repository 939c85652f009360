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
	for code, want := range map[uint16]string{
		0:    "Unknown (0)",
		1000: "Normal Closure (1000)",
		1002: "Protocol error (1002)",
		1004: "---Reserved---- (1004)",
		1010: "Mandatory Ext. (1010)",
		1011: "Internal Server (1011)",
		1012: "Service Restart (1012)",
		1015: "TLS handshake (1015)",
		2000: "Unknown (2000)",
		3000: "Unauthorized (3000)",
		3001: "Unknown (3001)",
		3003: "Forbidden (3003)",
		3008: "Timeout (3008)",
		4999: "Unknown (4999)",
	} {
		if got := CloseName(code); got != want {
			t.Errorf("CloseName(%d) = %q, want %q", code, got, want)
		}
	}
}

// The example of RFC 6455 1.3.
func TestAccept(t *testing.T) {
	if got := Accept("dGhlIHNhbXBsZSBub25jZQ=="); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Errorf("Accept = %q", got)
	}
}
