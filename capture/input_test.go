package capture

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// write makes files in a new directory and returns their paths.
func write(t *testing.T, files map[string][]byte) func(names ...string) []string {
	t.Helper()
	dir := t.TempDir()
	for name, b := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return func(names ...string) []string {
		paths := make([]string, len(names))
		for i, name := range names {
			paths[i] = filepath.Join(dir, name)
		}
		return paths
	}
}

// later is traffic that begins s seconds later.
func later(n int, s int64) []copied {
	packets := traffic(n)
	for i := range packets {
		packets[i].time += s * 1e9
	}
	return packets
}

// names are the inputs of a reader by the last element of their paths.
func names(r *Reader) []string {
	var list []string
	for _, in := range r.Stats().Inputs {
		list = append(list, filepath.Base(in.Name))
	}
	return list
}

func TestOrderOfFiles(t *testing.T) {
	p := pcapFile{network: 1}
	at := write(t, map[string][]byte{
		"late":   p.bytes(later(2, 20)),
		"early":  p.bytes(later(2, 0)),
		"middle": newBlocks().section().describe(1, 0).packets(later(2, 10)).b,
		"same":   compressed(t, gzipped, p.bytes(later(2, 10))),
		"none":   p.bytes(nil),
		"text":   []byte("hello world"),
		"hole":   append(append(p.header(), make([]byte, 4096)...), p.bytes(later(2, 0))[pcapHeaderSize:]...),
	})
	tests := []struct {
		name          string
		paths         []string
		want          []string
		wantErrs      int
		before, after []copied // the first packets and the last
	}{
		{"in order", at("early", "middle", "late"), []string{"early", "middle", "late"}, 0, later(2, 0), later(2, 20)},
		{"out of order", at("late", "middle", "early"), []string{"early", "middle", "late"}, 0, later(2, 0), later(2, 20)},
		{"equal times stay", at("late", "same", "middle"), []string{"same", "middle", "late"}, 0, later(2, 10), later(2, 20)},
		{"without packets", at("late", "none", "early", "text"), []string{"early", "text", "late", "none"}, 1, later(2, 0), later(2, 20)},
		{"missing", at("late", "missing", "early"), []string{"early", "late", "missing"}, 1, later(2, 0), later(2, 20)},
		{"damaged before the first packet", at("late", "hole"), []string{"hole", "late"}, 1, later(2, 0), later(2, 20)},
		{"one", at("late"), []string{"late"}, 0, later(2, 20), later(2, 20)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Open(tt.paths...)
			got, errs := readAll(t, r)
			if list := names(r); !slices.Equal(list, tt.want) {
				t.Errorf("order %v, want %v", list, tt.want)
			}
			if len(errs) != tt.wantErrs || len(got) < 2 {
				t.Fatalf("%d packets, errors %v", len(got), errs)
			}
			compare(t, got[:2], tt.before)
			compare(t, got[len(got)-2:], tt.after)
		})
	}
}

// TestStreamsKeepTheirPlace has a stream among the files: nothing is put in order.
func TestStreamsKeepTheirPlace(t *testing.T) {
	p := pcapFile{network: 1}
	at := write(t, map[string][]byte{"late": p.bytes(later(2, 20)), "early": p.bytes(later(2, 0))})
	files := at("late", "early")
	r := New(File(files[0]), Stream("-", bytes.NewReader(p.bytes(later(1, 10)))), File(files[1]))
	got, errs := readAll(t, r)
	if errs != nil {
		t.Error(errs)
	}
	compare(t, got, append(append(later(2, 20), later(1, 10)...), later(2, 0)...))
}

func TestDirectory(t *testing.T) {
	p := pcapFile{network: 1}
	at := write(t, map[string][]byte{
		"dir/b.pcap":       p.bytes(later(2, 0)),
		"dir/a.cap":        p.bytes(later(2, 0)),
		"dir/z":            compressed(t, xzStream, p.bytes(later(2, -5))),
		"dir/notes":        []byte("no capture, and not named as one"),
		"dir/log.gz":       compressed(t, gzipped, []byte("a log")),
		"dir/empty.pcap":   {},
		"dir/zeros.pcap12": make([]byte, 4096),
		"dir/log.pcap.gz":  compressed(t, gzipped, []byte("a log")),
		"dir/sub/c.pcap":   p.bytes(later(2, 0)),
		"none/readme":      []byte("nothing here"),
		"dir/cut.pcap":     p.header()[:20],
	})
	r := Open(at("dir")...)
	got, errs := readAll(t, r)
	if len(errs) != 3 || !errors.Is(errs[0], ErrNotCapture) || !errors.Is(errs[1], ErrCut) || !errors.Is(errs[2], ErrNotCapture) {
		t.Error(errs)
	}
	if list, want := names(r), []string{"z", "zeros.pcap12", "a.cap", "b.pcap", "cut.pcap", "log.pcap.gz"}; !slices.Equal(list, want) {
		t.Errorf("files %v, want %v", list, want)
	}
	compare(t, got, append(append(later(2, -5), later(2, 0)...), later(2, 0)...))
}

