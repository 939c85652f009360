package output

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

// epoch is the time of packet 1; each packet comes a millisecond after the one before.
const epoch = 1_700_000_000_000_000_000

func packet(number int64, wire, seq, ack, length uint32) reassembly.PacketRef {
	return reassembly.PacketRef{
		Number: number, Time: epoch + (number-1)*1e6,
		Wire: wire, Captured: wire, Seq: seq, Ack: ack, Len: length,
	}
}

func connection(id int64, a, b string) *reassembly.Conn {
	return reassembly.NewConn(id, netip.MustParseAddrPort(a), netip.MustParseAddrPort(b), 0)
}

func samples() *reassembly.Conn { return connection(1, "10.0.0.1:50000", "10.0.0.2:80") }

// by is the Meta of what the client (A) or the server (B) sent in a packet.
func by(c *reassembly.Conn, dir dissect.Dir, p reassembly.PacketRef) dissect.Meta {
	way := reassembly.AtoB
	if dir == dissect.ServerToClient {
		way = reassembly.BtoA
	}
	return dissect.Meta{
		Order:  dissect.Order{Packet: p.Number, Phase: dissect.PhasePacket, Conn: c.ID},
		Packet: p, FirstPacket: p.Number, Conn: c, Way: way, Dir: dir,
	}
}

const (
	client = dissect.ClientToServer
	server = dissect.ServerToClient
)

// sent is a complete frame in its shortest form: masked from a client, as in the samples.
func sent(m dissect.Meta, op frame.Opcode, payload string) *dissect.Frame {
	f := &dissect.Frame{
		Meta: m, Payload: []byte(payload), Captured: uint64(len(payload)),
		Complete: true, HeaderOK: true, Kind: op,
		Header: frame.Header{Fin: true, Opcode: op, Length: uint64(len(payload)), Size: 2},
	}
	switch {
	case len(payload) > 65535:
		f.Header.Size = 10
	case len(payload) > 125:
		f.Header.Size = 4
	}
	if m.Dir == client {
		f.Header.Masked = true
		f.Header.Key = [4]byte{0x37, 0xfa, 0x21, 0x3d}
		f.Header.Size += 4
	}
	f.Packets = []dissect.Part{{Packet: m.Packet.Number, Len: uint64(len(payload)) + uint64(f.Header.Size)}}
	if op == frame.Close && len(payload) >= 2 {
		f.CloseCode = uint16(payload[0])<<8 | uint16(payload[1])
		f.CloseReason = f.Payload[2:]
	}
	f.Text = op == frame.Text || op == frame.Ping || op == frame.Pong
	return f
}

// whole gives a frame the message that it is.
func whole(f *dissect.Frame) *dissect.Frame {
	f.Message = &dissect.Message{
		Meta: f.Meta, Opcode: f.Header.Opcode, Payload: f.Payload,
		Length: f.Header.Length, WireLength: f.Header.Length,
		Fragments: []dissect.Part{{Packet: f.Packet.Number, Len: f.Header.Length}},
		Frames:    1, Packets: f.Packets, Complete: true, Text: f.Text,
	}
	return f
}

// meaning gives a message what a decoder made of it: every kind of value.
func meaning(f *dissect.Frame) *dissect.Frame {
	f.Message.Omitted = 2
	f.Message.Decoded = &dissect.Decoded{
		Protocol: "sample", By: "path", Brief: "EVENT \x1b/chat", Heartbeat: true, Error: "cut \x1b short",
		Fields: dissect.Object{
			{Name: "none", Value: nil}, {Name: "yes", Value: true}, {Name: "count", Value: -1}, {Name: "id", Value: int64(1) << 40},
			{Name: "size", Value: uint64(1) << 63}, {Name: "rate", Value: 0.25}, {Name: "name", Value: "a\u202eb\n"},
			{Name: "raw", Value: []byte{0xFF, 0}}, {Name: "list", Value: []any{"x", dissect.Object{{Name: "y", Value: 1}}}},
			{Name: "short", Value: []any{"x\u202e", 1, true, nil, 0.5}}, {Name: "quotes", Value: []any{`a", "b`}}, {Name: "long", Value: []any{strings.Repeat("x", 150), strings.Repeat("y", 150)}},
			{Name: "pairs", Value: []any{[]any{"a", "b"}, []any{}}}, {Name: "nothing", Value: []any{}}, {Name: "empty", Value: dissect.Object{}},
			{Name: "args", Value: dissect.JSON("[ {\"a\\u0041\": [1,2.5e3 ,true], \"b\u009b\":{}}, [], \"s,]\" ]")},
		},
	}
	return f
}

