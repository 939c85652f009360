package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// errPipe is what a write to a pipe gives when its reader has gone.
const errPipe = syscall.EPIPE

// interrupt waits for the signals that ask for an end. The first makes the run stop and
// print its summary; the second ends the process as ever.
type interrupt struct{ signals chan os.Signal }

// interrupts calls stop, on a goroutine of its own, at the first signal.
func interrupts(stop func()) *interrupt {
	i := &interrupt{signals: make(chan os.Signal, 1)}
	signal.Notify(i.signals, os.Interrupt, syscall.SIGTERM)
	signal.Ignore(syscall.SIGPIPE)
	go func() {
		if _, ok := <-i.signals; ok {
			signal.Stop(i.signals)
			stop()
		}
	}()
	return i
}

func (i *interrupt) release() {
	signal.Stop(i.signals)
	close(i.signals)
}
