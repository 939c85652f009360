package main

import (
	"strings"
	"time"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

// frames are the rules for frames by themselves, and for Pings and Pongs (RFC 6455 5.2,
// 5.5).
func frames() []example {
	text := wstest.Text("How are you?")
	long := strings.Repeat("p", 125)
	return []example{
		{rule: rules.FrameRSVSet, build: wrong(1002, these(text.RSV(frame.RSV2)), these(text))},
		{rule: rules.FrameOpcodeReserved, build: wrong(1002, these(wstest.NewFrame(3, []byte("x"))), these(wstest.NewFrame(2, []byte("x"))))},
		{rule: rules.FrameLengthNotMinimal, build: after(
			func(s *scene) { s.clientSends(text.MaskedWith(s.mask()).Long(16)).bye() },
			func(s *scene) { s.clientSends(text).bye() })},
		{rule: rules.FrameLengthMSB, also: []rules.ID{rules.StreamTruncatedFrame}, build: after(
			func(s *scene) {
				s.clientSends(text.Claiming(1<<63 + 12)).serverSends(wstest.Close(1002, "")).Shut()
			},
			func(s *scene) { s.clientSends(text).bye() })},
		{rule: rules.FrameControlTooLong, build: after(
			func(s *scene) { s.clientSends(wstest.Ping(long + "p")).serverFails(1002) },
			func(s *scene) { s.clientSends(wstest.Ping(long)).serverSends(wstest.Pong(long)).bye() })},
		{rule: rules.FrameControlFragmented, build: after(
			func(s *scene) { s.clientSends(wstest.Ping("ping").More()).serverFails(1002) },
			func(s *scene) { s.clientSends(wstest.Ping("ping")).serverSends(wstest.Pong("ping")).bye() })},
		{
			rule: rules.StreamTruncatedFrame,
			also: []rules.ID{rules.CloseMissing}, clean: []rules.ID{rules.CloseMissing},
			build: after(
				func(s *scene) { s.serverSends(text.Claiming(13)).Shut() },
				func(s *scene) { s.serverSends(text).Shut() }),
		},
		{rule: rules.PingUnanswered, build: after(
			func(s *scene) { s.serverSends(wstest.Ping("ping")).later().chat().bye() },
			func(s *scene) {
				s.serverSends(wstest.Ping("ping")).clientSends(wstest.Pong("ping")).later().chat().bye()
			})},
		{rule: rules.PongMismatch, build: after(
			func(s *scene) { s.serverSends(wstest.Ping("ping")).clientSends(wstest.Pong("pong")).chat().bye() },
			func(s *scene) { s.serverSends(wstest.Ping("ping")).clientSends(wstest.Pong("ping")).chat().bye() })},
		{rule: rules.PongUnsolicited, build: after(
			func(s *scene) { s.clientSends(wstest.Pong("alive")).bye() },
			func(s *scene) { s.bye() })},
	}
}

// later lets as much time pass as a Pong may take, and more.
func (s *scene) later() *scene {
	s.Wait(12 * time.Second)
	return s
}
