package conform

import (
	"slices"
	"strings"

	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/rules"
)

// extension is an element of Sec-WebSocket-Extensions (RFC 6455 9.1).
type extension struct {
	text   string // as written
	name   string // in lower case
	params []param

	declined bool // an offer that a server has to decline
}

type param struct {
	name   string // in lower case
	value  string // without quotes
	valued bool   // there is a value
}

// parseExtensions reads the values of all header lines. What does not match
//
//	extension-list  = 1#extension
//	extension       = extension-token *( ";" extension-param )
//	extension-param = token [ "=" (token | quoted-string) ]
//
// is told to malformed; "When using the quoted-string syntax variant, the value after
// quoted-string unescaping MUST conform to the 'token' ABNF". Empty elements of the list
// are allowed by the # of that grammar, but not an empty list.
func parseExtensions(lines []string, malformed func(text string)) []extension {
	var list []extension
	for _, line := range lines {
		before := len(list)
		for _, text := range elements(line, ',') {
			if text != "" {
				list = append(list, parseExtension(text, malformed))
			}
		}
		if len(list) == before {
			malformed("Sec-WebSocket-Extensions is " + quote(line) + ", which names no extension")
		}
	}
	return list
}

func parseExtension(text string, malformed func(text string)) extension {
	parts := elements(text, ';')
	e := extension{text: text, name: strings.ToLower(parts[0])}
	if !isToken(parts[0]) {
		malformed("the extension " + quote(text) + " does not begin with a token")
	}
	for _, part := range parts[1:] {
		name, value, valued := strings.Cut(part, "=")
		name, value = strings.TrimRight(name, " \t"), strings.TrimLeft(value, " \t")
		switch unquoted, ok := unquote(value); {
		case part == "":
			malformed("the extension " + quote(text) + " has an empty parameter")
			continue
		case !isToken(name):
			malformed("the parameter " + quote(part) + " of an extension has a name that is no token")
		case valued && (!ok || !isToken(unquoted)):
			malformed("the parameter " + quote(part) + " of an extension has a value that is no token")
		default:
			value = unquoted
		}
		e.params = append(e.params, param{strings.ToLower(name), value, valued})
	}
	return e
}

// unquote is the value of a quoted-string (RFC 9110 5.6.4), and any other as it is.
func unquote(s string) (string, bool) {
	if !strings.HasPrefix(s, `"`) {
		return s, true
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), i == len(s)-1
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return s, false
}

// elements cuts s at the separators that do not stand in a quoted-string. The elements
// have no blanks around them, and may be empty.
func elements(s string, separator byte) []string {
	var list []string
	quoted, from := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '\\' && quoted:
			i++
		case s[i] == separator && !quoted:
			list = append(list, strings.Trim(s[from:i], " \t"))
			from = i + 1
		}
	}
	return append(list, strings.Trim(s[from:], " \t"))
}

// isRegistered looks a name up in the WebSocket Extension Name Registry of IANA
// (RFC 6455 11.4).
func isRegistered(name string) bool {
	return slices.Contains([]string{"permessage-deflate", "bbf-usp-protocol"}, name)
}

// offers judges the extensions that the request offers.
func (o *opening) offers(h *http1.Head) {
	o.offered = parseExtensions(h.Values("Sec-WebSocket-Extensions"), func(text string) { o.refusable(rules.ExtHeaderMalformed, "%s", text) })
	for i := range o.offered {
		if x := &o.offered[i]; !isRegistered(x.name) {
			o.request(rules.ExtUnregistered, "the extension %s is not registered", quote(x.text))
		}
	}
	o.deflateOffers()
}

// agrees judges the extensions of a 101: "if the response includes a
// |Sec-WebSocket-Extensions| header field and this header field indicates the use of an
// extension that was not present in the client's handshake ... the client MUST _Fail the
// WebSocket Connection_" (RFC 6455 4.1 resp 5).
func (o *opening) agrees(lines []string) {
	agreed := parseExtensions(lines, func(text string) { o.response(rules.ExtHeaderMalformed, "%s", text) })
	request := o.e.Request
	for i := range agreed {
		x := &agreed[i]
		if !isRegistered(x.name) {
			o.response(rules.ExtUnregistered, "the extension %s is not registered", quote(x.text))
		}
		if request != nil && !request.Cut && !slices.ContainsFunc(o.offered, func(other extension) bool { return other.name == x.name }) {
			o.response(rules.RespExtNotOffered, "the extension %s was not offered", quote(x.text))
		}
	}
	o.deflateAgreed(agreed)
}
