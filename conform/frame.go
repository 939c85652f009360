package conform

import (
	"fmt"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/rules"
)

// frame judges a frame by itself and by those before it (RFC 6455 5).
func (j *Judge) frame(c *conn, e *dissect.Frame) {
	for v := range e.Violations.All() {
		if id, ok := rules.Find(v.String()); ok {
			j.violation(id, &e.Meta, describe(v, e))
		}
	}
}

func describe(v frame.Violations, e *dissect.Frame) string {
	return fmt.Sprintf("%s frame of %d bytes", e.Header.Opcode, e.Header.Length)
}

// message judges a message (RFC 6455 5.4 and 5.6, RFC 7692 7.2).
func (j *Judge) message(c *conn, e *dissect.Message) {}

// gap notes that bytes of a direction are missing.
func (j *Judge) gap(c *conn, e *dissect.Gap) {}
