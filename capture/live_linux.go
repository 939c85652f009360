package capture

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/wsdissect/wsdissect/internal/filter"
)

const (
	// watchEvery is how often interfaces are looked at.
	watchEvery = 250 * time.Millisecond

	// settleTime is how long packets that the kernel counts are waited for at the end.
	settleTime = 2 * time.Second

	// settledBefore is how old a packet may be that is still in the kernel's hands.
	settledBefore = 2 * retireMillis * time.Millisecond
)

// capturing is a live capture: one socket and its ring, whatever the number of
// interfaces, so that packets come in the order in which the kernel saw them.
type capturing struct {
	*socket
	ring     *ring
	wake     int // an eventfd, written to by stop
	links    []*watched
	table    *interfaces
	numbers  map[int32]uint16 // in the table, by the system's number
	sieve    sieve
	promisc  bool
	note     func(string)
	whenIdle func(int64)
	whenSet  func(time.Duration)

	taken   int64 // packets read from the ring
	watchAt time.Time
	pace    pace

	stopping atomic.Bool
	settle   time.Time // when the wait for the last packets ends; zero before the stop
}

// openLive implements Live.
func openLive(o LiveOptions, expr *filter.Expr) (live, error) {
	s, err := newSocket()
	if err != nil {
		return nil, fmt.Errorf("cannot capture: %w", err)
	}
	c := &capturing{
		socket: s, wake: -1, numbers: map[int32]uint16{}, note: o.Note,
		sieve: sieve{expr: expr, ports: o.Ports, snaplen: o.Snaplen}, promisc: o.Promiscuous,
		whenIdle: func(int64) {}, whenSet: func(time.Duration) {}, pace: pace{begin: time.Now()},
	}
	if err := c.open(o); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

func (c *capturing) open(o LiveOptions) error {
	if !slices.Contains(o.Interfaces, AnyInterface) {
		for _, name := range o.Interfaces {
			if !slices.ContainsFunc(c.links, func(w *watched) bool { return w.name == name }) {
				c.links = append(c.links, &watched{name: name})
			}
		}
	}
	for _, w := range c.links {
		if w.index, _ = c.index(w.name); w.index == 0 {
			return fmt.Errorf("%s: %w", printable(w.name), ErrNoInterface)
		}
	}
	var err error
	if c.ring, err = newRing(c.fd, o.Buffer, longestPacket()); err != nil {
		return fmt.Errorf("cannot capture: %w", err)
	}
	if c.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return fmt.Errorf("cannot capture: eventfd: %w", err)
	}
	if len(c.links) == 1 && c.has(c.links[0].name, unix.IFF_LOOPBACK) {
		c.ignoreOutgoing()
	}
	if err := c.filter(); err != nil {
		return err
	}
	for _, w := range c.links {
		if w.up = c.has(w.name, unix.IFF_UP); !w.up {
			c.note(w.name + " is down; waiting for it")
		}
		if err := c.join(w); err != nil {
			return err
		}
	}
	if len(c.links) != 1 {
		if err := c.bind(0); err != nil {
			return fmt.Errorf("cannot capture: %w", err)
		}
	}
	return nil
}

// filter gives the socket its filter, which has to fit the link type of an interface that
// was named.
func (c *capturing) filter() error {
	var indexes []int
	for _, w := range c.links {
		if hardware, ok := c.hardware(w.name); ok {
			if err := c.sieve.on(linkOf(hardware)).err; err != nil {
				return err
			}
		}
		indexes = append(indexes, w.index)
	}
	if err := c.attach(c.sieve.program(indexes)); err != nil {
		return fmt.Errorf("cannot capture: the kernel refuses the filter: %w", err)
	}
	return nil
}

// join takes the packets of an interface. With several, the socket takes those of all,
// and its filter sorts them out.
func (c *capturing) join(w *watched) error {
	if c.promisc {
		if err := c.promiscuous(w.index); err != nil {
			c.note(fmt.Sprintf("%s is not promiscuous: %v", w.name, err))
		}
	}
	if len(c.links) > 1 {
		return nil
	}
	if err := c.bind(w.index); err != nil && !errors.Is(err, unix.ENETDOWN) {
		return fmt.Errorf("%s: cannot capture: %w", w.name, err)
	}
	return nil
}

