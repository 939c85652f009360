package main

import "github.com/wsdissect/wsdissect/internal/wstest"

// after makes a connection on which both sides have sent a message, and then what breaks
// a rule, or what keeps it.
func after(breaks, keeps func(*scene)) func(bool) wstest.Packets {
	return func(broken bool) wstest.Packets {
		s := newScene(0).shake().chat()
		if broken {
			breaks(s)
		} else {
			keeps(s)
		}
		return s.Packets
	}
}

// serverFails adds the end of a connection that the server fails because of what it has
// received (RFC 6455 7.1.7).
func (s *scene) serverFails(code uint16) {
	s.serverSends(wstest.Close(code, "")).clientSends(wstest.Close(code, "")).Shut()
}

// clientFails is the same by the client.
func (s *scene) clientFails(code uint16) {
	s.clientSends(wstest.Close(code, "")).serverSends(wstest.Close(code, "")).Shut()
}

// wrong makes a connection on which the client sends frames that the server has to fail
// it for, and its twin with other frames.
func wrong(code uint16, bad, good []wstest.Frame) func(bool) wstest.Packets {
	return after(
		func(s *scene) { s.clientSends(bad...).serverFails(code) },
		func(s *scene) { s.clientSends(good...).bye() },
	)
}

func these(frames ...wstest.Frame) []wstest.Frame { return frames }
