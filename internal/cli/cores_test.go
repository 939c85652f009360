package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// The output is the same, to the byte, with any number of cores: of all formats, of several
// and damaged files, and where it is cut short.
func TestCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	files, err := filepath.Glob("../../testdata/rules/*.pcap*")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d captures, %v", len(files), err)
	}
	content, err := os.ReadFile(dump01)
	if err != nil {
		t.Fatal(err)
	}
	cut := write(t, "cut.cap", content[:len(content)-30])
	spoiled := bytes.Clone(content)
	copy(spoiled[len(spoiled)/2:], "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")
	damaged := write(t, "damaged.cap", spoiled)
	inputs := map[string][]string{
		"one": {dump01}, "all": files, "cut": {cut}, "damaged": {damaged}, "some": {damaged, dump01, files[0], "missing", cut},
	}
	for name, in := range inputs {
		for _, format := range [][]string{{}, {"-q"}, {"--json"}, {"-x"}, {"--only", "summary"}, {"--json", "-c", "5"}, {"-q", "-c", "1"}, {"-q", "-Y", "websocket.fin == 1"}} {
			t.Run(fmt.Sprint(name, format), func(t *testing.T) {
				args := append(append([]string{"read", "-t", "r"}, format...), in...)
				want := run(append(args, "-j", "1")...)
				for _, n := range []string{"2", "3", "8"} {
					if got := run(append(args, "-j", n)...); got != want {
						t.Errorf("-j %s: code %d, %d bytes, stderr %.300q\n-j 1: code %d, %d bytes, stderr %.300q",
							n, got.code, len(got.out), got.err, want.code, len(want.out), want.err)
					}
				}
			})
		}
	}
}

func TestNoMoreCoresThanThereAre(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, c := range []struct {
		jobs string
		want int
	}{{"1", 1}, {"1000", runtime.NumCPU()}} {
		run("read", "-q", "-j", c.jobs, dump01)
		if n := runtime.GOMAXPROCS(0); n != c.want {
			t.Errorf("-j %s: %d cores, want %d", c.jobs, n, c.want)
		}
	}
}

func TestCoresRefused(t *testing.T) {
	if r := run("read", "-j", "0", dump01); r.code != exitUsage {
		t.Errorf("code %d, %q", r.code, r.err)
	}
}