// inflated gives a compressed frame the message that it is.
func inflated(f *dissect.Frame, payload string) *dissect.Frame {
	whole(f)
	f.Header.RSV = frame.RSV1
	f.Text, f.Compressed, f.Deflate = false, true, true
	m := f.Message
	m.Compressed = true
	m.Payload, m.Length = []byte(payload), uint64(len(payload))
	m.Text = m.Opcode == frame.Text
	return f
}

// last makes a frame the last of a message.
func last(f *dissect.Frame, kind frame.Opcode, payload string, fragments ...dissect.Part) *dissect.Frame {
	whole(f)
	m := f.Message
	m.Opcode, m.Payload, m.Text = kind, []byte(payload), kind == frame.Text
	m.Length, m.WireLength = uint64(len(payload)), 0
	m.Fragments, m.Frames, m.Packets = fragments, len(fragments), fragments
	m.FirstPacket = fragments[0].Packet
	for _, part := range fragments {
		m.WireLength += part.Len
	}
	f.Kind = kind
	return f
}

func head(lines string) *http1.Head {
	first, rest, _ := strings.Cut(lines, "\n")
	words := strings.SplitN(first, " ", 3)
	h := &http1.Head{Line: first}
	if h.Request = !strings.HasPrefix(first, "HTTP/"); h.Request {
		h.Method, h.Target, h.Version = words[0], words[1], words[2]
	} else {
		h.Version, h.Phrase = words[0], words[2]
		for _, digit := range words[1] {
			h.Status = 10*h.Status + int(digit-'0')
		}
	}
	for line := range strings.SplitSeq(rest, "\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			h.Fields = append(h.Fields, http1.Field{Name: name, Value: value})
		}
	}
	return h
}

