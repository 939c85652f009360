package conform_test

import (
	"fmt"
	"strings"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// closings is section 7.1 to 7.5.
func closings() []autobahn {
	bye, hello, ping := wstest.Close(1000, ""), wstest.Text("Hello World!"), wstest.Ping("")
	first, last := wstest.Text("fragment1").More(), wstest.Continuation("fragment2")
	large := wstest.Text(strings.Repeat("BAsd7&jh23", 26<<10)[:256<<10])
	cases := []autobahn{
		{name: "7.1.1 message, close", frames: frames(hello, bye)},
		{name: "7.1.2 two closes", frames: frames(bye, bye), want: []string{"close-duplicate"}},
		{name: "7.1.3 ping after close", frames: frames(bye, ping), want: []string{"close-control-after"}},
		{name: "7.1.4 text after close", frames: frames(bye, hello), want: []string{"close-data-after"}},
		{name: "7.1.5 close in a message", frames: frames(first, bye, last), want: []string{"msg-unfinished", "close-data-after"}},
		{name: "7.1.6 256 KiB, text, close, ping", frames: frames(large, hello, bye, ping), want: []string{"close-control-after"}},
		{name: "7.3.1 empty", frames: frames(wstest.NewFrame(frame.Close, nil))},
		{name: "7.3.2 one byte", frames: frames(wstest.NewFrame(frame.Close, []byte("a"))), want: []string{"close-body-one-byte"}},
		{name: "7.3.3 code", frames: frames(bye)},
		{name: "7.3.4 reason", frames: frames(wstest.Close(1000, "Hello World!"))},
		{name: "7.3.5 longest reason", frames: frames(wstest.Close(1000, strings.Repeat("*", 123)))},
		{name: "7.3.6 too long a reason", frames: frames(wstest.Close(1000, strings.Repeat("*", 124))), want: []string{"frame-control-too-long"}},
		{name: "7.5.1 reason not UTF-8", frames: frames(wstest.Close(1000, "\u03ba\u1f79\u03c3\u03bc\u03b5\xed\xa0\x80edited")), want: []string{"close-reason-invalid-utf8"}},
	}
	for _, c := range cases[1:6] {
		c.name += " frame-wise +"
		c.chop = framewise
		cases = append(cases, c)
	}
	return cases
}

// codes is section 7.7 to 7.13: codes of Close, good and bad. The suite takes 1010 without
// a word on the extensions that are missing, which we remark on.
func codes() []autobahn {
	var cases []autobahn
	add := func(name string, code uint16, want ...string) {
		cases = append(cases, autobahn{name: name, frames: frames(wstest.Close(code, "")), want: want})
	}
	for i, code := range []uint16{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		var want []string
		if code == 1010 {
			want = []string{"close-1010-no-list"}
		}
		add(fmt.Sprintf("7.7.%d code %d", i+1, code), code, want...)
	}
	for i, c := range []struct {
		code uint16
		want string
	}{
		{0, "out-of-range"}, {999, "out-of-range"}, {1004, "reserved"}, {1005, "forbidden"}, {1006, "forbidden"},
		{1016, "reserved"}, {1100, "reserved"}, {2000, "reserved"}, {2999, "reserved"},
	} {
		add(fmt.Sprintf("7.9.%d code %d", i+1, c.code), c.code, "close-code-"+c.want)
	}
	add("7.13.1 code 5000", 5000, "close-code-out-of-range")
	add("7.13.2 code 65535", 65535, "close-code-out-of-range")
	for _, code := range []uint16{1012, 1013, 1014} {
		add(fmt.Sprintf("7.7 code %d +", code), code)
	}
	add("7.9 code 1015 +", 1015, "close-code-forbidden")
	return cases
}
