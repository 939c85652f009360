package pipeline

import (
	"slices"

	"github.com/wsdissect/wsdissect/dissect"
)

const (
	eventBatch = 128       // events, and as many frames and messages
	eventBytes = 128 << 10 // of payloads
	eventParts = 1024      // packets, fragments and holes
)

// events is a batch, with the memory that its events stand in.
type events struct {
	list     []dissect.Event
	frames   []dissect.Frame
	messages []dissect.Message
	bytes    []byte
	parts    []dissect.Part
	holes    []dissect.Hole
	owed     *dissect.Message // its copy is here with its frame, and its own event is to come
	taken    chan struct{}    // closed when the batch is done, if somebody waits for it
}

func newEvents() *events {
	return &events{
		list:     make([]dissect.Event, 0, 2*eventBatch),
		frames:   make([]dissect.Frame, 0, eventBatch),
		messages: make([]dissect.Message, 0, eventBatch),
		bytes:    make([]byte, 0, eventBytes),
		parts:    make([]dissect.Part, 0, eventParts),
		holes:    make([]dissect.Hole, 0, eventParts),
	}
}

func (b *events) reset() {
	clear(b.list) // what they point to is garbage now
	b.list, b.frames, b.messages = b.list[:0], b.frames[:0], b.messages[:0]
	b.bytes, b.parts, b.holes = b.bytes[:0], b.parts[:0], b.holes[:0]
	b.owed, b.taken = nil, nil
}

// call is no event: it is called where it stands among them.
type call func()

// Head implements dissect.Event.
func (call) Head() *dissect.Meta { return nil }

// needs is the memory that an event takes.
type needs struct{ bytes, parts, holes int }

func (n needs) fit() bool { return n.in(eventBytes, eventParts, eventParts) }

func (n needs) in(bytes, parts, holes int) bool {
	return n.bytes <= bytes && n.parts <= parts && n.holes <= holes
}

func (n needs) plus(m needs) needs {
	return needs{n.bytes + m.bytes, n.parts + m.parts, n.holes + m.holes}
}

func needsOfMessage(m *dissect.Message) needs {
	return needs{len(m.Payload), len(m.Fragments) + len(m.Packets), 0}
}

func needsOfFrame(f *dissect.Frame) needs {
	n := needs{len(f.Payload) + len(f.Raw) + len(f.CloseReason), len(f.Packets), len(f.Holes)}
	if f.Message != nil {
		n = n.plus(needsOfMessage(f.Message))
	}
	return n
}

// fits reports whether a frame, with its message, has room in an empty batch.
func fits(f *dissect.Frame) bool { return needsOfFrame(f).fit() }

func fitsMessage(m *dissect.Message) bool { return needsOfMessage(m).fit() }

// room reports whether there is room for a frame and its message.
func (b *events) room(f *dissect.Frame) bool {
	return len(b.frames) < cap(b.frames) && b.has(needsOfFrame(f), f.Message)
}

func (b *events) roomFor(m *dissect.Message) bool { return b.has(needsOfMessage(m), m) }

func (b *events) has(n needs, m *dissect.Message) bool {
	return (m == nil || len(b.messages) < cap(b.messages)) &&
		n.in(cap(b.bytes)-len(b.bytes), cap(b.parts)-len(b.parts), cap(b.holes)-len(b.holes))
}

// frame copies a frame, and the message that it completes.
func (b *events) frame(f *dissect.Frame) *dissect.Frame {
	b.frames = append(b.frames, *f)
	c := &b.frames[len(b.frames)-1]
	c.Raw = b.copyBytes(f.Raw)
	c.CloseReason = b.copyBytes(f.CloseReason)
	c.Packets = b.copyParts(f.Packets)
	c.Holes = b.copyHoles(f.Holes)
	if m := f.Message; m != nil {
		c.Message = b.message(m)
		b.owed = m
		if same(f.Payload, m.Payload) {
			c.Payload = c.Message.Payload
			return c
		}
	}
	c.Payload = b.copyBytes(f.Payload)
	return c
}

// message copies a message.
func (b *events) message(m *dissect.Message) *dissect.Message {
	b.messages = append(b.messages, *m)
	c := &b.messages[len(b.messages)-1]
	c.Payload = b.copyBytes(m.Payload)
	c.Fragments = b.copyParts(m.Fragments)
	c.Packets = b.copyParts(m.Packets)
	return c
}

// settle is the copy of m that came with its frame; nil if there was none.
func (b *events) settle(m *dissect.Message) *dissect.Message {
	if b.owed != m {
		return nil
	}
	b.owed = nil
	return &b.messages[len(b.messages)-1]
}

func (b *events) copyBytes(p []byte) []byte {
	if len(p) == 0 {
		return p[:0:0]
	}
	n := len(b.bytes)
	b.bytes = append(b.bytes, p...)
	return slices.Clip(b.bytes[n:])
}

func (b *events) copyParts(p []dissect.Part) []dissect.Part {
	if len(p) == 0 {
		return p[:0:0]
	}
	n := len(b.parts)
	b.parts = append(b.parts, p...)
	return slices.Clip(b.parts[n:])
}

func (b *events) copyHoles(h []dissect.Hole) []dissect.Hole {
	if len(h) == 0 {
		return h[:0:0]
	}
	n := len(b.holes)
	b.holes = append(b.holes, h...)
	return slices.Clip(b.holes[n:])
}

// same reports whether two slices are the same bytes in memory.
func same(a, b []byte) bool {
	return len(a) == len(b) && len(a) > 0 && &a[0] == &b[0]
}
