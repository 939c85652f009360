package wstest_test

import (
	"fmt"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

func Example() {
	talk := wstest.Talk4().Open()
	talk.Client(wstest.Request("Origin: http://example.com")).Server(wstest.Response())
	talk.Server(wstest.Text("Hello").Bytes())
	talk.Client(wstest.Text("Hello").Masked().Bytes()).Shut()
	for _, s := range talk.Segments()[5:7] {
		fmt.Printf("%d: %v > %v, seq %d, %x\n", s.Packet.Number, s.Src, s.Dst, s.Seq, s.Payload)
	}
	fmt.Println(len(talk.Packets.Capture()), "bytes of pcap")
	// Output:
	// 6: 10.0.0.2:8080 > 10.0.0.1:50000, seq 5130, 810548656c6c6f
	// 7: 10.0.0.1:50000 > 10.0.0.2:8080, seq 1190, 818537fa213d7f9f4d5158
	// 1060 bytes of pcap
}
