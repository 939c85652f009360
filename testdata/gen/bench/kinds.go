package main

import (
	"math/rand/v2"

	"github.com/wsdissect/wsdissect/frame"
)

// kind is a kind of capture.
type kind struct {
	flows  int  // at once, unless told otherwise
	others bool // has unrelated connections
	once   bool // ends when all has been said
	plan   func(config, *rand.Rand) *plan
}

var kinds = map[string]kind{
	"mixed":     {flows: 1000, others: true, plan: mixed},
	"flows":     {flows: 200_000, others: true, plan: mixed},
	"small":     {flows: 1000, plan: small},
	"bulk":      {flows: 20, plan: bulk},
	"feed":      {flows: 1000, plan: feed},
	"one-frame": {flows: 1, once: true, plan: oneFrame},
	"fragments": {flows: 1, once: true, plan: fragments},
}

// plan says what frames a WebSocket connection carries.
type plan struct {
	frames   int // in a connection, from both sides
	fromUser int // of 100 bursts, those of the client
	pack     int // of 100 frames, those that share a packet with the next
	pings    int // of 1000 frames from the server
	lines    []string

	// frame is the header of the i-th frame, without masking, and its payload if that is
	// not to be taken from the pools.
	frame func(r *rand.Rand, s side, i int) (frame.Header, []byte)
}

func mixed(config, *rand.Rand) *plan {
	return &plan{frames: 2000, fromUser: 25, pack: 30, pings: 10, frame: func(r *rand.Rand, s side, _ int) (frame.Header, []byte) {
		if s == client {
			return message(r, logUniform(r, 1, 2000)), nil
		}
		return message(r, logUniform(r, 1, 60_000)), nil
	}}
}

func small(config, *rand.Rand) *plan {
	return &plan{frames: 20_000, fromUser: 50, pack: 20, pings: 5, frame: func(r *rand.Rand, _ side, _ int) (frame.Header, []byte) {
		return message(r, uint64(4+r.IntN(60))), nil
	}}
}

func bulk(config, *rand.Rand) *plan {
	return &plan{frames: 200, fromUser: 30, pack: 100, frame: func(r *rand.Rand, _ side, _ int) (frame.Header, []byte) {
		return message(r, logUniform(r, 64<<10, 4<<20)), nil
	}}
}

func oneFrame(c config, _ *rand.Rand) *plan {
	return &plan{frames: 1, pack: 100, frame: func(*rand.Rand, side, int) (frame.Header, []byte) {
		return frame.Header{Fin: true, Opcode: frame.Binary, Length: uint64(c.size)}, nil
	}}
}

func fragments(c config, _ *rand.Rand) *plan {
	n := max(c.fragments, 1)
	return &plan{frames: n, pack: 100, frame: func(_ *rand.Rand, _ side, i int) (frame.Header, []byte) {
		h := frame.Header{Fin: i == n-1, Opcode: frame.Continuation, Length: uint64(max(c.size/int64(n), 1))}
		if i == 0 {
			h.Opcode = frame.Text
		}
		return h, nil
	}}
}

// message is the header of a message in one frame, text three times out of four.
func message(r *rand.Rand, length uint64) frame.Header {
	op := frame.Text
	if r.IntN(4) == 0 {
		op = frame.Binary
	}
	return frame.Header{Fin: true, Opcode: op, Length: length}
}
