package frame

import (
	"encoding/binary"
	"unicode/utf8"
)

// ParseClose reads the unmasked payload of a Close frame (RFC 6455 5.5.1): the code, 0
// where there is none, and the reason, which aliases p. It judges what does not depend
// on the sender; Checker.Close judges that as well.
func ParseClose(p []byte) (code uint16, reason []byte, v Violations) {
	switch len(p) {
	case 0:
		return 0, nil, 0
	case 1:
		return 0, nil, CloseBodyOneByte
	}
	code, reason = binary.BigEndian.Uint16(p), p[2:]
	v = closeCode(code)
	// 7.4.1: "The list of extensions that are needed SHOULD appear in the /reason/ part of
	// the Close frame."
	if code == 1010 && len(reason) == 0 {
		v |= Close1010NoList
	}
	// 5.5.1: "the body MAY contain UTF-8-encoded data"
	if !utf8.Valid(reason) {
		v |= CloseReasonInvalidUTF8
	}
	return code, reason, v
}

// closeCode judges the code by the ranges of RFC 6455 7.4.
func closeCode(code uint16) Violations {
	switch {
	case code < 1000 || code > 4999:
		return CloseCodeOutOfRange
	// 7.4.1: "MUST NOT be set as a status code in a Close control frame by an endpoint"
	case code == 1005, code == 1006, code == 1015:
		return CloseCodeForbidden
	case code == 1004, code > 1015 && code < 3000:
		return CloseCodeReserved
	}
	return 0
}

// Close is ParseClose for the sender of this direction.
func (c *Checker) Close(p []byte) (code uint16, reason []byte, v Violations) {
	code, reason, v = ParseClose(p)
	// 7.4.1: "Note that this status code is not used by the server, because it can fail
	// the WebSocket handshake instead."
	if code == 1010 && c.Role == Server {
		v = v&^Close1010NoList | CloseCodeWrongRole
	}
	return code, reason, v
}

// CloseName is Wireshark's name of a close code, "Unknown" where it has none.
func CloseName(code uint16) string {
	switch code {
	case 1000:
		return "Normal Closure"
	case 1001:
		return "Going Away"
	case 1002:
		return "Protocol error"
	case 1003:
		return "Unsupported Data"
	case 1004:
		return "---Reserved----"
	case 1005:
		return "No Status Rcvd"
	case 1006:
		return "Abnormal Closure"
	case 1007:
		return "Invalid frame payload data"
	case 1008:
		return "Policy Violation"
	case 1009:
		return "Message Too Big"
	case 1010:
		return "Mandatory Ext."
	case 1011:
		return "Internal Server"
	case 1015:
		return "TLS handshake"
	}
	return "Unknown"
}

// CloseMeaning is what IANA's registry (RFC 6455 11.7) and the ranges of RFC 6455 7.4.2
// say of a close code that Wireshark has no name for; empty for those that it names.
func CloseMeaning(code uint16) string {
	switch {
	case code == 1012:
		return "Service Restart"
	case code == 1013:
		return "Try Again Later"
	case code == 1014:
		return "Bad Gateway"
	case code == 3000:
		return "Unauthorized"
	case code == 3003:
		return "Forbidden"
	case code == 3008:
		return "Timeout"
	case code >= 1016 && code <= 2999:
		return "reserved for the protocol and its extensions"
	case code >= 3000 && code <= 3999:
		return "for libraries and frameworks, registered with IANA"
	case code >= 4000 && code <= 4999:
		return "private use"
	case code < 1000 || code > 4999:
		return "not a valid close code"
	}
	return ""
}
