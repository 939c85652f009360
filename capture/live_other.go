//go:build !linux

package capture

// openLive implements Live.
func openLive(LiveOptions) (live, error) { return nil, ErrNoLive }
