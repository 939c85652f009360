package wstest_test

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

// meta is that of an event of connection 1 that packet n caused.
func meta(n int64, ordinal uint32, dir dissect.Dir) dissect.Meta {
	m := dissect.Meta{
		Order:  dissect.Order{Packet: n, Phase: dissect.PhasePacket, Conn: 1, N: ordinal},
		Packet: reassembly.PacketRef{Number: n}, FirstPacket: n, Dir: dir,
		Conn: reassembly.NewConn(1, netip.MustParseAddrPort("10.0.0.1:50000"), netip.MustParseAddrPort("10.0.0.2:8080"), 0),
	}
	if dir == dissect.ServerToClient {
		m.Way = reassembly.BtoA
	}
	return m
}

func fragment(m dissect.Meta, op frame.Opcode, fin bool, payload string) *dissect.Frame {
	n := uint64(len(payload))
	return &dissect.Frame{
		Meta: m, Header: frame.Header{Fin: fin, Opcode: op, Length: n, Size: 2}, HeaderOK: true,
		Payload: []byte(payload), Captured: n, Complete: true, Kind: frame.Text, Text: true,
		Packets: []dissect.Part{{Packet: m.Packet.Number, Len: n}},
	}
}

// The places of the events in good.
const (
	handshake = iota
	first
	ping
	last
	message
	anomaly
	gap
	closed
	summary
)

// good are the events of a connection that keep to all.
func good() []dissect.Event {
	m := &dissect.Message{
		Meta: meta(6, 1, dissect.ServerToClient), Opcode: frame.Text, Payload: []byte("Hello"),
		Length: 5, WireLength: 5, Frames: 2, Fragments: []dissect.Part{{Packet: 5, Len: 3}, {Packet: 6, Len: 2}},
		Complete: true, Text: true,
	}
	m.FirstPacket = 5
	p := fragment(meta(5, 1, dissect.ServerToClient), frame.Ping, true, "?")
	p.Kind = frame.Ping
	l := fragment(meta(6, 0, dissect.ServerToClient), frame.Continuation, true, "lo")
	l.Message = m
	h := &dissect.Handshake{
		Meta: meta(4, 0, dissect.ServerToClient), Status: 101, Upgraded: true,
		Response: &http1.Head{Status: 101}, ResponsePacket: reassembly.PacketRef{Number: 4},
	}
	return []dissect.Event{
		h,
		fragment(meta(5, 0, dissect.ServerToClient), frame.Text, false, "Hel"),
		p,
		l,
		m,
		&dissect.Anomaly{Meta: meta(6, 2, dissect.ClientToServer), Rule: rules.All()[0]},
		&dissect.Gap{Meta: meta(7, 0, dissect.ClientToServer), Len: 10},
		&dissect.Closed{
			Meta:   meta(9, 0, dissect.ServerToClient),
			Server: dissect.Traffic{Frames: 3, Messages: 1},
		},
		&dissect.Summary{
			Meta:       dissect.Meta{Order: dissect.Order{Packet: 9, Phase: dissect.PhaseEnd}},
			Handshakes: 1, Frames: 3, Messages: 1, Gaps: 1, LostBytes: 10, WebSocketConnections: 1,
			Anomalies: func() (n [4]int64) { n[rules.All()[0].Rule().Severity] = 1; return }(),
		},
	}
}

func validate(events []dissect.Event) error {
	var v wstest.Validator
	for _, e := range events {
		v.Emit(e)
	}
	return v.Err()
}

func TestValidatorTakesGoodEvents(t *testing.T) {
	if err := validate(good()); err != nil {
		t.Error(err)
	}
}

