package cli

import (
	"path/filepath"
	"strings"
	"testing"
)

// The summary is the same where nothing else is printed, and no message is held for it.
func TestSummaryAlone(t *testing.T) {
	files, err := filepath.Glob("../../testdata/rules/*.pcap*")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d captures, %v", len(files), err)
	}
	files = append(files, dump01, "../../testdata/socketio.pcap")
	invalid := false
	for _, limits := range [][]string{nil, {"--max-message", "10"}, {"--max-messages", "20"}} {
		for _, file := range files {
			args := append([]string{"read", "--json", file}, limits...)
			all := strings.TrimSuffix(run(args...).out, "\n")
			want := all[strings.LastIndexByte(all, '\n')+1:]
			invalid = invalid || strings.Contains(all, "msg-invalid-utf8")
			got := strings.TrimSuffix(run(append(args, "--only", "summary")...).out, "\n")
			if got != want || !strings.Contains(want, `"type":"summary"`) {
				t.Errorf("%s %v:\n%s\nwant\n%s", file, limits, got, want)
			}
		}
	}
	if !invalid {
		t.Error("no capture with text that is not UTF-8")
	}
}
