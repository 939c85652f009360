package socketio_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/socketio"
	"github.com/wsdissect/wsdissect/reassembly"
)

// body is one over HTTP: of a request, or with a status of the response to it.
func body(method, target string, status int, content string, headers ...http1.Field) *dissect.Body {
	b := &dissect.Body{
		Request: &http1.Head{Request: true, Method: method, Target: target},
		Payload: []byte(content), Length: uint64(len(content)), Complete: true,
	}
	b.Dir = c2s
	head := b.Request
	if status != 0 {
		b.Dir, b.Response = s2c, &http1.Head{Status: status}
		head = b.Response
	}
	head.Fields = headers
	return b
}

func header(name, value string) http1.Field { return http1.Field{Name: name, Value: value} }

// told writes down what was made of bodies and messages.
type told struct{ bytes.Buffer }

// Emit implements dissect.Sink.
func (s *told) Emit(e dissect.Event) error {
	var d *dissect.Decoded
	switch e := e.(type) {
	case *dissect.Body:
		d = e.Decoded
		fmt.Fprintf(s, "%d body %v", e.Packet.Number, e.Dir)
	case *dissect.Message:
		d = e.Decoded
		fmt.Fprintf(s, "%d message %v", e.Packet.Number, e.Dir)
	default:
		return nil
	}
	if d == nil {
		s.WriteString(" not explained\n")
		return nil
	}
	fmt.Fprintf(s, " %q", d.Brief)
	if d.Heartbeat {
		s.WriteString(" heartbeat")
	}
	if d.Error != "" {
		s.WriteString(" error: " + d.Error)
	}
	s.WriteByte('\n')
	for _, f := range d.Fields {
		if list, ok := f.Value.([]any); ok && f.Name == "packets" {
			for _, p := range list {
				fmt.Fprintf(s, "    - %s\n", payload.Diagnostic(p))
			}
			continue
		}
		fmt.Fprintf(s, "    %s: %s\n", f.Name, payload.Diagnostic(f.Value))
	}
	return nil
}

// replay runs a file through a Stage. Its lines are those of talk, and of bodies
//
//	>METHOD TARGET CONTENT-TYPE	the request, its body in the next line, hexadecimal
//	<METHOD TARGET CONTENT-TYPE	the response
func replay(t *testing.T, file string) []byte {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out told
	stage := payload.NewStage(payload.Options{Protocols: []payload.Protocol{socketio.Protocol()}}, &out)
	packet := int64(4)
	meta := func(conn int64, d dissect.Dir) dissect.Meta {
		packet++
		return dissect.Meta{Conn: &reassembly.Conn{ID: conn}, Dir: d, Packet: reassembly.PacketRef{Number: packet, Time: packet * 10_000_000}}
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		kind, rest, _ := strings.Cut(lines[i], " ")
		dir := c2s
		if strings.HasPrefix(kind, "<") {
			dir = s2c
		}
		switch kind {
		case "#":
		case "@":
			stage.Emit(&dissect.Handshake{Meta: meta(2, s2c), URI: rest, Upgraded: true})
		case ">q", "<q", ">x", "<x":
			m := &dissect.Message{Meta: meta(2, dir), Opcode: frame.Text, Complete: true}
			data, err := strconv.Unquote(rest)
			if strings.HasSuffix(kind, "x") {
				var b []byte
				m.Opcode = frame.Binary
				b, err = hex.DecodeString(rest)
				data = string(b)
			}
			if err != nil {
				t.Fatal(err)
			}
			m.Payload = []byte(data)
			stage.Emit(&dissect.Frame{Meta: m.Meta, Header: frame.Header{Opcode: m.Opcode}, Message: m})
			stage.Emit(m)
		default:
			target, contentType, _ := strings.Cut(rest, " ")
			i++
			content, err := hex.DecodeString(lines[i])
			if err != nil {
				t.Fatal(err)
			}
			status := 0
			if dir == s2c {
				status = 200
			}
			b := body(kind[1:], target, status, string(content), header("Content-Type", contentType))
			b.Meta = meta(1, dir)
			stage.Emit(b)
			clear(b.Payload) // the loan is over
		}
	}
	return out.Bytes()
}

func TestPolling(t *testing.T) {
	for _, name := range []string{"v2", "v2-only", "v4"} {
		wstest.Golden(t, "testdata/"+name+"-poll.golden", replay(t, "testdata/"+name+".poll"))
	}
}

