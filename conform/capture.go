package conform

import (
	"fmt"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/rules"
)

// limits tells of what of a message is not shown, or not sure, because of a limit or of
// the capture.
func (j *Judge) limits(s *side, e *dissect.Message) {
	switch e.Why {
	case dissect.WhyTruncated:
		j.violation(rules.LimitMessageSize, &e.Meta, fmt.Sprintf("%d bytes are held of a message of %d", len(e.Payload), e.Length))
	case dissect.WhyInflated:
		j.violation(rules.LimitInflatedSize, &e.Meta, fmt.Sprintf("%d bytes on the wire inflate to more than %d", e.WireLength, len(e.Payload)))
	case dissect.WhyContextLost:
		if !s.lost {
			s.lost = true
			j.violation(rules.CompressionContextLost, &e.Meta, fmt.Sprintf("the message refers to bytes that the capture does not have; the first %d are sure", len(e.Payload)))
		}
	}
	if e.Inferred && !s.inferred {
		s.inferred = true
		j.violation(rules.CompressionInferred, &e.Meta, "RSV1 is set, but the capture has no agreement on compression; messages are inflated all the same")
	}
}
