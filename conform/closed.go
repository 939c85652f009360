package conform

import "github.com/wsdissect/wsdissect/dissect"

// closed judges how a connection ended (RFC 6455 7), before its end is passed on.
func (j *Judge) closed(c *conn, e *dissect.Closed) {}
