package stomp

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
)

// Why a frame is not read.
var (
	errCommand = errors.New("STOMP: no command that is known")
	errHeader  = errors.New("STOMP: a header without a colon")
	errHead    = errors.New("STOMP: headers of more than 64 KiB")
	errNul     = errors.New("STOMP: no NUL behind the body")
	errLarge   = errors.New("STOMP: a frame that goes on in later messages is too large to be held")
)

const maxHead = 64 << 10

// unit is a frame of STOMP. Its body aliases the stream.
type unit struct {
	command string
	headers []header
	body    []byte
}

type header struct{ name, value string }

// header is the first of its name, which is the one that counts (STOMP 1.2, Repeated
// Header Entries).
func (u *unit) header(name string) string {
	for i := range u.headers {
		if u.headers[i].name == name {
			return u.headers[i].value
		}
	}
	return ""
}

func isCommand(s string) bool {
	switch s {
	case "CONNECT", "STOMP", "CONNECTED", "SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "BEGIN", "COMMIT",
		"ABORT", "DISCONNECT", "MESSAGE", "RECEIPT", "ERROR":
		return true
	}
	return false
}

// cut takes the frame that b begins with, of size bytes. It is not whole if b has fewer;
// size is 0 while that is not known.
func cut(b []byte, v version) (u unit, size uint64, err error) {
	n, err := u.head(b, v)
	if err != nil || n == 0 {
		return u, 0, err
	}
	length, err := strconv.ParseUint(u.header("content-length"), 10, 31)
	if err != nil {
		end := bytes.IndexByte(b[n:], 0)
		if end < 0 {
			return u, 0, nil
		}
		u.body = b[n : n+end]
		return u, uint64(n + end + 1), nil
	}
	if size = uint64(n) + length + 1; size > uint64(len(b)) {
		return u, size, nil
	}
	if b[size-1] != 0 {
		return u, 0, errNul
	}
	u.body = b[n : size-1]
	return u, size, nil
}

// head reads the command and the headers, and gives their length: 0 if they are not whole.
func (u *unit) head(b []byte, v version) (n int, err error) {
	for first := true; ; first = false {
		end := bytes.IndexByte(b[n:min(len(b), maxHead)], '\n')
		if end < 0 {
			return 0, u.cutHead(b, first)
		}
		line := string(bytes.TrimSuffix(b[n:n+end], []byte{'\r'}))
		n += end + 1
		switch {
		case first && !isCommand(line):
			return 0, errCommand
		case first:
			u.command = line
		case line == "":
			return n, nil
		default:
			name, value, ok := strings.Cut(line, ":")
			if !ok {
				return 0, errHeader
			}
			if u.command != "CONNECT" && u.command != "CONNECTED" {
				name, value = v.unescape(name), v.unescape(value)
			}
			u.headers = append(u.headers, header{name, value})
		}
	}
}

// cutHead judges headers that do not end in b.
func (u *unit) cutHead(b []byte, first bool) error {
	switch {
	case len(b) >= maxHead:
		return errHead
	case first && (len(b) > len("UNSUBSCRIBE\r") || bytes.IndexByte(b, 0) >= 0):
		return errCommand
	}
	return nil
}

// version of STOMP: 10, 11 or 12.
type version int

// unescape is STOMP 1.2, Value Encoding. What is no escape stays as it is.
func (v version) unescape(s string) string {
	if v < 11 || !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			if c, ok := v.escape(s[i+1]); ok {
				b.WriteByte(c)
				i++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func (v version) escape(c byte) (byte, bool) {
	switch {
	case c == 'n':
		return '\n', true
	case c == 'c':
		return ':', true
	case c == '\\':
		return '\\', true
	case c == 'r' && v >= 12:
		return '\r', true
	}
	return 0, false
}
