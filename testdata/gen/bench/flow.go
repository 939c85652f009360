package main

import (
	"fmt"
	"io"
	"math/rand/v2"
)

// side is an endpoint of a flow.
type side int

const (
	client side = iota
	server
)

// flow is a TCP connection.
type flow struct {
	ends   [2]end
	speech speech
}

type end struct {
	addr uint32
	port uint16
	id   uint16 // of the last IP header
	next uint32 // sequence number
}

// speech is what a connection carries.
type speech interface {
	// next is the side that says something now; false when all has been said.
	next(r *rand.Rand) (side, bool)
	// say fills p with what the side says next, and returns how much that is.
	say(s side, p []byte, r *rand.Rand) int
}

// generator writes packets of flows, a burst of one and then of another.
type generator struct {
	out      *writer
	r        *rand.Rand
	plan     *plan
	pools    *pools
	share    int64 // percent of bytes that are WebSocket
	toTheEnd bool  // write until all has been said

	sockets, others []*flow
	socketBytes     int64
	opened          uint32
	segments        [burstLen]segment
}

const burstLen = 8

type segment struct {
	seq   uint32
	flags byte
	n     int
	data  [mss]byte
}

func newGenerator(w io.Writer, c config) (*generator, error) {
	k, ok := kinds[c.kind]
	if !ok {
		return nil, fmt.Errorf("%q is no kind", c.kind)
	}
	if c.websocket < 0 || c.websocket > 100 || c.flows < 0 {
		return nil, fmt.Errorf("%d flows with %d %% WebSocket are out of range", c.flows, c.websocket)
	}
	r := rand.New(rand.NewPCG(c.seed, 6455))
	g := &generator{out: newWriter(w), r: r, plan: k.plan(c, r), pools: newPools(r), share: 100, toTheEnd: k.once}
	flows := c.flows
	if flows == 0 {
		flows = k.flows
	}
	if k.others {
		g.share = int64(c.websocket)
	}
	sockets := (flows*int(g.share) + 99) / 100
	for i := range flows {
		// Interleaved, so that a capture that ends early has both.
		if (i+1)*sockets/flows > i*sockets/flows {
			g.sockets = append(g.sockets, g.open(newSocket(g.plan, g.pools, g.r), 8080))
		} else {
			g.others = append(g.others, g.openOther())
		}
	}
	return g, nil
}

// burst lets one flow send a few packets, and the other side acknowledge them. It is
// false when no flow has anything to say.
func (g *generator) burst() bool {
	fs, isSocket := &g.others, false
	if len(g.others) == 0 || len(g.sockets) > 0 && g.socketBytes*100 < g.out.written*g.share {
		fs, isSocket = &g.sockets, true
	}
	if len(*fs) == 0 {
		return false
	}
	i := g.r.IntN(len(*fs))
	f := (*fs)[i]
	before := g.out.written
	s, more := f.speech.next(g.r)
	switch {
	case more:
		g.send(f, s, g.fill(f, s))
	case g.toTheEnd:
		g.shut(f)
		*fs = append((*fs)[:i], (*fs)[i+1:]...)
	default:
		g.shut(f)
		if isSocket {
			(*fs)[i] = g.open(newSocket(g.plan, g.pools, g.r), 8080)
		} else {
			(*fs)[i] = g.openOther()
		}
	}
	if isSocket {
		g.socketBytes += g.out.written - before
	}
	return true
}

// fill takes from one side what it says in up to a burst of segments.
func (g *generator) fill(f *flow, s side) []segment {
	most := 1 + g.r.IntN(burstLen)
	n := 0
	for n < most {
		seg := &g.segments[n]
		seg.n = f.speech.say(s, seg.data[:], g.r)
		if seg.n == 0 {
			break
		}
		seg.seq, seg.flags = f.ends[s].next, ack
		f.ends[s].next += uint32(seg.n)
		n++
	}
	if n > 0 {
		g.segments[n-1].flags |= psh
	}
	return g.segments[:n]
}

// send writes the segments of a burst: 1 of 250 bursts in another order, 1 of 250 with a
// segment sent twice.
func (g *generator) send(f *flow, s side, segs []segment) {
	var order [burstLen + 1]int
	n := len(segs)
	for i := range n {
		order[i] = i
	}
	if n > 1 {
		i := g.r.IntN(n - 1)
		switch g.r.IntN(250) {
		case 0:
			order[i], order[i+1] = order[i+1], order[i]
		case 1:
			order[n] = i
			n++
		}
	}
	for _, i := range order[:n] {
		seg := &segs[i]
		g.out.packet(f, s, seg.flags, seg.seq, seg.data[:seg.n])
	}
	g.bare(f, 1-s, ack)
}

// bare writes a packet without payload.
func (g *generator) bare(f *flow, s side, flags byte) {
	g.out.packet(f, s, flags, f.ends[s].next, nil)
	if flags&(syn|fin) != 0 {
		f.ends[s].next++
	}
}

// open begins a connection. No two have the same endpoints.
func (g *generator) open(sp speech, port uint16) *flow {
	const ports = 60000
	n := g.opened
	g.opened++
	f := &flow{speech: sp}
	f.ends[client] = end{addr: 0x0A000001 + n/ports, port: uint16(1024 + n%ports), next: g.r.Uint32()}
	f.ends[server] = end{addr: 0xC0000201 + n%200, port: port, next: g.r.Uint32()}
	g.bare(f, client, syn)
	g.bare(f, server, syn|ack)
	g.bare(f, client, ack)
	return f
}

func (g *generator) openOther() *flow {
	switch g.r.IntN(3) {
	case 0:
		return g.open(&web{pools: g.pools, left: 10 + g.r.IntN(100)}, 80)
	case 1:
		return g.open(&records{pools: g.pools, left: 200 + g.r.IntN(2000)}, 443)
	}
	return g.open(&opaque{pools: g.pools, left: 200 + g.r.IntN(2000)}, 5432)
}

func (g *generator) shut(f *flow) {
	g.bare(f, server, fin|ack)
	g.bare(f, client, fin|ack)
	g.bare(f, server, ack)
}
