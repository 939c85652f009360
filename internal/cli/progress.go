package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// progressEvery is how often the progress line changes. What takes less time has none.
const progressEvery = time.Second

// withProgress runs a job, with a line on stderr that tells how far it is: on a terminal,
// and where the output does not go there too.
func withProgress(j *job) error {
	if !isTerminal(os.Stderr) || isTerminal(os.Stdout) || j.err != io.Writer(os.Stderr) {
		return j.run()
	}
	p := &progress{w: j.err, of: j.reader.Progress, begin: time.Now()}
	j.err = p
	done := make(chan struct{})
	var shower sync.WaitGroup
	shower.Go(func() { p.run(done) })
	err := j.run()
	close(done)
	shower.Wait()
	return err
}

// progress is the line. What else is written to stderr goes through it and takes the line
// away first.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	of    func() (read, size int64)
	begin time.Time
	shown bool
}

// run shows the line again and again, and takes it away when all is done.
func (p *progress) run(done <-chan struct{}) {
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	for {
		select {
		case <-done:
			p.mu.Lock()
			defer p.mu.Unlock()
			p.clear()
			return
		case now := <-tick.C:
			p.show(now)
		}
	}
}

func (p *progress) show(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	read, size := p.of()
	fmt.Fprintf(p.w, "\r\x1b[K%s", progressLine(read, size, now.Sub(p.begin)))
	p.shown = true
}

func (p *progress) clear() {
	if p.shown {
		p.shown = false
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// Write implements io.Writer.
func (p *progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	return p.w.Write(b)
}

// progressLine tells how much was read in which time; of a size that is not known, 0, no
// share.
func progressLine(read, size int64, took time.Duration) string {
	rate := float64(read) / max(took.Seconds(), 1e-9)
	line := fmt.Sprintf("%.0f MB, %.0f MB/s", float64(read)/1e6, rate/1e6)
	if size <= 0 || read > size || rate == 0 {
		return line
	}
	left := time.Duration(float64(size-read) / rate * float64(time.Second))
	return fmt.Sprintf("%d %%, %s, %v left", 100*read/size, line, left.Round(time.Second))
}
