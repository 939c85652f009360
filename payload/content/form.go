package content

import (
	"bytes"
	"net/url"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// form is application/x-www-form-urlencoded with two or more pairs: of one, too much text
// looks like it.
func form(p []byte) *dissect.Decoded {
	if bytes.Count(p, []byte{'&'}) < 1 || !allOf(p, isForm) {
		return nil
	}
	var names, values []any
	for pair := range bytes.SplitSeq(p, []byte{'&'}) {
		name, value, found := bytes.Cut(pair, []byte{'='})
		n, err1 := url.QueryUnescape(string(name))
		v, err2 := url.QueryUnescape(string(value))
		if !found || n == "" || err1 != nil || err2 != nil || len(names) == maxLines {
			return nil
		}
		names, values = append(names, payload.Text([]byte(n))), append(values, payload.Text([]byte(v)))
	}
	return &dissect.Decoded{
		Protocol: "form",
		Brief:    payload.Shown(string(p)),
		Fields:   dissect.Object{{Name: "value", Value: payload.Map(names, values)}},
	}
}

func allOf(p []byte, ok func(byte) bool) bool {
	for _, c := range p {
		if !ok(c) {
			return false
		}
	}
	return true
}

// isForm is what browsers leave as it is, the escapes, and the separators.
func isForm(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || bytes.IndexByte([]byte("*-._+%=&[]"), c) >= 0
}
