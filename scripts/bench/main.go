//go:build unix

// Bench compares the wall time and the peak memory of wsdissect with those of the programs
// that people use instead, on captures made for it, in one run on one machine. The ratios
// are what counts.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	var o options
	flag.StringVar(&o.size, "size", "1GB", "`BYTES` of the capture")
	flag.StringVar(&o.slowSize, "slow-size", "50MB", "`BYTES` of the capture for the programs that take minutes a gigabyte")
	flag.StringVar(&o.kind, "kind", "mixed", "`KINDS` of captures, with commas between, see testdata/gen/bench")
	flag.IntVar(&o.runs, "runs", 5, "`NUMBER` of runs of each program, of which the median counts")
	flag.StringVar(&o.dir, "dir", "", "`FOLDER` for the captures; a temporary one without it")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	size, slowSize string
	kind, dir      string
	runs           int
}

func run(o options) error {
	if o.runs < 1 {
		return errors.New("-runs is at least 1")
	}
	tmp, err := os.MkdirTemp("", "wsdissect-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if o.dir == "" {
		o.dir = tmp
	}
	binary := filepath.Join(tmp, "wsdissect")
	if err := tool("build", "-o", binary, "./cmd/wsdissect"); err != nil {
		return err
	}
	for kind := range strings.SplitSeq(o.kind, ",") {
		if err := bench(o, kind, binary, tmp); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
	}
	return nil
}

// bench measures all programs on a kind of capture.
func bench(o options, kind, binary, tmp string) error {
	fast, err := makeCapture(o, kind, "fast.pcap", o.size)
	if err != nil {
		return err
	}
	slow, err := makeCapture(o, kind, "slow.pcap", o.slowSize)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %.2f GB; for the slow programs %.2f GB, compared by rate; median of %d\n", kind, fast.gigabytes(), slow.gigabytes(), o.runs)
	found, err := count(binary, fast.path)
	if err != nil {
		return err
	}
	fmt.Printf("%d packets, %d TCP connections, %d frames, %d messages\n\n", found.Packets, found.Connections, found.Frames, found.Messages)
	list := programs(binary, tmp, fast, slow)
	if err := measure(list, o.runs); err != nil {
		return err
	}
	report(list, found)
	return nil
}

// counts are what is in a capture.
type counts struct {
	Packets     int64 `json:"packets"`
	Connections int64 `json:"tcp_connections"`
	Frames      int64 `json:"frames"`
	Messages    int64 `json:"messages"`
}

func count(binary, path string) (counts, error) {
	var c counts
	out, err := exec.Command(binary, "read", "--json", "--only", "summary", path).Output()
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(out, &c)
}

// tool runs the go command.
func tool(args ...string) error {
	cmd := exec.Command("go", args...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	return cmd.Run()
}

type captureFile struct {
	path string
	size int64
}

func (c captureFile) gigabytes() float64 { return float64(c.size) / 1e9 }

// makeCapture writes a capture. The generator is a process of its own: the peak memory of
// a child is never less than what its parent had when it was started.
func makeCapture(o options, kind, name, size string) (captureFile, error) {
	path := filepath.Join(o.dir, name)
	if err := tool("run", "./testdata/gen/bench", "-o", path, "-size", size, "-kind", kind); err != nil {
		return captureFile{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return captureFile{}, err
	}
	return captureFile{path, info.Size()}, nil
}
