// Package keep writes packets of a capture to files, chosen by what was found in their
// connections. Packets of connections of which that is not known yet are held, bounded in
// bytes and capture time, so that files have their packets in the order of the capture.
package keep

import (
	"bytes"
	"fmt"
	"net/netip"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/reassembly"
)

// Mode is which packets are kept.
type Mode uint8

const (
	Matched   Mode = iota // TCP on the ports looked at
	All                   // every packet that passed the filter
	WebSocket             // of WebSocket connections, from their SYN on where it was captured
)

// ParseMode is the mode of a name: matched, all, websocket.
func ParseMode(name string) (Mode, error) {
	for m, known := range [...]string{"matched", "all", "websocket"} {
		if name == known {
			return Mode(m), nil
		}
	}
	return 0, fmt.Errorf("%q are no packets that can be written (matched, all, websocket)", name)
}

// Output takes packets; they are on loan.
type Output interface {
	Write(p *capture.Packet, on capture.Interface) error
}

const (
	maxHeld     = 64 << 20        // bytes held in all
	maxFlowHeld = 256 << 10       // bytes held of a connection: those before are not of its handshake
	maxAge      = 60 * int64(1e9) // capture time that a packet is held
	maxFlows    = 1 << 18         // connections remembered in each of two generations
	overhead    = 256             // bytes that a packet costs besides its data
)

// Keeper chooses packets. It is not safe for concurrent use.
type Keeper struct {
	mode  Mode
	ports func(uint16) bool
	out   Output
	err   error // of out; sticks

	first, last *held // the queue, in the order of the capture
	bytes       int
	dropped     int64

	flows, older map[key]*flow // older ones are forgotten when there are too many
}

// key is a connection; a is the lesser address.
type key struct {
	a, b netip.AddrPort
	zone uint32
}

func keyOf(a, b netip.AddrPort, zone uint32) key {
	if b.Compare(a) < 0 {
		a, b = b, a
	}
	return key{a, b, zone}
}

// flow is what is known of a connection.
type flow struct {
	is          verdict
	bytes       int
	first, last *held
}

type verdict uint8

const (
	open verdict = iota
	wanted
	unwanted
)

// held is a packet that waits in the queue.
type held struct {
	packet capture.Packet
	on     capture.Interface
	flow   *flow // nil: only waits for those before it
	gone   bool  // it is not wanted
	next   *held
	behind *held // the next of its flow
}

// New makes a Keeper. Ports are those looked at; nil for all.
func New(mode Mode, ports func(uint16) bool, out Output) *Keeper {
	return &Keeper{mode: mode, ports: ports, out: out, flows: map[key]*flow{}}
}

// Packet takes the next packet of the capture, with its segment if it has one. Fragments
// are kept where their connection cannot be told. The error is that of the Output.
func (k *Keeper) Packet(p *capture.Packet, on capture.Interface, s *reassembly.Segment) error {
	switch {
	case k.err != nil:
	case k.mode == All, p.Fragment:
		k.keep(p, on, nil)
	case s == nil || k.ports != nil && !k.ports(s.Src.Port()) && !k.ports(s.Dst.Port()):
	case k.mode == Matched:
		k.keep(p, on, nil)
	default:
		f := k.flow(s)
		switch f.is {
		case open:
			k.keep(p, on, f)
		case wanted:
			k.keep(p, on, nil)
		}
	}
	k.pass(p.Time)
	return k.err
}

// Found says that a connection is WebSocket.
func (k *Keeper) Found(c *reassembly.Conn) { k.decide(c, wanted) }

// Ignored says that a connection is not WebSocket.
func (k *Keeper) Ignored(c *reassembly.Conn) { k.decide(c, unwanted) }

func (k *Keeper) decide(c *reassembly.Conn, is verdict) {
	if k.mode != WebSocket {
		return
	}
	f := k.find(keyOf(c.A(), c.B(), c.Zone()))
	if f == nil || f.is != open {
		return
	}
	f.is = is
	if is == unwanted {
		for f.first != nil {
			k.discard(f)
		}
	}
	f.first, f.last = nil, nil
}

// Close writes what is wanted of what is held.
func (k *Keeper) Close() error {
	for h := k.first; h != nil && k.err == nil; h = h.next {
		if h.ready() {
			k.err = k.out.Write(&h.packet, h.on)
		}
	}
	k.first, k.last = nil, nil
	return k.err
}

// Dropped is the number of packets that might have been wanted, but were too many to hold.
func (k *Keeper) Dropped() int64 { return k.dropped }

// flow is that of a segment. A SYN begins a new one, so that addresses can be used again.
func (k *Keeper) flow(s *reassembly.Segment) *flow {
	at := keyOf(s.Src, s.Dst, s.Zone)
	f := k.find(at)
	begins := s.Flags.Has(reassembly.SYN) && !s.Flags.Has(reassembly.ACK)
	if f == nil || begins && f.is != open {
		f = new(flow)
		k.flows[at] = f
	}
	return f
}

// find looks a flow up, in both generations.
func (k *Keeper) find(at key) *flow {
	if f := k.flows[at]; f != nil {
		return f
	}
	f := k.older[at]
	if len(k.flows) >= maxFlows {
		k.older, k.flows = k.flows, make(map[key]*flow)
	}
	if f != nil {
		k.flows[at] = f
	}
	return f
}

// keep writes a packet, or queues a copy of it where others wait, or its flow is open.
func (k *Keeper) keep(p *capture.Packet, on capture.Interface, f *flow) {
	if f == nil && k.first == nil {
		k.err = k.out.Write(p, on)
		return
	}
	h := &held{packet: *p, on: on, flow: f}
	h.packet.Data = bytes.Clone(p.Data)
	if k.last == nil {
		k.first = h
	} else {
		k.last.next = h
	}
	k.last = h
	k.bytes += h.size()
	if f == nil {
		return
	}
	if f.last == nil {
		f.first = h
	} else {
		f.last.behind = h
	}
	f.last = h
	f.bytes += h.size()
	for f.bytes > maxFlowHeld {
		k.discard(f)
	}
}

// discard gives up the first packet that is held of a flow.
func (k *Keeper) discard(f *flow) {
	h := f.first
	if f.first = h.behind; f.first == nil {
		f.last = nil
	}
	f.bytes -= h.size()
	k.bytes -= h.size()
	h.gone, h.packet.Data, h.behind = true, nil, nil
	k.bytes += overhead // until the queue has come to it
}

// pass writes what need not wait any more. What waits too long is given up.
func (k *Keeper) pass(now int64) {
	for h := k.first; h != nil && k.err == nil; h = k.first {
		if !h.gone && !h.ready() {
			if k.bytes <= maxHeld && now-h.packet.Time <= maxAge {
				return
			}
			if k.bytes > maxHeld {
				k.dropped++
			}
			k.discard(h.flow)
		}
		if k.first = h.next; k.first == nil {
			k.last = nil
		}
		k.bytes -= h.size()
		if !h.gone {
			k.err = k.out.Write(&h.packet, h.on)
		}
	}
}

// ready reports whether a packet is to be written.
func (h *held) ready() bool { return !h.gone && (h.flow == nil || h.flow.is == wanted) }

func (h *held) size() int { return len(h.packet.Data) + overhead }
