package conform

import "strings"

// authority is that of an absolute http or https URI (RFC 9112 3.2.2).
func authority(uri string) (string, bool) {
	scheme, rest, ok := strings.Cut(uri, "://")
	if !ok || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return "", false
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest, true
}

// sameAuthority compares by any case, and without the port that the scheme of the URI means.
func sameAuthority(a, b, uri string) bool {
	port := ":80"
	if len(uri) > 5 && strings.EqualFold(uri[:5], "https") {
		port = ":443"
	}
	return strings.EqualFold(strings.TrimSuffix(a, port), strings.TrimSuffix(b, port))
}

// isHost reports whether s is host[:port] (RFC 3986 3.2.2, 3.2.3).
func isHost(s string) bool {
	host, port := s, ""
	if i := strings.LastIndexByte(s, ':'); i > strings.LastIndexByte(s, ']') {
		host, port = s[:i], s[i+1:]
	}
	if strings.Trim(port, "0123456789") != "" {
		return false
	}
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		return host != "[]" && consists(host[1:len(host)-1], ":")
	}
	return consists(host, "%")
}

// consists reports whether s has only characters of a registered name, and some more.
func consists(s, more string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlphanumeric(c) && !strings.ContainsRune("-._~!$&'()*+,;="+more, rune(c)) {
			return false
		}
	}
	return true
}

// isOriginList reports whether s is an origin-list-or-null (RFC 6454 7.1).
func isOriginList(s string) bool {
	if s == "null" {
		return true
	}
	for origin := range strings.SplitSeq(s, " ") {
		scheme, host, ok := strings.Cut(origin, "://")
		if !ok || !isScheme(scheme) || !isHost(host) {
			return false
		}
	}
	return true
}

// isScheme reports whether s is a scheme (RFC 3986 3.1).
func isScheme(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlphanumeric(c) && !strings.ContainsRune("+-.", rune(c)) {
			return false
		}
	}
	return s != "" && (s[0] < '0' || s[0] > '9')
}

// isToken reports whether s is a token of HTTP (RFC 9110 5.6.2).
func isToken(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlphanumeric(c) && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
