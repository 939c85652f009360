package conform_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// autobahn is a case of the Autobahn test suite: what its client sends to a server, and
// what that breaks.
type autobahn struct {
	name   string
	frames []wstest.Frame
	want   []string
}

// TestAutobahn holds the verdicts on the conversations of the Autobahn test suite,
// sections 1 to 7, with a server that passes it: none of them is against the server.
func TestAutobahn(t *testing.T) {
	for _, c := range slices.Concat(framing(), pings(), reserved(), fragmentation(), texts(), closings()) {
		t.Run(c.name, func(t *testing.T) {
			var want []string
			for _, code := range c.want {
				want = append(want, "c2s "+code)
			}
			expect(t, againstServer(c.frames).Packets, want...)
		})
	}
}

// framing is section 1: messages of all sizes where the length changes its form.
func framing() []autobahn {
	var cases []autobahn
	for i, n := range []int{0, 125, 126, 127, 128, 65535, 65536} {
		payload := strings.Repeat("*", n)
		cases = append(cases,
			autobahn{name: fmt.Sprintf("1.1.%d", i+1), frames: frames(wstest.Text(payload))},
			autobahn{name: fmt.Sprintf("1.2.%d", i+1), frames: frames(wstest.Binary([]byte(payload)))})
	}
	return cases
}

func frames(fs ...wstest.Frame) []wstest.Frame { return fs }

// pings is section 2.
func pings() []autobahn {
	ten := func(payload func(i int) string) []wstest.Frame {
		var fs []wstest.Frame
		for i := range 10 {
			fs = append(fs, wstest.Ping(payload(i)))
		}
		return fs
	}
	return []autobahn{
		{"2.1 empty", frames(wstest.Ping("")), nil},
		{"2.2 text", frames(wstest.Ping("Hello, world!")), nil},
		{"2.3 binary", frames(wstest.Ping("\x00\xff\xfe\xfd\xfc\xfb\x00\xff")), nil},
		{"2.4 125 bytes", frames(wstest.Ping(strings.Repeat("\xfe", 125))), nil},
		{"2.5 126 bytes", frames(wstest.Ping(strings.Repeat("\xfe", 126))), []string{"frame-control-too-long"}},
		{"2.7 pong", frames(wstest.Pong("")), []string{"pong-unsolicited"}},
		{"2.8 pong with payload", frames(wstest.Pong("unsolicited pong payload")), []string{"pong-unsolicited"}},
		{"2.9 pong, ping", frames(wstest.Pong("unsolicited pong payload"), wstest.Ping("ping payload")), []string{"pong-unsolicited"}},
		{"2.10 ten pings", ten(func(i int) string { return fmt.Sprint("payload-", i) }), nil},
		{"2.10 ten equal pings", ten(func(int) string { return "" }), nil},
	}
}

// reserved is sections 3 and 4: reserved bits and opcodes.
func reserved() []autobahn {
	var cases []autobahn
	for rsv := uint8(1); rsv <= 7; rsv++ {
		for _, f := range frames(wstest.Text("Hello, world!"), wstest.Binary(nil), wstest.Ping(""), wstest.Close(1000, "")) {
			c := autobahn{fmt.Sprintf("3.%d %s", rsv, f.Header.Opcode), frames(f.RSV(rsv)), []string{"frame-rsv-set"}}
			if rsv&frame.RSV1 != 0 && !f.Header.Opcode.IsControl() {
				c.want = append(c.want, "compression-inferred")
			}
			if f.Header.Opcode == frame.Text && rsv&frame.RSV1 != 0 {
				c.frames[0].Payload = deflate("Hello, world!")
				c.frames[0].Header.Length = uint64(len(c.frames[0].Payload))
			}
			cases = append(cases, c)
		}
	}
	for op := frame.Opcode(3); op <= 15; op++ {
		if !op.IsReserved() {
			continue
		}
		for _, payload := range []string{"", "reserved opcode payload"} {
			cases = append(cases, autobahn{fmt.Sprintf("4 opcode %d, %d bytes", op, len(payload)),
				frames(wstest.Text("Hello"), wstest.NewFrame(op, []byte(payload)), wstest.Ping("")), []string{"frame-opcode-reserved"}})
		}
	}
	return cases
}

