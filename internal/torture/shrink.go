package torture

import (
	"slices"

	"github.com/wsdissect/wsdissect/reassembly"
)

// maxTrials bounds how often Shrink asks.
const maxTrials = 2000

// Shrink leaves out packets for as long as fails still reports true.
func Shrink(ps []reassembly.Segment, fails func([]reassembly.Segment) bool) []reassembly.Segment {
	trials := 0
	for size := len(ps) / 2; size > 0; size /= 2 {
		for at := 0; at < len(ps) && trials < maxTrials; trials++ {
			fewer := slices.Delete(slices.Clone(ps), at, min(at+size, len(ps)))
			if len(fewer) > 0 && fails(slices.Clone(fewer)) {
				ps = fewer
				continue
			}
			at += size
		}
	}
	return ps
}
