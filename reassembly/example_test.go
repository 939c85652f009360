package reassembly_test

import (
	"fmt"
	"net/netip"

	"github.com/wsdissect/wsdissect/reassembly"
)

// printer prints what it gets of a connection.
type printer struct{}

func (p printer) Data(d reassembly.Piece) {
	fmt.Printf("%v at %d from packet %d: %q\n", d.Dir, d.Offset, d.Packet.Number, d.Data)
}

func (p printer) Gap(g reassembly.Gap) {
	fmt.Printf("%v at %d: %d bytes %v\n", g.Dir, g.Offset, g.Len, g.Cause)
}

func (p printer) Note(n reassembly.Note) {
	fmt.Printf("%v at %d: %v in packet %d\n", n.Dir, n.Offset, n.Code, n.Packet.Number)
}

func (p printer) End(e reassembly.End) {
	fmt.Printf("%v at %d: end, %v\n", e.Dir, e.Offset, e.Reason)
}

func Example() {
	client := netip.MustParseAddrPort("192.0.2.1:50000")
	server := netip.MustParseAddrPort("192.0.2.2:80")
	a := reassembly.New(reassembly.Config{
		New: func(c reassembly.Conn) reassembly.Stream {
			fmt.Println("connection", c.ID, "from", c.A(), "to", c.B())
			return printer{}
		},
	})
	n := int64(0)
	push := func(src, dst netip.AddrPort, f reassembly.Flags, seq, ack uint32, data string) {
		n++
		a.Push(&reassembly.Segment{
			Src: src, Dst: dst, Flags: f, Seq: seq, Ack: ack, Payload: []byte(data),
			Packet: reassembly.PacketRef{Number: n, Time: n * 1e6},
		})
	}
	push(client, server, reassembly.SYN, 99, 0, "")
	push(server, client, reassembly.SYN|reassembly.ACK, 699, 100, "")
	push(client, server, reassembly.ACK, 106, 700, "world")
	push(client, server, reassembly.ACK, 100, 700, "hello ")
	push(client, server, reassembly.ACK|reassembly.FIN, 113, 700, "")
	push(server, client, reassembly.ACK, 700, 114, "")
	a.Close(reassembly.PacketRef{Number: n})
	// Output:
	// connection 1 from 192.0.2.1:50000 to 192.0.2.2:80
	// A>B at 0 from packet 4: "hello "
	// A>B at 6 from packet 3: "world"
	// A>B at 11: 2 bytes lost
	// A>B at 13: end, fin
	// B>A at 0: end, capture end
}
