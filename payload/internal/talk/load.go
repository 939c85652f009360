package talk

import (
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Load reads a conversation. Its lines are
//
//	# where it comes from
//	@ URI [SUBPROTOCOL]
//	> text of the client        < text of the server
//	>q "quoted as in Go"        <q "..."
//	>b "binary, quoted"         <b "..."
//	>x hexadecimal, binary      <x ...
func Load(file string) (s payload.Session, list []Message, err error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return s, nil, err
	}
	for i, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		kind, rest, _ := strings.Cut(line, " ")
		switch {
		case kind == "#":
		case kind == "@":
			uri, subprotocol, _ := strings.Cut(rest, " ")
			s.Path, s.Query, _ = strings.Cut(uri, "?")
			s.Subprotocol = subprotocol
		default:
			m, err := message(kind, rest)
			if err != nil {
				return s, nil, fmt.Errorf("%s:%d: %w", file, i+1, err)
			}
			list = append(list, m)
		}
	}
	return s, list, nil
}

// Named is the conversation of that name in the test data of the package under test.
func Named(t testing.TB, name string) (payload.Session, []Message) {
	t.Helper()
	s, list, err := Load("testdata/" + name + ".talk")
	if err != nil {
		t.Fatal(err)
	}
	return s, list
}

func message(kind, rest string) (m Message, err error) {
	dir := dissect.ClientToServer
	if strings.HasPrefix(kind, "<") {
		dir = dissect.ServerToClient
	}
	switch strings.TrimLeft(kind, "<>") {
	case "":
		return Text(dir, rest), nil
	case "q":
		s, err := strconv.Unquote(rest)
		return Text(dir, s), err
	case "b":
		s, err := strconv.Unquote(rest)
		return Binary(dir, s), err
	case "x":
		b, err := hex.DecodeString(rest)
		return Binary(dir, string(b)), err
	}
	return m, fmt.Errorf("no line begins with %q", kind)
}

// Line is what Explain gives, with a message behind the other in one line.
func Line(explained []byte) string {
	s := strings.ReplaceAll(strings.TrimSpace(string(explained)), "\n    ", " ")
	return strings.ReplaceAll(s, "\n", " | ")
}
