package torture_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// scene makes a kind of traffic. write gives what a side sends at once: frames, masked
// if it is the client.
type scene struct {
	name       string
	extensions string
	turns      int
	write      func(w *writer) []wstest.Frame
}

// writer is a side of a connection that invents messages.
type writer struct {
	r       *rand.Rand
	client  bool
	n       int // messages so far
	b       bytes.Buffer
	deflate *flate.Writer
}

var scenes = []scene{
	{"text", "", 40, func(w *writer) []wstest.Frame { return w.one(frame.Text, w.prose(200)) }},
	{"json", "", 40, func(w *writer) []wstest.Frame { return w.one(frame.Text, w.json()) }},
	{"tiny", "", 40, func(w *writer) []wstest.Frame { return w.one(frame.Text, w.prose(4)) }},
	{"random", "", 40, func(w *writer) []wstest.Frame { return w.one(frame.Binary, w.random(400)) }},
	{"large random", "", 8, func(w *writer) []wstest.Frame { return w.one(frame.Binary, w.random(20000)) }},
	{"zeros", "", 30, func(w *writer) []wstest.Frame { return w.one(frame.Binary, make([]byte, w.r.IntN(3000))) }},
	{"records", "", 40, func(w *writer) []wstest.Frame { return w.one(frame.Binary, w.records()) }},
	{"large text", "", 8, func(w *writer) []wstest.Frame { return w.one(frame.Text, w.prose(20000)) }},
	{"bursts", "", 15, func(w *writer) []wstest.Frame {
		var all []wstest.Frame
		for range w.r.IntN(20) {
			all = append(all, w.one(frame.Text, w.prose(60))...)
		}
		return all
	}},
	{"fragments", "", 20, func(w *writer) []wstest.Frame { return w.fragmented() }},
	{"mixed", "", 30, func(w *writer) []wstest.Frame { return w.any() }},
	{"deflate", "permessage-deflate", 40, func(w *writer) []wstest.Frame { return w.deflated(true) }},
	{"deflate alone", "permessage-deflate; client_no_context_takeover; server_no_context_takeover", 40,
		func(w *writer) []wstest.Frame { return w.deflated(false) }},
}

// play makes the packets of a scene: two connections side by side.
func (s *scene) play(seed uint64) wstest.Packets {
	r := rand.New(rand.NewPCG(seed, 7))
	var talks []*wstest.Talk
	for i := range 2 {
		addr := func(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }
		t := wstest.NewTalk(addr(fmt.Sprintf("10.0.0.1:%d", 50000+i)), addr("10.0.0.2:8080"))
		t.ClientISN, t.ServerISN = r.Uint32(), r.Uint32()
		t.Now = t.Now.Add(t.Step * 7 / 10)
		s.talk(t, r)
		talks = append(talks, t)
	}
	return wstest.Merge(talks...)
}

func (s *scene) talk(t *wstest.Talk, r *rand.Rand) {
	hs := wstest.Handshake{Target: "/" + strings.ReplaceAll(s.name, " ", "-")}
	if s.extensions != "" {
		hs.RequestLines = []string{"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"}
		hs.ResponseLines = []string{"Sec-WebSocket-Extensions: " + s.extensions}
	}
	t.Open().Client(hs.Request()).Server(hs.Response())
	client, server := &writer{r: r, client: true}, &writer{r: r}
	quiet := r.IntN(4)
	for range s.turns {
		if quiet == 0 || r.IntN(4) == 0 {
			t.Client(client.bytes(s.write(client)))
		} else {
			t.Server(server.bytes(s.write(server)))
		}
		if r.IntN(3) == 0 {
			t.ClientAck().ServerAck()
		}
		if r.IntN(8) == 0 {
			t.Client(client.bytes([]wstest.Frame{wstest.Ping("hb")})).Server(server.bytes([]wstest.Frame{wstest.Pong("hb")}))
		}
	}
	t.Client(client.bytes([]wstest.Frame{wstest.Close(1000, "done")})).Server(server.bytes([]wstest.Frame{wstest.Close(1000, "")})).Shut()
}

