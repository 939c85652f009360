package output

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
)

type constructor struct {
	name string
	new  func(io.Writer, Options) Printer
}

func constructors() []constructor {
	return []constructor{{"tree", NewTree}, {"list", NewList}, {"json", NewJSON}}
}

func TestParseTypes(t *testing.T) {
	got, err := ParseTypes("frame, close")
	if err != nil || got != TypeFrame|TypeClose {
		t.Errorf("%v, %v", got, err)
	}
	all, err := ParseTypes(strings.Join(TypeNames(), ","))
	if err != nil || all != 1<<len(TypeNames())-1 {
		t.Errorf("%v, %v", all, err)
	}
	for _, wrong := range []string{"", "frames", "frame,", "Frame"} {
		if _, err := ParseTypes(wrong); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
	if !Types(0).Has(TypeGap) || Types(0).Names(TypeGap) || got.Has(TypeGap) || !got.Names(TypeClose) {
		t.Error("Has or Names is wrong")
	}
}

// Only of a type prints its records, and as many as Printed says.
func TestOnly(t *testing.T) {
	for _, c := range constructors() {
		for i, name := range TypeNames() {
			var out bytes.Buffer
			p := c.new(&out, Options{Only: 1 << i})
			for _, e := range script() {
				if err := p.Emit(e); err != nil {
					t.Fatal(err)
				}
			}
			if err := p.Flush(); err != nil {
				t.Fatal(err)
			}
			none := name == "capture" && c.name != "json"
			if (p.Printed() == 0) != none || (out.Len() == 0) != none {
				t.Errorf("%s of %s: %d records, %d bytes", c.name, name, p.Printed(), out.Len())
			}
			if c.name == "json" && int64(strings.Count(out.String(), `{"type":"`+name+`"`)) != p.Printed() {
				t.Errorf("%s: %d records printed\n%.300s", name, p.Printed(), out.String())
			}
		}
	}
}

func TestLineFlush(t *testing.T) {
	for _, c := range constructors() {
		var out counter
		p := c.new(&out, Options{LineFlush: true, Only: TypeFrame})
		for _, e := range basic() {
			if err := p.Emit(e); err != nil {
				t.Fatal(err)
			}
		}
		if int64(out.writes) < p.Printed() || p.Printed() != 11 {
			t.Errorf("%s: %d writes of %d records", c.name, out.writes, p.Printed())
		}
		var late counter
		p = c.new(&late, Options{Only: TypeGap})
		for _, e := range odd() {
			if err := p.Emit(e); err != nil {
				t.Fatal(err)
			}
		}
		if late.writes != 0 {
			t.Errorf("%s: %d writes of few bytes", c.name, late.writes)
		}
		if err := p.Flush(); err != nil || late.writes != 1 {
			t.Errorf("%s: %d writes after Flush, %v", c.name, late.writes, err)
		}
	}
}

// failing takes some bytes and then fails.
type failing struct{ left int }

var errFull = errors.New("disk full")

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestErrorsStick(t *testing.T) {
	for _, c := range constructors() {
		p := c.new(&failing{left: 2000}, Options{LineFlush: true})
		var err error
		for _, e := range script() {
			if err = p.Emit(e); err != nil {
				break
			}
		}
		if !errors.Is(err, errFull) {
			t.Fatalf("%s: %v", c.name, err)
		}
		printed := p.Printed()
		for _, e := range script() {
			if err := p.Emit(e); !errors.Is(err, errFull) {
				t.Fatalf("%s: %v after the error", c.name, err)
			}
		}
		if err := p.Flush(); !errors.Is(err, errFull) || p.Printed() != printed {
			t.Errorf("%s: Flush says %v, %d records more", c.name, err, p.Printed()-printed)
		}
	}
}

// Events are on loan: what a Printer prints of one is in its buffer before Emit returns.
func TestNothingIsKept(t *testing.T) {
	for _, c := range constructors() {
		var want, got bytes.Buffer
		o := Options{Hex: true, Verbose: 1, Raw: rawPacket, Base: base, Start: start}
		fresh, poisoned := c.new(&want, o), c.new(&got, o)
		whole, loaned := script(), script()
		for i := range whole {
			if err := errors.Join(fresh.Emit(whole[i]), poisoned.Emit(loaned[i])); err != nil {
				t.Fatal(err)
			}
			switch e := loaned[i].(type) {
			case *dissect.Frame:
				if e.Message == nil { // else its Message shares them
					clear(e.Payload)
					clear(e.Packets)
				}
			case *dissect.Message:
				clear(e.Payload)
				clear(e.Packets)
			}
		}
		if err := errors.Join(fresh.Flush(), poisoned.Flush()); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want.Bytes(), got.Bytes()) {
			t.Errorf("%s differs", c.name)
		}
	}
}

