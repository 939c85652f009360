package torture

import (
	"bytes"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/reassembly"
)

// told is what a dissection told of a capture, as far as it can be judged.
type told struct {
	frames   []toldFrame
	messages []toldMessage
	shakes   map[int64]takeover // of accepted handshakes, by connection
	err      error
}

// way is a direction of a connection.
type way struct {
	conn int64
	dir  reassembly.Dir
}

// toldFrame is a frame whose header was whole.
type toldFrame struct {
	way      way
	dir      dissect.Dir
	header   frame.Header
	offset   int64
	complete bool
	payload  []byte // of control frames
}

// toldMessage is a message and its frames, as indexes. A control frame is one by itself.
type toldMessage struct {
	frames     []int
	opcode     frame.Opcode
	payload    []byte
	complete   bool
	compressed bool
	inferred   bool
}

// takeover tells in which direction messages refer to those before, by dissect.Dir.
type takeover [3]bool

// collector is the Sink that makes a told.
type collector struct {
	told
	open map[way][]int // frames of the message in progress
}

// Emit implements dissect.Sink.
func (c *collector) Emit(e dissect.Event) error {
	switch e := e.(type) {
	case *dissect.Handshake:
		if e.Upgraded {
			c.shakes[e.Conn.ID] = takeoverOf(e.Extensions)
		}
	case *dissect.Frame:
		if e.HeaderOK {
			c.frame(e)
		}
	case *dissect.Message:
		w := way{e.Conn.ID, e.Way}
		c.messages = append(c.messages, toldMessage{c.open[w], e.Opcode, bytes.Clone(e.Payload), e.Complete, e.Compressed, e.Inferred})
		delete(c.open, w)
	}
	return nil
}

func (c *collector) frame(e *dissect.Frame) {
	w := way{e.Conn.ID, e.Way}
	f := toldFrame{way: w, dir: e.Dir, header: e.Header, offset: e.Offset, complete: e.Complete}
	i := len(c.frames)
	switch {
	case e.Header.Opcode.IsControl():
		f.payload = bytes.Clone(e.Payload)
		c.messages = append(c.messages, toldMessage{frames: []int{i}, opcode: e.Header.Opcode, payload: f.payload, complete: e.Complete})
	case e.Header.Opcode == frame.Continuation && e.Kind == frame.Continuation: // of no message known
	default:
		c.open[w] = append(c.open[w], i)
	}
	c.frames = append(c.frames, f)
}

func takeoverOf(extensions []string) takeover {
	all := strings.ToLower(strings.Join(extensions, ","))
	t := takeover{}
	t[dissect.ClientToServer] = !strings.Contains(all, "client_no_context_takeover")
	t[dissect.ServerToClient] = !strings.Contains(all, "server_no_context_takeover")
	return t
}

// Wrap puts a check of the events before a sink; the function it returns tells the outcome.
type Wrap func(next dissect.Sink) (dissect.Sink, func() error)

// dissected dissects packets. Their payloads are overwritten after the return of each
// Push, as a capture does.
func dissected(ps []reassembly.Segment, wrap Wrap) *told {
	c := &collector{told: told{shakes: map[int64]takeover{}}, open: map[way][]int{}}
	sink, check := wrap(c)
	d := dissect.New(dissect.Options{}, sink)
	var loan []byte
	for i := range ps {
		s := ps[i]
		loan = append(loan[:0], s.Payload...)
		s.Payload = loan
		if err := d.Push(&s); err != nil {
			c.err = err
			return &c.told
		}
		for j := range loan {
			loan[j] = 0xEE
		}
	}
	if c.err = d.Close(); c.err == nil {
		c.err = check()
	}
	return &c.told
}
