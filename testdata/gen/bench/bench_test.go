package main

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/reassembly"
)

func write(t *testing.T, c config) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := generate(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// segments reads a capture back, and checks lengths and checksums on the way.
func segments(t *testing.T, b []byte) []reassembly.Segment {
	t.Helper()
	const fileHeader = 24
	var out []reassembly.Segment
	for b = b[fileHeader:]; len(b) > 0; {
		number := int64(len(out) + 1)
		sec, us := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
		n := binary.LittleEndian.Uint32(b[8:])
		ip := b[recordSize+etherSize : recordSize+n]
		tcp := ip[ipSize:]
		src, dst := netip.AddrFrom4([4]byte(ip[12:])), netip.AddrFrom4([4]byte(ip[16:]))
		pseudo := wstest.Sum(ip[12:20]) + 6 + uint32(len(tcp))
		if len(ip) != int(binary.BigEndian.Uint16(ip[2:])) || wstest.Checksum(ip[:ipSize], 0) != 0 || wstest.Checksum(tcp, pseudo) != 0 {
			t.Fatalf("packet %d is not valid: %x", number, b[recordSize:recordSize+n])
		}
		out = append(out, reassembly.Segment{
			Src: netip.AddrPortFrom(src, binary.BigEndian.Uint16(tcp)), Dst: netip.AddrPortFrom(dst, binary.BigEndian.Uint16(tcp[2:])),
			Seq: binary.BigEndian.Uint32(tcp[4:]), Ack: binary.BigEndian.Uint32(tcp[8:]),
			Flags: reassembly.Flags(tcp[13]), Window: binary.BigEndian.Uint16(tcp[14:]), Payload: tcp[tcpSize:],
			Packet: reassembly.PacketRef{Number: number, Time: int64(sec)*1e9 + int64(us)*1e3, Wire: n, Captured: n, Len: uint32(len(tcp) - tcpSize)},
		})
		b = b[recordSize+n:]
	}
	return out
}

// tally counts events.
type tally struct {
	frames, messages int
	largest          frame.Header
	fragments        int // most frames of a message
	anomalies        []string
	summary          dissect.Summary
}

func (y *tally) Emit(e dissect.Event) error {
	switch e := e.(type) {
	case *dissect.Frame:
		y.frames++
		if e.Header.Length > y.largest.Length {
			y.largest = e.Header
		}
	case *dissect.Message:
		y.messages++
		y.fragments = max(y.fragments, e.Frames)
	case *dissect.Anomaly:
		y.anomalies = append(y.anomalies, e.Text)
	case *dissect.Summary:
		y.summary = *e
	}
	return nil
}

func look(t *testing.T, segs []reassembly.Segment) *tally {
	t.Helper()
	y := &tally{}
	v := &wstest.Validator{Next: y}
	d := dissect.New(dissect.Options{}, v)
	for i := range segs {
		if err := d.Push(&segs[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := v.Err(); err != nil {
		t.Error(err)
	}
	return y
}

func TestKinds(t *testing.T) {
	tests := []struct {
		config
		sockets   int64 // 0 for any
		frames    int   // at least
		largest   uint64
		fragments int
	}{
		{config: config{kind: "mixed", size: 5e6, flows: 50, websocket: 30}, sockets: 15, frames: 200, largest: 10_000, fragments: 1},
		{config: config{kind: "mixed", size: 2e6, flows: 10, websocket: 100}, sockets: 10, frames: 100, largest: 10_000, fragments: 1},
		{config: config{kind: "flows", size: 5e6, flows: 5000, websocket: 20}, frames: 10, fragments: 1},
		{config: config{kind: "small", size: 1e6, flows: 20}, sockets: 20, frames: 5000, largest: 60, fragments: 1},
		{config: config{kind: "bulk", size: 10e6, flows: 3}, sockets: 3, frames: 4, largest: 1 << 19, fragments: 1},
		{config: config{kind: "feed", size: 1e6, flows: 5}, sockets: 5, frames: 3000, largest: 100, fragments: 1},
		{config: config{kind: "one-frame", size: 3e6}, sockets: 1, frames: 3, largest: 3e6, fragments: 1},
		{config: config{kind: "fragments", size: 1e5, fragments: 10_000}, sockets: 1, frames: 10_002, largest: 10, fragments: 10_000},
	}
	for _, tt := range tests {
		t.Run(tt.kind, func(t *testing.T) {
			tt.seed = 1
			b := write(t, tt.config)
			y := look(t, segments(t, b))
			s := y.summary
			if tt.sockets > 0 && s.WebSocketConnections != tt.sockets || s.TCPConnections < int64(tt.flows) || s.Handshakes == 0 || s.Gaps != 0 {
				t.Errorf("%d connections, %d WebSocket, %d handshakes, %d gaps", s.TCPConnections, s.WebSocketConnections, s.Handshakes, s.Gaps)
			}
			if y.frames < tt.frames || y.largest.Length < tt.largest || y.fragments != tt.fragments {
				t.Errorf("%d frames, the largest of %d bytes, up to %d in a message", y.frames, y.largest.Length, y.fragments)
			}
			if len(y.anomalies) > 0 {
				t.Errorf("%d anomalies: %.300q", len(y.anomalies), y.anomalies)
			}
			if tt.kind != "one-frame" && tt.kind != "fragments" && int64(len(b)) > tt.size+tt.size/10 {
				t.Errorf("%d bytes for %d", len(b), tt.size)
			}
		})
	}
}

func TestSameFlagsSameBytes(t *testing.T) {
	c := config{kind: "mixed", size: 1e6, flows: 20, websocket: 30, seed: 7}
	a := write(t, c)
	if !bytes.Equal(a, write(t, c)) {
		t.Error("equal flags, other bytes")
	}
	c.seed = 8
	if bytes.Equal(a, write(t, c)) {
		t.Error("another seed, equal bytes")
	}
}

func TestShareAndDisorder(t *testing.T) {
	type direction struct{ src, dst netip.AddrPort }
	next := map[direction]uint32{}
	sockets, all, late := 0, 0, 0
	open, most := 0, 0
	for _, s := range segments(t, write(t, config{kind: "mixed", size: 10e6, flows: 100, websocket: 30, seed: 1})) {
		size := int(s.Packet.Wire)
		all += size
		if s.Src.Port() == 8080 || s.Dst.Port() == 8080 {
			sockets += size
		}
		if s.Flags == reassembly.SYN {
			open++
			most = max(most, open)
		}
		if s.Flags.Has(reassembly.FIN) && s.Dst.Port() > 1023 && s.Src.Port() != 8080 {
			open--
		}
		d := direction{s.Src, s.Dst}
		if len(s.Payload) > 0 && s.Seq != next[d] {
			late++
		}
		next[d] = s.Seq + uint32(len(s.Payload))
		if s.Flags.Has(reassembly.SYN) {
			next[d]++
		}
	}
	if percent := 100 * sockets / all; percent < 28 || percent > 32 {
		t.Errorf("%d %% WebSocket", percent)
	}
	if most < 100 {
		t.Errorf("%d connections at once", most)
	}
	if late == 0 {
		t.Error("all in order")
	}
}

// TestTapeInflates plays the tape of feed through compress/flate, as one stream.
func TestTapeInflates(t *testing.T) {
	var stream bytes.Buffer
	tape := record(rand.New(rand.NewPCG(1, 1)), 200)
	wire := 0
	for _, m := range tape {
		wire += len(m)
		stream.Write(m)
		stream.WriteString("\x00\x00\xff\xff")
	}
	stream.WriteString("\x01\x00\x00\xff\xff") // the last block
	text, err := io.ReadAll(flate.NewReader(&stream))
	if err != nil {
		t.Fatal(err)
	}
	if wire*2 > len(text) {
		t.Errorf("%d bytes for %d", wire, len(text))
	}
	ticks := json.NewDecoder(bytes.NewReader(text))
	for i := range tape {
		var tick struct{ Sequence int }
		if err := ticks.Decode(&tick); err != nil || tick.Sequence != 70_000_000+i {
			t.Fatalf("tick %d: %+v, %v", i, tick, err)
		}
	}
}

func TestParseSize(t *testing.T) {
	tests := []struct {
		in   string
		want int64 // 0 for an error
	}{
		{"1", 1}, {"10B", 10}, {"64KB", 64_000}, {"1.5m", 1_500_000}, {"1GB", 1e9}, {"2g", 2e9},
		{"", 0}, {"GB", 0}, {"-1", 0}, {"0", 0}, {"1TB", 0}, {"1BG", 0}, {"1e30", 0}, {"NaN", 0},
	}
	for _, tt := range tests {
		got, err := parseSize(tt.in)
		if got != tt.want || (err != nil) != (tt.want == 0) {
			t.Errorf("parseSize(%q) = %d, %v", tt.in, got, err)
		}
	}
}

func TestWrongFlags(t *testing.T) {
	for _, c := range []config{{kind: "no"}, {kind: "mixed", websocket: 101}, {kind: "mixed", flows: -1}} {
		if err := generate(io.Discard, c); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}