func TestPollingEdges(t *testing.T) {
	const four, three = "/socket.io/?EIO=4&transport=polling&sid=s", "/socket.io/?EIO=3&transport=polling&sid=s"
	binary := header("Content-Type", "application/octet-stream")
	cut := body("GET", four, 200, "2")
	cut.Complete = false
	for _, c := range []struct {
		name string
		body *dissect.Body
		want string // empty: none of the protocol
	}{
		// Engine.IO protocol v4, Payload and v3, Payload: the examples.
		{"of the specification, 4", body("GET", four, 200, "4hello\x1e2\x1e4world"), `"polling engine.io message hello; engine.io ping; engine.io message world" transport: "polling" sid: "s" - {"engine_type": "message", "data": "hello"} - {"engine_type": "ping"} - {"engine_type": "message", "data": "world"}`},
		{"of the specification, 4 with base64", body("POST", four, 0, "4hello\x1ebAQIDBA=="), `"polling engine.io message hello; binary message (4 bytes)" transport: "polling" sid: "s" - {"engine_type": "message", "data": "hello"} - {"engine_type": "message", "size": 4}`},
		{"of the specification, 3", body("GET", three, 200, "6:4hello2:4€"), `"polling engine.io message hello; engine.io message €" transport: "polling" sid: "s" - {"engine_type": "message", "data": "hello"} - {"engine_type": "message", "data": "€"}`},
		{"of the specification, 3 with base64", body("GET", three, 200, "2:4€10:b4AQIDBA=="), `"polling engine.io message €; binary message (4 bytes)" transport: "polling" sid: "s" - {"engine_type": "message", "data": "€"} - {"engine_type": "message", "size": 4}`},
		{"of the specification, 3 binary", body("GET", three, 200, "\x00\x04\xff4\xe2\x82\xac\x01\x05\xff\x04\x01\x02\x03\x04", binary), `"polling engine.io message €; binary message (4 bytes)" transport: "polling" sid: "s" - {"engine_type": "message", "data": "€"} - {"engine_type": "message", "size": 4}`},
		{"units of UTF-16", body("POST", three, 0, "3:4😀1:2"), `"polling engine.io message 😀; engine.io ping" transport: "polling" sid: "s" - {"engine_type": "message", "data": "😀"} - {"engine_type": "ping"}`},
		{"half of a pair", body("POST", three, 0, "2:4😀"), `"polling" error: not a payload of Engine.IO transport: "polling" sid: "s"`},
		{"too short", body("POST", three, 0, "1:29:4x"), `"polling engine.io ping" error: not a payload of Engine.IO transport: "polling" sid: "s" - {"engine_type": "ping"}`},
		{"no length", body("POST", three, 0, "x"), `"polling" error: not a payload of Engine.IO transport: "polling" sid: "s"`},
		{"length of many digits", body("POST", three, 0, "00000000001:2"), `"polling" error: not a payload of Engine.IO transport: "polling" sid: "s"`},
		{"binary with a length that is too large", body("POST", three, 0, "\x00\x09\x09\xff2", binary), `"polling" error: not a payload of Engine.IO transport: "polling" sid: "s"`},
		{"binary of another kind", body("POST", three, 0, "\x02\x01\xff2", binary), `"polling" error: not a payload of Engine.IO transport: "polling" sid: "s"`},
		{"heartbeat alone", body("GET", four, 200, "2"), `"polling engine.io ping" heartbeat transport: "polling" sid: "s" - {"engine_type": "ping"}`},
		{"broken packet", body("GET", four, 200, "42{\x1e9"), `"polling the data of the event is no array with a name; 9" transport: "polling" sid: "s" - {"engine_type": "message", "type": "EVENT", "namespace": "/", "error": "the data of the event is no array with a name"} - {"data": "9"}`},
		{"answer to packets", body("POST", four, 200, "ok"), ""},
		{"refused", body("POST", four, 400, `{"code":1,"message":"Session ID unknown"}`), `"polling refused {\"code\":1,\"message\":\"Session ID unknown\"}" transport: "polling" sid: "s" data: {"code":1,"message":"Session ID unknown"}`},
		{"gzip", body("GET", four, 200, wstest.Gzip("4hello"), header("Content-Encoding", "gzip")), `"polling engine.io message hello" transport: "polling" sid: "s" - {"engine_type": "message", "data": "hello"}`},
		{"deflate", body("GET", four, 200, wstest.Zlib("4hello"), header("Content-Encoding", "deflate")), `"polling engine.io message hello" transport: "polling" sid: "s" - {"engine_type": "message", "data": "hello"}`},
		{"gzip that is none", body("GET", four, 200, "4hello, it is me", header("Content-Encoding", "gzip")), `"polling" error: gzip: invalid header transport: "polling" sid: "s"`},
		{"another coding", body("GET", four, 200, "4hello", header("Content-Encoding", "br")), `"polling" error: a content coding that is not read transport: "polling" sid: "s"`},
		{"inflated to much", body("GET", four, 200, wstest.Gzip(strings.Repeat("4", 5<<20)), header("Content-Encoding", "gzip")), `"polling" error: more than 4 MiB when inflated transport: "polling" sid: "s"`},
		{"cut", cut, `"polling" error: the body was not captured whole transport: "polling" sid: "s"`},
		{"JSONP", body("GET", four+"&j=0", 200, `___eio[0]("2");`), `"polling" error: JSONP is not read transport: "polling" sid: "s"`},
		{"opens", body("GET", "/socket.io/?EIO=4&transport=polling", 200, `0{"sid":"new"}`), `"polling engine.io open {\"sid\":\"new\"}" transport: "polling" sid: "new" - {"engine_type": "open", "handshake": {"sid":"new"}}`},
		{"opens nothing", body("GET", "/socket.io/?EIO=4&transport=polling", 200, `0{}`), `"polling engine.io open {}" transport: "polling" - {"engine_type": "open", "handshake": {}}`},
		{"of WebSocket", body("GET", "/socket.io/?EIO=4&transport=websocket", 200, "2"), ""},
	} {
		var out told
		stage := payload.NewStage(payload.Options{Protocols: []payload.Protocol{socketio.Protocol()}}, &out)
		stage.Emit(c.body)
		got := strings.ReplaceAll(strings.TrimSpace(out.String()), "\n    ", " ")
		if want := strings.TrimSpace(fmt.Sprintf("0 body %v %s", c.body.Dir, c.want)); got != want && (c.want != "" || got != "") {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, want)
		}
		if got := stage.Wants(c.body.Request.Target); got == (c.name == "of WebSocket") {
			t.Errorf("%s: wanted %v", c.name, got)
		}
	}
}