func TestBlocks(t *testing.T) {
	c := samples()
	here, there := by(c, server, packet(9, 100, 1, 1, 40)), by(c, client, packet(9, 100, 1, 1, 40))
	other := by(connection(3, "10.0.0.1:1", "10.0.0.2:80"), server, packet(9, 100, 1, 1, 40))
	tick := here
	tick.Order.Phase = dissect.PhaseTick
	ping := func(m dissect.Meta) dissect.Event { return sent(m, frame.Ping, "") }
	for _, test := range []struct {
		name               string
		events             []dissect.Event
		packets, connected int
	}{
		{"one packet", []dissect.Event{ping(here), ping(here), &dissect.Anomaly{Meta: here, Rule: 1}}, 1, 0},
		{"two ways", []dissect.Event{ping(here), ping(there)}, 2, 0},
		{"two connections", []dissect.Event{ping(here), ping(other)}, 2, 0},
		{"anomaly alone", []dissect.Event{&dissect.Anomaly{Meta: here, Rule: 1}, ping(here)}, 1, 0},
		{"anomaly of a tick", []dissect.Event{&dissect.Anomaly{Meta: tick, Rule: 1}, ping(here)}, 1, 1},
		{"gap before its packet", []dissect.Event{&dissect.Gap{Meta: here}, &dissect.Anomaly{Meta: here, Rule: 1}, ping(here)}, 1, 1},
		{"end in its packet", []dissect.Event{ping(here), &dissect.Closed{Meta: here}}, 1, 0},
		{"end without", []dissect.Event{ping(other), &dissect.Closed{Meta: here}}, 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := print(t, treeOf(Options{}), test.events)
			packets, connected := strings.Count(got, "Frame 9: "), strings.Count(got, "[Connection 1: ")
			if packets != test.packets || connected != test.connected {
				t.Errorf("%d packets, %d connections in\n%s", packets, connected, got)
			}
			if blocks := strings.Count(got, "\n\n") + 1; blocks != test.packets+test.connected {
				t.Errorf("%d blocks in\n%s", blocks, got)
			}
		})
	}
}

// A Message that its frame showed is not shown again; one at the same address later is.
func TestMessageIsShownOnce(t *testing.T) {
	m := by(samples(), server, packet(9, 100, 1, 1, 40))
	f := whole(sent(m, frame.Text, "once"))
	ping := sent(m, frame.Ping, "")
	for _, c := range []struct {
		name   string
		events []dissect.Event
		want   int
	}{
		{"frame and message", []dissect.Event{f, f.Message}, 1},
		{"an anomaly between", []dissect.Event{f, &dissect.Anomaly{Meta: m, Rule: 1}, f.Message}, 1},
		{"message alone", []dissect.Event{f.Message}, 1},
		{"the same memory again", []dissect.Event{f, f.Message, f.Message}, 2},
		{"after another frame", []dissect.Event{f, ping, f.Message}, 2},
	} {
		if got := strings.Count(print(t, treeOf(Options{}), c.events), "Text: once"); got != c.want {
			t.Errorf("%s: shown %d times", c.name, got)
		}
	}
}

func TestPayloadLimits(t *testing.T) {
	m := by(samples(), server, packet(9, 100, 1, 1, 40))
	text := whole(sent(m, frame.Text, "aébcdefghij"))
	data := whole(sent(m, frame.Binary, "0123456789"))
	for _, c := range []struct {
		limit      int
		tree, list string
	}{
		{0, "Text: aébcdefghij", "  aébcdefghij\n"},
		{100, "Text: aébcdefghij", "  aébcdefghij\n"},
		{4, "Text [truncated]: aéb", "  aéb…\n"},
		{2, "Text [truncated]: a", "  a…\n"},
	} {
		o := Options{MaxPayload: c.limit}
		if got := print(t, treeOf(o), []dissect.Event{text}); !strings.HasSuffix(got, "        "+c.tree+"\n") {
			t.Errorf("limit %d, tree:\n%s", c.limit, got)
		}
		if got := print(t, listOf(o), []dissect.Event{text}); !strings.HasSuffix(got, c.list) {
			t.Errorf("limit %d, list: %q", c.limit, got)
		}
	}
	o := Options{MaxPayload: 4}
	if got := print(t, treeOf(o), []dissect.Event{data}); !strings.HasSuffix(got, "[Data (10 bytes) [truncated]: 30313233]\n") {
		t.Errorf("%s", got)
	}
	if got := print(t, listOf(o), []dissect.Event{data}); !strings.HasSuffix(got, "  3031…\n") {
		t.Errorf("%q", got)
	}
}

