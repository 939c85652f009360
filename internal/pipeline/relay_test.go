package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
)

// told is a Sink that writes down what it gets, and spoils what it could see of it later.
type told struct {
	b    strings.Builder
	fail int // the event that is an error; 0 for none
	n    int
}

var errFull = errors.New("full")

func (t *told) Emit(e dissect.Event) error {
	if t.n++; t.n == t.fail {
		return errFull
	}
	switch e := e.(type) {
	case *dissect.Frame:
		fmt.Fprintf(&t.b, "frame %d %x %x %v %v\n", e.Packet.Number, e.Payload, e.Raw, e.Packets, e.Holes)
		if m := e.Message; m != nil {
			m.Decoded = &dissect.Decoded{Brief: fmt.Sprint("of ", e.Packet.Number)}
		}
	case *dissect.Message:
		fmt.Fprintf(&t.b, "message %d %x %v %v", e.Packet.Number, e.Payload, e.Packets, e.Fragments)
		if e.Decoded != nil {
			t.b.WriteString(e.Decoded.Brief)
		}
		t.b.WriteByte('\n')
	case *dissect.Anomaly:
		fmt.Fprintf(&t.b, "anomaly %d %s\n", e.Packet.Number, e.Text)
	default:
		fmt.Fprintf(&t.b, "%T %+v\n", e, e)
	}
	return nil
}

// emit gives events of many sizes, as a Dissector does: from memory that it uses again.
func emit(s dissect.Sink, n int, seed uint64, do func(func()) error) error {
	rng := rand.New(rand.NewPCG(seed, 1))
	var (
		frame   dissect.Frame
		message dissect.Message
		payload = make([]byte, 0, 4*eventBytes)
		parts   = make([]dissect.Part, 3*eventParts)
	)
	sizes := []int{0, 1, 10, 100, 1000, eventBytes / 2, eventBytes, eventBytes + 1, 3 * eventBytes}
	for i := range n {
		size := sizes[rng.IntN(5)]
		if rng.IntN(20) == 0 {
			size = sizes[rng.IntN(len(sizes))]
		}
		payload = payload[:size]
		for k := 0; k < size; k += 1 + size/50 {
			payload[k] = byte(rng.Uint32())
		}
		count := rng.IntN(4)
		if rng.IntN(30) == 0 {
			count = rng.IntN(len(parts))
		}
		for k := range count {
			parts[k] = dissect.Part{Packet: int64(i), Len: rng.Uint64()}
		}
		meta := dissect.Meta{}
		meta.Packet.Number = int64(i)
		message = dissect.Message{Meta: meta, Payload: payload, Packets: parts[:count], Fragments: parts[:count/2]}
		frame = dissect.Frame{Meta: meta, Payload: payload[len(payload)/2*rng.IntN(2):], Packets: parts[:count/3], Raw: payload[:size/10]}
		if rng.IntN(3) == 0 {
			frame.Message = &message
		}
		if rng.IntN(9) == 0 {
			frame.Holes = []dissect.Hole{{At: 1, Len: uint64(i)}}
		}
		var err error
		switch {
		case rng.IntN(10) == 0:
			err = s.Emit(&message)
		case rng.IntN(10) == 0:
			err = s.Emit(&dissect.Gap{Meta: meta, Len: int64(size)})
		default:
			err = s.Emit(&frame)
			for range rng.IntN(3) {
				s.Emit(&dissect.Anomaly{Meta: meta, Text: "odd"})
			}
			if frame.Message != nil && err == nil {
				err = s.Emit(&message)
			}
		}
		if rng.IntN(50) == 0 {
			do(func() { s.(interface{ note(int) }).note(i) })
		}
		if err != nil {
			return err
		}
	}
	return s.Emit(&dissect.Summary{Frames: int64(n)})
}

// noted lets the calls write into what the Sink writes.
type noted struct {
	dissect.Sink
	t *told
}

func (n noted) note(i int) { fmt.Fprintf(&n.t.b, "call %d\n", i) }

// What a Sink gets through a Relay is what it gets without one.
func TestRelay(t *testing.T) {
	for seed := range uint64(5) {
		var want, got told
		if err := emit(noted{&want, &want}, 400, seed, func(f func()) error { f(); return nil }); err != nil {
			t.Fatal(err)
		}
		r := NewRelay(&got)
		err := emit(noted{r, &got}, 400, seed, r.Do)
		if cerr := r.Close(); err != nil || cerr != nil {
			t.Fatal(err, cerr)
		}
		if got.b.String() != want.b.String() {
			a, b := strings.Split(got.b.String(), "\n"), strings.Split(want.b.String(), "\n")
			for i := range a {
				if i >= len(b) || a[i] != b[i] {
					t.Fatalf("seed %d, line %d:\n%.200s\nwant\n%.200s", seed, i, a[i], b[min(i, len(b)-1)])
				}
			}
			t.Fatalf("seed %d: %d lines, want %d", seed, len(a), len(b))
		}
	}
}

