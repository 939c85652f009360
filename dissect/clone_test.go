package dissect

import (
	"reflect"
	"testing"
)

// A clone is equal, and stays so when the memory of the loan is used again.
func TestClone(t *testing.T) {
	payload, raw := []byte("payload"), []byte("raw")
	parts, holes := []Part{{1, 2}, {3, 4}}, []Hole{{5, 6}}
	events := func() []Event {
		m := &Message{Payload: payload, Packets: parts, Fragments: parts[:1]}
		return []Event{
			m, &Frame{Payload: payload, Raw: raw, CloseReason: payload[:2], Packets: parts, Holes: holes, Message: m},
			&Handshake{URI: "/"}, &Body{Payload: payload}, &Anomaly{Text: "odd"}, &Gap{Len: 1}, &Closed{By: ClientToServer}, &Summary{Frames: 1},
		}
	}
	var clones []Event
	for _, e := range events() {
		c := Clone(e)
		if c == e || !reflect.DeepEqual(c, e) {
			t.Errorf("%T: %+v, want %+v", e, c, e)
		}
		clones = append(clones, c)
	}
	clear(payload)
	clear(raw)
	clear(parts)
	clear(holes)
	payload, raw = []byte("payload"), []byte("raw")
	parts, holes = []Part{{1, 2}, {3, 4}}, []Hole{{5, 6}}
	for i, want := range events() {
		if !reflect.DeepEqual(clones[i], want) {
			t.Errorf("%T changed: %+v", want, clones[i])
		}
	}
}
