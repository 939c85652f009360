// Package all is the list of the protocols that wsdissect understands.
package all

import (
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/content"
	"github.com/wsdissect/wsdissect/payload/socketio"
)

// Protocols are all protocols, those that are surest of their own first.
func Protocols() []payload.Protocol {
	return []payload.Protocol{
		socketio.Protocol(),
	}
}

// Fallback explains what no protocol does.
func Fallback() payload.Decoder { return payload.DecoderFunc(content.Decode) }
