package display

import (
	"fmt"
	"strings"
)

// kind of a token.
type kind uint8

const (
	end    kind = iota
	word        // a field, a number, an address, a bare value
	quoted      // a string
	sign        // an operator or a bracket
)

type token struct {
	kind kind
	text string
	at   int // offset in the expression
}

// Error is a filter that cannot be understood.
type Error struct {
	Expr   string
	Offset int // of the word that is wrong
	Msg    string
}

func (e *Error) Error() string {
	rest := e.Expr[e.Offset:]
	if word, _, found := strings.Cut(rest, " "); found {
		rest = word
	}
	if rest == "" {
		return fmt.Sprintf("display filter: %s at the end", e.Msg)
	}
	return fmt.Sprintf("display filter: %s at %q", e.Msg, rest)
}

// signs, longest first.
var signs = [...]string{"==", "!=", ">=", "<=", "&&", "||", "..", "(", ")", "{", "}", ",", "!", ">", "<", "~", "="}

func lex(expr string) ([]token, error) {
	var tokens []token
next:
	for i := 0; i < len(expr); {
		c := expr[i]
		if c == ' ' || c == '\t' || c == '\n' {
			i++
			continue
		}
		if c == '"' {
			text, n, ok := unquote(expr[i:])
			if !ok {
				return nil, &Error{expr, i, "a string without its end"}
			}
			tokens = append(tokens, token{quoted, text, i})
			i += n
			continue
		}
		for _, s := range signs {
			if strings.HasPrefix(expr[i:], s) {
				tokens = append(tokens, token{sign, s, i})
				i += len(s)
				continue next
			}
		}
		n := wordLen(expr[i:])
		if n == 0 {
			return nil, &Error{expr, i, "a character that has no meaning"}
		}
		tokens = append(tokens, token{word, expr[i : i+n], i})
		i += n
	}
	return append(tokens, token{end, "", len(expr)}), nil
}

// wordLen is the length of the field, number or address that s begins with.
func wordLen(s string) int {
	for i := 0; i < len(s); i++ {
		c := s[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("._:/-[]%", c) >= 0
		if !letter || strings.HasPrefix(s[i:], "..") {
			return i
		}
	}
	return len(s)
}

// unquote reads a string in quotes, with \" \\ \n \r \t in it, and tells its length.
func unquote(s string) (text string, n int, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; c {
		case '"':
			return b.String(), i + 1, true
		case '\\':
			if i++; i == len(s) {
				return "", 0, false
			}
			switch s[i] {
			case 'n':
				b.WriteByte('\n')
			case 'r':
				b.WriteByte('\r')
			case 't':
				b.WriteByte('\t')
			default:
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", 0, false
}
