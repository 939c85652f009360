package http1

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func FuzzParser(f *testing.F) {
	f.Add([]byte(goodRequest), false, uint16(0), []byte{3})
	f.Add([]byte("\r\n"+goodResponse+"\x81\x05Hello"), true, uint16(100), []byte{1, 7})
	f.Add([]byte("GET  / \nA : b\r\n c\r\n\td\n:\nx\n\r\n"), false, uint16(30), []byte{2})
	f.Add([]byte("0\n0\n :\n\n"), false, uint16(30), []byte("0")) // folded inside a name
	f.Fuzz(func(t *testing.T, in []byte, response bool, limit uint16, cuts []byte) {
		p := Parser{Limit: int(limit)}
		if response {
			p.Kind = Response
		}
		q := p
		before := bytes.Clone(in)
		n, s := feedAll(t, &p, in, whole)
		m, r := feedAll(t, &q, in, cycle(cuts))
		if n != m || s != r || p.Buffered() != q.Buffered() {
			t.Fatalf("whole: %d, %d; in pieces: %d, %d", n, s, m, r)
		}
		if !reflect.DeepEqual(p.Head(), q.Head()) || !reflect.DeepEqual(p.Partial(), q.Partial()) {
			t.Fatalf("whole: %+v; in pieces: %+v", p.Partial(), q.Partial())
		}
		if !bytes.Equal(in, before) {
			t.Fatal("the input was changed")
		}
		if p.Buffered() > p.limit() || s == TooLong != (p.Buffered() == p.limit() && s != Done) {
			t.Fatalf("holds %d of %d, state %d", p.Buffered(), p.limit(), s)
		}
		if h := p.Head(); h != nil {
			checkHead(t, h, string(in[n-h.Size:n]))
		}
	})
}

// checkHead asserts what holds for every whole head, read from that text.
func checkHead(t *testing.T, h *Head, text string) {
	t.Helper()
	if h.Cut || h.Size != len(text) || !strings.HasPrefix(text, h.Line) {
		t.Fatalf("%+v is not the head of %q", h, text)
	}
	if len(h.Fields) > strings.Count(text, "\n") {
		t.Fatalf("%d fields in %q", len(h.Fields), text)
	}
	folded := slices.ContainsFunc(h.Defects, func(d Defect) bool { return d.Kind == Folded })
	for _, f := range h.Fields {
		if f.Value != trim(f.Value) || strings.Contains(f.Name+f.Value, "\n") || !folded && !strings.Contains(text, f.Name) {
			t.Fatalf("field %q of %q", f, text)
		}
	}
	for _, d := range h.Defects {
		if !folded && !strings.Contains(text, d.Text) {
			t.Fatalf("defect %q is not in %q", d, text)
		}
	}
	if len(h.Defects) == 0 && !isVersion(h.Version) {
		t.Fatalf("version %q of %q is no defect", h.Version, text)
	}
}
