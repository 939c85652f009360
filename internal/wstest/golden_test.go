package wstest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// record is a testing.TB that notes failures.
type record struct {
	testing.TB
	failures string
}

func (*record) Helper() {}

func (r *record) Errorf(format string, args ...any) { r.failures += format }

func (r *record) Fatalf(format string, args ...any) { r.failures += format }

func TestGolden(t *testing.T) {
	path := filepath.Join(t.TempDir(), "case", "out")
	*update = true
	Golden(t, path, []byte("a\nb\n"))
	*update = false
	Golden(t, path, []byte("a\nb\n"))
	if b, err := os.ReadFile(path); err != nil || string(b) != "a\nb\n" {
		t.Fatalf("%q, %v", b, err)
	}
	for _, other := range []string{"a\nc\n", "a\n", "a\nb", "a\nb\nc", ""} {
		r := &record{TB: t}
		Golden(r, path, []byte(other))
		if !strings.Contains(r.failures, "differs") {
			t.Errorf("%q is taken for the same", other)
		}
	}
}

func TestFirstDifference(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"a\nb\n", "a\nc\n", 1},
		{"a\n", "a\nb\n", 1},
		{"", "a", 0},
		{"a\nb", "a\nb\n", 1},
	}
	for _, tt := range tests {
		if got := firstDifference([]byte(tt.a), []byte(tt.b)); got != tt.want {
			t.Errorf("firstDifference(%q, %q) = %d", tt.a, tt.b, got)
		}
	}
}
