package payload

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
)

// Options choose the protocols.
type Options struct {
	Protocols []Protocol // tried in this order
	Fallback  Decoder    // of messages that no protocol explains; nil leaves them

	// As overrules the choice for a connection: the name of a protocol, or "".
	As func(port uint16, path string) string

	// NoHeartbeats drops the frames and messages that only keep a connection open, those
	// of a protocol and Ping and Pong.
	NoHeartbeats bool
}

// Stage is a dissect.Sink that hangs a Decoded on the messages that it understands.
type Stage struct {
	opts  Options
	next  dissect.Sink
	conns map[int64]*choice

	last   *choice // that of lastID, which is mostly asked for again
	lastID int64
}

// choice is which decoder looks at a connection.
type choice struct {
	session Session
	decoder Decoder
	name    string
	by      string
	tries   int // messages that no protocol was sure of
}

// maxTries is how many messages of a connection are asked for their protocol.
const maxTries = 16

// NewStage makes a Stage in front of next.
func NewStage(o Options, next dissect.Sink) *Stage {
	return &Stage{opts: o, next: next, conns: make(map[int64]*choice)}
}

// Emit implements dissect.Sink.
func (s *Stage) Emit(e dissect.Event) error {
	switch e := e.(type) {
	case *dissect.Handshake:
		if e.Upgraded {
			s.begin(e)
		}
	case *dissect.Frame:
		if m := e.Message; m != nil {
			m.Decoded = s.decode(m)
		}
		if s.opts.NoHeartbeats && isHeartbeat(e) {
			return nil
		}
	case *dissect.Message:
		if !e.Complete {
			s.missed(&e.Meta)
		}
		if s.opts.NoHeartbeats && e.Decoded != nil && e.Decoded.Heartbeat {
			return nil
		}
	case *dissect.Body:
		e.Decoded = s.body(e)
		if e.Decoded == nil || s.opts.NoHeartbeats && e.Decoded.Heartbeat {
			return nil
		}
	case *dissect.Gap:
		s.missed(&e.Meta)
	case *dissect.Closed:
		delete(s.conns, e.Conn.ID)
		s.last = nil
	}
	return s.next.Emit(e)
}

func isHeartbeat(f *dissect.Frame) bool {
	if f.Message != nil && f.Message.Decoded != nil {
		return f.Message.Decoded.Heartbeat
	}
	return f.Header.Opcode == frame.Ping || f.Header.Opcode == frame.Pong
}

// begin chooses by what the handshake says.
func (s *Stage) begin(e *dissect.Handshake) {
	c := &choice{}
	path, query, _ := strings.Cut(strings.Clone(e.URI), "?")
	c.session = Session{Path: path, Query: query, Subprotocol: strings.Clone(e.Subprotocol)}
	s.enter(e.Conn.ID, c)
	if s.overruled(c, &e.Meta) {
		return
	}
	agreed := strings.ToLower(e.Subprotocol)
	for i := range s.opts.Protocols {
		if p := &s.opts.Protocols[i]; agreed != "" && p.Subprotocol != nil && p.Subprotocol(agreed) {
			c.take(p, "subprotocol")
			return
		}
	}
	for i := range s.opts.Protocols {
		if p := &s.opts.Protocols[i]; p.Path != nil && p.Path(&c.session) {
			c.take(p, "path")
			return
		}
	}
}

// enter makes c that of a connection.
func (s *Stage) enter(id int64, c *choice) { s.conns[id], s.last, s.lastID = c, c, id }

// choiceOf is that of a connection; nil if there is none.
func (s *Stage) choiceOf(id int64) *choice {
	if s.last == nil || s.lastID != id {
		s.last, s.lastID = s.conns[id], id
	}
	return s.last
}

// overruled asks the user's own choice.
func (s *Stage) overruled(c *choice, m *dissect.Meta) bool {
	if s.opts.As == nil {
		return false
	}
	src, dst := m.Addrs()
	name := s.opts.As(dst.Port(), c.session.Path)
	if name == "" {
		name = s.opts.As(src.Port(), c.session.Path)
	}
	for i := range s.opts.Protocols {
		if p := &s.opts.Protocols[i]; p.Name == name {
			c.take(p, "option")
			return true
		}
	}
	return false
}

func (c *choice) take(p *Protocol, by string) {
	c.decoder, c.name, c.by = p.New(&c.session), p.Name, by
}

// forgotten is how many requests the decoder has forgotten, if it missed one now.
func (c *choice) forgotten() int64 {
	if d, ok := c.decoder.(forgetful); ok {
		return d.takeForgotten()
	}
	return 0
}

// decode explains a message, nil if nothing can.
func (s *Stage) decode(m *dissect.Message) *dissect.Decoded {
	if !m.Complete {
		s.missed(&m.Meta)
		return nil
	}
	c := s.choiceOf(m.Conn.ID)
	if c == nil {
		c = &choice{}
		s.enter(m.Conn.ID, c)
		s.overruled(c, &m.Meta)
	}
	if c.decoder == nil && c.tries < maxTries {
		c.tries++
		s.recognise(c, m)
	}
	if d := c.decode(m); d != nil {
		return d
	}
	if s.opts.Fallback != nil {
		if d := s.opts.Fallback.Decode(m); d != nil {
			d.By = "content"
			return d
		}
	}
	if c.by == "option" { // what the user asked for is not left without an answer
		return &dissect.Decoded{Protocol: c.name, By: c.by, Error: "not a message of this protocol"}
	}
	return nil
}

// decode explains a message by the chosen decoder, nil if there is none or it cannot.
func (c *choice) decode(m *dissect.Message) *dissect.Decoded {
	if c.decoder == nil {
		return nil
	}
	d := c.decoder.Decode(m)
	forgotten := c.forgotten()
	if d == nil {
		return nil
	}
	d.Protocol, d.By = c.name, c.by
	if forgotten > 0 {
		d.Fields = append(d.Fields, dissect.Field{Name: "forgotten", Value: forgotten})
	}
	return d
}

// Wants reports whether a protocol explains what is exchanged for this target of HTTP: it
// is what dissect.Options.Bodies asks.
func (s *Stage) Wants(target string) bool {
	for i := range s.opts.Protocols {
		if h := s.opts.Protocols[i].HTTP; h != nil && h.Wants(target) {
			return true
		}
	}
	return false
}

// body explains a body, nil if nothing can: then it is not passed on, for it is no WebSocket.
func (s *Stage) body(e *dissect.Body) *dissect.Decoded {
	for i := range s.opts.Protocols {
		p := &s.opts.Protocols[i]
		if p.HTTP == nil || !p.HTTP.Wants(e.Request.Target) {
			continue
		}
		if d := p.HTTP.Decode(e); d != nil {
			d.Protocol, d.By = p.Name, "path"
			return d
		}
	}
	return nil
}

// missed tells a decoder that joins messages that one is not there.
func (s *Stage) missed(m *dissect.Meta) {
	if c := s.choiceOf(m.Conn.ID); c != nil {
		if d, ok := c.decoder.(Streamer); ok {
			d.Missed(m.Dir)
		}
	}
}

// recognise chooses by the content of a message.
func (s *Stage) recognise(c *choice, m *dissect.Message) {
	for i := range s.opts.Protocols {
		if p := &s.opts.Protocols[i]; p.Content != nil && p.Content(m) {
			c.take(p, "content")
			return
		}
	}
}
