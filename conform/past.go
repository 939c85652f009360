package conform

// past is what is remembered of handshakes and frames of all connections, to judge those
// that follow.
type past struct {
	refused  memory[int64, struct{}]       // connections on which a handshake was refused
	nonces   memory[[nonceSize]byte, span] // of handshakes
	dialogs  memory[route, dialog]         // handshakes of a client with a server
	keys     memory[[2]uint32, firstKeys]  // masking keys that connections begin with
	attempts memory[route, attempts]
}

// How many of each are remembered, so that memory stays bounded in any capture.
const (
	maxRefused = 1 << 12
	maxNonces  = 1 << 16
	maxKeys    = 1 << 13
	maxRoutes  = 1 << 13
)

func newPast() past {
	return past{
		refused:  newMemory[int64, struct{}](maxRefused),
		nonces:   newMemory[[nonceSize]byte, span](maxNonces),
		dialogs:  newMemory[route, dialog](maxRoutes),
		keys:     newMemory[[2]uint32, firstKeys](maxKeys),
		attempts: newMemory[route, attempts](maxRoutes),
	}
}
