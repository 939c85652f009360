package main

import (
	"time"

	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

// timing are the rules for what is due soon, or not so soon.
func timing() []example {
	return []example{
		{
			rule: rules.ClientReconnectNoBackoff,
			also: []rules.ID{rules.CloseMissing}, clean: []rules.ID{rules.CloseMissing},
			build: func(broken bool) wstest.Packets {
				if broken {
					return reconnects(time.Second, time.Second, time.Second)
				}
				return reconnects(time.Second, 3*time.Second, 8*time.Second)
			},
		},
		{rule: rules.PongLate, build: after(
			func(s *scene) {
				s.serverSends(wstest.Ping("ping")).chat().later().clientSends(wstest.Pong("ping")).bye()
			},
			func(s *scene) {
				s.serverSends(wstest.Ping("ping")).chat().clientSends(wstest.Pong("ping")).later().bye()
			})},
		{rule: rules.CloseReplyLate, build: order(
			[]turn{clientClose, serverAck, wait, serverClose}, []turn{clientClose, serverAck, serverClose})},
		{rule: rules.CloseServerTCPLate, build: order(
			[]turn{clientClose, serverClose, clientAck, wait}, []turn{clientClose, serverClose, clientAck})},
	}
}

func wait(s *scene) { s.later() }

// reconnects makes connections that the server drops, with pauses between them.
func reconnects(pauses ...time.Duration) wstest.Packets {
	var all wstest.Packets
	s := newScene(0)
	for n := uint16(1); ; n++ {
		s.shake().chat().Shut()
		all = append(all, s.Packets...)
		if int(n) > len(pauses) {
			return all
		}
		next := newScene(n)
		next.Now = s.Now.Add(pauses[n-1])
		s = next
	}
}