func TestValidatorFindsWhatIsWrong(t *testing.T) {
	tests := []struct {
		name   string
		change func(es []dissect.Event) []dissect.Event
		want   string
	}{
		{"order", swap(first, ping), "does not follow"},
		{"order twice", set(ping, func(m *dissect.Meta) { m.Order.N = 0 }), "does not follow"},
		{"no connection", set(gap, func(m *dissect.Meta) { m.Conn = nil }), "has no connection"},
		{"another connection", set(gap, func(m *dissect.Meta) { m.Order.Conn = 2 }), "is of 1"},
		{"no packet", set(gap, func(m *dissect.Meta) { m.Packet.Number = 0 }), "has no packet"},
		{"first packet is later", set(gap, func(m *dissect.Meta) { m.FirstPacket = 8 }), "begins in packet 8"},
		{"packet after the cause", set(gap, func(m *dissect.Meta) { m.Packet.Number = 8 }), "is caused before packet 8"},
		{"the client changes", set(gap, func(m *dissect.Meta) { m.Way = reassembly.BtoA }), "other endpoint"},
		{"no message after its frame", drop(message), "before the message"},
		{"another message", change(last, func(e *dissect.Frame) { m := *e.Message; m.Frames = 3; e.Message = &m }), "before the message"},
		{"message without its frame", change(last, func(e *dissect.Frame) { e.Message = nil }), "no frame completed it"},
		{"message of more frames", change(first, func(e *dissect.Frame) { e.Header.Length = 2 }), "its frames are 2"},
		{"message inside another", change(last, func(e *dissect.Frame) { e.Header.Opcode = frame.Text }), "inside another"},
		{"message that ends without FIN", change(last, func(e *dissect.Frame) { e.Header.Fin = false }), "without FIN"},
		{"kind of a fragment", change(last, func(e *dissect.Frame) { e.Kind = frame.Binary }), "calls it binary"},
		{"control frame that completes", change(ping, func(e *dissect.Frame) { e.Message = &dissect.Message{} }), "completes a message"},
		{"complete with holes", change(first, func(e *dissect.Frame) { e.Holes = []dissect.Hole{{At: 0, Len: 1}} }), "lacks 1"},
		{"complete without all", change(first, func(e *dissect.Frame) { e.Captured, e.Payload = 1, e.Payload[:1] }), "is complete with 1"},
		{"more than captured", change(first, func(e *dissect.Frame) { e.Captured = 1 }), "holds 3 of 1"},
		{"no header", change(first, func(e *dissect.Frame) { e.HeaderOK = false; e.Complete = false }), "part of its header"},
		{"bad text", change(first, func(e *dissect.Frame) { e.Payload = []byte("\xff\xff\xff") }), "text"},
		{"close code of a text", change(first, func(e *dissect.Frame) { e.CloseCode = 1000 }), "is no close"},
		{"packets of another", change(first, func(e *dissect.Frame) { e.Packets[0].Packet = 99 }), "lists the packets"},
		{"message cut short", change(message, func(e *dissect.Message) { e.Payload = e.Payload[:4] }), "4 of 5"},
		{"fragments", change(message, func(e *dissect.Message) { e.Fragments[0].Len = 1 }), "in the fragments"},
		{"incomplete for no reason", change(message, func(e *dissect.Message) { e.Complete = false }), "why"},
		{"after the end", swapKeepingOrder(gap, closed), "follows the end"},
		{"frames miscounted", change(closed, func(e *dissect.Closed) { e.Server.Frames = 4 }), "counts 4 frames of 3"},
		{"messages miscounted", change(closed, func(e *dissect.Closed) { e.Client.Messages = 1 }), "counts 2 messages"},
		{"no end", drop(closed), "have no end"},
		{"message left open", drop(last, message), "leaves a message"},
		{"summary of other frames", change(summary, func(e *dissect.Summary) { e.Frames = 4 }), "4 frames"},
		{"summary of other anomalies", change(summary, func(e *dissect.Summary) { e.Anomalies = [4]int64{} }), "anomalies"},
		{"summary of other losses", change(summary, func(e *dissect.Summary) { e.LostBytes = 9 }), "9 lost bytes of 10"},
		{"summary of other connections", change(summary, func(e *dissect.Summary) { e.WebSocketConnections = 2 }), "2 WebSocket"},
		{"no summary", drop(summary), "no summary"},
		{"after the summary", swap(closed, summary), "follows the summary"},
		{"status", change(handshake, func(e *dissect.Handshake) { e.Status = 200 }), "status 200"},
		{"packet without a head", change(handshake, func(e *dissect.Handshake) { e.RequestPacket.Number = 3 }), "has the packets"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := validate(tt.change(good()))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func set(i int, f func(*dissect.Meta)) func([]dissect.Event) []dissect.Event {
	return func(es []dissect.Event) []dissect.Event {
		f(es[i].Head())
		return es
	}
}

func change[E dissect.Event](i int, f func(E)) func([]dissect.Event) []dissect.Event {
	return func(es []dissect.Event) []dissect.Event {
		f(es[i].(E))
		return es
	}
}

func drop(indexes ...int) func([]dissect.Event) []dissect.Event {
	return func(es []dissect.Event) []dissect.Event {
		var out []dissect.Event
		for i, e := range es {
			if !slices.Contains(indexes, i) {
				out = append(out, e)
			}
		}
		return out
	}
}

func swap(i, j int) func([]dissect.Event) []dissect.Event {
	return func(es []dissect.Event) []dissect.Event {
		es[i], es[j] = es[j], es[i]
		return es
	}
}

func swapKeepingOrder(i, j int) func([]dissect.Event) []dissect.Event {
	return func(es []dissect.Event) []dissect.Event {
		a, b := es[i].Head(), es[j].Head()
		a.Order, b.Order = b.Order, a.Order
		a.Packet, b.Packet = b.Packet, a.Packet
		a.FirstPacket, b.FirstPacket = b.FirstPacket, a.FirstPacket
		return swap(i, j)(es)
	}
}

// keeper breaks the promise of a sink.
type keeper struct {
	payload []byte
	frame   *dissect.Frame
	err     error
}

func (k *keeper) Emit(e dissect.Event) error {
	if f, ok := e.(*dissect.Frame); ok && k.frame == nil {
		k.frame, k.payload = f, f.Payload
	}
	return k.err
}

func TestPoison(t *testing.T) {
	es := good()
	k := &keeper{}
	v := wstest.Validator{Next: k, Poison: true}
	for _, e := range es {
		if err := v.Emit(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := v.Err(); err != nil {
		t.Error(err)
	}
	if string(k.payload) == "Hel" || k.frame.Header.Length != 0 {
		t.Error("a sink that keeps an event is not found out")
	}
	if string(es[first].(*dissect.Frame).Payload) != "Hel" {
		t.Error("the event itself was overwritten")
	}
	k.err = errors.New("full")
	if err := v.Emit(es[0]); err != k.err {
		t.Errorf("got %v", err)
	}
}

func TestWithoutPoisonEventsGoOnAsTheyAre(t *testing.T) {
	es := good()
	k := &keeper{}
	v := wstest.Validator{Next: k}
	for _, e := range es {
		v.Emit(e)
	}
	if k.frame != es[first] || v.Events() != len(es) {
		t.Errorf("%d events", v.Events())
	}
}
