package output

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/rules"
)

// lines prints events and decodes each line.
func linesOf(t *testing.T, o Options, events ...dissect.Event) []map[string]any {
	t.Helper()
	var decoded []map[string]any
	for line := range strings.SplitSeq(strings.TrimRight(print(t, jsonOf(o), events), "\n"), "\n") {
		decoded = append(decoded, decodeLine(t, line))
	}
	return decoded
}

func TestPayloadIsNeverLossy(t *testing.T) {
	var all []byte
	for c := range 256 {
		all = append(all, byte(c))
	}
	for _, payload := range []string{
		"", "Hello", "\x00\x1b\"\\\u2028é", string(all), "\xff", strings.Repeat("é", 100_000),
		strings.Repeat("x", chunk), strings.Repeat("\x01", chunk+1), strings.Repeat("\xfe", 3*chunk-1),
	} {
		f := whole(sent(by(samples(), server, packet(9, 100, 1, 1, 40)), frame.Text, payload))
		f.Text = utf8.ValidString(payload)
		f.Message.Text = f.Text
		for _, record := range linesOf(t, Options{Only: TypeFrame | TypeMessage}, f, f.Message) {
			text, isText := record["text"].(string)
			encoded, isBytes := record["bytes"].(string)
			if isText == isBytes || isText != f.Text {
				t.Fatalf("text %v, bytes %v of %.20q", isText, isBytes, payload)
			}
			if isBytes {
				raw, err := base64.StdEncoding.DecodeString(encoded)
				if err != nil {
					t.Fatal(err)
				}
				text = string(raw)
			}
			if text != payload {
				t.Errorf("%.20q comes back as %.20q", payload, text)
			}
		}
	}
}

// A message has its own payload, whatever the frame before it had in the same memory, and
// the same bytes are text in one message and not in another.
func TestMessageIsNotTheFrameBefore(t *testing.T) {
	var out bytes.Buffer
	p := NewJSON(&out, Options{Only: TypeFrame | TypeMessage})
	f := whole(sent(by(samples(), server, packet(9, 100, 1, 1, 40)), frame.Text, "first"))
	for _, step := range []struct {
		payload string
		text    bool
		want    string
	}{
		{"first", true, `"text":"first"}`},
		{"other", true, `"text":"other"}`},
		{"first", false, `"bytes":"Zmlyc3Q="}`},
		{"", true, `"text":""}`},
	} {
		if err := p.Emit(f); err != nil {
			t.Fatal(err)
		}
		copy(f.Message.Payload, step.payload)
		f.Message.Payload = f.Message.Payload[:len(step.payload)]
		f.Message.Text = step.text
		out.Reset()
		if err := p.Emit(f.Message); err != nil {
			t.Fatal(err)
		}
		if err := p.Flush(); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(out.String()); !strings.HasSuffix(got, step.want) {
			t.Errorf("want %s at the end of %s", step.want, got)
		}
		copy(f.Payload, "first")
		f.Message.Payload = f.Payload
	}
}

// What says that it is text is not believed.
func TestTextThatIsNot(t *testing.T) {
	f := whole(sent(by(samples(), server, packet(9, 100, 1, 1, 40)), frame.Text, "a\xff"))
	for _, record := range linesOf(t, Options{Only: TypeFrame | TypeMessage}, f, f.Message) {
		if record["text"] != nil || record["bytes"] != "Yf8=" {
			t.Errorf("%v", record)
		}
	}
}

