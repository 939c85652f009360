package output

// closeName is Wireshark's name of a close code, "Unknown" where it has none.
func closeName(code uint16) string {
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

// closeMeaning is what IANA's registry (RFC 6455 11.7) and the ranges of RFC 6455 7.4.2 say
// of a close code that Wireshark has no name for; empty where they say nothing either.
func closeMeaning(code uint16) string {
	switch {
	case code == 1012:
		return "Service Restart"
	case code == 1013:
		return "Try Again Later"
	case code == 1014:
		return "Bad Gateway"
	case code >= 1016 && code <= 2999:
		return "reserved for the protocol and its extensions"
	case code >= 3000 && code <= 3999:
		return "for libraries and frameworks, registered with IANA"
	case code >= 4000 && code <= 4999:
		return "private use"
	case code != 1004 && (code < 1000 || code > 4999):
		return "not a valid close code"
	}
	return ""
}
