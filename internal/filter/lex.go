package filter

import "strings"

type tokenKind uint8

const (
	tokenEnd    tokenKind = iota
	tokenNumber           // a number or the name of one, such as tcp-syn
	tokenName             // a word that is no keyword, or one behind a backslash
	tokenIPv4             // 10.1, 10.1.2 or 10.1.2.3; a single 10 is a number
	tokenIPv6
	tokenMAC
	tokenARCnet   // $ff
	tokenKeyword  // word is its canonical form: link for ether
	tokenOperator // and, or and not in their words or signs included
)

// token is a word of the expression.
type token struct {
	kind   tokenKind
	word   string // without the backslash
	number uint32
	at     place
}

// is reports whether the token is a keyword or an operator.
func (t token) is(word string) bool {
	return (t.kind == tokenKeyword || t.kind == tokenOperator) && t.word == word
}

// lex splits an expression. The longest word wins, as in tcpdump: 5-3 is a name, 5 - 3 a
// difference, and 10.1.2.3x a name.
func lex(text string) ([]token, error) {
	var all []token
	for i := 0; i < len(text); {
		if strings.IndexByte(" \r\n\t", text[i]) >= 0 {
			i++
			continue
		}
		t, n, err := lexOne(text[i:])
		t.at = place{i, text[i : i+n]}
		if err != "" {
			return nil, wrong(t.at, "%s", err)
		}
		all = append(all, t)
		i += n
	}
	return append(all, token{at: place{offset: len(text)}}), nil
}

// lexOne reads the token that s starts with and returns its length.
func lexOne(s string) (t token, n int, err string) {
	if s[0] == '\\' {
		if n = escapedLen(s); n > 1 {
			return token{kind: tokenName, word: s[1:n]}, n, ""
		}
	}
	if s[0] == '$' && len(s) > 1 && isHex(s[1]) {
		n = 1 + hexLen(s[1:], 2)
		return token{kind: tokenARCnet, word: s[:n]}, n, ""
	}
	name, number := nameLen(s), numberLen(s)
	mac, ip4, ip6, bad := macLen(s), ip4Len(s), ip6Len(s), badMACLen(s)
	switch longest := max(name, number, mac, ip4, ip6, bad); {
	case longest == 0:
		return operator(s)
	case longest == name && isKeyword(s[:name]):
		return token{kind: tokenKeyword, word: canonical(s[:name])}, name, ""
	case longest == name && isOperatorWord(s[:name]):
		return token{kind: tokenOperator, word: s[:name]}, name, ""
	case longest == mac:
		return token{kind: tokenMAC, word: s[:mac]}, mac, ""
	case longest == number:
		v, msg := parseNumber(s[:number])
		return token{kind: tokenNumber, word: s[:number], number: v}, number, msg
	case longest == ip4:
		return token{kind: tokenIPv4, word: s[:ip4]}, ip4, ""
	case longest == ip6:
		return token{kind: tokenIPv6, word: s[:ip6]}, ip6, ""
	case longest == bad:
		return t, bad, "not an Ethernet address"
	}
	if v, ok := constants[s[:name]]; ok {
		return token{kind: tokenNumber, word: s[:name], number: v}, name, ""
	}
	return token{kind: tokenName, word: s[:name]}, name, ""
}

// operator reads a sign.
func operator(s string) (t token, n int, err string) {
	if len(s) > 1 {
		switch two := s[:2]; two {
		case "&&":
			return token{kind: tokenOperator, word: "and"}, 2, ""
		case "||":
			return token{kind: tokenOperator, word: "or"}, 2, ""
		case "==":
			return token{kind: tokenOperator, word: "="}, 2, ""
		case ">=", "<=", "!=", "<<", ">>":
			return token{kind: tokenOperator, word: two}, 2, ""
		}
	}
	if s[0] == '!' {
		return token{kind: tokenOperator, word: "not"}, 1, ""
	}
	if strings.IndexByte("+-*/%:[]<>()&|^=", s[0]) >= 0 {
		return token{kind: tokenOperator, word: s[:1]}, 1, ""
	}
	return t, signLen(s), "a character that no expression has"
}

// signLen is the length of the character that s starts with, for an error to show.
func signLen(s string) int {
	for i := range s {
		if i > 0 {
			return i
		}
	}
	return len(s)
}

func isOperatorWord(s string) bool { return s == "and" || s == "or" || s == "not" }

// escapedLen is the length of a backslash and what it takes for a name.
func escapedLen(s string) int {
	if n := strings.IndexAny(s[1:], " !()\n\t"); n >= 0 {
		return 1 + n
	}
	return len(s)
}

// nameLen is the length of a name: letters, digits and -_. of which neither - nor _ is the
// last one, nor a sign the first.
func nameLen(s string) int {
	if !isAlnum(s[0]) {
		return 0
	}
	n := 1
	for i := 1; i < len(s) && (isAlnum(s[i]) || strings.IndexByte("-_.", s[i]) >= 0); i++ {
		if s[i] != '-' && s[i] != '_' {
			n = i + 1
		}
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isHex(c byte) bool   { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
func isAlnum(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' }

// hexLen is how many hexadecimal digits s starts with, limit at most.
func hexLen(s string, limit int) int {
	n := 0
	for n < len(s) && n < limit && isHex(s[n]) {
		n++
	}
	return n
}
