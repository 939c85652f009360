package graphql

import "strings"

// find looks in a GraphQL document for the operation called name, or for the first one if
// name is empty, and gives its type and its name. The type is empty if there is none.
func find(document, name string) (kind, found string) {
	depth, atTop := 0, true // atTop: a definition may begin here
	for s := (scanner{document}); ; {
		token := s.next()
		switch {
		case token == "":
			return "", name
		case token == "{":
			if depth == 0 && atTop && name == "" {
				return "query", ""
			}
			depth++
			atTop = false
		case token == "}":
			depth--
			atTop = depth == 0
		case depth == 0 && atTop:
			atTop = false
			if token != "query" && token != "mutation" && token != "subscription" {
				break
			}
			label := s.name()
			if name == "" || label == name {
				return token, label
			}
		}
	}
}

// scanner cuts a document into tokens (GraphQL, 2.1): words, and single characters.
// Strings and comments are passed over.
type scanner struct{ rest string }

func (s *scanner) next() string {
	for s.rest != "" {
		switch c := s.rest[0]; {
		case c == '#':
			end := strings.IndexAny(s.rest, "\r\n")
			if end < 0 {
				end = len(s.rest)
			}
			s.rest = s.rest[end:]
		case c == '"':
			s.skipString()
		case isNameByte(c):
			return s.word()
		case c > ' ' && c != ',' && c < 0x80:
			s.rest = s.rest[1:]
			return string(c)
		default:
			s.rest = s.rest[1:]
		}
	}
	return ""
}

// name is the word that comes next, if one does.
func (s *scanner) name() string {
	before := s.rest
	if token := s.next(); token != "" && isNameByte(token[0]) {
		return token
	}
	s.rest = before
	return ""
}

func (s *scanner) word() string {
	n := 0
	for n < len(s.rest) && isNameByte(s.rest[n]) {
		n++
	}
	w := s.rest[:n]
	s.rest = s.rest[n:]
	return w
}

func (s *scanner) skipString() {
	if block, ok := strings.CutPrefix(s.rest, quotes); ok {
		s.skipBlock(block)
		return
	}
	for i := 1; i < len(s.rest); i++ {
		switch s.rest[i] {
		case '\\':
			i++
		case '"', '\n':
			s.rest = s.rest[i+1:]
			return
		}
	}
	s.rest = ""
}

const quotes = `"""`

// skipBlock passes over a block string, in which a backslash stands before quotes that do
// not end it.
func (s *scanner) skipBlock(block string) {
	for {
		text, rest, found := strings.Cut(block, quotes)
		block = rest
		if !found || !strings.HasSuffix(text, `\`) {
			s.rest = rest
			return
		}
	}
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
