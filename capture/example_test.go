package capture_test

import (
	"fmt"
	"os"

	"github.com/wsdissect/wsdissect/capture"
)

func ExampleReader_Segments() {
	r := capture.Open("../testdata/dump01.cap")
	bytes := 0
	for s, err := range r.Segments() {
		if err != nil {
			fmt.Fprintln(os.Stderr, err) // a defect: what can be read comes nevertheless
			continue
		}
		bytes += len(s.Payload)
	}
	stats := r.Stats()
	fmt.Println(stats.Packets, "packets,", stats.Segments, "TCP segments with", bytes, "bytes,", stats.LinkTypes)
	// Output: 35 packets, 29 TCP segments with 1675 bytes, [ETHERNET]
}
