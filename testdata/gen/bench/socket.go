package main

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"math/rand/v2"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// socket is the speech of a WebSocket connection: opening handshake, frames as the plan
// says, closing handshake begun by the client.
type socket struct {
	plan  *plan
	pools *pools
	begun int // frames of the plan
	stage stage
	dirs  [2]direction
	pong  frame.Header // owed by the client, if its opcode is Pong
	shake wstest.Handshake
}

type stage int

const (
	asking stage = iota
	answering
	talking
	closing
	closed
)

// direction is what is left of the frame, or the head, that a side is sending.
type direction struct {
	begun   int // frames of the plan: each side has a compression context of its own
	head    []byte
	payload []byte // nil: from pool, at
	pool    []byte
	at      int
	left    uint64
	pos     uint64
	key     [4]byte
	store   [frame.MaxHeaderSize]byte
}

func newSocket(p *plan, ps *pools, r *rand.Rand) *socket {
	var nonce [16]byte
	binary.LittleEndian.PutUint64(nonce[:], r.Uint64())
	binary.LittleEndian.PutUint64(nonce[8:], r.Uint64())
	s := &socket{plan: p, pools: ps}
	s.shake = wstest.Handshake{
		Key:          base64.StdEncoding.EncodeToString(nonce[:]),
		RequestLines: p.lines, ResponseLines: p.lines,
	}
	return s
}

func (s *socket) next(r *rand.Rand) (side, bool) {
	switch s.stage {
	case asking:
		return client, true
	case answering:
		return server, true
	}
	if s.begun == s.plan.frames {
		return s.finish()
	}
	if s.pong.Opcode == frame.Pong || r.IntN(100) < s.plan.fromUser {
		return client, true
	}
	return server, true
}

// finish is the side that has to say something before the connection can end.
func (s *socket) finish() (side, bool) {
	switch {
	case s.dirs[client].busy():
		return client, true
	case s.dirs[server].busy(), s.stage == closing:
		return server, true
	}
	return client, s.stage != closed
}

func (s *socket) say(from side, p []byte, r *rand.Rand) int {
	d := &s.dirs[from]
	n := 0
	for n < len(p) {
		if d.busy() {
			n += d.say(p[n:])
			continue
		}
		if n > 0 && r.IntN(100) >= s.plan.pack || !s.begin(d, from, r) {
			break
		}
	}
	return n
}

// begin begins what the side says next, and is false when it has no more to say.
func (s *socket) begin(d *direction, from side, r *rand.Rand) bool {
	switch {
	case s.stage == asking:
		if from != client {
			return false
		}
		d.head = s.shake.Request()
		s.stage = answering
	case s.stage == answering:
		if from != server {
			return false
		}
		d.head = s.shake.Response()
		s.shake = wstest.Handshake{}
		s.stage = talking
	case from == client && s.pong.Opcode == frame.Pong:
		s.frame(d, s.pong, nil, from, r)
		s.pong = frame.Header{}
	case s.stage == talking && s.begun < s.plan.frames:
		s.beginFrame(d, from, r)
	case s.stage == talking && from == client && !s.dirs[server].busy():
		s.stage = closing
		s.frame(d, closeHeader, closeBody, from, r)
	case s.stage == closing && from == server:
		s.stage = closed
		s.frame(d, closeHeader, closeBody, from, r)
	default:
		return false
	}
	return true
}

var (
	closeBody   = binary.BigEndian.AppendUint16(nil, 1000)
	closeHeader = frame.Header{Fin: true, Opcode: frame.Close, Length: 2}
)

func (s *socket) beginFrame(d *direction, from side, r *rand.Rand) {
	if from == server && s.pong.Opcode == 0 && r.IntN(1000) < s.plan.pings {
		h := frame.Header{Fin: true, Opcode: frame.Ping}
		s.frame(d, h, nil, from, r)
		h.Opcode = frame.Pong
		s.pong = h
		return
	}
	h, payload := s.plan.frame(r, from, d.begun)
	s.begun++
	d.begun++
	s.frame(d, h, payload, from, r)
}

func (d *direction) busy() bool { return len(d.head) > 0 || d.left > 0 }

// frame begins a frame, masked when it is the client's.
func (s *socket) frame(d *direction, h frame.Header, payload []byte, from side, r *rand.Rand) {
	if from == client {
		h.Masked = true
		binary.LittleEndian.PutUint32(h.Key[:], r.Uint32())
	}
	d.head = h.Append(d.store[:0])
	d.payload, d.left, d.pos, d.key = payload, h.Length, 0, h.Key
	d.pool = s.pools.letters
	if h.Opcode == frame.Binary {
		d.pool = s.pools.noise
	}
	d.at = r.IntN(len(d.pool))
}

// say goes on with what was begun.
func (d *direction) say(p []byte) int {
	if len(d.head) > 0 {
		n := copy(p, d.head)
		d.head = d.head[n:]
		return n
	}
	src := d.payload[min(d.pos, uint64(len(d.payload))):]
	if d.payload == nil {
		src = d.pool[d.at:]
	}
	if uint64(len(src)) > d.left {
		src = src[:d.left]
	}
	src = src[:min(len(src), len(p))]
	frame.XOR(p, src, d.key, d.pos)
	d.pos += uint64(len(src))
	d.left -= uint64(len(src))
	d.at = (d.at + len(src)) % len(d.pool)
	return len(src)
}

// logUniform draws from low to high, the small as often as the large.
func logUniform(r *rand.Rand, low, high float64) uint64 {
	return uint64(low * math.Pow(high/low, r.Float64()))
}
