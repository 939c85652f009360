package conform_test

import (
	"fmt"

	"github.com/wsdissect/wsdissect/conform"
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// violations prints what it is told of.
type violations struct{}

func (violations) Emit(e dissect.Event) error {
	if a, ok := e.(*dissect.Anomaly); ok {
		fmt.Printf("packet %d, %s: %s: %s\n", a.Packet.Number, a.Dir, a.Rule.Code(), a.Text)
	}
	return nil
}

// A Judge stands between a dissection and whoever wants the verdicts.
func Example() {
	talk := wstest.Talk4().Open()
	h := wstest.Handshake{Key: "q4xkcO32u266gldTuKaSOw=="}
	talk.Client(h.Request()).Server(h.Response())
	talk.Client(wstest.Text("not masked").Bytes())
	talk.Server(wstest.Close(1000, "").Bytes())
	talk.ServerFin().ClientFin().ServerAck()

	d := dissect.New(dissect.Options{}, conform.New(violations{}))
	for _, s := range talk.Segments() {
		if err := d.Push(&s); err != nil {
			fmt.Println(err)
		}
	}
	d.Close()
	// Output:
	// packet 6, c2s: frame-client-unmasked: text frame from the client is not masked
	// packet 7, s2c: fail-code-unsuitable: Close with code 1000, but the frame in packet 6 breaks frame-client-unmasked
}
