package http1

// Values are the values of all header lines of that name, in order, by any case.
// Blanks between a name and its colon are no part of the name here.
func (h *Head) Values(name string) []string {
	var vs []string
	for i := range h.Fields {
		if h.Fields[i].is(name) {
			vs = append(vs, h.Fields[i].Value)
		}
	}
	return vs
}

// Value is the value of the first header line of that name.
func (h *Head) Value(name string) (string, bool) {
	for i := range h.Fields {
		if h.Fields[i].is(name) {
			return h.Fields[i].Value, true
		}
	}
	return "", false
}

// List are the elements of all header lines of that name: cut at the commas that do not
// stand in a quoted string, blanks around them and empty elements dropped (RFC 9110 5.6.1).
// A quoted string that is not closed ends with its line.
func (h *Head) List(name string) []string {
	var list []string
	for i := range h.Fields {
		if !h.Fields[i].is(name) {
			continue
		}
		for rest := h.Fields[i].Value; rest != ""; {
			var e string
			if e, rest = cutElement(rest); e != "" {
				list = append(list, e)
			}
		}
	}
	return list
}

// HasToken reports whether the List of that name has the token, by any case.
func (h *Head) HasToken(name, token string) bool {
	for i := range h.Fields {
		if !h.Fields[i].is(name) {
			continue
		}
		for rest := h.Fields[i].Value; rest != ""; {
			var e string
			if e, rest = cutElement(rest); e != "" && equalFold(e, token) {
				return true
			}
		}
	}
	return false
}

func (f *Field) is(name string) bool {
	return len(f.Name) >= len(name) && equalFold(trimRight(f.Name), name)
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
