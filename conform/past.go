package conform

import "github.com/wsdissect/wsdissect/dissect"

// past is what is remembered of handshakes and ends, to judge those that follow.
type past struct {
	refused memory[int64, struct{}] // connections on which a handshake was refused
}

// How much is remembered, so that memory stays bounded in any capture.
const (
	maxRefused = 4096
)

func newPast() past {
	return past{
		refused: newMemory[int64, struct{}](maxRefused),
	}
}

// closed notes the end of a connection.
func (p *past) closed(e *dissect.Closed) {}
