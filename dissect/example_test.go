package dissect_test

import (
	"fmt"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/dissect"
)

// The whole pipeline as an iterator: what was found in a capture file, event by event.
func ExampleEvents() {
	segments := capture.Open("../testdata/dump01.cap").Segments()
	for event, err := range dissect.Events(segments, dissect.Options{}) {
		if err != nil {
			fmt.Println(err) // the file is damaged; what can be read follows
			continue
		}
		switch e := event.(type) {
		case *dissect.Handshake:
			fmt.Printf("packet %d: %s, status %d\n", e.Packet.Number, e.URI, e.Status)
		case *dissect.Frame:
			fmt.Printf("packet %d: %v frame of %d bytes, %v\n", e.Packet.Number, e.Header.Opcode, e.Header.Length, e.Dir)
		}
	}
	// Output:
	// packet 22: /, status 101
	// packet 23: text frame of 12 bytes, s2c
	// packet 29: text frame of 9 bytes, c2s
}
