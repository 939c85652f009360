package wstest

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/wsdissect/wsdissect/dissect"
)

// poison is what the memory of a loan is overwritten with after its return.
const poison = 0xDB

// clone copies an event with all that is on loan with it.
func clone(e dissect.Event) dissect.Event {
	switch e := e.(type) {
	case *dissect.Frame:
		return cloneFrame(e)
	case *dissect.Message:
		return cloneMessage(e)
	case *dissect.Handshake:
		c := *e
		return &c
	case *dissect.Body:
		c := *e
		c.Payload = bytes.Clone(e.Payload)
		return &c
	case *dissect.Anomaly:
		c := *e
		return &c
	case *dissect.Gap:
		c := *e
		return &c
	case *dissect.Closed:
		c := *e
		return &c
	case *dissect.Summary:
		c := *e
		return &c
	}
	panic(fmt.Sprintf("wstest: unknown event %T", e))
}

func cloneFrame(e *dissect.Frame) *dissect.Frame {
	c := *e
	c.Payload = bytes.Clone(e.Payload)
	c.Raw = bytes.Clone(e.Raw)
	c.CloseReason = bytes.Clone(e.CloseReason)
	c.Holes = slices.Clone(e.Holes)
	c.Packets = slices.Clone(e.Packets)
	if e.Message != nil {
		c.Message = cloneMessage(e.Message)
	}
	return &c
}

func cloneMessage(e *dissect.Message) *dissect.Message {
	c := *e
	c.Payload = bytes.Clone(e.Payload)
	c.Fragments = slices.Clone(e.Fragments)
	c.Packets = slices.Clone(e.Packets)
	return &c
}

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
	}
}

func scribbleBytes(loans ...[]byte) {
	for _, b := range loans {
		for i := range b {
			b[i] = poison
		}
	}
}