func TestHolesInFrames(t *testing.T) {
	for _, c := range []struct {
		name    string
		payload string
		holes   []dissect.Hole
		first   string
		parts   string
	}{
		{"none", "abcdef", nil, "abcdef", "<nil>"},
		{"at the start", "abcdef", []dissect.Hole{{At: 0, Len: 2}}, "", "[map[bytes:YWJjZGVm offset:2]]"},
		{"at the end", "abcdef", []dissect.Hole{{At: 6, Len: 2}}, "abcdef", "<nil>"},
		{"in the middle", "abcdef", []dissect.Hole{{At: 4, Len: 100}}, "abcd", "[map[bytes:ZWY= offset:104]]"},
		{"two", "abcdef", []dissect.Hole{{At: 1, Len: 1}, {At: 4, Len: 1}}, "a",
			"[map[bytes:YmM= offset:2] map[bytes:ZGVm offset:5]]"},
		{"side by side", "abcdef", []dissect.Hole{{At: 1, Len: 1}, {At: 2, Len: 3}}, "a", "[map[bytes:YmNkZWY= offset:5]]"},
		{"behind what is held", "ab", []dissect.Hole{{At: 4, Len: 1}}, "ab", "<nil>"},
		{"huge", "ab", []dissect.Hole{{At: 1, Len: 1 << 63}}, "a", "[map[bytes:Yg== offset:9223372036854775809]]"},
		{"overflow", "ab", []dissect.Hole{{At: 1, Len: 1<<64 - 1}, {At: 0, Len: 1}}, "a", "[map[bytes:Yg== offset:1]]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := sent(by(samples(), server, packet(9, 100, 1, 1, 40)), frame.Text, c.payload)
			f.Holes = c.holes
			record := linesOf(t, Options{Only: TypeFrame}, f)[0]
			if record["text"] != c.first {
				t.Errorf("text %v, want %q", record["text"], c.first)
			}
			if got := fmt.Sprint(record["parts"]); got != c.parts {
				t.Errorf("parts %s, want %s", got, c.parts)
			}
			if n, _ := record["holes"].([]any); len(n) != len(c.holes) {
				t.Errorf("holes %v", record["holes"])
			}
		})
	}
}

// The runs of a payload are all of it, whatever the holes.
func FuzzRuns(f *testing.F) {
	f.Add([]byte("abcdef"), uint64(1), uint64(2), uint64(4), uint64(1))
	f.Add([]byte("abcdef"), uint64(0), uint64(1<<63), uint64(1), uint64(0))
	f.Fuzz(func(t *testing.T, payload []byte, at1, len1, at2, len2 uint64) {
		r := runsOf(&dissect.Frame{Payload: payload, Holes: []dissect.Hole{{At: at1, Len: len1}, {At: at2, Len: len2}}})
		var all []byte
		for range 5 {
			part := r.next()
			all = append(all, part.data...)
			if !part.more {
				break
			}
			if len(part.data) == 0 && len(all) > 0 {
				t.Error("an empty run")
			}
		}
		if !bytes.Equal(all, payload) {
			t.Errorf("runs are %q of %q", all, payload)
		}
	})
}

func TestPartialHeaders(t *testing.T) {
	for _, c := range []struct {
		name, raw string
		has       string
	}{
		{"nothing", "", "header_bytes"},
		{"one byte", "\x81", "fin header_bytes opcode opcode_name rsv"},
		{"without the key", "\x81\x85\x01", "fin header_bytes length masked opcode opcode_name rsv"},
		{"half a 16-bit length", "\x81\xfe\x01", "fin header_bytes masked opcode opcode_name rsv"},
		{"a 16-bit length", "\x81\xfe\x01\x00", "fin header_bytes length masked opcode opcode_name rsv"},
		{"half a 64-bit length", "\x81\x7f\x00\x00\x00\x00", "fin header_bytes masked opcode opcode_name rsv"},
		{"a 64-bit length", "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", "fin header_bytes length masked opcode opcode_name rsv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &dissect.Frame{Meta: by(samples(), client, packet(9, 100, 1, 1, 40)), Raw: []byte(c.raw)}
			record := linesOf(t, Options{Only: TypeFrame}, f)[0]
			var names []string
			for name := range record {
				if !slices.Contains([]string{"type", "packet", "time", "conn", "src", "dst", "dir", "offset", "captured", "complete"}, name) {
					names = append(names, name)
				}
			}
			slices.Sort(names)
			if got := strings.Join(names, " "); got != c.has {
				t.Errorf("has %s, want %s", got, c.has)
			}
			root := readSchema(t)
			if reason := root.check(root, any(record)); reason != "" {
				t.Error(reason)
			}
		})
	}
}

func TestFileOnlyWithSeveral(t *testing.T) {
	f := sent(by(samples(), client, packet(9, 100, 1, 1, 40)), frame.Ping, "")
	for _, c := range []struct {
		files []string
		input uint16
		want  any
	}{
		{[]string{"a"}, 0, nil}, {[]string{"a", "b"}, 0, "a"}, {[]string{"a", "b"}, 1, "b"}, {[]string{"a", "b"}, 2, nil},
	} {
		f.Packet.Input = c.input
		records := linesOf(t, Options{Start: func() Start { return Start{Files: c.files} }}, f)
		if len(records) != 2 || records[0]["type"] != "capture" {
			t.Fatalf("%v", records)
		}
		if got := records[1]["file"]; got != c.want {
			t.Errorf("input %d of %d: file %v", c.input, len(c.files), got)
		}
	}
}

