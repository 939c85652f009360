package cli

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/pflag"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/hugepage"
)

// source is what captures are read, and what of them: the flags of every command that
// takes files.
type source struct {
	streams
	filter string
	ports  ports
	assume assumptions
	limits limits
	cores  int
	jobs   *pflag.Flag // of cores; nil where it is not asked for
}

func (s *source) register(f *pflag.FlagSet) {
	f.StringVarP(&s.filter, "filter", "f", "", "take only packets that match this `FILTER`, in tcpdump's language")
	f.Var(&s.ports, "port", "look at these TCP ports only: 8080,9000-9010; may be repeated")
	f.Var(&s.assume, "assume-ws", "take these ports for WebSocket though the handshake is missing: 8080 or 8080,deflate")
	s.limits.register(f)
}

// registerCores is for the commands whose packets are all there: a live capture has its
// own pace.
func (s *source) registerCores(f *pflag.FlagSet) {
	f.IntVarP(&s.cores, "jobs", "j", runtime.GOMAXPROCS(0), "use up to `N` cores; the output is the same with any number")
	s.jobs = f.Lookup("jobs")
	s.jobs.DefValue = "all"
}

// job is the run over these files, without a printer yet.
func (s *source) job(files []string) (*job, error) {
	inputs := make([]capture.Input, len(files))
	for i, name := range files {
		if inputs[i] = capture.File(name); name == "-" {
			inputs[i] = capture.Stream("-", s.in)
		}
	}
	if s.cores < 1 {
		return nil, fmt.Errorf("-j is at least 1")
	}
	little := small(files)
	switch {
	case s.jobs != nil && s.jobs.Changed:
		runtime.GOMAXPROCS(min(s.cores, runtime.NumCPU())) // more than there are get in each other's way
	case little:
		s.cores = 1
	}
	if !little {
		hugepage.Heap(heapAhead)
	}
	r := capture.New(inputs...)
	if s.filter != "" {
		if err := r.Filter(s.filter); err != nil {
			return nil, s.refuse(err)
		}
	}
	return s.over(r), nil
}

const (
	// smallCapture is how many bytes of files one core reads sooner than several begin to.
	smallCapture = 1 << 20

	// heapAhead is how far the heap may grow in large pages; of the address space only.
	heapAhead = 256 << 20
)

// small reports whether files are few bytes in all.
func small(files []string) bool {
	size := int64(0)
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil || !info.Mode().IsRegular() {
			return false
		}
		size += info.Size()
	}
	return size < smallCapture
}

// refuse tells what is wrong with a filter.
func (s streams) refuse(err error) error {
	s.complain(err)
	var wrong *capture.FilterError
	if errors.As(err, &wrong) {
		for line := range strings.SplitSeq(wrong.Caret(), "\n") {
			s.hint("  %s", line)
		}
	}
	return exit(exitUsage)
}

// over is the run over what a reader yields, without a printer yet.
func (s *source) over(r *capture.Reader) *job {
	j := &job{streams: s.streams, reader: r, filter: s.filter}
	j.cores = s.cores
	j.options = dissect.Options{Ports: s.ports.filter(), Assume: s.assume.find(), Account: j.account}
	s.limits.apply(&j.options)
	r.LimitFragments(int(s.limits.fragments))
	return j
}
