package filter

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// oracle asks tcpdump about a capture.
type oracle struct {
	file string
}

func newOracle(t testing.TB, link uint32, all []sample) *oracle {
	t.Helper()
	if strconv.IntSize < 64 {
		t.Skip("tcpdump is asked some thousand times where an int has 64 bits; TestCounts holds what it said")
	}
	if _, err := exec.LookPath("tcpdump"); err != nil {
		t.Skip("tcpdump is not installed")
	}
	file := filepath.Join(t.TempDir(), fmt.Sprintf("%d.pcap", link))
	if err := os.WriteFile(file, appendPcap(nil, link, all), 0o600); err != nil {
		t.Fatal(err)
	}
	return &oracle{file}
}

// matches are the indices of the packets that tcpdump lets through, or what it says of the
// expression.
func (o *oracle) matches(expr string, flags ...string) ([]int, error) {
	args := append([]string{"-n", "-r", o.file, "-w", "-"}, flags...)
	cmd := exec.Command("tcpdump", append(args, "--", expr)...)
	var out, msg bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &msg
	if err := cmd.Run(); err != nil {
		lines := strings.Split(strings.TrimSpace(msg.String()), "\n")
		return nil, errors.New(lines[len(lines)-1])
	}
	var found []int
	for b := out.Bytes()[min(24, out.Len()):]; len(b) >= 16; {
		found = append(found, int(binary.LittleEndian.Uint32(b)))
		b = b[16+binary.LittleEndian.Uint32(b[8:]):]
	}
	return found, nil
}

// ours are the indices of the packets that match.
func ours(expr string, link uint32, all []sample) ([]int, error) {
	e, err := Parse(expr)
	if err != nil {
		return nil, err
	}
	p, err := e.Compile(link, 0)
	if err != nil {
		return nil, err
	}
	var found []int
	for i, s := range all {
		if p.Match(s.data, s.wire) {
			found = append(found, i)
		}
	}
	return found, nil
}
