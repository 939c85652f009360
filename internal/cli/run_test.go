package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

const dump01 = "../../testdata/dump01.cap"

// ran is what a run of the command left.
type ran struct {
	out, err string
	code     int
}

// run runs the command with an empty standard input.
func run(args ...string) ran { return runWith(strings.NewReader(""), args...) }

func runWith(in io.Reader, args ...string) ran {
	var out, errs bytes.Buffer
	code := Main(args, in, &out, &errs)
	return ran{out.String(), errs.String(), code}
}

// write makes a file in a folder of the test's own.
func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		golden string
		args   []string
	}{
		{"dump01.tree", nil},
		{"dump01.verbose", []string{"-v", "-x", "-t", "u"}},
		{"dump01.list", []string{"-q"}},
		{"dump01.ndjson", []string{"--json"}},
		{"dump01.summary", []string{"--only", "summary"}},
	} {
		t.Run(c.golden, func(t *testing.T) {
			r := run(append([]string{"read", dump01}, c.args...)...)
			if r.code != 0 || r.err != "" {
				t.Errorf("code %d, stderr %q", r.code, r.err)
			}
			wstest.Golden(t, "testdata/"+c.golden, []byte(r.out))
		})
	}
}

// The ways to say the same print the same.
func TestSpellings(t *testing.T) {
	file, err := os.ReadFile(dump01)
	if err != nil {
		t.Fatal(err)
	}
	want := run("read", "-q", dump01)
	for _, args := range [][]string{
		{"-q", dump01},
		{dump01, "-q"},
		{"-q", "read", dump01},
		{"read", "--list", dump01},
		{"read", "-list", dump01},
		{"read", "-port", "8080", "-q", dump01},
		{"read", "-port=8080", "-q", dump01},
		{"read", "--port", "1-9000", "-q", "--", dump01},
		{"read", "-q", "--port", "1", "--port", "8080,9", dump01},
		{"-n", "-q", dump01},
		{"-q", "--color", "never", dump01},
	} {
		if got := run(args...); got != want {
			t.Errorf("%q: got %+v", args, got)
		}
	}
	if got := runWith(bytes.NewReader(file), "read", "-q", "-"); got != want {
		t.Errorf("standard input: got %+v", got)
	}
	if got := runWith(bytes.NewReader(file), "-q", "-"); got != want {
		t.Errorf("- alone: got %+v", got)
	}
}

func TestBadInput(t *testing.T) {
	file, err := os.ReadFile(dump01)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, c := range []struct {
		name string
		args []string
		code int
		err  string // in the first line of stderr
		out  string // in stdout; empty: none
	}{
		{"missing", []string{"no-such-file.cap"}, 1, "no-such-file.cap: no such file", ""},
		{"a directory without captures", []string{folder}, 1, "without capture files", ""},
		{"empty", []string{write(t, "empty.cap", nil)}, 1, "empty file", ""},
		{"text", []string{write(t, "x.txt", []byte("hello, this is \x1b[2J no capture\n"))}, 1, "not a capture file", ""},
		{"cut in the middle", []string{write(t, "cut.cap", file[:len(file)-200])}, 1, "cut short", "Hello, world"},
		{"one of two missing", []string{"no-such-file.cap", dump01}, 1, "no-such-file.cap: no such file", "Good bye."},
		{"a flag that is none", []string{"--nonsense", dump01}, 2, "unknown flag: --nonsense", ""},
		{"no file", []string{"read"}, 2, "at least 1 arg", ""},
		{"a port that is none", []string{"--port", "80800", dump01}, 2, "is no port", ""},
		{"an empty range", []string{"--port", "90-80", dump01}, 2, "is empty", ""},
		{"a record type that is none", []string{"--only", "frames", dump01}, 2, `unknown record type "frames"`, ""},
		{"two formats", []string{"-q", "--json", dump01}, 2, "exclude each other", ""},
		{"a time that is none", []string{"-t", "x", dump01}, 2, "unknown time format", ""},
		{"a colour that is none", []string{"--color", "red", dump01}, 2, "--color", ""},
		{"a size that is none", []string{"--max-message", "1x", dump01}, 2, "is no number of bytes", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run(c.args...)
			first, _, _ := strings.Cut(r.err, "\n")
			if r.code != c.code || !strings.Contains(first, c.err) || !strings.HasPrefix(first, "wsdissect: ") {
				t.Errorf("code %d, want %d; stderr %q, want %q", r.code, c.code, r.err, c.err)
			}
			if c.out == "" && r.out != "" || !strings.Contains(r.out, c.out) {
				t.Errorf("stdout %q", r.out)
			}
			if strings.Contains(r.err, "\x1b") {
				t.Errorf("stderr steers the terminal: %q", r.err)
			}
		})
	}
}

func TestNothingFound(t *testing.T) {
	r := run("read", "--port", "9999", dump01)
	if r.code != 0 || r.out != "" {
		t.Errorf("code %d, stdout %q", r.code, r.out)
	}
	for _, want := range []string{"no WebSocket traffic found in 35 packets", "3 TCP connections", "--port left out 3 TCP connections"} {
		if !strings.Contains(r.err, want) {
			t.Errorf("stderr lacks %q: %q", want, r.err)
		}
	}
}

func TestCount(t *testing.T) {
	r := run("read", "-q", "-c", "2", dump01)
	if r.code != 0 || strings.Count(r.out, "\n") != 2 || r.err != "" {
		t.Errorf("%+v", r)
	}
}

// brokenPipe is a stdout whose reader has gone.
type brokenPipe struct{ err error }

func (p brokenPipe) Write([]byte) (int, error) { return 0, p.err }

func TestOutputFails(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		code int
		says string
	}{
		{"a closed pipe is success", errPipe, 0, ""},
		{"a full disk is not", os.ErrPermission, 1, "wsdissect: permission denied"},
	} {
		var errs bytes.Buffer
		code := Main([]string{"read", "--json", dump01}, strings.NewReader(""), brokenPipe{c.err}, &errs)
		if code != c.code || strings.TrimSpace(errs.String()) != c.says {
			t.Errorf("%s: code %d, stderr %q", c.name, code, errs.String())
		}
	}
}

func TestHelp(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--help"}, "wsdissect dump01.cap"},
		{nil, "wsdissect dump01.cap"},
		{[]string{"read", "--help"}, "--max-message"},
		{[]string{"help", "read"}, "--assume-ws"},
		{[]string{"--version"}, "wsdissect "},
		{[]string{"completion", "bash"}, "__start_wsdissect"},
		{[]string{"completion", "zsh"}, "#compdef wsdissect"},
		{[]string{"completion", "fish"}, "complete -c wsdissect"},
	} {
		if r := run(c.args...); r.code != 0 || !strings.Contains(r.out, c.want) || r.err != "" {
			t.Errorf("%q: code %d, stderr %q, stdout without %q", c.args, r.code, r.err, c.want)
		}
	}
}

// A single dash makes a long name, so no long name may look like a bundle of letters that
// someone would type: every flag that has a letter is found by it alone.
func TestNoBundles(t *testing.T) {
	root := newRoot(streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard})
	for _, cmd := range root.Commands() {
		find := finder(cmd.Flags())
		if got := longFlags([]string{"-q", "-x", "-c", "-port", "-port", "80", "f"}, find); cmd.Name() == "read" &&
			strings.Join(got, " ") != "-q -x -c -port --port 80 f" {
			t.Errorf("%s: %q", cmd.Name(), got)
		}
	}
}
