package cli

import (
	"bytes"
	"testing"
	"time"
)

func TestProgressLine(t *testing.T) {
	for _, c := range []struct {
		name       string
		read, size int64
		took       time.Duration
		want       string
	}{
		{"half", 500e6, 1000e6, 2 * time.Second, "50 %, 500 MB, 250 MB/s, 2s left"},
		{"hours", 1e9, 1e13, 10 * time.Second, "0 %, 1000 MB, 100 MB/s, 27h46m30s left"},
		{"all", 1000e6, 1000e6, 2 * time.Second, "100 %, 1000 MB, 500 MB/s, 0s left"},
		{"of a pipe", 500e6, 0, 2 * time.Second, "500 MB, 250 MB/s"},
		{"a file that grew", 2000, 1000, time.Second, "0 MB, 0 MB/s"},
		{"nothing yet", 0, 1000, time.Second, "0 MB, 0 MB/s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := progressLine(c.read, c.size, c.took); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// The line makes room for what is written beside it, and goes when all is done.
func TestProgress(t *testing.T) {
	var b bytes.Buffer
	begin := time.Unix(0, 0)
	p := &progress{w: &b, begin: begin, of: func() (int64, int64) { return 10e6, 20e6 }}
	p.show(begin.Add(time.Second))
	p.Write([]byte("wsdissect: odd\n"))
	p.show(begin.Add(2 * time.Second))
	done := make(chan struct{})
	close(done)
	p.run(done)
	want := "\r\x1b[K50 %, 10 MB, 10 MB/s, 1s left" + "\r\x1b[K" + "wsdissect: odd\n" +
		"\r\x1b[K50 %, 10 MB, 5 MB/s, 2s left" + "\r\x1b[K"
	if b.String() != want {
		t.Errorf("%q, want %q", &b, want)
	}
}