// sampleHandshake is the one of the samples, in packets 4 and 5.
func sampleHandshake() *dissect.Handshake {
	request := packet(4, 215, 1, 1, 161)
	response := packet(5, 183, 1, 162, 129)
	h := &dissect.Handshake{
		Meta: by(samples(), server, response),
		Request: head("GET /chat HTTP/1.1\nHost: server.example.com\nUpgrade: websocket\nConnection: Upgrade\n" +
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13"),
		Response: head("HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n" +
			"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
		RequestPacket: request, ResponsePacket: response,
		URI: "ws://server.example.com/chat", Host: "server.example.com", Version: "13",
		Key:    "dGhlIHNhbXBsZSBub25jZQ==",
		Accept: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", AcceptWant: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
		AcceptOK: dissect.Right, Status: 101, Upgraded: true,
	}
	h.FirstPacket = request.Number
	return h
}

// basic is what the capture of the samples without compression holds.
func basic() []dissect.Event {
	c := samples()
	long := sent(by(c, server, packet(56, 1444, 68961, 173, 1390)), frame.Text, strings.Repeat("B", 70000))
	long.FirstPacket = 9
	long.Packets = nil
	for n := int64(9); n < 56; n++ {
		long.Packets = append(long.Packets, dissect.Part{Packet: n, Len: 1460})
	}
	long.Packets = append(long.Packets, dissect.Part{Packet: 56, Len: 1390})
	first := sent(by(c, client, packet(60, 63, 206, 70358, 9)), frame.Text, "Hel")
	first.Header.Fin = false
	second := last(sent(by(c, client, packet(61, 62, 215, 70358, 8)), frame.Continuation, "lo"),
		frame.Text, "Hello", dissect.Part{Packet: 60, Len: 3}, dissect.Part{Packet: 61, Len: 2})
	return []dissect.Event{
		sampleHandshake(),
		whole(sent(by(c, client, packet(6, 65, 162, 130, 11)), frame.Text, "Hello")),
		whole(sent(by(c, server, packet(7, 61, 130, 173, 7)), frame.Text, "Hello")),
		whole(sent(by(c, server, packet(8, 258, 137, 173, 204)), frame.Text, strings.Repeat("A", 200))),
		whole(long),
		whole(sent(by(c, client, packet(57, 76, 173, 70351, 22)), frame.Binary,
			"\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f")),
		sent(by(c, server, packet(58, 61, 70351, 195, 7)), frame.Ping, "ping!"),
		sent(by(c, client, packet(59, 65, 195, 70358, 11)), frame.Pong, "ping!"),
		first,
		second,
		sent(by(c, client, packet(62, 65, 223, 70358, 11)), frame.Close, "\x03\xe8bye"),
		sent(by(c, server, packet(63, 61, 70358, 234, 7)), frame.Close, "\x03\xe8bye"),
		&dissect.Closed{
			Meta: by(c, client, packet(64, 54, 234, 70365, 0)), By: client, How: dissect.HowHandshake, BrowserCode: 1000,
			Client: dissect.Traffic{Frames: 6, Messages: 3, Payload: 36, Inflated: 26, Stream: 233,
				CloseSent: true, CloseCode: 1000, CloseReason: "bye", LastOpcode: frame.Close, LastPacket: 62,
				End:   reassembly.End{Packet: packet(64, 54, 234, 70365, 0)},
				Pings: dissect.Pings{Sent: 1, Answered: 1, Min: 1, Max: 1, Sum: 1}},
			Server: dissect.Traffic{Frames: 5, Messages: 3, Payload: 70215, Inflated: 70205, Stream: 70364,
				CloseSent: true, CloseCode: 1000, CloseReason: "bye", LastOpcode: frame.Close, LastPacket: 63,
				End: reassembly.End{Packet: packet(64, 54, 234, 70365, 0), Reason: reassembly.PeerReset},
				Pings: dissect.Pings{Sent: 3, Answered: 2, Unanswered: 1, Min: 1500 * time.Microsecond,
					Max: 2 * time.Millisecond, Sum: 3500 * time.Microsecond}},
			Duration: 64 * time.Millisecond,
		},
	}
}

// compressed is what the capture of the samples with permessage-deflate holds, and frames
// that Wireshark cannot show.
func compressed() []dissect.Event {
	c := samples()
	first := inflated(sent(by(c, client, packet(10, 70, 232, 215, 16)), frame.Text, "\x72\x2b\x4a\x4c\x4f\xcd\x4b\x4d\x51\x48"), "")
	first.Message, first.Header.Fin = nil, false
	second := inflated(sent(by(c, client, packet(11, 78, 248, 215, 24)), frame.Continuation, "\x12\x34\x56\x78\x9a\xbc\xde\xf0\x12\x34\x56\x78\x9a\xbc\xde\xf0\x12\x34"), "")
	second = last(second, frame.Text, "Fragmented compressed message",
		dissect.Part{Packet: 10, Len: 10}, dissect.Part{Packet: 11, Len: 18})
	second.Header.RSV = 0
	second.Message.Compressed = true
	corrupt := inflated(sent(by(c, client, packet(13, 65, 300, 215, 11)), frame.Text, "\xff\xff\xff\xff\xff"), "")
	corrupt.Message.Payload, corrupt.Message.Complete, corrupt.Message.Length = nil, false, 0
	corrupt.Message.Why = dissect.WhyCorrupt
	guessed := inflated(sent(by(c, server, packet(14, 61, 215, 311, 7)), frame.Text, "\xf2\x48\xcd\xc9\xc9\x07\x00"), "Hello")
	guessed.Deflate, guessed.Message.Inferred = false, true
	ping := sent(by(c, server, packet(15, 56, 222, 311, 2)), frame.Ping, "")
	ping.Deflate = true
	return []dissect.Event{
		inflated(sent(by(c, client, packet(6, 67, 208, 176, 13)), frame.Text, "\xf2\x48\xcd\xc9\xc9\x07\x00"), "Hello"),
		inflated(sent(by(c, server, packet(9, 74, 195, 232, 20)), frame.Binary,
			"\x62\x60\x64\x62\x66\x61\x65\x63\xe7\xe0\xe4\xe2\xe6\xe1\xe5\xe3\x07\x00"), "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f"),
		first, second,
		sent(by(c, client, packet(12, 63, 272, 215, 9)), 3, "op3"),
		corrupt,
		&dissect.Anomaly{Meta: corrupt.Meta, Rule: rules.PMDInflateError, Text: "stored block length 65535 does not match"},
		guessed,
		ping,
	}
}

// rejectedHandshake is refused, and has heads that are not UTF-8.
func rejectedHandshake(c *reassembly.Conn) *dissect.Handshake {
	return &dissect.Handshake{
		Meta:          by(c, server, packet(24, 180, 1, 200, 94)),
		Request:       head("GET /?q=\x1b[31m\xff HTTP/1.1\nHost: h\nX: caf\xe9"),
		Response:      head("HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Basic"),
		RequestPacket: packet(23, 286, 1, 1, 200), ResponsePacket: packet(24, 180, 1, 200, 94),
		URI: "ws://h/?q=\x1b[31m\xff", Host: "h", SubprotocolsOffered: []string{"chat", "superchat"},
		ExtensionsOffered: []string{"permessage-deflate; client_max_window_bits"}, Status: 401,
	}
}

// wrongHandshake has a wrong accept, and a response whose end was not captured.
func wrongHandshake(c *reassembly.Conn) *dissect.Handshake {
	h := &dissect.Handshake{
		Meta:          by(c, server, packet(26, 180, 95, 400, 94)),
		Request:       head("GET /a HTTP/1.1\nHost: [2001:db8::2]:8080"),
		Response:      head("HTTP/1.1 101 Switching Protocols\nSec-WebSocket-Accept: AAAA"),
		RequestPacket: packet(25, 286, 201, 95, 200), ResponsePacket: packet(26, 180, 95, 400, 94),
		URI: "ws://[2001:db8::2]:8080/a", Host: "[2001:db8::2]:8080", Key: "dGhlIHNhbXBsZSBub25jZQ==",
		Accept: "AAAA", AcceptWant: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", AcceptOK: dissect.Wrong,
		Subprotocol: "chat", Extensions: []string{"permessage-deflate"}, Status: 101, Upgraded: true,
	}
	h.Response.Cut = true
	return h
}

// odd is what is left: several frames in a packet, holes, gaps, rejected handshakes.
func odd() []dissect.Event {
	c := connection(20, "[2001:db8::1]:50001", "[2001:db8::2]:8080")
	glued := by(c, server, packet(26, 180, 95, 400, 94))
	holey := sent(by(c, server, packet(31, 1514, 500, 400, 1440)), frame.Text, "before"+"after")
	holey.Header.Length, holey.Header.Size = 70000, 10
	holey.Captured, holey.Complete, holey.FirstPacket = 11, false, 29
	holey.Holes = []dissect.Hole{{At: 6, Len: 1494}, {At: 1505, Len: 68495}}
	holey.Packets = []dissect.Part{{Packet: 29, Len: 16}, {Packet: 31, Len: 5}}
	partial := &dissect.Frame{
		Meta: by(c, server, packet(33, 90, 2000, 400, 3)), Raw: []byte{0x81, 0xfe, 0x01},
		Header: frame.Header{Fin: true, Opcode: frame.Text, Masked: true}, Packets: []dissect.Part{{Packet: 33, Len: 3}},
	}
	long := sent(by(c, client, packet(34, 100, 401, 2003, 14)), frame.Text, "x")
	long.Header.Length, long.Header.Size = 1<<63+1, 14
	long.Complete, long.Holes = false, nil
	invalid := whole(sent(by(c, client, packet(35, 100, 415, 2003, 14)), frame.Text, "a\xff\x1b[2Jb\u202ec\u2028\n"))
	invalid.Header.Size = 8 // a 16-bit length where 7 bits would do
	invalid.Text, invalid.Message.Text = false, false
	empty := last(sent(by(c, client, packet(36, 80, 430, 2003, 6)), frame.Continuation, ""),
		frame.Text, "two", dissect.Part{Packet: 35, Len: 3}, dissect.Part{Packet: 36})
	unfinished := &dissect.Message{
		Meta: by(c, client, packet(40, 66, 440, 2003, 0)), Opcode: frame.Binary, Payload: []byte("half"),
		Length: 4, WireLength: 4, Frames: 1, Fragments: []dissect.Part{{Packet: 37, Len: 4}},
		Packets: []dissect.Part{{Packet: 37, Len: 4}}, Why: dissect.WhyUnfinished,
	}
	unfinished.Order.Phase = dissect.PhaseEnd
	unfinished.FirstPacket = 37
	end := unfinished.Meta
	gap := by(c, server, packet(31, 1514, 500, 400, 1440))
	return []dissect.Event{
		rejectedHandshake(c),
		wrongHandshake(c),
		whole(sent(glued, frame.Text, "")),
		meaning(whole(sent(glued, frame.Text, "m1"))),
		&dissect.Anomaly{Meta: glued, Rule: rules.FrameRSVSet, Text: "RSV \x1b7"},
		sent(glued, frame.Ping, "\x00\x01"),
		&dissect.Gap{Meta: gap, Offset: 94, Len: 1460, Cause: "lost"},
		&dissect.Gap{Meta: gap, Offset: 1574, Len: 20, Cause: "resync", Resync: true},
		holey,
		partial,
		long,
		invalid,
		&dissect.Anomaly{Meta: invalid.Meta, Rule: rules.MsgInvalidUTF8, Text: "byte 0xff at offset 1"},
		&dissect.Anomaly{Meta: invalid.Meta, Rule: rules.CaptureOverlapConflict, Text: "retransmission differs"},
		empty,
		sent(by(c, server, packet(37, 90, 2003, 440, 3)), frame.Close, "\x03"),
		sent(by(c, server, packet(38, 90, 2006, 440, 4)), frame.Close, "\x03\xf4\xff"),
		unfinished,
		&dissect.Closed{Meta: end, How: dissect.HowCapture, Duration: 12345678901,
			Server: dissect.Traffic{Frames: 5, Payload: 10, Lost: 1460, CloseSent: true, CloseReason: "\xff"}},
		&dissect.Summary{
			Pings:   dissect.Pings{Sent: 4, Answered: 3, Unanswered: 1, Min: 1, Max: 2 * time.Millisecond, Sum: 3500001},
			Meta:    dissect.Meta{Packet: packet(40, 66, 0, 0, 0)},
			Packets: 40, Bytes: 12345, TCPConnections: 2, HTTPConnections: 1, TLSConnections: 3,
			WebSocketConnections: 2, Midstream: 1, Handshakes: 3, Frames: 24, Messages: 12,
			Anomalies: [4]int64{0, 1, 2, 3}, Gaps: 1, LostBytes: 1460, OtherPorts: 7,
			Limits:  []dissect.Count{{Reason: "message size", N: 1}},
			LeftOut: []dissect.Count{{Reason: "udp", N: 3}, {Reason: "arp", N: 2}, {Reason: "udp", N: 1}},
			Damaged: []dissect.Damage{{File: "a.pcap", Offset: 99, Text: "record is cut \x1b"}},
			Dropped: []dissect.Count{{Reason: "kernel", N: 7}},
		},
	}
}

// rare is what comes once in a while.
func rare() []dissect.Event {
	c := connection(50, "127.0.0.1:40000", "127.0.0.1:9000")
	asked := packet(51, 300, 1, 1, 234)
	answered := packet(52, 200, 1, 235, 134)
	unanswered := &dissect.Handshake{
		Meta: by(c, client, asked), Request: head("GET http://h/x HTTP/1.1\nOrigin: http://h"),
		RequestPacket: asked, URI: "ws://h/x", Host: "h", Origin: "http://h", Key: "short",
	}
	unasked := &dissect.Handshake{
		Meta: by(c, server, answered), Response: head("HTTP/1.1 101 Switching Protocols\nSec-WebSocket-Accept: AAAA"),
		ResponsePacket: answered, Accept: "AAAA", Status: 101, Upgraded: true,
	}
	streamed := whole(sent(by(c, client, packet(53, 90, 235, 135, 20)), frame.Text, "over HTTP/2"))
	streamed.Stream = 3
	limited := whole(sent(by(c, server, packet(54, 90, 135, 255, 20)), frame.Binary, "held"))
	limited.Header.Length, limited.Captured = 100, 100
	limited.Message.Truncated, limited.Message.Why, limited.Message.Length = true, dissect.WhyTruncated, 100
	headless := sent(by(c, server, packet(55, 90, 155, 255, 20)), frame.Binary, "tail")
	headless.Header.Length, headless.Complete = 10, false
	headless.Holes = []dissect.Hole{{At: 0, Len: 6}}
	headless.FirstPacket, headless.Packets = 54, nil
	headless.Message = &dissect.Message{Meta: headless.Meta, Opcode: frame.Binary, Frames: 1,
		WireLength: 10, Why: dissect.WhyGap}
	torn := last(sent(by(c, server, packet(55, 90, 175, 255, 5)), frame.Continuation, "xyz"),
		frame.Text, "begins well", dissect.Part{Packet: 52, Len: 20}, dissect.Part{Packet: 55, Len: 5})
	torn.Header.Length, torn.Complete, torn.Holes = 5, false, []dissect.Hole{{At: 1, Len: 2}}
	torn.Message.Complete, torn.Message.Why = false, dissect.WhyGap
	cutClose := sent(by(c, client, packet(56, 90, 255, 175, 6)), frame.Close, "\x03\xe9by")
	cutClose.Header.Length, cutClose.Complete = 5, false
	lone := sent(by(c, dissect.Unknown, packet(57, 90, 175, 261, 3)), frame.Pong, "\xff")
	lone.Text = false
	tick := by(c, server, packet(58, 1000, 1, 1, 900))
	tick.Order.Phase = dissect.PhaseTick
	later := by(c, client, packet(58, 1000, 1, 1, 900))
	later.Packet.Input = 1
	return []dissect.Event{
		unanswered,
		unasked,
		streamed,
		limited,
		headless,
		torn,
		cutClose,
		lone,
		&dissect.Anomaly{Meta: tick, Rule: rules.PingUnanswered},
		whole(sent(later, frame.Text, "in the same packet")),
		&dissect.Gap{Meta: later, Cause: "cut"},
		&dissect.Closed{Meta: tick, How: dissect.HowIdle, Duration: 2 * time.Hour, Client: dissect.Traffic{
			Frames: 1, Messages: 1, Payload: 2, Inflated: 2, Stream: 400, CloseSent: true, CloseCode: 1001, CloseReason: "b\xff"}},
	}
}

// script is everything, each frame before the message that it completes.
func script() []dissect.Event {
	var events []dissect.Event
	for _, e := range slices.Concat(basic(), compressed(), rare(), odd(), bodies()) {
		events = append(events, e)
		if f, ok := e.(*dissect.Frame); ok && f.Message != nil {
			f.Message.Meta = f.Meta
			events = append(events, f.Message)
		}
	}
	return events
}

// bodies are of a session that begins by HTTP: asked, refused, and cut.
func bodies() []dissect.Event {
	c := connection(70, "10.0.0.1:50010", "10.0.0.2:80")
	request := &http1.Head{Request: true, Line: "POST /poll?sid=a HTTP/1.1", Method: "POST", Target: "/poll?sid=a", Version: "HTTP/1.1",
		Fields: []http1.Field{{Name: "Host", Value: "a"}}}
	odd := &http1.Head{Request: true, Line: "GET /poll?\xff HTTP/1.1", Method: "GET", Target: "/poll?\xff", Version: "HTTP/1.1"}
	response := &http1.Head{Line: "HTTP/1.1 200 OK", Status: 200, Version: "HTTP/1.1", Phrase: "OK"}
	return []dissect.Event{
		&dissect.Body{Meta: by(c, client, packet(70, 200, 1, 1, 140)), Request: request, Payload: []byte("40\x1e2"), Length: 4, Complete: true,
			Decoded: &dissect.Decoded{Protocol: "socket.io", By: "path", Brief: "polling CONNECT; engine.io ping", Fields: dissect.Object{{Name: "transport", Value: "polling"}, {Name: "packets", Value: []any{dissect.Object{{Name: "type", Value: "CONNECT"}}}}}}},
		&dissect.Body{Meta: by(c, server, packet(71, 200, 1, 141, 140)), Request: odd, Response: response, Payload: []byte("\xff\x00"), Length: 3},
	}
}
