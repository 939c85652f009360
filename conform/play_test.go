package conform_test

import (
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/conform"
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// play is a connection between two endpoints that keep the rules, but for what a test has
// them do.
type play struct {
	*wstest.Talk
	rand *rand.ChaCha8
}

// newPlay is one with its opening handshake, in which the extensions offered are accepted.
func newPlay(extension ...string) *play { return agreed(extension, extension) }

// agreed is one with its opening handshake: what the client offers, and what the server
// answers.
func agreed(offer, response []string) *play {
	p := &play{wstest.Talk4(), rand.NewChaCha8([32]byte{1})}
	lines := func(extensions []string) []string {
		var l []string
		for _, e := range extensions {
			l = append(l, "Sec-WebSocket-Extensions: "+e)
		}
		return l
	}
	h := wstest.Handshake{Key: "q4xkcO32u266gldTuKaSOw==", RequestLines: lines(offer), ResponseLines: lines(response)}
	p.Open().Client(h.Request()).Server(h.Response())
	return p
}

// c has the client send frames in a packet, masked unless they are.
func (p *play) c(fs ...wstest.Frame) *play {
	p.Client(p.masked(fs))
	return p
}

// masked are the bytes of frames of the client, masked unless they are.
func (p *play) masked(fs []wstest.Frame) []byte {
	for i, f := range fs {
		if !f.Header.Masked {
			var key [4]byte
			p.rand.Read(key[:])
			fs[i] = f.MaskedWith(key)
		}
	}
	return wstest.Frames(fs...)
}

// s has the server send frames in a packet.
func (p *play) s(fs ...wstest.Frame) *play {
	p.Server(wstest.Frames(fs...))
	return p
}

// bye closes the connection, the client first.
func (p *play) bye() *play {
	p.c(wstest.Close(1000, "")).s(wstest.Close(1000, "")).Shut()
	return p
}

// result is what a judge makes of packets.
type result struct {
	found  []dissect.Anomaly
	closed []dissect.Closed
	sum    dissect.Summary
	crc    [3]uint32 // of the payloads of the messages of each direction
}

// Emit implements dissect.Sink.
func (r *result) Emit(e dissect.Event) error {
	switch e := e.(type) {
	case *dissect.Anomaly:
		r.found = append(r.found, *e)
	case *dissect.Closed:
		r.closed = append(r.closed, *e)
	case *dissect.Summary:
		r.sum = *e
	case *dissect.Message:
		r.crc[e.Dir] = crc32.Update(r.crc[e.Dir], crc32.IEEETable, e.Payload)
	}
	return nil
}

// judge runs packets through a dissection and a Judge, and validates the events.
func judge(t testing.TB, packets wstest.Packets, o dissect.Options) *result {
	t.Helper()
	r := new(result)
	v := &wstest.Validator{Next: r, Poison: true}
	d := dissect.New(o, conform.New(v))
	for _, s := range packets.Segments() {
		if err := d.Push(&s); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := v.Err(); err != nil {
		t.Error(err)
	}
	return r
}

// codes are the anomalies found, as "c2s frame-rsv-set".
func (r *result) codes() []string {
	var out []string
	for _, a := range r.found {
		out = append(out, a.Dir.String()+" "+a.Rule.Code())
	}
	return out
}

// expect compares the anomalies of packets with those wanted, in any order.
func expect(t *testing.T, packets wstest.Packets, want ...string) *result {
	t.Helper()
	r := judge(t, packets, dissect.Options{})
	got := r.codes()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
		for _, a := range r.found {
			t.Logf("packet %d: %s %s: %s", a.Packet.Number, a.Dir, a.Rule.Code(), a.Text)
		}
	}
	return r
}

// server is an echo server that keeps the rules: it answers Pings, sends messages back,
// answers a Close, and fails the connection for what is not valid.
type server struct {
	check   frame.Checker
	message []byte
	opcode  frame.Opcode
	closed  bool
	code    uint16 // with which it failed the connection
}

// takes gives what the server sends when it has a frame of the client.
func (s *server) takes(f wstest.Frame) []wstest.Frame {
	if s.closed {
		return nil
	}
	f.Header.Masked, f.Header.Key = true, [4]byte{1}
	if s.check.Header(f.Header) != 0 {
		return s.fails(1002)
	}
	switch f.Header.Opcode {
	case frame.Ping:
		return []wstest.Frame{wstest.NewFrame(frame.Pong, f.Payload)}
	case frame.Pong:
		return nil
	case frame.Close:
		s.closed = true
		code, reason, v := frame.ParseClose(f.Payload)
		switch {
		case !utf8.Valid(reason):
			return s.fails(1007)
		case v&^frame.Close1010NoList != 0:
			return s.fails(1002)
		case code == 1010: // RFC 6455 7.4.1: "this status code is not used by the server"
			return []wstest.Frame{wstest.Close(1000, "")}
		}
		return []wstest.Frame{wstest.NewFrame(frame.Close, f.Payload)}
	}
	if f.Header.Opcode != frame.Continuation {
		s.message, s.opcode = nil, f.Header.Opcode
	}
	s.message = append(s.message, f.Payload...)
	if !f.Header.Fin {
		return nil
	}
	if s.opcode == frame.Text && !utf8.Valid(s.message) {
		return s.fails(1007)
	}
	return []wstest.Frame{wstest.NewFrame(s.opcode, s.message)}
}

func (s *server) fails(code uint16) []wstest.Frame {
	s.closed, s.code = true, code
	return []wstest.Frame{wstest.Close(code, "")}
}
