package dissect

import (
	"math"
	"testing"

	"github.com/wsdissect/wsdissect/frame"
)

// TestCountsBeyondTheTally counts what does not fit 32 bits, one count at a time.
func TestCountsBeyondTheTally(t *testing.T) {
	const most = math.MaxUint32
	for _, c := range []struct {
		name     string
		start    tally
		frames   []uint64 // their lengths
		messages []uint64
		want     Traffic
	}{
		{"all fits", tally{frames: 2, payload: most - 10}, []uint64{4, 6}, nil,
			Traffic{Frames: 4, Payload: most}},
		{"payload", tally{frames: 2, payload: most - 10}, []uint64{4, 7}, nil,
			Traffic{Frames: 4, Payload: most + 1}},
		{"payload of one frame", tally{}, []uint64{1 << 40, 1 << 40, 5}, nil,
			Traffic{Frames: 3, Payload: 1<<41 + 5}},
		{"frames", tally{frames: most - 1}, []uint64{1, 1, 1}, nil,
			Traffic{Frames: most + 2, Payload: 3}},
		{"messages", tally{messages: most, inflated: 7}, nil, []uint64{1, 1},
			Traffic{Messages: most + 2, Inflated: 9}},
		{"inflated", tally{messages: 1, inflated: most}, nil, []uint64{1, most, most},
			Traffic{Messages: 4, Inflated: 3*most + 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &webSocket{c: &conn{d: &Dissector{}}}
			h := w.half(0)
			h.tally = c.start
			w.busy(h)
			for _, n := range c.frames {
				w.countFrame(h, &frame.Header{Opcode: frame.Binary, Length: n})
			}
			for _, n := range c.messages {
				w.countMessage(h, n)
			}
			if len(c.frames) > 0 {
				c.want.LastOpcode = frame.Binary
			}
			if got := h.traffic(); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// TestProgressComesBack ends a connection on which both directions were busy.
func TestProgressComesBack(t *testing.T) {
	d := New(Options{}, sinkFunc(func(Event) error { return nil }))
	w := newWebSocket(&conn{d: d, ends: &ends{n: 2}}, 0, compression{})
	for i := range w.side {
		w.totalsOf(&w.side[i]).lost++
	}
	w.finish()
	if n := len(d.pools.progresses); n != 2 {
		t.Errorf("%d have come back", n)
	}
}