// bytes are the frames as the side sends them.
func (w *writer) bytes(fs []wstest.Frame) []byte {
	if w.client {
		for i := range fs {
			var key [4]byte
			binary.BigEndian.PutUint32(key[:], w.r.Uint32())
			fs[i] = fs[i].MaskedWith(key)
		}
	}
	return wstest.Frames(fs...)
}

func (w *writer) one(op frame.Opcode, b []byte) []wstest.Frame {
	return []wstest.Frame{wstest.NewFrame(op, b)}
}

// prose is text of up to about n bytes.
func (w *writer) prose(n int) []byte {
	words := strings.Fields("der schnelle braune Fuchs springt über den faulen Hund und 42 naïve 本 emoji 😀 price bid ask volume")
	var b []byte
	for n = w.r.IntN(n + 1); len(b) < n; {
		b = append(append(b, words[w.r.IntN(len(words))]...), ' ')
	}
	return b
}

func (w *writer) json() []byte {
	w.n++
	return fmt.Appendf(nil, `{"e":"trade","E":%d,"s":"BTCUSDT","t":%d,"p":"%d.%02d","q":"0.%05d","m":%t}`,
		1700000000000+w.r.Int64N(1e9), w.n, 40000+w.r.IntN(3000), w.r.IntN(100), w.r.IntN(100000), w.r.IntN(2) == 0)
}

func (w *writer) random(n int) []byte {
	b := make([]byte, w.r.IntN(n))
	for i := range b {
		b[i] = byte(w.r.Uint32())
	}
	return b
}

// records are binary as programs write it: small numbers in wide fields, some text.
func (w *writer) records() []byte {
	var b []byte
	for range w.r.IntN(30) {
		w.n++
		b = binary.LittleEndian.AppendUint32(b, uint32(w.n))
		b = binary.BigEndian.AppendUint64(b, uint64(w.r.IntN(1000)))
		b = append(b, "name\x00\x81\x05\x82\x7e"[:w.r.IntN(10)]...)
	}
	return b
}

func (w *writer) fragmented() []wstest.Frame {
	fs := wstest.Fragments(frame.Text, w.prose(600), 1+w.r.IntN(120))
	var out []wstest.Frame
	for _, f := range fs {
		out = append(out, f)
		switch w.r.IntN(8) {
		case 0:
			if len(f.Payload) > 0 && !f.Header.Fin {
				out = append(out, wstest.Continuation("").More())
			}
		case 1:
			out = append(out, wstest.Ping("between"))
		}
	}
	return out
}

func (w *writer) any() []wstest.Frame {
	switch w.r.IntN(6) {
	case 0:
		return w.one(frame.Binary, w.random(5000))
	case 1:
		return w.fragmented()
	case 2:
		return w.one(frame.Binary, w.records())
	case 3:
		return append(w.one(frame.Text, nil), w.one(frame.Text, w.json())...)
	case 4:
		return w.one(frame.Pong, w.prose(40))
	}
	return w.one(frame.Text, w.prose(1500))
}

// deflated is a compressed message; takeover lets it refer to those before.
func (w *writer) deflated(takeover bool) []wstest.Frame {
	if w.deflate == nil {
		w.deflate, _ = flate.NewWriter(&w.b, 6)
	}
	w.b.Reset()
	if !takeover {
		w.deflate.Reset(&w.b)
	}
	w.deflate.Write(w.json())
	w.deflate.Write(w.prose(300))
	w.deflate.Flush()
	b := bytes.Clone(bytes.TrimSuffix(w.b.Bytes(), []byte{0, 0, 0xFF, 0xFF}))
	f := wstest.NewFrame(frame.Text, b).RSV(frame.RSV1)
	if w.r.IntN(3) == 0 && len(b) > 1 {
		at := 1 + w.r.IntN(len(b)-1)
		return []wstest.Frame{wstest.NewFrame(frame.Text, b[:at]).RSV(frame.RSV1).More(), wstest.NewFrame(frame.Continuation, b[at:])}
	}
	return []wstest.Frame{f}
}
