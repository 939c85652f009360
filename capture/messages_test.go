package capture_test

import (
	"fmt"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/dissect"
)

// From a file to its messages.
func Example() {
	segments := capture.Open("../testdata/dump01.cap").Segments()
	for event, err := range dissect.Events(segments, dissect.Options{}) {
		if err != nil {
			fmt.Println(err)
		} else if m, ok := event.(*dissect.Message); ok {
			fmt.Printf("%v %s\n", m.Dir, m.Payload)
		}
	}
	// Output:
	// s2c Hello, world
	// c2s Good bye.
}
