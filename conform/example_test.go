package conform_test

import (
	"fmt"
	"log"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/conform"
	"github.com/wsdissect/wsdissect/dissect"
)

// printer is a Sink for what was held against a connection.
type printer struct{}

func (printer) Emit(e dissect.Event) error {
	if a, ok := e.(*dissect.Anomaly); ok {
		rule := a.Rule.Rule()
		fmt.Printf("packet %d, %s: %s: %s\n", a.Packet.Number, rule.Severity, rule.Code, a.Text)
	}
	return nil
}

func Example() {
	r := capture.New(capture.File("../testdata/rules/resp-accept-wrong.pcap"))
	err := dissect.Run(r.Segments(), dissect.Options{}, conform.New(printer{}), nil)
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// packet 5, error: resp-accept-wrong: Sec-WebSocket-Accept is "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", expected "TmYH0NwmdO7kzcN+UcyGfWfOXKE="
}