func TestStartIsAskedOnce(t *testing.T) {
	asked := 0
	var out bytes.Buffer
	p := NewJSON(&out, Options{Start: func() Start { asked++; return Start{Filter: "x"} }})
	if err := p.Flush(); err != nil || asked != 0 || out.Len() != 0 {
		t.Errorf("asked %d before the first event, %d bytes, %v", asked, out.Len(), err)
	}
	for range 3 {
		if err := p.Emit(&dissect.Summary{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(); err != nil || asked != 1 || strings.Count(out.String(), `"type":"capture"`) != 1 {
		t.Errorf("asked %d, %v\n%s", asked, err, out.String())
	}
	if p.Printed() != 4 {
		t.Errorf("printed %d", p.Printed())
	}
}

// Large payloads do not pile up in the buffer.
func TestBufferStaysSmall(t *testing.T) {
	payload := strings.Repeat("\x01", 4<<20)
	f := whole(sent(by(samples(), client, packet(9, 100, 1, 1, 40)), frame.Text, payload))
	p := NewJSON(io.Discard, Options{}).(*jsonLines)
	binary := whole(sent(by(samples(), client, packet(9, 100, 1, 1, 40)), frame.Binary, payload))
	for _, e := range []dissect.Event{f, f.Message, binary, binary.Message} {
		if err := p.Emit(e); err != nil {
			t.Fatal(err)
		}
	}
	if cap(p.b) > 1<<20 {
		t.Errorf("the buffer has %d bytes", cap(p.b))
	}
}

// perRecord are the events that come by the million.
func perRecord() []dissect.Event {
	text := whole(sent(by(samples(), client, packet(6, 65, 162, 130, 11)), frame.Text, "Hello \"world\"\né"))
	binary := inflated(sent(by(samples(), server, packet(7, 65, 162, 130, 11)), frame.Binary, "\x00\x01\x02"), "abc")
	handshake := sampleHandshake()
	handshake.Extensions = []string{"permessage-deflate", "other"}
	return []dissect.Event{
		text, text.Message, binary, binary.Message,
		sent(by(samples(), client, packet(8, 65, 162, 130, 11)), frame.Close, "\x03\xe8bye"),
		handshake,
		&dissect.Anomaly{Meta: text.Meta, Rule: rules.FrameClientUnmasked, Text: "MASK is 0"},
		&dissect.Gap{Meta: text.Meta, Offset: 5, Len: 5, Cause: "lost"},
	}
}

func TestNoAllocations(t *testing.T) {
	for name, printer := range map[string]func(io.Writer, Options) Printer{"json": NewJSON, "list": NewList, "tree": NewTree} {
		t.Run(name, func(t *testing.T) {
			var out counter
			p := printer(&out, Options{Base: base, LineFlush: true, Start: start})
			events := perRecord()
			run := func() {
				for _, e := range events {
					if err := p.Emit(e); err != nil {
						t.Fatal(err)
					}
				}
			}
			run()
			before, printed := out.bytes, p.Printed()
			if allocations := testing.AllocsPerRun(100, run); allocations != 0 {
				t.Errorf("%v allocations", allocations)
			}
			if n := p.Printed() - printed; n < 600 || out.bytes-before < 60_000 {
				t.Errorf("%d records, %d bytes: nothing was measured", n, out.bytes-before)
			}
		})
	}
}

// counter counts what it is given.
type counter struct{ bytes, writes int }

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += len(p)
	c.writes++
	return len(p), nil
}

func BenchmarkJSON(b *testing.B) { benchmark(b, NewJSON) }
func BenchmarkList(b *testing.B) { benchmark(b, NewList) }
func BenchmarkTree(b *testing.B) { benchmark(b, NewTree) }
func benchmark(b *testing.B, printer func(io.Writer, Options) Printer) {
	for _, size := range []int{5, 125, 4096} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			p := printer(io.Discard, Options{Base: base, Only: TypeFrame})
			payload := strings.Repeat(`{"op":"subscribe","ch":["a"]} `, size/30+1)[:size]
			f := whole(sent(by(samples(), client, packet(6, 65, 162, 130, 11)), frame.Text, payload))
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				f.Packet.Number++
				f.Packet.Time += 1000
				if err := p.Emit(f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