// through is a stage that leaves out some events, hangs something on others, and adds some.
type through struct {
	next dissect.Sink
	fail int // the event that is an error; 0 for none
	n    int
}

func (s *through) Emit(e dissect.Event) error {
	if s.n++; s.n == s.fail {
		return errFull
	}
	switch e := e.(type) {
	case *dissect.Gap:
		return nil
	case *dissect.Frame:
		if e.Message != nil {
			e.Message.Payload = e.Message.Payload[:len(e.Message.Payload)/2]
		}
	case *dissect.Anomaly:
		if err := s.next.Emit(&dissect.Anomaly{Meta: e.Meta, Text: "another"}); err != nil {
			return err
		}
	}
	return s.next.Emit(e)
}

// The stages of a Relay make what they make in a chain of Sinks.
func TestRelayStages(t *testing.T) {
	for seed := range uint64(5) {
		var want, got told
		chain := &through{next: &through{next: &want}}
		if err := emit(noted{chain, &want}, 400, seed, func(f func()) error { f(); return nil }); err != nil {
			t.Fatal(err)
		}
		stage := func(next dissect.Sink) dissect.Sink { return &through{next: next} }
		r := NewRelay(&got, stage, stage)
		err := emit(noted{r, &got}, 400, seed, r.Do)
		if cerr := r.Close(); err != nil || cerr != nil {
			t.Fatal(err, cerr)
		}
		if got.b.String() != want.b.String() {
			t.Errorf("seed %d: %s\nwant %s", seed, got.b.String(), want.b.String())
		}
	}
}

// Nothing arrives from behind the error of a stage.
func TestRelayStageFails(t *testing.T) {
	var got counted
	r := NewRelay(&got, func(next dissect.Sink) dissect.Sink { return &through{next: next, fail: 700} })
	called := false
	for range 5000 {
		r.Emit(&dissect.Closed{})
	}
	r.Do(func() { called = true })
	if err := r.Close(); !errors.Is(err, errFull) || got.events > 699 || called {
		t.Errorf("%v after %d events, called %v", err, got.events, called)
	}
}

// counted counts events.
type counted struct{ events int }

func (c *counted) Emit(dissect.Event) error { c.events++; return nil }

// The error of the Sink comes back, and nothing happens behind it.
func TestRelayFails(t *testing.T) {
	got := told{fail: 500}
	r := NewRelay(&got)
	err := emit(noted{r, &got}, 10000, 1, r.Do)
	called := false
	r.Do(func() { called = true })
	if cerr := r.Close(); !errors.Is(err, errFull) || !errors.Is(cerr, errFull) || got.n != got.fail || called {
		t.Errorf("%v, %v after %d events, called %v", err, cerr, got.n, called)
	}
}

// Flush brings what was given to the Sink, without more to come.
func TestRelayFlush(t *testing.T) {
	r := NewRelay(&told{})
	seen := make(chan struct{})
	r.Emit(&dissect.Gap{})
	r.Do(func() { close(seen) })
	if err := r.Flush(); err != nil {
		t.Fatal(err)
	}
	<-seen
	r.Close()
}

type counter struct{ frames, messages, bytes int }

func (c *counter) Emit(e dissect.Event) error {
	switch e := e.(type) {
	case *dissect.Frame:
		c.frames++
	case *dissect.Message:
		c.messages++
		c.bytes += len(e.Payload)
	}
	return nil
}

func TestRelayDoesNotAllocate(t *testing.T) {
	var c counter
	r := NewRelay(&c, func(next dissect.Sink) dissect.Sink { return &through{next: next} })
	m := &dissect.Message{Payload: bytes.Repeat([]byte("x"), 100), Packets: make([]dissect.Part, 2)}
	f := &dissect.Frame{Payload: m.Payload, Packets: m.Packets, Message: m}
	n := testing.AllocsPerRun(100, func() {
		for range 1000 {
			r.Emit(f)
			r.Emit(m)
		}
	})
	r.Close()
	if n > 1 || c.frames != 101*1000 || c.messages != c.frames || c.bytes != c.messages*50 {
		t.Errorf("%v allocations for 1000 frames; %+v", n, c)
	}
}
