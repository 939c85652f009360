//go:build darwin || dragonfly || freebsd || netbsd || openbsd || (windows && (amd64 || 386))

package capture

import (
	"errors"
	"io"
	"sync/atomic"
	"time"

	"github.com/google/gopacket"

	"github.com/wsdissect/wsdissect/internal/filter"
)

// pollEvery is how long the system waits for packets before it lets us look around.
const pollEvery = 100 * time.Millisecond

// errNothing is what a poll gives when no packet came in its time.
var errNothing = errors.New("no packet")

// polled is a live capture on one interface whose system has no call that wakes it up.
type polled struct {
	on       Interface
	poll     func() ([]byte, gopacket.CaptureInfo, error) // errNothing after pollEvery
	drops    func() int64
	release  func()
	snaplen  int
	filters  *filters // nil for all packets
	number   uint16
	whenIdle func(int64)
	whenSet  func(time.Duration)
	pace     pace

	stopping atomic.Bool
	failed   bool
}

// single is the interface of options for a system that captures from one.
func (o *LiveOptions) single() (string, error) {
	if len(o.Interfaces) != 1 || o.Interfaces[0] == AnyInterface {
		return "", errors.New("only one interface at a time can be captured from on this system")
	}
	return o.Interfaces[0], nil
}

// newPolled adds to a source what options ask for.
func newPolled(o LiveOptions, expr *filter.Expr, link uint32) (*polled, error) {
	p := &polled{
		on: Interface{o.Interfaces[0], link}, snaplen: o.Snaplen,
		whenIdle: func(int64) {}, whenSet: func(time.Duration) {}, pace: pace{begin: time.Now()},
	}
	if expr != nil {
		p.filters = &filters{expr: expr}
		if err := p.filters.on(link).err; err != nil {
			return nil, err
		}
	}
	return p, nil
}

// next implements source.
func (s *polled) next(p *Packet) error {
	for !s.failed {
		data, info, err := s.poll()
		switch {
		case errors.Is(err, errNothing):
			if s.stopping.Load() {
				return io.EOF
			}
			s.whenIdle(s.pace.now(2 * pollEvery))
			continue
		case err != nil:
			s.failed = true
			return &Error{File: s.on.Name, Text: "cannot be captured from further: " + printable(err.Error()), Err: err}
		}
		if by := s.pace.handed(time.Now()); by != 0 {
			s.whenSet(by)
		}
		s.pace.last = info.Timestamp.UnixNano()
		p.Time, p.Length, p.LinkType, p.named = s.pace.last, uint32(info.Length), s.on.LinkType, s.number
		p.Data = data
		if s.snaplen > 0 && len(data) > s.snaplen {
			p.Data = data[:s.snaplen]
		}
		if s.filters == nil {
			return nil
		}
		if ok, _ := s.filters.match(p, s.on.Name); ok { // that it fits was seen at the start
			return nil
		}
	}
	return io.EOF
}

// stop implements live. What is left is read until nothing comes for a while.
func (s *polled) stop() { s.stopping.Store(true) }

// dropped implements live.
func (s *polled) dropped() int64 { return s.drops() }

// met implements live.
func (s *polled) met(table *interfaces) { s.number = table.number(s.on) }

// idle implements waiting.
func (s *polled) idle(f func(int64)) { s.whenIdle = f }

// clockSet implements live.
func (s *polled) clockSet(f func(time.Duration)) { s.whenSet = f }

// close implements source.
func (s *polled) close() { s.release() }
