package main

import (
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

func handshakes() []example {
	return []example{
		{rule: rules.RespAcceptWrong, build: func(broken bool) wstest.Packets {
			s := newScene(0)
			if broken {
				s.response.set("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
			}
			return s.shake().chat().bye().Packets
		}},
	}
}
