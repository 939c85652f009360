package main

import (
	"strings"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

// captures are remarks on the capture itself and on the limits of what is held.
func captures() []example {
	return []example{
		{rule: rules.LimitInflatedSize, build: agreed(terms{"permessage-deflate", "permessage-deflate"}, false,
			these(packed(alone(strings.Repeat(" ", 12<<20)))),
			these(packed(alone(strings.Repeat(" ", 1<<20)))))},
		{
			rule: rules.CompressionInferred,
			also: []rules.ID{rules.FrameRSVSet}, clean: []rules.ID{rules.FrameRSVSet},
			build: after(
				func(s *scene) { s.clientSends(packed(alone("Hello"))).serverFails(1002) },
				func(s *scene) { s.clientSends(wstest.Ping("ping").RSV(frame.RSV1)).serverFails(1002) }),
		},
		{rule: rules.CompressionContextLost, build: func(broken bool) wstest.Packets {
			s := newScene(0)
			s.request.add("Sec-WebSocket-Extensions: permessage-deflate")
			s.response.add("Sec-WebSocket-Extensions: permessage-deflate")
			s.shake()
			for _, m := range inContext("Hello, hello!", "Hello, hello!") {
				s.clientSends(packed(m)).serverSends(wstest.Text("Good day."))
			}
			s.bye()
			if broken {
				return s.Packets.Without(5) // the first of the messages
			}
			return s.Packets
		}},
	}
}
