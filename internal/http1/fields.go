package http1

import (
	"iter"
	"strings"
)

// Values are the values of all header lines of that name, in order, by any case.
// Blanks between a name and its colon are no part of the name here.
func (h *Head) Values(name string) []string { return h.AppendValues(nil, name) }

// AppendValues appends the Values of a name to vs.
func (h *Head) AppendValues(vs []string, name string) []string {
	for i := range h.Fields {
		if h.is(i, name) {
			vs = append(vs, h.Fields[i].Value)
		}
	}
	return vs
}

// Value is the value of the first header line of that name.
func (h *Head) Value(name string) (string, bool) {
	for i := range h.Fields {
		if h.is(i, name) {
			return h.Fields[i].Value, true
		}
	}
	return "", false
}

// Elements are the elements of all header lines of that name: cut at the commas that do not
// stand in a quoted string, blanks around them and empty elements dropped (RFC 9110 5.6.1).
// A quoted string that is not closed ends with its line.
func (h *Head) Elements(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range h.Fields {
			if !h.is(i, name) {
				continue
			}
			for rest := h.Fields[i].Value; rest != ""; {
				var e string
				if e, rest = cutElement(rest); e != "" && !yield(e) {
					return
				}
			}
		}
	}
}

// List are the Elements of a name.
func (h *Head) List(name string) []string {
	var list []string
	for e := range h.Elements(name) {
		list = append(list, e)
	}
	return list
}

// HasToken reports whether the Elements of that name have the token, by any case.
func (h *Head) HasToken(name, token string) bool {
	for e := range h.Elements(name) {
		if equalFold(e, token) {
			return true
		}
	}
	return false
}

// HasProduct reports whether the Elements of that name have a product such as those of
// Upgrade (RFC 9110 7.8): by any case, with or without a version behind a slash.
func (h *Head) HasProduct(name, product string) bool {
	for e := range h.Elements(name) {
		p, _, _ := strings.Cut(e, "/")
		if strings.EqualFold(strings.TrimSpace(p), product) {
			return true
		}
	}
	return false
}

// is reports whether header line i has that name. Mostly its length tells, without a look at
// bytes that are in no cache any more.
func (h *Head) is(i int, name string) bool {
	n := h.Fields[i].Name
	if h.blankNames {
		n = trimRight(n)
	}
	return equalFold(n, name)
}

// cutElement takes the first element of a list and drops the comma behind it.
func cutElement(s string) (element, rest string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case quoted && s[i] == '\\':
			i++
		case !quoted && s[i] == ',':
			return trim(s[:i]), s[i+1:]
		}
	}
	return trim(s), ""
}
