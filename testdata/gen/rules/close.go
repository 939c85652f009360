package main

import (
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

// closes are the rules for the closing handshake, for the end of the TCP connection, and
// for what is due when the peer breaks others (RFC 6455 5.5.1, 7).
func closes() []example {
	empty := wstest.NewFrame(frame.Close, nil)
	return append([]example{
		{rule: rules.CloseBodyOneByte, build: closing(wstest.NewFrame(frame.Close, []byte{3}), wstest.Close(1002, ""))},
		{rule: rules.CloseCodeForbidden, build: closing(wstest.Close(1005, ""), wstest.Close(1002, ""))},
		{rule: rules.CloseCodeReserved, build: closing(wstest.Close(1016, ""), wstest.Close(1002, ""))},
		{rule: rules.CloseCodeOutOfRange, build: closing(wstest.Close(999, ""), wstest.Close(1002, ""))},
		{rule: rules.CloseCodeWrongRole, build: after(
			func(s *scene) {
				s.serverSends(wstest.Close(1010, "foo")).clientSends(wstest.Close(1010, "foo")).Shut()
			},
			func(s *scene) {
				s.serverSends(wstest.Close(1000, "foo")).clientSends(wstest.Close(1000, "foo")).Shut()
			})},
		{rule: rules.Close1010NoList, build: after(
			func(s *scene) { s.clientSends(wstest.Close(1010, "")).serverSends(empty).Shut() },
			func(s *scene) { s.clientSends(wstest.Close(1010, "foo")).serverSends(empty).Shut() })},
		{rule: rules.CloseReasonInvalidUTF8, build: closing(wstest.Close(1000, "\xff"), wstest.Close(1007, ""))},
		{rule: rules.CloseCodeEchoMismatch, build: after(
			func(s *scene) { s.clientSends(wstest.Close(1001, "")).serverSends(wstest.Close(1000, "")).Shut() },
			func(s *scene) { s.clientSends(wstest.Close(1001, "")).serverSends(wstest.Close(1001, "")).Shut() })},
		{rule: rules.CloseDuplicate, build: after(
			func(s *scene) {
				s.clientSends(wstest.Close(1000, "")).clientSends(wstest.Close(1000, "")).serverSends(wstest.Close(1000, "")).Shut()
			},
			func(s *scene) { s.bye() })},
		{rule: rules.CloseDataAfter, build: order(
			[]turn{clientClose, clientText, serverClose}, []turn{clientText, clientClose, serverClose})},
		{rule: rules.CloseControlAfter, build: order(
			[]turn{clientClose, clientPing, serverClose}, []turn{clientPing, serverPong, clientClose, serverClose})},
		{rule: rules.CloseDataAfterReceived, build: order(
			[]turn{clientClose, serverAck, serverText, serverClose}, []turn{serverText, clientClose, serverAck, serverClose})},
		{
			rule: rules.FailNotPerformed,
			also: []rules.ID{rules.FrameRSVSet}, clean: []rules.ID{rules.FrameRSVSet},
			build: after(
				func(s *scene) { s.clientSends(wstest.Text("Hm?").RSV(frame.RSV3)).chat().bye() },
				func(s *scene) { s.clientSends(wstest.Text("Hm?").RSV(frame.RSV3)).serverFails(1002) }),
		},
		{
			rule: rules.FailCodeUnsuitable,
			also: []rules.ID{rules.FrameRSVSet}, clean: []rules.ID{rules.FrameRSVSet},
			build: after(
				func(s *scene) { s.clientSends(wstest.Text("Hm?").RSV(frame.RSV3)).serverFails(1000) },
				func(s *scene) { s.clientSends(wstest.Text("Hm?").RSV(frame.RSV3)).serverFails(1002) }),
		},
	}, ends()...)
}

// closing makes a closing handshake that the client begins with a bad frame, and its twin
// with a good one.
func closing(bad, reply wstest.Frame) func(bool) wstest.Packets {
	return after(
		func(s *scene) { s.clientSends(bad).serverSends(reply).Shut() },
		func(s *scene) { s.bye() },
	)
}

// ends are the rules for the end of the TCP connection.
func ends() []example {
	return []example{
		{rule: rules.CloseNoReply, build: order(
			[]turn{clientClose, serverAck, serverFin, clientFin, serverAck},
			[]turn{clientClose, serverAck, serverClose, serverFin, clientFin, serverAck})},
		{rule: rules.CloseMissing, build: order(
			[]turn{serverFin, clientFin, serverAck},
			[]turn{serverClose, clientClose, serverFin, clientFin, serverAck})},
		{rule: rules.CloseTCPBeforeReply, build: order(
			[]turn{serverClose, serverFin, clientClose, clientFin, serverAck},
			[]turn{serverClose, clientClose, serverFin, clientFin, serverAck})},
		{rule: rules.CloseClientTCPFirst, build: order(
			[]turn{clientClose, serverClose, clientFin, serverFin, clientAck},
			[]turn{clientClose, serverClose, serverFin, clientFin, serverAck})},
		{rule: rules.CloseTCPReset, build: order(
			[]turn{clientClose, serverClose, serverReset},
			[]turn{clientClose, serverClose, serverFin, clientFin, serverAck})},
	}
}

// turn is a step of a conversation.
type turn func(*scene)

func clientText(s *scene)  { s.clientSends(wstest.Text("One more thing.")) }
func serverText(s *scene)  { s.serverSends(wstest.Text("One more thing.")) }
func clientPing(s *scene)  { s.clientSends(wstest.Ping("ping")) }
func serverPong(s *scene)  { s.serverSends(wstest.Pong("ping")) }
func clientClose(s *scene) { s.clientSends(wstest.Close(1000, "")) }
func serverClose(s *scene) { s.serverSends(wstest.Close(1000, "")) }
func clientAck(s *scene)   { s.ClientAck() }
func serverAck(s *scene)   { s.ServerAck() }
func clientFin(s *scene)   { s.ClientFin() }
func serverFin(s *scene)   { s.ServerFin() }
func serverReset(s *scene) { s.ServerReset() }

// order makes a connection that goes on in the order of some turns, and its twin. Where
// none of them ends the TCP connection, the server does.
func order(bad, good []turn) func(bool) wstest.Packets {
	play := func(turns []turn) func(*scene) {
		return func(s *scene) {
			for _, t := range turns {
				t(s)
			}
			if !s.ended() {
				s.Shut()
			}
		}
	}
	return after(play(bad), play(good))
}

// ended reports whether the TCP connection has an end.
func (s *scene) ended() bool {
	for _, p := range s.Packets {
		if p.Flags&(reassembly.FIN|reassembly.RST) != 0 {
			return true
		}
	}
	return false
}
