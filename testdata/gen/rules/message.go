package main

import (
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

// messages are the rules for messages of several frames and for text (RFC 6455 5.4, 8.1).
func messages() []example {
	first, last := wstest.Text("How are ").More(), wstest.Continuation("you?")
	return []example{
		{rule: rules.MsgContinuationUnexpected, build: wrong(1002, these(last), these(first, last))},
		{rule: rules.MsgDataInterleaved, build: wrong(1002, these(first, wstest.Text("Hello?")), these(first, last, wstest.Text("Hello?")))},
		{rule: rules.MsgInvalidUTF8, build: wrong(1007,
			these(wstest.Text("Gr\xc3").More(), wstest.Continuation("\x28\xc3\x9fe")),
			these(wstest.Text("Gr\xc3").More(), wstest.Continuation("\xbc\xc3\x9fe")))},
		{rule: rules.MsgUnfinished, build: after(
			func(s *scene) { s.clientSends(first).bye() },
			func(s *scene) { s.clientSends(first).clientSends(last).bye() })},
	}
}
