//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// patience is how long a run may take.
const patience = 2 * time.Minute

// program is something to measure, and what came out.
type program struct {
	label string
	args  []string
	input captureFile
	dir   string // for what it writes; removed after each run

	missing bool
	endless bool // no end came within patience
	took    []time.Duration
	cpu     []time.Duration // user and system
	peak    int64           // bytes of memory, the most of all runs
}

// programs are ours, the first being what the others are compared with, and the peers.
func programs(binary, tmp string, fast, slow captureFile) []*program {
	ours := func(flags ...string) *program {
		p := &program{label: "wsdissect read", input: fast, args: []string{binary, "read"}}
		for _, f := range flags {
			p.label += " " + f
			p.args = append(p.args, f)
		}
		p.args = append(p.args, fast.path)
		return p
	}
	flows := filepath.Join(tmp, "flows")
	return []*program{
		ours("--json"),
		ours("--json", "-j", "1"),
		ours("--json", "-j", "1", "--no-decode"),
		ours("-q"),
		ours(),
		ours("--only", "summary"),
		ours("--only", "summary", "-j", "1"),
		{label: "cat", input: fast, args: []string{"cat", fast.path}},
		{label: "tcpdump -w /dev/null port 8080", input: fast, args: []string{"tcpdump", "-r", fast.path, "-w", "/dev/null", "port", "8080"}},
		{label: "tcpflow", input: fast, args: []string{"tcpflow", "-r", fast.path, "-o", flows}, dir: flows},
		{label: "tshark -Y websocket", input: slow, args: []string{"tshark", "-r", slow.path, "-Y", "websocket"}},
		{label: "tshark -T fields", input: slow, args: []string{"tshark", "-r", slow.path, "-Y", "websocket", "-T", "fields", "-e", "websocket.opcode", "-e", "text"}},
		{label: "tshark -T json", input: slow, args: []string{"tshark", "-r", slow.path, "-Y", "websocket", "-T", "json"}},
	}
}

// measure runs all programs in turn, so that what else the machine does hits all alike.
// One round more, which does not count, brings the files into the page cache.
func measure(list []*program, runs int) error {
	for i := range runs + 1 {
		for _, p := range list {
			if p.missing || p.endless {
				continue
			}
			if err := p.run(i > 0); err != nil {
				return fmt.Errorf("%s: %w", p.label, err)
			}
		}
	}
	return nil
}

func (p *program) run(counts bool) error {
	path, err := exec.LookPath(p.args[0])
	if err != nil {
		p.missing = true
		return nil
	}
	if p.dir != "" {
		if err := os.MkdirAll(p.dir, 0o755); err != nil {
			return err
		}
		defer os.RemoveAll(p.dir)
	}
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	var errs bytes.Buffer
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, p.args[1:]...)
	cmd.Stdout, cmd.Stderr = null, &errs
	begin := time.Now()
	if err := cmd.Run(); ctx.Err() != nil {
		p.endless = true
		return nil
	} else if err != nil {
		return fmt.Errorf("%w: %s", err, errs.Bytes())
	}
	if counts {
		p.took = append(p.took, time.Since(begin))
		p.cpu = append(p.cpu, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
		p.peak = max(p.peak, peakMemory(cmd.ProcessState))
	}
	return nil
}

func peakMemory(s *os.ProcessState) int64 {
	usage, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}

func median(list []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

// rate is in gigabytes a second.
func (p *program) rate() float64 { return p.input.gigabytes() / median(p.took).Seconds() }

func report(list []*program, c counts) {
	fmt.Printf("%-40s %9s %9s %8s %8s %9s %9s %9s\n", "", "seconds", "CPU", "GB/s", "times", "ns/packet", "ns/frame", "peak MB")
	for _, p := range list {
		if p.missing {
			fmt.Printf("%-40s not installed\n", p.label)
			continue
		}
		if p.endless {
			fmt.Printf("%-40s no end after %v\n", p.label, patience)
			continue
		}
		cpu := median(p.cpu)
		fmt.Printf("%-40s %9.3f %9.3f %8.3f %8.2f", p.label, median(p.took).Seconds(), cpu.Seconds(), p.rate(), list[0].rate()/p.rate())
		if p.input == list[0].input {
			fmt.Printf(" %9d %9d", each(cpu, c.Packets), each(cpu, c.Frames))
		} else {
			fmt.Printf(" %9s %9s", "", "")
		}
		fmt.Printf(" %9.1f\n", float64(p.peak)/1e6)
	}
	fmt.Printf("\ntimes: the time that it takes for a byte, against %s; ns: of CPU time\n\n", list[0].label)
}

// each is the share of one, in nanoseconds.
func each(d time.Duration, n int64) int64 { return int64(d) / max(n, 1) }
