package payload_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/reassembly"
)

type sink func(dissect.Event)

// Emit implements dissect.Sink.
func (s sink) Emit(e dissect.Event) error {
	s(e)
	return nil
}

var conn = &reassembly.Conn{ID: 1}

// say sends a text message through a stage, in the frame that ends it.
func say(s *payload.Stage, m *dissect.Message, text string) {
	m.Conn, m.Opcode, m.Payload = conn, frame.Text, []byte(text)
	s.Emit(&dissect.Frame{Meta: m.Meta, Header: frame.Header{Opcode: m.Opcode}, Message: m})
	s.Emit(m)
}

// called explains messages that begin with its name; "NAME bad" it cannot read.
func called(name string) payload.Protocol {
	mine := func(m *dissect.Message) bool { return strings.HasPrefix(string(m.Payload), name) }
	return payload.Protocol{
		Name:        name,
		Subprotocol: payload.Is(name+"-sub", name+".*"),
		Path:        func(s *payload.Session) bool { return s.Path == "/"+name || s.Query == name },
		Content:     mine,
		New: func(*payload.Session) payload.Decoder {
			return payload.DecoderFunc(func(m *dissect.Message) *dissect.Decoded {
				switch {
				case !mine(m):
					return nil
				case strings.HasSuffix(string(m.Payload), " bad"):
					return &dissect.Decoded{Error: "cannot be read"}
				}
				return &dissect.Decoded{Brief: "x", Heartbeat: strings.HasSuffix(string(m.Payload), " beat")}
			})
		},
	}
}

func TestChoice(t *testing.T) {
	fallback := payload.DecoderFunc(func(m *dissect.Message) *dissect.Decoded {
		if string(m.Payload) == "x" {
			return nil
		}
		return &dissect.Decoded{Protocol: "text"}
	})
	for _, c := range []struct {
		name             string
		uri, subprotocol string // "" for no handshake
		as               string
		message, want    string
	}{
		{"subprotocol before path and content", "/b", "a-sub", "", "a", "a by subprotocol"},
		{"subprotocol in capitals", "/", "A-Sub", "", "a", "a by subprotocol"},
		{"subprotocol by its begin", "/", "a.v2", "", "a", "a by subprotocol"},
		{"path before content", "/b?x=1", "", "", "a", "text by content"},
		{"query", "/?b", "other", "", "b", "b by path"},
		{"content", "/", "", "", "b", "b by content"},
		{"content without a handshake", "", "", "", "b", "b by content"},
		{"option before all", "/b", "a-sub", "b", "b", "b by option"},
		{"option without a handshake", "", "", "b", "b", "b by option"},
		{"no protocol", "/", "", "", "c", "text by content"},
		{"not of the protocol that was chosen", "/", "a-sub", "", "c", "text by content"},
		{"not of the protocol that the user chose", "/", "", "b", "x", "b by option: not a message of this protocol"},
		{"cannot be read", "/", "a-sub", "", "a bad", "a by subprotocol: cannot be read"},
	} {
		got := ""
		o := payload.Options{Protocols: []payload.Protocol{called("a"), called("b")}, Fallback: fallback}
		if c.as != "" {
			o.As = func(uint16, string) string { return c.as }
		}
		stage := payload.NewStage(o, sink(func(e dissect.Event) {
			if m, ok := e.(*dissect.Message); ok {
				got = m.Decoded.Protocol + " by " + m.Decoded.By
				if m.Decoded.Error != "" {
					got += ": " + m.Decoded.Error
				}
				if string(m.Payload) != c.message {
					t.Errorf("%s: the message became %q", c.name, m.Payload)
				}
			}
		}))
		if c.uri != "" {
			stage.Emit(&dissect.Handshake{Meta: dissect.Meta{Conn: conn}, URI: c.uri, Subprotocol: c.subprotocol, Upgraded: true})
		}
		say(stage, at(1), c.message)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Only the first messages of a connection are asked, and a connection that ended leaves
// nothing behind.
func TestChoiceEnds(t *testing.T) {
	got := ""
	stage := payload.NewStage(payload.Options{Protocols: []payload.Protocol{called("a")}}, sink(func(e dissect.Event) {
		if m, ok := e.(*dissect.Message); ok {
			got = fmt.Sprint(m.Decoded != nil)
		}
	}))
	for range 16 {
		say(stage, at(1), "b")
	}
	if say(stage, at(2), "a"); got != "false" {
		t.Error("asked behind 16 messages that nothing knew")
	}
	stage.Emit(&dissect.Closed{Meta: dissect.Meta{Conn: conn}})
	if say(stage, at(3), "a"); got != "true" {
		t.Error("not asked in a new connection with the same number")
	}
}

func TestNoHeartbeats(t *testing.T) {
	control := func(op frame.Opcode) *dissect.Frame {
		return &dissect.Frame{Meta: dissect.Meta{Conn: conn}, Header: frame.Header{Opcode: op}}
	}
	for _, c := range []struct {
		name string
		send func(*payload.Stage)
		with bool // and without heartbeats it stays
	}{
		{"message", func(s *payload.Stage) { say(s, at(1), "a") }, true},
		{"heartbeat", func(s *payload.Stage) { say(s, at(1), "a beat") }, false},
		{"unknown message", func(s *payload.Stage) { say(s, at(1), "b") }, true},
		{"ping", func(s *payload.Stage) { s.Emit(control(frame.Ping)) }, false},
		{"pong", func(s *payload.Stage) { s.Emit(control(frame.Pong)) }, false},
		{"close without a code", func(s *payload.Stage) { s.Emit(control(frame.Close)) }, true},
		{"first fragment", func(s *payload.Stage) { s.Emit(control(frame.Text)) }, true},
	} {
		for _, without := range []bool{false, true} {
			n := 0
			stage := payload.NewStage(payload.Options{Protocols: []payload.Protocol{called("a")}, NoHeartbeats: without}, sink(func(dissect.Event) { n++ }))
			c.send(stage)
			if want := c.with || !without; (n > 0) != want {
				t.Errorf("%s, heartbeats left out %v: %d events", c.name, without, n)
			}
		}
	}
}