// fragmentation is section 5.
func fragmentation() []autobahn {
	first, last := wstest.Text("fragment1").More(), wstest.Continuation("fragment2")
	middle, ping := last.More(), wstest.Ping("ping payload")
	return []autobahn{
		{"5.1 ping in fragments", frames(wstest.Ping("fragment1").More(), last), []string{"frame-control-fragmented"}},
		{"5.2 pong in fragments", frames(wstest.Pong("fragment1").More(), last), []string{"frame-control-fragmented", "pong-unsolicited"}},
		{"5.3 two fragments", frames(first, last), nil},
		{"5.6 ping between", frames(first, ping, last), nil},
		{"5.9 continuation first", frames(last, wstest.Text("Hello, world!")), []string{"msg-continuation-unexpected"}},
		{"5.12 continuation first without FIN", frames(middle, wstest.Text("Hello, world!")), []string{"msg-continuation-unexpected"}},
		{"5.15 continuation behind a message", frames(first, last, middle, wstest.Text("fragment4")), []string{"msg-continuation-unexpected"}},
		{"5.18 text in a message", frames(first, wstest.Text("fragment2")), []string{"msg-data-interleaved"}},
		{"5.19 five fragments, pings between", frames(first, middle, ping, middle, wstest.Ping("2"), middle, last), nil},
	}
}

// texts is section 6: UTF-8, of which this is the list.
func texts() []autobahn {
	var cases []autobahn
	for i, list := range [...]string{
		// valid
		"cebae1bdb9cf83cebcceb5 ceba cebae1bdb9 cebae1bdb9cf83 cebae1bdb9cf83cebc 00 c280 e0a080 f0908080 7f dfbf efbfbf f48fbfbf " +
			"ed9fbf ee8080 efbfbd efbfbe f09fbfbe f09fbfbf f0afbfbe f3bfbfbf f48fbfbe efbfb9 efbfba efbfbb efbfbc 48656c6c6f2dc2b540c39f",
		// not valid
		"cebae1bdb9cf83cebcceb5eda080656469746564 cebae1bdb9cf83cebcceb5f4908080656469746564 ce cebae1 cebae1bd cebae1bdb9cf cebae1bdb9cf83ce " +
			"f888808080 fc8480808080 f7bfbfbf fbbfbfbfbf fdbfbfbfbfbf f4908080 80 bf 80bf 80bf80 80bf80bf 808182838485868788898a8b8c8d8e8f " +
			"c020c120 e020e120 f020f120 f820f920 fc20 c0 e080 f08080 f8808080 fc80808080 df efbf f7bfbf fbbfbfbf fdbfbfbfbf fe ff fefeffff " +
			"c0af e080af f08080af f8808080af fc80808080af c1bf e09fbf f08fbfbf f887bfbfbf fc83bfbfbfbf c080 e08080 f0808080 f880808080 fc8080808080 " +
			"eda080 edadbf edae80 edafbf edb080 edbe80 edbfbf eda080edb080 eda080edbfbf edadbfedb080 edafbfedbfbf",
	} {
		for _, s := range strings.Fields(list) {
			b, err := hex.DecodeString(s)
			if err != nil {
				panic(err)
			}
			whole := autobahn{name: "6 " + s, frames: frames(wstest.NewFrame(frame.Text, b))}
			bytewise := autobahn{name: "6 " + s + " byte by byte", frames: wstest.Fragments(frame.Text, b, 1)}
			if i == 1 {
				whole.want = []string{"msg-invalid-utf8"}
				bytewise.want = whole.want
			}
			cases = append(cases, whole, bytewise)
		}
	}
	empty := wstest.Text("").More()
	return append(cases,
		autobahn{name: "6.1.2 empty fragments", frames: frames(empty, wstest.Continuation("").More(), wstest.Continuation(""))},
		autobahn{name: "6.1.3 middle not empty", frames: frames(empty, wstest.Continuation("middle").More(), wstest.Continuation(""))})
}

