package cli

import (
	"errors"
	"io"
	"iter"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/conform"
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/display"
	"github.com/wsdissect/wsdissect/internal/output"
	"github.com/wsdissect/wsdissect/reassembly"
)

// job is one run: from the packets of a reader to the lines of a printer.
type job struct {
	streams
	reader  *capture.Reader
	options dissect.Options
	printer output.Printer
	wanted  *display.Filter // events to print; nil for all
	limit   int64           // records to print; 0 for all

	failed  bool // an input was damaged or unreadable
	summary dissect.Summary
}

// errEnough ends a run when the records asked for are printed.
var errEnough = errors.New("enough records")

// run dissects the whole input and gives the exit code.
func (j *job) run() error {
	err := dissect.Run(j.segments(), j.options, conform.New(j), j.damaged)
	enough := errors.Is(err, errEnough)
	if ferr := j.printer.Flush(); err == nil || enough {
		err = ferr
	}
	switch {
	case isClosedPipe(err):
		return nil
	case err != nil:
		j.complain(err)
		return exit(exitDamaged)
	}
	if !enough {
		j.explain(j.options.Ports != nil)
	}
	if j.failed {
		return exit(exitDamaged)
	}
	return nil
}

// Emit implements dissect.Sink.
func (j *job) Emit(e dissect.Event) error {
	if s, ok := e.(*dissect.Summary); ok {
		j.summary = *s
	} else if j.wanted != nil && !j.wanted.Match(e) {
		return nil
	}
	if err := j.printer.Emit(e); err != nil {
		return err
	}
	if j.limit > 0 && j.printer.Printed() >= j.limit {
		return errEnough
	}
	return nil
}

// segments are those of the reader until an interrupt.
func (j *job) segments() iter.Seq2[*reassembly.Segment, error] {
	return func(yield func(*reassembly.Segment, error) bool) {
		stop := interrupts()
		defer stop.release()
		for s, err := range j.reader.Segments() {
			if stop.seen() || !yield(s, err) {
				return
			}
		}
	}
}

// damaged tells of a defect of an input, as it is met.
func (j *job) damaged(err error) {
	j.failed = true
	j.printer.Flush()
	j.complain(err)
}

// account completes the summary with what the reader knows.
func (j *job) account(s *dissect.Summary) {
	st := j.reader.Stats()
	s.Packets, s.Bytes = st.Packets, st.Bytes
	for _, c := range st.LeftOut {
		s.LeftOut = append(s.LeftOut, dissect.Count{Reason: c.Reason, N: c.N})
	}
	for _, d := range st.Damages {
		s.Damaged = append(s.Damaged, dissect.Damage{File: d.File, Offset: d.Offset, Text: d.Text})
	}
}

func (j *job) start() output.Start {
	st := j.reader.Stats()
	start := output.Start{LinkTypes: st.LinkTypes}
	for _, in := range st.Inputs {
		start.Files = append(start.Files, in.Name)
	}
	return start
}

func (j *job) raw(packet int64) (link uint32, data []byte, ok bool) {
	p := j.reader.Current()
	if p == nil || p.Number != packet {
		return 0, nil, false
	}
	return p.LinkType, p.Data, true
}

// isClosedPipe reports that the reader of our output has gone, which is success.
func isClosedPipe(err error) bool {
	return errors.Is(err, io.ErrClosedPipe) || errors.Is(err, errPipe)
}
