package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// withoutFirst is what a run printed, without the record about the input.
func withoutFirst(out string) string {
	_, rest, _ := strings.Cut(out, "\n")
	return rest
}

// record is what these tests look at of a JSON line.
type record struct {
	Type, Dir, Text, Interface, Src string
	Conn, Packets, Length           int64
	Gaps, Frames                    int64
	Complete                        *bool
	Opcode                          int
	Dropped                         map[string]int64
	LeftOut                         map[string]int64 `json:"left_out"`
	Interfaces                      []string
	Filter                          string
}

func records(t *testing.T, out []byte) []record {
	t.Helper()
	var all []record
	for line := range bytes.Lines(out) {
		var raw struct {
			record
			Packets json.RawMessage // a number or a list
		}
		if err := json.Unmarshal(line, &raw); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		_ = json.Unmarshal(raw.Packets, &raw.record.Packets)
		all = append(all, raw.record)
	}
	return all
}

// What was written is read with the same result.
func TestWriteAndReadAgain(t *testing.T) {
	captures, err := filepath.Glob("../../testdata/rules/*.pcap*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(captures, dump01) {
		file := filepath.Join(t.TempDir(), "out.pcapng")
		want := run("read", "--json", name, "-w", file, "--write", "all")
		got := run("read", "--json", file)
		if withoutFirst(got.out) != withoutFirst(want.out) || got.code != want.code {
			t.Errorf("%s reads otherwise when it was written:\n got %s\nwant %s", name, got.out, want.out)
		}

		// Numbers differ where packets were left out; what was said does not.
		for _, which := range []string{"matched", "websocket"} {
			args := []string{"read", "--json", "--only", "message,handshake,close"}
			want := run(append(args, name, "-w", file, "--write", which)...)
			got := run(append(args, file)...)
			if messages(t, got.out) != messages(t, want.out) {
				t.Errorf("%s written with --write %s:\n got %s\nwant %s", name, which, got.out, want.out)
			}
		}
	}
}

// messages are what was said, without where.
func messages(t *testing.T, out string) string {
	t.Helper()
	var said strings.Builder
	for _, r := range records(t, []byte(out)) {
		said.WriteString(r.Type + " " + r.Dir + " " + r.Text + "\n")
	}
	return said.String()
}

// Only the connections that are WebSocket, from their SYN to their last ACK.
func TestWriteWebSocket(t *testing.T) {
	for which, want := range map[string]string{"all": `"packets":35,`, "matched": `"packets":29,`, "websocket": `"packets":10,`} {
		file := filepath.Join(t.TempDir(), "out.pcapng")
		run("read", "-q", dump01, "-w", file, "--write", which)
		if r := run("read", "--json", file, "--only", "summary"); !strings.Contains(r.out, want) || !strings.Contains(r.out, `"messages":2`) {
			t.Errorf("--write %s: no %s in %s", which, want, r.out)
		}
	}
}

func TestWriteRotated(t *testing.T) {
	dir := t.TempDir()
	want := run("read", "--json", dump01, "--write", "all", "-w", filepath.Join(dir, "out.pcapng"), "-C", "1k")
	files, err := filepath.Glob(filepath.Join(dir, "out-*.pcapng"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, name := range files {
		if info, err := os.Stat(name); err != nil || info.Size() > 1024 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if got := run("read", "--json", "--only", "message", dir); messages(t, got.out) != messages(t, run("read", "--json", "--only", "message", dump01).out) {
		t.Errorf("got %s\nwant %s", got.out, want.out)
	}
}

func TestWriteMistakes(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--write", "some", "-w", "x"}, 2, `"some"`},
		{[]string{"-C", "5"}, 2, "-w"},
		{[]string{"-w", "-"}, 2, "standard output"},
		{[]string{"-w", "x", "-W", "3"}, 2, "-W needs"},
		{[]string{"-w", "x", "-C", "0"}, 2, "no size"},
		{[]string{"-w", "x", "-C", "1z"}, 2, "no number of bytes"},
		{[]string{"-w", "x", "-G", "-1"}, 2, "above 0"},
		{[]string{"-w", "no/such/folder/x"}, 1, "no such file"},
	} {
		if r := run(append([]string{"read", dump01}, c.args...)...); r.code != c.code || !strings.Contains(r.err, c.want) || r.out != "" {
			t.Errorf("%q: %+v, want %d, %q", c.args, r, c.code, c.want)
		}
	}
}
