package main

import (
	"encoding/binary"
	"math/rand/v2"
	"strconv"
)

// pools are bytes to take payload from: it is read at changing places, so that making
// traffic costs no more than a copy.
type pools struct {
	letters []byte // ASCII, so that every part of it is UTF-8
	noise   []byte
}

func newPools(r *rand.Rand) *pools {
	const size = 1 << 20
	p := &pools{letters: make([]byte, size), noise: make([]byte, size)}
	const alphabet = "etaoin shrdlu cmfwyp vbgkqj xz 0123456789 {\"price\":,[]}.-ETAOINSH"
	for i := range p.letters {
		p.letters[i] = alphabet[r.IntN(len(alphabet))]
	}
	for i := 0; i < size; i += 8 {
		binary.LittleEndian.PutUint64(p.noise[i:], r.Uint64())
	}
	return p
}

// fill copies noise from a random place.
func (p *pools) fill(b []byte, r *rand.Rand) int {
	return copy(b, p.noise[r.IntN(len(p.noise)-mss):])
}

// opaque is the speech of an unknown protocol, for a number of bursts.
type opaque struct {
	pools *pools
	left  int
}

func (o *opaque) next(r *rand.Rand) (side, bool) {
	o.left--
	return anySide(r), o.left >= 0
}

func (o *opaque) say(_ side, p []byte, r *rand.Rand) int {
	return o.pools.fill(p[:1+r.IntN(len(p))], r)
}

func anySide(r *rand.Rand) side {
	if r.IntN(4) == 0 {
		return client
	}
	return server
}

// records is the speech of TLS, as far as the headers of its records show.
type records struct {
	pools *pools
	left  int // bursts
	begun bool
	dirs  [2]int // bytes to come of a record
}

func (o *records) next(r *rand.Rand) (side, bool) {
	o.left--
	if !o.begun {
		return client, true
	}
	return anySide(r), o.left >= 0
}

func (o *records) say(from side, p []byte, r *rand.Rand) int {
	n := 0
	const headSize = 5
	for len(p)-n > headSize {
		if o.dirs[from] == 0 {
			o.dirs[from] = 100 + r.IntN(16_000)
			copy(p[n:], "\x17\x03\x03")
			if !o.begun {
				o.begun = true
				o.dirs[from] = 512
				copy(p[n:], "\x16\x03\x01")
			}
			binary.BigEndian.PutUint16(p[n+3:], uint16(o.dirs[from]))
			n += headSize
		}
		part := p[n:min(len(p), n+o.dirs[from])]
		o.pools.fill(part, r)
		n += len(part)
		o.dirs[from] -= len(part)
	}
	return n
}

// web is the speech of HTTP/1.1: requests, and responses with a body.
type web struct {
	pools *pools
	left  int    // exchanges
	turn  side   // whose head is next
	head  []byte // to come
	body  int    // bytes to come
}

func (w *web) next(*rand.Rand) (side, bool) {
	from := w.turn
	if w.busy() {
		from = 1 - from
	} else if from == client {
		w.left--
	}
	return from, w.left >= 0
}

func (w *web) busy() bool { return len(w.head) > 0 || w.body > 0 }

func (w *web) say(from side, p []byte, r *rand.Rand) int {
	if !w.busy() {
		if from != w.turn {
			return 0
		}
		w.begin(r)
	}
	n := copy(p, w.head)
	w.head = w.head[n:]
	m := min(len(p)-n, w.body)
	w.pools.fill(p[n:n+m], r)
	w.body -= m
	return n + m
}

func (w *web) begin(r *rand.Rand) {
	if w.turn == client {
		w.head = append(w.head[:0], "GET /item/"...)
		w.head = strconv.AppendUint(w.head, uint64(r.Uint32()), 10)
		w.head = append(w.head, " HTTP/1.1\r\nHost: www.example.com\r\nAccept: */*\r\nAccept-Encoding: gzip\r\nUser-Agent: bench\r\n\r\n"...)
	} else {
		w.body = int(logUniform(r, 100, 200_000))
		w.head = append(w.head[:0], "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: "...)
		w.head = strconv.AppendInt(w.head, int64(w.body), 10)
		w.head = append(w.head, "\r\n\r\n"...)
	}
	w.turn = 1 - w.turn
}