// Of more sessions than are remembered, the oldest is forgotten.
func TestManySessions(t *testing.T) {
	p := socketio.Protocol()
	for i := range 5000 {
		p.HTTP.Decode(body("GET", fmt.Sprintf("/?EIO=4&transport=polling&sid=%d", i), 200, "42[\"a\"]"))
	}
	for id, known := range map[string]bool{"4999": true, "3976": true, "3975": false, "0": false} {
		d := p.New(&payload.Session{Query: "EIO=4&transport=websocket&sid=" + id})
		e := d.Decode(&dissect.Message{Meta: dissect.Meta{Dir: c2s}, Opcode: frame.Text, Payload: []byte("2probe")})
		if got := strings.Contains(e.Brief, "polling"); got != known {
			t.Errorf("session %s is known: %v", id, got)
		}
	}
}

func FuzzPolling(f *testing.F) {
	f.Add("4hello\x1ebAQIDBA==\x1e42[\"a\"]", false)
	f.Add("6:4hello2:4€10:b4AQIDBA==", false)
	f.Add("\x00\x04\xff4\xe2\x82\xac\x01\x05\xff\x04\x01\x02\x03\x04", true)
	f.Fuzz(func(t *testing.T, content string, binary bool) {
		var headers []http1.Field
		if binary {
			headers = append(headers, header("Content-Type", "application/octet-stream"))
		}
		for _, version := range []string{"3", "4"} {
			p := socketio.Protocol()
			target := "/?EIO=" + version + "&transport=polling"
			d := payload.DecoderFunc(func(m *dissect.Message) *dissect.Decoded {
				b := body("GET", target, 200, "", headers...)
				b.Payload = m.Payload
				return p.HTTP.Decode(b)
			})
			if err := talk.Check(d, talk.Text(s2c, content), talk.Text(s2c, content)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
