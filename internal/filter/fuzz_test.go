package filter

import (
	"errors"
	"strings"
	"testing"
)

func FuzzParse(f *testing.F) {
	for _, expr := range expressions() {
		f.Add(expr)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		e, err := Parse(expr)
		if err != nil {
			checkError(t, expr, err)
			return
		}
		s := e.String()
		again, err := Parse(s)
		if err != nil {
			t.Fatalf("%q is %q, which is no expression: %v", expr, s, err)
		}
		if again.String() != s {
			t.Fatalf("%q is %q, and that is %q", expr, s, again)
		}
		for _, link := range testedLinks {
			p, err := e.Compile(link, 0)
			q, errAgain := again.Compile(link, 0)
			if (err == nil) != (errAgain == nil) {
				t.Fatalf("link type %d: %q: %v; %q: %v", link, expr, err, s, errAgain)
			}
			if err != nil {
				checkError(t, expr, err)
			} else if len(p.Instructions()) != len(q.Instructions()) {
				t.Fatalf("link type %d: %q and %q differ", link, expr, s)
			}
		}
	})
}

func checkError(t *testing.T, expr string, err error) {
	t.Helper()
	var s *SyntaxError
	if !errors.As(err, &s) {
		t.Fatalf("%q: %v is no SyntaxError", expr, err)
	}
	if s.Text != expr || s.Offset < 0 || s.Offset > len(expr) || !strings.HasPrefix(expr[s.Offset:], s.Word) {
		t.Fatalf("%q: no %q at %d", expr, s.Word, s.Offset)
	}
	if s.Msg == "" || strings.Contains(s.Msg, "\n") || strings.Count(s.Caret(), "\n") != 1 {
		t.Fatalf("%q: %q, %q", expr, s.Msg, s.Caret())
	}
}

func FuzzMatch(f *testing.F) {
	needsMachine(f)
	all := expressions()
	for i, link := range testedLinks {
		for n, s := range samples(link) {
			if n%40 == 0 {
				f.Add(all[(n*7+i)%len(all)], uint8(i), s.data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, expr string, which uint8, data []byte) {
		e, err := Parse(expr)
		if err != nil {
			return
		}
		p, err := e.Compile(testedLinks[int(which)%len(testedLinks)], 0)
		if err != nil {
			return
		}
		agrees(t, expr, p, data)
	})
}
