//go:build !linux && !darwin && !dragonfly && !freebsd && !netbsd && !openbsd && !(windows && (amd64 || 386))

package capture

import "github.com/wsdissect/wsdissect/internal/filter"

// openLive implements Live.
func openLive(LiveOptions, *filter.Expr) (live, error) { return nil, ErrNoLive }
