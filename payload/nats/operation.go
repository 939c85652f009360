package nats

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Why an operation is not read.
var (
	errOperation = errors.New("NATS: no operation that is known")
	errArguments = errors.New("NATS: arguments that do not fit the operation")
	errLine      = errors.New("NATS: a control line of more than 64 KiB")
	errPayload   = errors.New("NATS: no line end behind the payload")
	errLarge     = errors.New("NATS: an operation that goes on in later messages is too large to be held")
)

const maxLine = 64 << 10

// operation is a line of the protocol with its payload. All alias the stream.
type operation struct {
	name      string // in upper case
	args      []string
	rest      []byte // of the line, behind the name
	headers   []byte // of HPUB and HMSG
	payload   []byte
	hasHeader bool
}

// cut takes the operation that b begins with, of size bytes. It is not whole if b has
// fewer; size is 0 while that is not known.
func cut(b []byte) (op operation, size uint64, err error) {
	end := bytes.IndexByte(b[:min(len(b), maxLine)], '\n')
	if end < 0 {
		if len(b) >= maxLine {
			return op, 0, errLine
		}
		return op, 0, checkStart(b)
	}
	line := bytes.TrimSuffix(b[:end], []byte{'\r'})
	name, rest := line, []byte(nil)
	if i := bytes.IndexAny(line, " \t"); i >= 0 {
		name, rest = line[:i], bytes.TrimSpace(line[i:])
	}
	op.name, op.rest = strings.ToUpper(string(name)), rest
	least, most, ok := op.counts()
	if !ok {
		return op, 0, errOperation
	}
	if most == 0 {
		return op, uint64(end + 1), nil
	}
	if op.args = strings.Fields(string(rest)); len(op.args) < least || len(op.args) > most {
		return op, 0, errArguments
	}
	return op.withPayload(b, end+1)
}

// checkStart refuses what no operation begins with, while the line is not whole.
func checkStart(b []byte) error {
	word, _, found := bytes.Cut(b[:min(len(b), 8)], []byte{' '})
	op := operation{name: strings.ToUpper(strings.TrimRight(string(word), "\r"))}
	if _, _, ok := op.counts(); ok {
		return nil
	}
	for _, name := range names {
		if !found && strings.HasPrefix(name, op.name) {
			return nil
		}
	}
	return errOperation
}

var names = [...]string{"INFO", "CONNECT", "PUB", "HPUB", "SUB", "UNSUB", "MSG", "HMSG", "PING", "PONG", "+OK", "-ERR"}

// counts are the least and the most arguments; the last is 0 where the line is not split.
func (op *operation) counts() (least, most int, ok bool) {
	switch op.name {
	case "INFO", "CONNECT", "-ERR", "PING", "PONG", "+OK":
		return 0, 0, true
	case "PUB", "SUB":
		return 2, 3, true
	case "UNSUB":
		return 1, 2, true
	case "HPUB", "MSG":
		return 3, 4, true
	case "HMSG":
		return 4, 5, true
	}
	return 0, 0, false
}

// withPayload adds what follows the line, which begins at.
func (op *operation) withPayload(b []byte, at int) (operation, uint64, error) {
	switch op.name {
	case "SUB", "UNSUB":
		return *op, uint64(at), nil
	}
	length, err := number(op.args[len(op.args)-1])
	if err != nil {
		return *op, 0, errArguments
	}
	size := uint64(at) + length + 2
	head := uint64(0)
	if op.hasHeader = op.name[0] == 'H'; op.hasHeader {
		head, err = number(op.args[len(op.args)-2])
		if err != nil || head > length {
			return *op, 0, errArguments
		}
	}
	if size > uint64(len(b)) {
		return *op, size, nil
	}
	body := b[at : size-2]
	if string(b[size-2:size]) != "\r\n" {
		return *op, 0, errPayload
	}
	op.headers, op.payload = body[:head], body[head:]
	return *op, size, nil
}

func number(s string) (uint64, error) { return strconv.ParseUint(s, 10, 31) }

// headerFields are the status and the headers of HPUB and HMSG, which look like those of
// HTTP behind a line "NATS/1.0 503 reason".
func headerFields(b []byte) dissect.Object {
	text := strings.TrimRight(string(b), "\r\n")
	first, rest, _ := strings.Cut(text, "\r\n")
	var o dissect.Object
	if status := strings.TrimSpace(strings.TrimPrefix(first, "NATS/1.0")); status != "" {
		o = append(o, dissect.Field{Name: "status", Value: payload.Text([]byte(status))})
	}
	list := []any{}
	for line := range strings.SplitSeq(rest, "\r\n") {
		if name, value, ok := strings.Cut(line, ":"); ok {
			list = append(list, []any{payload.Text([]byte(name)), payload.Text([]byte(strings.TrimSpace(value)))})
		}
	}
	return append(o, dissect.Field{Name: "headers", Value: list})
}
