package conform_test

import (
	"fmt"
	"time"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

// chopped is a case in the three ways in which section 5 sends it.
func chopped(first int, name string, want []string, fs ...wstest.Frame) []autobahn {
	return []autobahn{
		{name: fmt.Sprintf("5.%d %s", first, name), frames: fs, want: want},
		{name: fmt.Sprintf("5.%d %s frame-wise", first+1, name), frames: fs, chop: framewise, want: want},
		{name: fmt.Sprintf("5.%d %s octet-wise", first+2, name), frames: fs, chop: octetwise, want: want},
	}
}

// fragmentation is section 5.
func fragmentation() []autobahn {
	first, last := wstest.Text("fragment1").More(), wstest.Continuation("fragment2")
	middle, ping, text := last.More(), wstest.Ping("ping payload"), wstest.Text("Hello, world!")
	unexpected := []string{"msg-continuation-unexpected"}
	five := frames(first, middle, wstest.Ping("pongme 1!"), middle, middle, wstest.Ping("pongme 2!"), last)
	cases := []autobahn{
		{name: "5.1 ping in fragments", frames: frames(wstest.Ping("fragment1").More(), last),
			want: []string{"frame-control-fragmented", "msg-continuation-unexpected"}},
		{name: "5.2 pong in fragments", frames: frames(wstest.Pong("fragment1").More(), last),
			want: []string{"frame-control-fragmented", "pong-unsolicited", "msg-continuation-unexpected"}},
	}
	cases = append(cases, chopped(3, "two fragments", nil, first, last)...)
	cases = append(cases, chopped(6, "ping between", nil, first, ping, last)...)
	cases = append(cases, chopped(9, "continuation first", unexpected, last, text)...)
	cases = append(cases, chopped(12, "continuation first without FIN", unexpected, middle, text)...)
	return append(cases,
		autobahn{name: "5.15 continuation behind a message", frames: frames(first, last, middle, wstest.Text("fragment4")), want: unexpected},
		autobahn{name: "5.16 twice continuation first without FIN", frames: frames(middle, first, last, middle, first, last),
			want: []string{"msg-continuation-unexpected", "msg-continuation-unexpected"}},
		autobahn{name: "5.17 twice continuation first", frames: frames(last, first, last, last, first, last),
			want: []string{"msg-continuation-unexpected", "msg-continuation-unexpected"}},
		autobahn{name: "5.18 text in a message", frames: frames(first, wstest.Text("fragment2")), want: []string{"msg-data-interleaved"}},
		autobahn{name: "5.19 five fragments, pings between", frames: five},
		autobahn{name: "5.20 five fragments, pings between frame-wise", frames: five, chop: framewise, pause: time.Second},
		autobahn{name: "5.1 frame-wise +", frames: frames(wstest.Ping("fragment1").More(), last), chop: framewise, want: []string{"frame-control-fragmented"}},
		autobahn{name: "5.18 frame-wise +", frames: frames(first, wstest.Text("fragment2")), chop: framewise, want: []string{"msg-data-interleaved"}})
}