// TestSameFile names files several times: all of them are read once.
func TestSameFile(t *testing.T) {
	p := pcapFile{network: 1}
	at := write(t, map[string][]byte{
		"dir/a.pcap":    p.bytes(later(2, 0)),
		"dir/b.pcap":    p.bytes(later(2, 0)),
		"dir/text.pcap": []byte("no capture"),
	})
	if err := os.Symlink("b.pcap", at("dir/newest.pcap")[0]); err != nil {
		t.Log("no link: ", err)
	}
	r := New(File(at("dir/a.pcap")[0]), File(at("dir")[0]), File(at("dir/b.pcap")[0]), File(at("dir/text.pcap")[0]))
	got, errs := readAll(t, r)
	if len(errs) != 1 || !errors.Is(errs[0], ErrNotCapture) {
		t.Error(errs)
	}
	if list, want := names(r), []string{"a.pcap", "b.pcap", "text.pcap"}; !slices.Equal(list, want) {
		t.Errorf("files %v, want %v", list, want)
	}
	compare(t, got, append(later(2, 0), later(2, 0)...))
}

func TestUnreadableInputs(t *testing.T) {
	at := write(t, map[string][]byte{
		"dump.txt":    []byte("hello world"),
		"esc\x1b.txt": []byte("\x1b[2Jhello"),
		"short":       []byte("hi"),
		"x.cap":       {},
		"none/readme": []byte("nothing here"),
		"head.cap":    pcapFile{}.header()[:10],
	})
	tests := []struct {
		name, want string
		err        error
	}{
		{"dump99.cap", "open DIR/dump99.cap: no such file or directory", fs.ErrNotExist},
		{"dump.txt", `DIR/dump.txt: not a capture file (starts with "hello wo")`, ErrNotCapture},
		{"esc\x1b.txt", `"DIR/esc\x1b.txt": not a capture file (starts with "\x1b[2Jhell")`, ErrNotCapture},
		{"short", `DIR/short: not a capture file (starts with "hi")`, ErrNotCapture},
		{"x.cap", "DIR/x.cap: empty file", ErrEmpty},
		{"none", "DIR/none: is a directory without capture files", ErrNoCaptures},
		{"head.cap", "DIR/head.cap: cut short in the middle of the file header at offset 0: 10 of 24 bytes", ErrCut},
		{"nothing\n/there", `"open DIR/nothing\n/there: no such file or directory"`, fs.ErrNotExist},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := at(tt.name)[0]
			_, errs := readAll(t, Open(path))
			if len(errs) != 1 || !errors.Is(errs[0], tt.err) {
				t.Fatalf("%v", errs)
			}
			var e *Error
			if !errors.As(errs[0], &e) || e.File != path {
				t.Errorf("%+v", e)
			}
			text := strings.ReplaceAll(errs[0].Error(), filepath.Dir(at("x.cap")[0]), "DIR")
			if text != tt.want {
				t.Errorf("got  %s\nwant %s", text, tt.want)
			}
		})
	}
}

// TestDirectoryAsStream names an input that cannot be read as its user does.
func TestDirectoryAsStream(t *testing.T) {
	dir, err := os.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	_, errs := readAll(t, New(Stream("-", dir)))
	var path *fs.PathError
	want := "-: cannot be read at offset 0, after packet 0: "
	if len(errs) != 1 || !strings.HasPrefix(errs[0].Error(), want) || errors.As(errs[0], &path) {
		t.Errorf("got  %v\nwant %s...", errs, want)
	}
}

func TestNoInputs(t *testing.T) {
	r := Open()
	if packets, errs := readAll(t, r); packets != nil || errs != nil || r.Stats().Several() {
		t.Errorf("%v, %v", packets, errs)
	}
}
