package capture

import (
	"errors"
	"strings"
	"time"

	"github.com/wsdissect/wsdissect/internal/filter"
)

// What keeps a live capture from its start, for errors.Is. One that lacks the permission
// answers to fs.ErrPermission.
var (
	ErrNoInterface = errors.New("no such interface")
	ErrNoLive      = errors.New("live capture is not possible on this system")
)

// AnyInterface stands for all interfaces, where the system can do that (Linux).
const AnyInterface = "any"

// DefaultBuffer is the default of LiveOptions.Buffer.
const DefaultBuffer = 32 << 20

// LiveOptions say what is captured, and how.
type LiveOptions struct {
	Interfaces  []string // names, at least one; AnyInterface for all
	Snaplen     int      // bytes to keep of a packet; 0 for all of it
	Buffer      int      // bytes that may wait to be read; 0 for DefaultBuffer
	Promiscuous bool     // also take packets that are not for this host; not with AnyInterface
	Filter      string   // in tcpdump's language; empty for all packets

	// Ports narrows the capture to packets that may belong to TCP connections of one of
	// these ports, whatever VLAN they are in. It saves work, and is not exact: what cannot
	// be told from a packet by itself is kept, and all where there are too many ports for a
	// program of the kernel. Empty is all.
	Ports []uint16

	// Note is told of interfaces that go away and come back, on the goroutine of the
	// iteration. Nil drops that.
	Note func(text string)
}

// live is a source that does not end by itself.
type live interface {
	waiting

	// stop ends the source once it has yielded what the system holds for it. It may be
	// called on any goroutine, and more than once.
	stop()
	// dropped is the number of packets that had no room. It may be called on any goroutine.
	dropped() int64
	// met is where the interfaces are put down, those that are known before the start and
	// those that come later.
	met(*interfaces)
	// clockSet sets what is called when the clock that stamps the packets was set, before
	// the first packet that it has stamped since.
	clockSet(func(by time.Duration))
}

// waiting is a source that may have to wait for packets.
type waiting interface {
	source

	// idle sets what is called before a wait, and again and again during it.
	idle(func(now int64))
}

// Live captures from interfaces. The error may be a *FilterError. From now on packets are held for the iteration, which
// goes on until Stop; it releases the interfaces when it ends.
func Live(o LiveOptions) (*Reader, error) {
	if len(o.Interfaces) == 0 {
		return nil, errors.New("no interface named")
	}
	if o.Buffer <= 0 {
		o.Buffer = DefaultBuffer
	}
	var expr *filter.Expr
	if o.Filter != "" {
		var err error
		if expr, err = filter.Parse(o.Filter); err != nil {
			return nil, err
		}
	}
	if o.Note == nil {
		o.Note = func(string) {}
	}
	s, err := openLive(o, expr)
	if err != nil {
		return nil, err
	}
	r := New()
	r.live = s
	s.met(&r.interfaces)
	r.stats.Inputs = []InputStats{{Name: strings.Join(o.Interfaces, ",")}}
	return r, nil
}

// Stop ends the iteration: that of a live capture when it has yielded what was captured
// until now, any other before the next packet. It is safe to call on any goroutine.
func (r *Reader) Stop() {
	if l, ok := r.live.(live); ok {
		l.stop()
	} else {
		r.stopped.Store(true)
	}
}

// Dropped is the number of packets so far for which a live capture had no room, because
// they were read too slowly. It is safe to call on any goroutine.
func (r *Reader) Dropped() int64 {
	if l, ok := r.live.(live); ok {
		return l.dropped()
	}
	return 0
}

// OnIdle sets what is called, on the goroutine of the iteration, when it is about to wait
// for packets, and while it waits: what was gathered for later can be written then. now is
// the time on the capture's clock, nanoseconds since 1970 UTC, before which no packet will
// come any more; 0 if it is unknown. A regular file never waits.
func (r *Reader) OnIdle(f func(now int64)) { r.idle = f }

// OnClockSet sets what is called, on the goroutine of the iteration, when the clock of the
// system that captures was set by a second or more: ahead, or back where by is negative. Packets
// that follow are stamped by it as it is now, but for those that were under way.
func (r *Reader) OnClockSet(f func(by time.Duration)) { r.clockSet = f }
