package conform

import (
	"fmt"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/rules"
)

// handshake judges an opening handshake (RFC 6455 4).
func (j *Judge) handshake(e *dissect.Handshake) {
	if e.AcceptOK == dissect.Wrong {
		j.violation(rules.RespAcceptWrong, &e.Meta,
			fmt.Sprintf("Sec-WebSocket-Accept is %q, expected %q", e.Accept, e.AcceptWant))
	}
}