// closings is section 7.
func closings() []autobahn {
	bye := wstest.Close(1000, "")
	first := wstest.Text("fragment1").More()
	cases := []autobahn{
		{"7.1.1 message, close", frames(wstest.Text("Hello World!"), bye), nil},
		{"7.1.2 two closes", frames(bye, bye), []string{"close-duplicate"}},
		{"7.1.3 ping after close", frames(bye, wstest.Ping("")), []string{"close-control-after"}},
		{"7.1.4 text after close", frames(bye, wstest.Text("Hello World!")), []string{"close-data-after"}},
		{"7.1.5 close in a message", frames(first, bye, wstest.Continuation("fragment2")), []string{"msg-unfinished", "close-data-after"}},
		{"7.1.6 256 KiB, close, ping", frames(wstest.Text(strings.Repeat("BAsd7&jh23", 26<<10)), bye, wstest.Ping("")), []string{"close-control-after"}},
		{"7.3.1 empty", frames(wstest.NewFrame(frame.Close, nil)), nil},
		{"7.3.2 one byte", frames(wstest.NewFrame(frame.Close, []byte("a"))), []string{"close-body-one-byte"}},
		{"7.3.4 reason", frames(wstest.Close(1000, "Hello World!")), nil},
		{"7.3.5 longest reason", frames(wstest.Close(1000, strings.Repeat("*", 123))), nil},
		{"7.3.6 too long a reason", frames(wstest.Close(1000, strings.Repeat("*", 124))), []string{"frame-control-too-long"}},
		{"7.5.1 reason not UTF-8", frames(wstest.Close(1000, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80\x65\x64")), []string{"close-reason-invalid-utf8"}},
	}
	for _, code := range []uint16{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999} {
		cases = append(cases, autobahn{name: fmt.Sprint("7.7 code ", code), frames: frames(wstest.Close(code, ""))})
	}
	for code, want := range map[uint16]string{
		0: "out-of-range", 999: "out-of-range", 1004: "reserved", 1005: "forbidden", 1006: "forbidden", 1015: "forbidden",
		1016: "reserved", 1100: "reserved", 2000: "reserved", 2999: "reserved", 5000: "out-of-range", 65535: "out-of-range",
	} {
		cases = append(cases, autobahn{fmt.Sprint("7.9 code ", code), frames(wstest.Close(code, "")), []string{"close-code-" + want}})
	}
	return cases
}

// deflate compresses a message by itself.
func deflate(s string) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.DefaultCompression)
	w.Write([]byte(s))
	w.Flush()
	return bytes.TrimSuffix(b.Bytes(), []byte("\x00\x00\xff\xff"))
}

// TestAutobahnCompression is sections 12 and 13: messages of many sizes, at all levels,
// with and without context takeover, whole and in fragments, come out clean.
func TestAutobahnCompression(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 13))
	for _, takeover := range []string{"", "; client_no_context_takeover; server_no_context_takeover"} {
		for level := -2; level <= 9; level++ {
			t.Run(fmt.Sprintf("level %d%s", level, takeover), func(t *testing.T) {
				p := newPlay("permessage-deflate" + takeover)
				var b bytes.Buffer
				w, err := flate.NewWriter(&b, level)
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range []int{0, 16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131072} {
					if b.Reset(); takeover != "" {
						w.Reset(&b)
					}
					w.Write(words(r, n))
					w.Flush()
					payload := bytes.TrimSuffix(b.Bytes(), []byte("\x00\x00\xff\xff"))
					fs := wstest.Fragments(frame.Text, bytes.Clone(payload), 1+r.IntN(len(payload)))
					fs[0] = fs[0].RSV(frame.RSV1)
					p.c(fs...)
					p.ServerAck()
				}
				res := expect(t, p.bye().Packets)
				if m := res.closed[0].Client.Messages; m != 11 {
					t.Errorf("%d messages", m)
				}
			})
		}
	}
}

// words is text of n bytes with repetitions.
func words(r *rand.Rand, n int) []byte {
	var b []byte
	for len(b) < n {
		b = binary.AppendUvarint(b, uint64(r.IntN(100)))
		b = append(b, " lorem ipsum dolor sit amet "[:r.IntN(28)]...)
	}
	return b[:n]
}
