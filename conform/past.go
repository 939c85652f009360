package conform

// past is what is remembered of handshakes and frames of all connections, to judge those
// that follow.
type past struct {
	refused  memory[int64, struct{}]      // connections on which a handshake was refused
	keys     memory[[2]uint32, firstKeys] // masking keys that connections begin with
	attempts memory[route, attempts]
}

// How many of each are remembered, so that memory stays bounded in any capture.
const (
	maxRefused = 1 << 12
	maxKeys    = 1 << 13
	maxRoutes  = 1 << 13
)

func newPast() past {
	return past{
		refused:  newMemory[int64, struct{}](maxRefused),
		keys:     newMemory[[2]uint32, firstKeys](maxKeys),
		attempts: newMemory[route, attempts](maxRoutes),
	}
}
