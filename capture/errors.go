package capture

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What is wrong with an input, for errors.Is. A file that is missing or cannot be opened
// answers to fs.ErrNotExist and its kin.
var (
	ErrNotCapture = errors.New("not a capture file")
	ErrEmpty      = errors.New("empty file")
	ErrNoCaptures = errors.New("is a directory without capture files")
	ErrCut        = errors.New("cut short")
	ErrDamaged    = errors.New("damaged")
)

// Error is a defect of an input: it cannot be read at all, or not at this place.
// Its text is one line without control characters.
type Error struct {
	File   string // name of the input
	Offset int64  // bytes from its start, after decompression
	Text   string // what is wrong and where, without the file
	Err    error  // one of the errors above, or that of the operating system
}

func (e *Error) Error() string {
	var path *fs.PathError
	if errors.As(e.Err, &path) {
		return e.Text
	}
	return printable(e.File) + ": " + e.Text
}

// Unwrap is the kind of defect.
func (e *Error) Unwrap() error { return e.Err }

// openError says that an input could not be opened.
func openError(name string, err error) *Error {
	return &Error{File: name, Text: printable(err.Error()), Err: err}
}

// printable is s, quoted if it has a character that could steer a terminal.
func printable(s string) string {
	unprintable := func(c rune) bool { return !strconv.IsPrint(c) }
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unprintable) {
		return strconv.QuoteToASCII(s)
	}
	return s
}

// beginning quotes the first bytes of an input, each by itself.
func beginning(head []byte) string {
	var b strings.Builder
	for _, c := range head[:min(len(head), magicSize)] {
		q := strconv.QuoteToASCII(string([]byte{c}))
		b.WriteString(q[1 : len(q)-1])
	}
	return ` (starts with "` + b.String() + `")`
}
