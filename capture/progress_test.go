package capture

import (
	"os"
	"path/filepath"
	"testing"
)

func TestProgress(t *testing.T) {
	content, err := os.ReadFile("../testdata/dump01.cap")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.cap")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	r := Open(path, "../testdata/dump01.cap", "missing")
	var last int64
	for p := range r.Packets() {
		read, size := r.Progress()
		if read < last || read == 0 && p != nil || size != int64(2*len(content)) {
			t.Fatalf("%d of %d after %d", read, size, last)
		}
		last = read
	}
	if last != int64(2*len(content)) {
		t.Errorf("%d read at the end", last)
	}
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	r = New(Stream("-", in))
	for range r.Packets() {
	}
	if read, size := r.Progress(); read != int64(len(content)) || size != 0 {
		t.Errorf("%d of %d", read, size)
	}
}
