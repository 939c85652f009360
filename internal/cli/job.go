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
	"github.com/wsdissect/wsdissect/internal/pipeline"
	"github.com/wsdissect/wsdissect/reassembly"
)

// job is one run: from the packets of a reader to the lines of a printer.
type job struct {
	streams
	reader  *capture.Reader
	options dissect.Options
	decode  *decode // nil: payloads are not explained
	printer output.Printer
	wanted  *display.Filter // events to print; nil for all
	limit   int64           // records to print; 0 for all
	begins  func()          // called when signals are heeded; nil for none
	kept    *keeping        // packets that are written to files; nil for none
	waits   func()          // called when nothing is waiting to be read; nil for none
	filter  string          // capture filter, as given
	live    []string        // interfaces, of a live capture
	cores   int             // to use; above 1 the stages run side by side
	packets bool            // the printer looks at the packets themselves

	view      *capture.View // what is known where the printer is
	dissector *dissect.Dissector
	anomalies int64
	failed    bool // an input was damaged or unreadable
	summary   dissect.Summary
}

// errEnough ends a run when the records asked for are printed.
var errEnough = errors.New("enough records")

// run dissects the whole input and gives the exit code.
func (j *job) run() error {
	err := j.dissect()
	enough := errors.Is(err, errEnough)
	if j.kept != nil {
		if kerr := j.kept.close(); kerr != nil {
			j.complain(kerr)
			j.failed = true
		}
	}
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
	if n := j.unkept(); n > 0 && j.live == nil {
		j.hint("%s not written: too many connections were undecided", counted(n, "packet"))
	}
	if !enough {
		j.explain(j.options.Ports != nil)
	}
	if j.failed {
		return exit(exitDamaged)
	}
	return nil
}

// segments is what is dissected: a Reader, or one that is read ahead.
type segments interface {
	Segments() iter.Seq2[*reassembly.Segment, error]
	OnIdle(func(now int64))
	View() *capture.View
}

// dissect pushes what the reader yields, until its end or an interrupt, through the
// dissection to the printer.
func (j *job) dissect() error {
	if !j.sideBySide() {
		sink := dissect.Sink(j)
		if j.decode != nil {
			sink = j.decode.stage(&j.options, j)
		}
		return j.push(j.reader, sink, here{})
	}
	if j.decode == nil { // nothing of messages is printed: what there is costs less here than on the way
		return j.push(pipeline.NewAhead(j.reader), j, here{})
	}
	var stages []pipeline.Stage
	if !j.decode.idle() {
		stages = append(stages, func(next dissect.Sink) dissect.Sink { return j.decode.stage(&j.options, next) })
	}
	relay := pipeline.NewRelay(j, stages...)
	err := j.push(pipeline.NewAhead(j.reader), relay, relay)
	if rerr := relay.Close(); err == nil {
		err = rerr
	}
	return err
}

// sideBySide reports whether reading, dissection and printing run at the same time. They
// do not where the printer looks at the packets themselves, or where packets are kept.
func (j *job) sideBySide() bool {
	return j.cores > 1 && j.live == nil && j.kept == nil && !j.packets
}

// place is where the printer works.
type place interface {
	Do(func()) error // calls in the order of the events
	Flush() error
}

// here is the place of a printer that works at once.
type here struct{}

func (here) Do(f func()) error { f(); return nil }
func (here) Flush() error      { return nil }

// push dissects src to sink, which works at a place.
func (j *job) push(src segments, sink dissect.Sink, at place) error {
	j.dissector = dissect.New(j.options, conform.New(sink))
	j.view = src.View()
	src.OnIdle(func(now int64) { j.idle(now, at) })
	j.reader.OnClockSet(j.dissector.ClockSet) // of a live capture, which is read here
	stop := interrupts(j.reader.Stop)
	defer stop.release()
	if j.begins != nil {
		j.begins()
	}
	last := j.view
	learn := func() error {
		view := src.View()
		if view == last {
			return nil
		}
		last = view
		return at.Do(func() { j.view = view })
	}
	for s, err := range src.Segments() {
		if lerr := learn(); lerr != nil {
			return lerr
		}
		if err != nil {
			defect := err
			err = at.Do(func() { j.damaged(defect) })
		} else {
			err = j.dissector.Push(s)
		}
		if err != nil {
			return err
		}
	}
	if err := learn(); err != nil {
		return err
	}
	return j.dissector.Close()
}

// idle writes what is printed, before the reader waits, and tells the time to connections
// that may expire. An error comes again with the next event; one that may be long in
// coming must not be waited for.
func (j *job) idle(now int64, at place) {
	err := j.dissector.Tick(now)
	ferr := at.Do(func() {
		if j.printer.Flush() != nil {
			j.reader.Stop()
		}
	})
	if err != nil || ferr != nil || at.Flush() != nil {
		j.reader.Stop()
	}
	if j.kept != nil {
		j.kept.failed(j, j.kept.files.Flush())
	}
	if j.waits != nil {
		j.waits()
	}
}

// Emit implements dissect.Sink.
func (j *job) Emit(e dissect.Event) error {
	if j.kept != nil {
		j.kept.see(e)
	}
	switch e := e.(type) {
	case *dissect.Summary:
		j.summary = *e
	case *dissect.Anomaly:
		j.anomalies++
	}
	if _, last := e.(*dissect.Summary); !last && j.wanted != nil && !j.wanted.Match(e) {
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
	if n := st.FragmentsEvicted; n > 0 {
		s.Limits = append(s.Limits, dissect.Count{Reason: "ip fragments", N: n})
	}
	for _, c := range st.LeftOut {
		s.LeftOut = append(s.LeftOut, dissect.Count{Reason: c.Reason, N: c.N})
	}
	if j.live != nil {
		s.Dropped = []dissect.Count{{Reason: "kernel", N: j.reader.Dropped()}}
	}
	if n := j.unkept(); n > 0 {
		s.Dropped = append(s.Dropped, dissect.Count{Reason: "file", N: n})
	}
	for _, d := range st.Damages {
		s.Damaged = append(s.Damaged, dissect.Damage{File: d.File, Offset: d.Offset, Text: d.Text})
	}
}

func (j *job) start() output.Start {
	start := output.Start{LinkTypes: j.view.LinkTypes, Live: j.live, Filter: j.filter}
	if j.live == nil {
		start.Files = j.view.Inputs
	}
	return start
}

// first is the time of the capture's first packet.
func (j *job) first() int64 { return j.view.First }

// unkept is the number of packets that would have been written to files, had there been room.
func (j *job) unkept() int64 {
	if j.kept == nil {
		return 0
	}
	return j.kept.Dropped()
}

// interfaceName is what to print of an interface: nothing where there is only one.
func (j *job) interfaceName(n uint16) string {
	if len(j.view.Interfaces) < 2 {
		return ""
	}
	return j.view.Interface(n)
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
