package wstest

import (
	"fmt"

	"github.com/wsdissect/wsdissect/dissect"
)

// poison is what the memory of a loan is overwritten with after its return.
const poison = 0xDB

// scribble overwrites a cloned event and what was on loan with it.
func scribble(e dissect.Event) {
	switch e := e.(type) {
	case *dissect.Frame:
		scribbleBytes(e.Payload, e.Raw, e.CloseReason)
		clear(e.Holes)
		clear(e.Packets)
		if e.Message != nil {
			scribble(e.Message)
		}
		*e = dissect.Frame{}
	case *dissect.Message:
		scribbleBytes(e.Payload)
		clear(e.Fragments)
		clear(e.Packets)
		*e = dissect.Message{}
	case *dissect.Handshake:
		*e = dissect.Handshake{}
	case *dissect.Body:
		scribbleBytes(e.Payload)
		*e = dissect.Body{}
	case *dissect.Anomaly:
		*e = dissect.Anomaly{}
	case *dissect.Gap:
		*e = dissect.Gap{}
	case *dissect.Closed:
		*e = dissect.Closed{}
	case *dissect.Summary:
		*e = dissect.Summary{}
	default:
		panic(fmt.Sprintf("wstest: unknown event %T", e))
	}
}

func scribbleBytes(loans ...[]byte) {
	for _, b := range loans {
		for i := range b {
			b[i] = poison
		}
	}
}