// next implements source.
func (c *capturing) next(p *Packet) error {
	for {
		f, ok := c.ring.next()
		if !ok {
			if err := c.advance(); err != nil {
				return err
			}
			continue
		}
		c.taken++
		if f.duplicate() {
			continue
		}
		f.packet(p)
		c.pace.last = p.Time
		if !c.sieve.match(p) {
			continue
		}
		p.Interface, p.named = uint32(f.address.Ifindex), c.number(f.address)
		return nil
	}
}

// advance gives the block back that was read, and waits for another.
func (c *capturing) advance() error {
	c.ring.release()
	for {
		c.whenIdle(c.pace.now(settledBefore))
		c.watch()
		if c.ring.acquire() {
			if by := c.pace.handed(time.Now()); by != 0 {
				c.whenSet(by)
			}
			return nil
		}
		if c.settled() {
			return io.EOF
		}
		if err := c.wait(); err != nil {
			return err
		}
	}
}

// settled reports whether the source was stopped and all was read that the kernel took
// before. A block that is not full is still to be handed over then.
func (c *capturing) settled() bool {
	if !c.stopping.Load() {
		return false
	}
	now := time.Now()
	if c.settle.IsZero() {
		c.settle = now.Add(settleTime)
	}
	return c.taken >= c.count().delivered || now.After(c.settle)
}

// wait waits for a block, for stop, or until the next look at the interfaces.
func (c *capturing) wait() error {
	fds := []unix.PollFd{
		{Fd: int32(c.fd), Events: unix.POLLIN},
		{Fd: int32(c.wake), Events: unix.POLLIN},
	}
	timeout := watchEvery
	if c.stopping.Load() {
		fds, timeout = fds[:1], retireMillis*time.Millisecond/2
	}
	if _, err := unix.Poll(fds, int(timeout.Milliseconds())); err != nil && err != unix.EINTR {
		return c.broken(err)
	}
	if fds[0].Revents&(unix.POLLERR|unix.POLLHUP|unix.POLLNVAL) == 0 {
		return nil
	}
	c.watchAt = time.Time{}
	if err := c.failure(); err != nil && !errors.Is(err, unix.ENETDOWN) {
		return c.broken(err)
	}
	return nil
}

// broken ends the source: the next call finds it stopped.
func (c *capturing) broken(err error) error {
	c.stop()
	return &Error{File: "live capture", Text: "cannot go on: " + printable(err.Error()), Err: err}
}

// number is that of the interface of a packet. One that came back under its name has the
// number that it had.
func (c *capturing) number(a *unix.RawSockaddrLinklayer) uint16 {
	n, ok := c.numbers[a.Ifindex]
	if !ok {
		n = c.table.number(Interface{c.name(int(a.Ifindex)), linkOf(a.Hatype)})
		if len(c.numbers) == math.MaxUint16 { // of interfaces that came and went
			clear(c.numbers)
		}
		c.numbers[a.Ifindex] = n
	}
	return n
}

// stop implements live.
func (c *capturing) stop() {
	if c.stopping.Swap(true) {
		return
	}
	c.refuse()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fd >= 0 {
		_, _ = unix.Write(c.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	}
}

// dropped implements live.
func (c *capturing) dropped() int64 { return c.count().dropped }

// met implements live.
func (c *capturing) met(table *interfaces) {
	c.table = table
	names := make([]string, len(c.links))
	for i, w := range c.links {
		names[i] = w.name
	}
	if len(names) == 0 {
		list, _ := net.Interfaces() // those that are missing are met with their packets
		for _, i := range list {
			names = append(names, i.Name)
		}
	}
	for _, name := range names {
		if hardware, ok := c.hardware(name); ok {
			table.number(Interface{name, linkOf(hardware)})
		}
	}
}

// idle implements waiting.
func (c *capturing) idle(f func(int64)) { c.whenIdle = f }

// clockSet implements live.
func (c *capturing) clockSet(f func(time.Duration)) { c.whenSet = f }

// close implements source.
func (c *capturing) close() {
	c.count()
	if c.ring != nil {
		c.ring.close()
	}
	c.socket.close()
	if c.wake >= 0 {
		_ = unix.Close(c.wake)
	}
}
