package all_test

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/all"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
)

// hostile are messages that take a decoder to its limits; deep is the size of those that
// nest, big that of the others.
func hostile(deep, big int) map[string]string {
	nested := func(open, end string) string {
		n := deep / (len(open) + len(end))
		return strings.Repeat(open, n) + strings.Repeat(end, n)
	}
	headers := func(first, line string) string { return first + strings.Repeat(line, big/len(line)) + "\r\n" }
	return map[string]string{
		"brackets":               nested("[", "]"),
		"brackets without end":   strings.Repeat("[", deep),
		"braces":                 nested(`{"a":`, "}"),
		"brackets in an event":   `42["a",` + nested("[", "]") + "]",
		"brackets in a call":     `{"jsonrpc":"2.0","id":1,"method":"m","params":` + nested("[", "]") + "}",
		"brackets in a string":   `["` + strings.Repeat("[", big) + `"]`,
		"elements":               "[" + strings.Repeat("0,", big/2) + "0]",
		"members":                "{" + strings.Repeat(`"a":0,`, big/6) + `"b":0}`,
		"batch":                  "[" + strings.Repeat(`{"jsonrpc":"2.0","id":1,"method":"m"},`, big/38) + "{}]",
		"records":                strings.Repeat("{\"type\":6}\x1e", big/11),
		"lines":                  strings.Repeat("{}\n", big/3),
		"SockJS array":           "a[" + strings.Repeat(`"a",`, big/4) + `"b"]`,
		"headers of SIP":         headers("OPTIONS sip:a SIP/2.0\r\n", "a: b\r\n"),
		"folded headers of SIP":  headers("OPTIONS sip:a SIP/2.0\r\na: b\r\n", " c\r\n"),
		"headers of STOMP":       headers("SEND\n", "a:b\n"),
		"headers of NATS":        fmt.Sprintf("HPUB a %d %d\r\nNATS/1.0\r\n%s\r\n\r\n", big+12, big+12, strings.Repeat("a: b\r\n", big/6)),
		"headers of LSP":         headers("Content-Length: 2\r\n", "a: b\r\n"),
		"elements of XML":        "<a>" + strings.Repeat("<b/>", big/4) + "</a>",
		"nested XML":             nested("<a>", "</a>"),
		"attributes of XML":      "<a " + strings.Repeat("b='' ", big/5) + "/>",
		"entities of XML":        `<!DOCTYPE a [<!ENTITY x "` + strings.Repeat("x", 1000) + `">]><a>` + strings.Repeat("&x;", big/3) + "</a>",
		"operations of NATS":     strings.Repeat("PING\r\n", big/6),
		"packets of MQTT":        strings.Repeat("\xC0\x00", big/2),
		"filters of MQTT":        "\x82" + length(big/4*4+2) + "\x00\x01" + strings.Repeat("\x00\x01a\x00", big/4),
		"properties of MQTT":     "\x30" + length(big/5*5+6) + "\x00\x01a" + length(big/5*5) + strings.Repeat("\x26\x00\x00\x00\x00", big/5),
		"frames of AMQP":         strings.Repeat("\x00\x00\x00\x08\x02\x00\x00\x00", big/8),
		"lists of AMQP":          string(binary.BigEndian.AppendUint32(nil, uint32(8+big/3*3))) + "\x02\x00\x00\x00" + strings.Repeat("\x00\x53\x70", big/3),
		"array of AMQP":          "\x00\x00\x00\x1c\x02\x00\x00\x00\x00\x53\x10\xf0\x00\x00\x00\x0a\x7f\xff\xff\xff\x40\x00\x00\x00\x00\x00\x00\x00",
		"arrays of MessagePack":  strings.Repeat("\x91", big) + "\xC0",
		"array of a size":        "\xDD\xFF\xFF\xFF\xFF",
		"string of a size":       "\xDB\xFF\xFF\xFF\xFFabc",
		"map of a size":          "\xDF\xFF\xFF\xFF\xFF\xA1a\xC0",
		"nils of MessagePack":    string(binary.BigEndian.AppendUint32([]byte{0xDD}, uint32(big))) + strings.Repeat("\xC0", big),
		"arrays of CBOR":         strings.Repeat("\x81", big) + "\xF6",
		"indefinite CBOR":        strings.Repeat("\x9F", big),
		"tags of CBOR":           strings.Repeat("\xC6", big) + "\x00",
		"bytes of a size, CBOR":  "\x5B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFFabc",
		"array of a size, CBOR":  "\x9B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00",
		"chunks of CBOR":         "\x5F" + strings.Repeat("\x40", big) + "\xFF",
		"messages of protobuf":   strings.Repeat("\x0A\x80\x01", big/3),
		"groups of protobuf":     strings.Repeat("\x0B", big),
		"fields of protobuf":     strings.Repeat("\x08\x01", big/2),
		"placeholders":           `51-["a",` + strings.Repeat(`{"_placeholder":true,"num":0},`, big/30) + "0]",
		"more attachments":       `465535-["a",{"_placeholder":true,"num":0}]`,
		"attachments in the end": `4599999999999999999999-["a"]`,
		"digits":                 "42" + strings.Repeat("9", big) + `["a"]`,
		"namespace":              "42/" + strings.Repeat("n", big) + `,["a"]`,
		"base64":                 "b" + strings.Repeat("A", big),
		"zeros":                  strings.Repeat("\x00", big),
		"ones":                   strings.Repeat("\xFF", big),
		"text":                   strings.Repeat("ü", big/2),
		"not UTF-8":              strings.Repeat("\xC3", big),
	}
}

