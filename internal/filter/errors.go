package filter

import (
	"errors"
	"fmt"
	"strings"
)

// ErrUnsupported is wrapped by the errors about what tcpdump can do and this package not.
var ErrUnsupported = errors.New("not supported")

// ErrRejectsAll is wrapped by the error about an expression that no packet of the link type
// can match. tcpdump refuses such an expression too.
var ErrRejectsAll = errors.New("expression rejects all packets")

// SyntaxError says what is wrong with an expression, of itself or for a link type, and where.
type SyntaxError struct {
	Text   string // the whole expression
	Offset int    // bytes of Text before Word
	Word   string // the word of Text at fault; empty at the end of Text
	Msg    string // what is wrong with it
	err    error
}

// Error is one line.
func (e *SyntaxError) Error() string {
	if e.Word == "" {
		return fmt.Sprintf("filter: %s at the end", e.Msg)
	}
	return fmt.Sprintf("filter: %s at %q", e.Msg, e.Word)
}

// Unwrap is [ErrUnsupported], [ErrRejectsAll] or nil.
func (e *SyntaxError) Unwrap() error { return e.err }

// Caret is the expression on one line and, on a second, carets under the word at fault.
func (e *SyntaxError) Caret() string {
	width := func(s string) int { return len([]rune(s)) }
	blank := func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}
	return strings.Map(blank, e.Text) + "\n" +
		strings.Repeat(" ", width(e.Text[:e.Offset])) +
		strings.Repeat("^", max(1, width(e.Word)))
}

// place is where a node or a token stands in the expression.
type place struct {
	offset int
	word   string
}

// failure is an error without its expression.
type failure struct {
	at  place
	msg string
	err error
}

func (f *failure) Error() string { return f.msg }

func (f *failure) in(text string) *SyntaxError {
	return &SyntaxError{Text: text, Offset: f.at.offset, Word: f.at.word, Msg: f.msg, err: f.err}
}

func wrong(at place, format string, args ...any) error {
	return &failure{at: at, msg: fmt.Sprintf(format, args...)}
}

func unsupported(at place, format string, args ...any) error {
	return &failure{at: at, msg: "not supported: " + fmt.Sprintf(format, args...), err: ErrUnsupported}
}

// located gives an error of this package its expression.
func located(err error, text string) error {
	var f *failure
	if errors.As(err, &f) {
		return f.in(text)
	}
	return err
}
