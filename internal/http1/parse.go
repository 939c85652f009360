package http1

import "strings"

// parse reads lines that are all ended by LF, the first of them the start line.
// All strings of the head share the memory of s, but for folded values.
func parse(s string, k Kind) *Head {
	h := &Head{Request: k == Request, Size: len(s)}
	h.Line, s = cutLine(s)
	if h.Request {
		h.requestLine()
	} else {
		h.statusLine()
	}
	h.Fields = make([]Field, 0, max(strings.Count(s, "\n")-1, 0)) // less the blank line
	for s != "" {
		line, rest := cutLine(s)
		if line == "" {
			break
		}
		if fold := foldEnd(s, rest); fold > len(s)-len(rest) {
			h.foldedField(line, s[:fold])
			rest = s[fold:]
		} else {
			h.field(line)
		}
		s = rest
	}
	return h
}

// cutLine takes a line from s and drops its line end. "A recipient MAY recognize a
// single LF as a line terminator and ignore any preceding CR" (RFC 9112 2.2).
func cutLine(s string) (line, rest string) {
	line, rest, _ = strings.Cut(s, "\n")
	return strings.TrimSuffix(line, "\r"), rest
}

// foldEnd is where the lines end that continue the first line of s; rest is s without it.
func foldEnd(s, rest string) int {
	for rest != "" && isSpace(rest[0]) {
		_, rest = cutLine(rest)
	}
	return len(s) - len(rest)
}

// foldedField reads a header line with its continuations: lines is all of them, line the
// first. Line ends and the blanks around them become one SP (RFC 9112 5.2).
func (h *Head) foldedField(line, lines string) {
	h.defect(Folded, strings.TrimRight(lines, "\r\n"))
	var b strings.Builder
	b.Grow(len(lines))
	b.WriteString(trimRight(line))
	_, rest := cutLine(lines)
	for rest != "" {
		var more string
		more, rest = cutLine(rest)
		if more = trim(more); more != "" {
			b.WriteByte(' ')
			b.WriteString(more)
		}
	}
	h.field(b.String())
}

// field reads a header line (RFC 9112 5).
func (h *Head) field(line string) {
	name, value, colon := strings.Cut(line, ":")
	if !colon {
		h.defect(NoColon, line)
		h.Fields = append(h.Fields, Field{Value: trim(line)})
		return
	}
	bare := trimRight(name)
	if bare != name {
		h.blankNames = true
		h.defect(BlankBeforeColon, line)
	}
	if !isToken(bare) {
		h.defect(BadFieldName, line)
	}
	if hasControl(value) {
		h.defect(NULInValue, line)
	}
	h.Fields = append(h.Fields, Field{Name: name, Value: trim(value)})
}

// requestLine reads "method SP request-target SP HTTP-version" (RFC 9112 3).
func (h *Head) requestLine() {
	line := trimRight(h.Line)
	method, rest, ok := cutBlank(line)
	h.Method, h.Target = method, rest
	ok = ok && len(line) == len(h.Line) && isToken(method)
	if i := strings.LastIndexAny(rest, " \t"); i >= 0 && looksLikeVersion(rest[i+1:]) {
		h.Target, h.Version = rest[:i], rest[i+1:]
	} else if looksLikeVersion(rest) {
		h.Target, h.Version = "", rest
	}
	h.startLine(ok && isTarget(h.Target))
	h.Target = trim(h.Target)
}

// statusLine reads "HTTP-version SP status-code SP [ reason-phrase ]" (RFC 9112 4):
// "A server MUST send the space that separates the status-code from the reason-phrase
// even when the reason-phrase is absent".
func (h *Head) statusLine() {
	version, rest, first := cutBlank(h.Line)
	code, phrase, second := strings.Cut(rest, " ")
	status, number := parseStatus(code)
	h.Version, h.Status, h.Phrase = version, status, phrase
	h.startLine(first && second && number && !hasControl(phrase))
}

// startLine notes what is wrong with the start line; whole says that its parts are there.
func (h *Head) startLine(whole bool) {
	if !isVersion(h.Version) {
		h.defect(NoVersion, h.Line)
	}
	if !whole {
		h.defect(BadStartLine, h.Line)
	}
}

func (h *Head) defect(k DefectKind, text string) {
	h.Defects = append(h.Defects, Defect{k, text})
}

// cutBlank cuts s at its first blanks; single is false unless these are one SP.
func cutBlank(s string) (before, after string, single bool) {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s, "", false
	}
	after = strings.TrimLeft(s[i:], " \t")
	return s[:i], after, s[i] == ' ' && len(s) == i+1+len(after)
}

// parseStatus reads the three digits of a status code.
func parseStatus(s string) (code int, ok bool) {
	if len(s) != 3 {
		return 0, false
	}
	for _, c := range []byte(s) {
		if !isDigit(c) {
			return 0, false
		}
		code = code*10 + int(c-'0')
	}
	return code, true
}

// isVersion reports whether s is an HTTP-version: 'HTTP "/" DIGIT "." DIGIT' (RFC 9112 2.3).
func isVersion(s string) bool {
	return len(s) == 8 && s[:5] == "HTTP/" && isDigit(s[5]) && s[6] == '.' && isDigit(s[7])
}

// looksLikeVersion reports whether s was meant as an HTTP-version.
func looksLikeVersion(s string) bool {
	return len(s) >= 5 && equalFold(s[:5], "HTTP/")
}

// isTarget reports whether s can be a request target: no blanks, no control characters.
func isTarget(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return s != ""
}
