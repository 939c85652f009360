package wstest

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Golden compares got with the file at path, or, with -update, writes it there.
func Golden(t testing.TB, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; -update makes it", err)
	}
	if bytes.Equal(got, want) {
		return
	}
	n := firstDifference(got, want)
	t.Errorf("%s: line %d differs; -update writes it anew\ngot  %q\nwant %q", path, n+1, line(got, n), line(want, n))
}

// firstDifference is the index of the first line in which two different texts differ.
func firstDifference(a, b []byte) int {
	n := 0
	for i := 0; i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		if a[i] == '\n' {
			n++
		}
	}
	return n
}

func line(b []byte, n int) []byte {
	lines := bytes.SplitAfter(b, []byte("\n"))
	if n < len(lines) {
		return lines[n]
	}
	return nil
}