// length is a variable byte integer of MQTT, in three bytes.
func length(n int) string {
	return string([]byte{byte(n) | 0x80, byte(n>>7) | 0x80, byte(n >> 14)})
}

// session is one in which every protocol takes what is said for its own.
var session = payload.Session{Path: "/app/portforward", Query: "EIO=4&transport=websocket&vsn=2.0.0"}

// TestHostile gives every decoder every such message, text of a client and binary of a
// server: it may fail, but it keeps to the rules of talk.Check.
func TestHostile(t *testing.T) {
	messages := hostile(1<<20, 1<<17)
	if testing.Short() {
		messages = hostile(1<<16, 1<<14)
	}
	for _, p := range all.Protocols() {
		t.Run(p.Name, func(t *testing.T) {
			for name, data := range messages {
				d := p.New(&session)
				for _, m := range []talk.Message{talk.Text(dissect.ClientToServer, data), talk.Binary(dissect.ServerToClient, data)} {
					if p.Content != nil {
						p.Content(&dissect.Message{Meta: dissect.Meta{Dir: m.Dir}, Opcode: m.Opcode, Payload: []byte(data), Complete: true})
					}
					if err := talk.Check(d, m, talk.Message{Dir: m.Dir, Opcode: m.Opcode, Data: "x"}); err != nil {
						t.Errorf("%s as %v: %.300v", name, m.Opcode, err)
					}
				}
			}
		})
	}
}

// TestStateIsBounded says ever new things, as a program does that wants to exhaust the
// memory of who watches it: behind the first ones nothing grows any more.
func TestStateIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds, and runs nothing at the same time")
	}
	const (
		rounds = 1100
		limit  = 128 << 10 // bytes
	)
	tried := map[string]bool{}
	for _, file := range conversations(t) {
		s, list, err := talk.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range all.Protocols() {
			if tried[p.Name] || !chosen(&p, &s, list) {
				continue
			}
			tried[p.Name] = true
			d := p.New(&s)
			list := list[:min(len(list), 7)]
			sayNew(d, list, 0, rounds)
			before := heap()
			sayNew(d, list, rounds, 2*rounds)
			if grown := heap() - before; grown > limit {
				t.Errorf("%s has grown by %d bytes, saying what stands in %s", p.Name, grown, file)
			}
			runtime.KeepAlive(d)
		}
	}
}

// sayNew decodes the messages of a conversation in many rounds, with other numbers and
// names in each.
func sayNew(d payload.Decoder, list []talk.Message, from, to int) {
	for i := from; i < to; i++ {
		other := strings.NewReplacer("1", "1"+strconv.Itoa(i), "a", "a"+strconv.Itoa(i))
		for _, m := range list {
			if m.Opcode == frame.Text {
				m.Data = other.Replace(m.Data)
			}
			d.Decode(&dissect.Message{Meta: dissect.Meta{Dir: m.Dir}, Opcode: m.Opcode, Payload: []byte(m.Data), Complete: true})
		}
	}
}

func chosen(p *payload.Protocol, s *payload.Session, list []talk.Message) bool {
	if s.Subprotocol != "" && p.Subprotocol != nil && p.Subprotocol(strings.ToLower(s.Subprotocol)) || p.Path != nil && p.Path(s) {
		return true
	}
	for _, m := range list {
		if p.Content != nil && p.Content(&dissect.Message{Meta: dissect.Meta{Dir: m.Dir}, Opcode: m.Opcode, Payload: []byte(m.Data)}) {
			return true
		}
	}
	return false
}

func heap() int64 {
	var s runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}
