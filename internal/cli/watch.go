package cli

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-isatty"
)

const (
	// statusEvery is how often the status line changes, and drops are looked for.
	statusEvery = time.Second

	// tellDropsEvery is how often drops are told while they grow.
	tellDropsEvery = 10 * time.Second
)

// watch runs a live capture, and tells on stderr how it goes.
func (l *live) watch(j *job) error {
	w := &watcher{job: j, line: l.status && isTerminal(os.Stderr)}
	w.usr1 = make(chan os.Signal, 1)
	notifyCounts(w.usr1)
	j.waits = w.idle
	done := make(chan struct{})
	var tellers sync.WaitGroup
	tellers.Go(func() { w.tellDrops(done) })
	err := j.run()
	signal.Stop(w.usr1)
	close(done)
	tellers.Wait()
	w.clear()
	w.counts()
	return err
}

// watcher tells how a live capture goes.
type watcher struct {
	*job
	line  bool // keep a status line
	shown bool // it stands there
	last  time.Time
	usr1  chan os.Signal
	told  atomic.Int64 // drops
}

// idle runs on the goroutine of the capture, when it waits.
func (w *watcher) idle() {
	select {
	case <-w.usr1:
		w.clear()
		w.counts()
	default:
	}
	if now := time.Now(); w.line && now.Sub(w.last) >= statusEvery {
		w.last = now
		w.shown = true
		fmt.Fprintf(w.err, "\r\x1b[K%s", w.status())
	}
}

// clear takes the status line away.
func (w *watcher) clear() {
	if w.shown {
		w.shown = false
		fmt.Fprint(w.err, "\r\x1b[K")
	}
}

// tellDrops tells of drops as they grow, also while the capture waits for a slow reader of
// its output.
func (w *watcher) tellDrops(done <-chan struct{}) {
	tick := time.NewTicker(statusEvery)
	defer tick.Stop()
	var last time.Time
	for {
		select {
		case <-done:
			return
		case now := <-tick.C:
			n := w.reader.Dropped()
			if n == w.told.Load() || now.Sub(last) < tellDropsEvery {
				continue
			}
			last = now
			w.told.Store(n)
			w.hint("%s dropped by the kernel so far: output or this machine is too slow; "+
				"a filter, a larger -B, or less output helps", counted(n, "packet"))
		}
	}
}

// counts prints what was seen until now.
func (w *watcher) counts() {
	s := w.dissector.Stats()
	st := w.reader.Stats()
	line := fmt.Sprintf("%s captured, %d dropped by the kernel", counted(st.Packets, "packet"), w.reader.Dropped())
	if w.kept != nil {
		line += fmt.Sprintf(", %d not written for want of room", w.unkept())
	}
	w.hint("%s", line)
	w.hint("%s, %d of them WebSocket; %s, %s, %s",
		counted(s.TCPConnections, "TCP connection"), s.WebSocketConnections,
		counted(s.Frames, "frame"), counted(s.Messages, "message"), w.found())
}

// status is the same in one line.
func (w *watcher) status() string {
	s := w.dissector.Stats()
	return fmt.Sprintf("%d packets, %d dropped, %d WebSocket connections, %d frames, %d messages, %s",
		w.reader.Stats().Packets, w.reader.Dropped(), s.WebSocketConnections, s.Frames, s.Messages, w.found())
}

// found is how many anomalies there were.
func (w *watcher) found() string {
	if w.anomalies == 1 {
		return "1 anomaly"
	}
	return fmt.Sprintf("%d anomalies", w.anomalies)
}

// isTerminal reports whether a line that changes makes sense there.
func isTerminal(f *os.File) bool {
	return isatty.IsTerminal(f.Fd()) && os.Getenv("TERM") != "dumb"
}

// locked is a writer for several goroutines.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

// Write implements io.Writer.
func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
