package main

import (
	"bytes"
	"slices"

	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

// segments are remarks on TCP segments below WebSocket, and on what the capture lacks.
func segments() []example {
	return []example{
		{rule: rules.CaptureOverlapConflict, build: overtaken},
		// The bytes stand far behind what the server has sent.
		{rule: rules.CaptureOutOfWindow, build: again(func(p *wstest.Packet) { p.Seq += 1 << 30 })},
		// A reset that somebody guessed does not have the sequence number that is expected.
		{rule: rules.CaptureResetIgnored, build: again(func(p *wstest.Packet) {
			p.Flags, p.Payload, p.Seq = 0x04, nil, p.Seq+1<<30
		})},
		{rule: rules.CaptureDataAfterFin, build: func(broken bool) wstest.Packets {
			s := newScene(0)
			s.shake().chat()
			s.clientSends(wstest.Close(1000, "")).serverSends(wstest.Close(1000, ""))
			s.ServerFin()
			if broken {
				s.Server([]byte("more"))
			}
			s.ClientFin()
			return s.Packets
		}},
		// The capture begins when the connection has been open for a while.
		{rule: rules.HandshakeInferred, build: func(broken bool) wstest.Packets {
			s := newScene(0)
			s.shake()
			for range 4 {
				s.chat()
			}
			s.bye()
			if broken {
				return s.Packets[5:]
			}
			return s.Packets
		}},
	}
}

// overtaken is a conversation in which a message overtakes the one before it, and comes a
// second time when both are expected: as it was, or with another byte.
func overtaken(broken bool) wstest.Packets {
	s := newScene(0)
	s.shake().chat()
	first := len(s.Packets)
	s.serverSends(wstest.Text("And you?")).serverSends(wstest.Text("What is new?"))
	second := s.Packets[first+1]
	if broken {
		second.Payload = bytes.Replace(second.Payload, []byte("new"), []byte("old"), 1)
	}
	s.bye()
	begin := s.Packets[first].Time
	ps := slices.Insert(s.Packets, first+2, second)
	ps[first], ps[first+1], ps[first+2] = ps[first+1], ps[first+2], ps[first]
	for i := range 3 {
		ps[first+i].Time = begin + int64(i)*int64(s.Step)/2
	}
	return ps
}

// again is a conversation in which the server's message is sent twice: as it was, or with
// a change.
func again(change func(*wstest.Packet)) func(bool) wstest.Packets {
	return func(broken bool) wstest.Packets {
		s := newScene(0)
		s.shake().chat()
		last := len(s.Packets) - 1
		second := s.Packets[last]
		second.Time += int64(s.Step) / 2
		if broken {
			change(&second)
		}
		s.bye()
		return slices.Insert(s.Packets, last+1, second)
	}
}
