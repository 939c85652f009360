package conform_test

import (
	"fmt"
	"strings"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// framing is section 1: messages of all sizes where the length changes its form, the last
// one in chops.
func framing() []autobahn {
	var cases []autobahn
	for i, n := range []int{0, 125, 126, 127, 128, 65535, 65536, 65536} {
		chop := together
		if i == 7 {
			chop = 997
		}
		payload := strings.Repeat("*", n)
		cases = append(cases,
			autobahn{name: fmt.Sprintf("1.1.%d", i+1), frames: frames(wstest.Text(payload)), chop: chop},
			autobahn{name: fmt.Sprintf("1.2.%d", i+1), frames: frames(wstest.Binary([]byte(payload))), chop: chop})
	}
	return cases
}

// pings is section 2.
func pings() []autobahn {
	var ten, equal []wstest.Frame
	for i := range 10 {
		ten = append(ten, wstest.Ping(fmt.Sprint("payload-", i)))
		equal = append(equal, wstest.Ping(""))
	}
	long, pong := strings.Repeat("\xfe", 125), wstest.Pong("unsolicited pong payload")
	unsolicited := []string{"pong-unsolicited"}
	return []autobahn{
		{name: "2.1 empty", frames: frames(wstest.Ping(""))},
		{name: "2.2 text", frames: frames(wstest.Ping("Hello, world!"))},
		{name: "2.3 binary", frames: frames(wstest.Ping("\x00\xff\xfe\xfd\xfc\xfb\x00\xff"))},
		{name: "2.4 125 bytes", frames: frames(wstest.Ping(long))},
		{name: "2.5 126 bytes", frames: frames(wstest.Ping(long + "\xfe")), want: []string{"frame-control-too-long"}},
		{name: "2.6 125 bytes octet-wise", frames: frames(wstest.Ping(long)), chop: octetwise},
		{name: "2.7 pong", frames: frames(wstest.Pong("")), want: unsolicited},
		{name: "2.8 pong with payload", frames: frames(pong), want: unsolicited},
		{name: "2.9 pong, ping", frames: frames(pong, wstest.Ping("ping payload")), want: unsolicited},
		{name: "2.10 ten pings", frames: ten},
		{name: "2.11 ten pings octet-wise", frames: ten, chop: octetwise},
		{name: "2 ten equal pings +", frames: equal, chop: framewise},
	}
}

// reservedBits is section 3. An RSV1 on data may be compression whose agreement was not
// seen, which is told beside it.
func reservedBits() []autobahn {
	text, ping := wstest.Text("Hello, world!"), wstest.Ping("")
	set, inferred := []string{"frame-rsv-set"}, []string{"frame-rsv-set", "compression-inferred"}
	cases := []autobahn{
		{name: "3.1 text", frames: frames(text.RSV(1)), want: set},
		{name: "3.2 text, text, ping", frames: frames(text, text.RSV(2), ping), want: set},
		{name: "3.3 text, text, ping frame-wise", frames: frames(text, text.RSV(3), ping), chop: framewise, want: set},
		{name: "3.4 text, text, ping octet-wise", frames: frames(text, text.RSV(4), ping), chop: octetwise, want: inferred},
		{name: "3.5 binary", frames: frames(wstest.Binary([]byte("\x00\xff\xfe\xfd\xfc\xfb\x00\xff")).RSV(5)), want: inferred},
		{name: "3.6 ping", frames: frames(wstest.Ping("Hello, world!").RSV(6)), want: set},
		{name: "3.7 close", frames: frames(wstest.Close(1000, "").RSV(7)), want: set},
	}
	for rsv := uint8(1); rsv <= 7; rsv++ {
		for _, f := range frames(text, wstest.Binary(nil), ping, wstest.Close(1000, "")) {
			c := autobahn{name: fmt.Sprintf("3 RSV %d, %s +", rsv, f.Header.Opcode), frames: frames(f.RSV(rsv)), want: set}
			if rsv&frame.RSV1 != 0 && !f.Header.Opcode.IsControl() {
				c.want = inferred
			}
			if rsv&frame.RSV1 != 0 && f.Header.Opcode == frame.Text {
				c.frames = frames(wstest.NewFrame(frame.Text, deflate("Hello, world!")).RSV(rsv))
			}
			cases = append(cases, c)
		}
	}
	return cases
}

// reservedOpcodes is section 4.
func reservedOpcodes() []autobahn {
	var cases []autobahn
	text, ping := wstest.Text("Hello, world!"), wstest.Ping("")
	for section, first := range []frame.Opcode{3, 11} {
		for i := range 5 {
			op := first + frame.Opcode(i)
			var payload []byte
			if i%2 == 1 || i == 4 {
				payload = []byte("reserved opcode payload")
			}
			c := autobahn{
				name:   fmt.Sprintf("4.%d.%d opcode %d, %d bytes", section+1, i+1, op, len(payload)),
				frames: frames(wstest.NewFrame(op, payload)), want: []string{"frame-opcode-reserved"},
			}
			if i >= 2 {
				c.frames = frames(text, c.frames[0], ping)
			}
			if i == 4 {
				c.name += " octet-wise"
				c.chop = octetwise
			}
			cases = append(cases, c)
		}
	}
	return cases
}