func TestManyParts(t *testing.T) {
	f := whole(sent(by(samples(), server, packet(900, 100, 1, 1, 40)), frame.Text, "x"))
	f.Packets = nil
	for n := range int64(maxParts + 10) {
		f.Packets = append(f.Packets, dissect.Part{Packet: n + 1, Len: 1})
	}
	got := print(t, treeOf(Options{}), []dissect.Event{f})
	if !strings.Contains(got, "[74 Reassembled TCP Segments (74 bytes): #1(1), #2(1),") || !strings.Contains(got, "#64(1), ...]\n") {
		t.Errorf("%s", got)
	}
}

func TestHexDump(t *testing.T) {
	var data []byte
	for c := range 40 {
		data = append(data, byte(c+30))
	}
	want := "Name (40 bytes):\n" +
		"0000  1e 1f 20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d   .. !\"#$%&'()*+,-\n" +
		"0010  2e 2f 30 31                                       ./01\n" +
		"[20 more]\n"
	if got := string(appendSource(nil, "Name", data, 20)); got != want {
		t.Errorf("got\n%s", got)
	}
	if got := string(appendDump(nil, make([]byte, 65536))); !strings.HasPrefix(got, "0000  00") || !strings.Contains(got, "\nfff0  00") {
		t.Error("offsets of 64 KiB")
	}
	if got := string(appendDump(nil, make([]byte, 65537))); !strings.HasPrefix(got, "00000  00") || !strings.Contains(got, "\n10000  00") {
		t.Error("offsets beyond 64 KiB")
	}
	if got := appendDump(nil, nil); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

// Whatever the traffic holds, the output is harmless to a terminal, and JSON is JSON.
func FuzzPrinters(f *testing.F) {
	f.Add("Hello", "GET / HTTP/1.1", "Host", "h", uint8(0x81), uint8(0x85), int64(3))
	f.Add("\x1b[2J\xff", "\x1b]0;x\a", "\x9b", "\u202e", uint8(0x08), uint8(0x7f), int64(-5))
	f.Add("\x03\xe8bye", "", "", "", uint8(0x88), uint8(0xfe), int64(1<<62))
	f.Fuzz(func(t *testing.T, payload, line, name, value string, first, second uint8, number int64) {
		p := packet(number, uint32(number), uint32(first), uint32(second), 7)
		p.Time = number
		m := by(samples(), dissect.Dir(first%3), p)
		m.Stream, m.FirstPacket = int64(second%3), number/2
		one := whole(sent(m, frame.Opcode(first&15), payload))
		one.Header.Fin, one.Header.RSV = first&0x80 != 0, first>>4&7
		one.Complete, one.HeaderOK, one.Compressed = second&1 != 0, second&2 != 0, second&4 != 0
		one.Raw = []byte(name)
		one.Holes = []dissect.Hole{{At: uint64(second), Len: uint64(first)}}
		one.Message.Complete, one.Message.Compressed = second&8 != 0, second&4 != 0
		one.Message.Why = dissect.Why(second % 8)
		request, response := head("GET / HTTP/1.1"), head("HTTP/1.1 101 OK")
		request.Line, request.Target, response.Phrase = line, value, name
		request.Fields = []http1.Field{{Name: name, Value: value}, {Name: value, Value: line}}
		response.Fields = []http1.Field{{Name: line, Value: name}}
		events := []dissect.Event{
			&dissect.Handshake{Meta: m, Request: request, Response: response, URI: line, Host: name, Origin: value,
				Key: name, Accept: value, Subprotocol: line, Extensions: []string{name, value},
				RequestPacket: p, ResponsePacket: reassembly.PacketRef{Number: number + 1}},
			one, one.Message,
			&dissect.Anomaly{Meta: m, Rule: 1, Text: value},
			&dissect.Gap{Meta: m, Len: number, Offset: number, Cause: name},
			&dissect.Closed{Meta: m, By: dissect.Dir(second % 3), Client: dissect.Traffic{CloseSent: true, CloseReason: value}},
			&dissect.Summary{Meta: m, LeftOut: []dissect.Count{{Reason: name}, {Reason: value}},
				Damaged: []dissect.Damage{{File: name, Text: value}}},
		}
		o := Options{Hex: true, Verbose: int(first & 1), MaxPayload: int(second), Start: func() Start {
			return Start{Files: []string{name, value}, Filter: line}
		}}
		for format, printer := range map[string]func(*bytes.Buffer) Printer{"tree": treeOf(o), "list": listOf(o), "json": jsonOf(o)} {
			out := print(t, printer, events)
			if reason := harmless(out); reason != "" {
				t.Errorf("%s has %s: %q", format, reason, out)
			}
			if format != "json" {
				continue
			}
			for one := range strings.SplitSeq(strings.TrimRight(out, "\n"), "\n") {
				decodeLine(t, one)
			}
		}
	})
}
