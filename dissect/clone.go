package dissect

import (
	"bytes"
	"slices"
)

// Clone copies an event with all that is on loan with it, so that it may be kept. What a
// Handshake and a Body point to is never changed, and shared. An event of a type that is
// not of this package is returned as it is.
func Clone(e Event) Event {
	switch e := e.(type) {
	case *Frame:
		return cloneFrame(e)
	case *Message:
		return cloneMessage(e)
	case *Handshake:
		c := *e
		return &c
	case *Body:
		c := *e
		c.Payload = bytes.Clone(e.Payload)
		return &c
	case *Anomaly:
		c := *e
		return &c
	case *Gap:
		c := *e
		return &c
	case *Closed:
		c := *e
		return &c
	case *Summary:
		c := *e
		return &c
	}
	return e
}

func cloneFrame(e *Frame) *Frame {
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

func cloneMessage(e *Message) *Message {
	c := *e
	c.Payload = bytes.Clone(e.Payload)
	c.Fragments = slices.Clone(e.Fragments)
	c.Packets = slices.Clone(e.Packets)
	return &c
}
