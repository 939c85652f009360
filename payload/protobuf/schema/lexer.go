package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// lexer cuts a .proto file into tokens: names and numbers with their dots, strings, and
// single characters of punctuation.
type lexer struct {
	file string
	src  string
	pos  int
	line int

	text   string // the token at hand; empty at the end of the file
	quoted bool   // it is a string, without its quotes
}

// errorf is an error at the token at hand.
func (l *lexer) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", l.file, l.line, fmt.Sprintf(format, args...))
}

// shown is the token at hand in an error.
func (l *lexer) shown() string {
	if l.text == "" && !l.quoted {
		return "the end of the file"
	}
	return strconv.Quote(l.text)
}

// next goes to the next token.
func (l *lexer) next() error {
	l.quoted = false
	if err := l.blanks(); err != nil {
		return err
	}
	rest := l.src[l.pos:]
	if rest == "" {
		l.text = ""
		return nil
	}
	if rest[0] == '"' || rest[0] == '\'' {
		return l.string(rest)
	}
	n := 0
	for n < len(rest) && isWord(rest[n]) {
		n++
	}
	n = max(n, 1)
	l.text = rest[:n]
	l.pos += n
	return nil
}

func isWord(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '_' || c == '.'
}

// blanks passes over white space and comments.
func (l *lexer) blanks() error {
	for l.pos < len(l.src) {
		rest := l.src[l.pos:]
		n := 1
		switch {
		case strings.IndexByte(" \t\r\n\f\v", rest[0]) >= 0:
		case strings.HasPrefix(rest, "//"):
			if n = strings.IndexByte(rest, '\n'); n < 0 {
				n = len(rest)
			}
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return l.errorf("a comment without an end")
			}
			n = end + 4
		case l.pos == 0 && strings.HasPrefix(rest, "\uFEFF"):
			n = len("\uFEFF")
		default:
			return nil
		}
		l.line += strings.Count(rest[:n], "\n")
		l.pos += n
	}
	return nil
}

// string takes a string; its escapes stay as they are, for no name that matters has one.
func (l *lexer) string(rest string) error {
	for i := 1; i < len(rest) && rest[i] != '\n'; i++ {
		switch rest[i] {
		case '\\':
			i++
		case rest[0]:
			l.text, l.quoted = rest[1:i], true
			l.pos += i + 1
			return nil
		}
	}
	return l.errorf("a string without an end")
}
