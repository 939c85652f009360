//go:build !linux

package capture

import "github.com/wsdissect/wsdissect/internal/filter"

// openLive implements Live.
func openLive(LiveOptions, *filter.Expr) (live, error) { return nil, ErrNoLive }
