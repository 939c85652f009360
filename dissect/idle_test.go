package dissect_test

import (
	"math/bits"
	"net/netip"
	"runtime"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/reassembly"
)

// nobody is the sink of what nobody looks at.
type nobody struct{}

func (nobody) Emit(dissect.Event) error { return nil }

// TestIdleConnections bounds what a WebSocket connection takes in all, of TCP and of the
// layers above, while nothing is in progress on it.
func TestIdleConnections(t *testing.T) {
	if bits.UintSize != 64 {
		t.Skip("for pointers of 64 bits")
	}
	const (
		conns = 20_000
		most  = 400 // bytes of each
	)
	d := dissect.New(dissect.Options{}, nobody{})
	before := heap()
	for i := range conns {
		for _, s := range idleConnection(i) {
			if err := d.Push(&s); err != nil {
				t.Fatal(err)
			}
		}
	}
	each := (heap() - before) / conns
	if n := d.Stats(); n.WebSocketConnections != conns || n.Messages != 2*conns {
		t.Fatalf("%d connections, %d messages", n.WebSocketConnections, n.Messages)
	}
	if each > most {
		t.Errorf("%d bytes each, more than %d", each, most)
	}
	t.Logf("%d bytes each", each)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

// heap is the memory in use that can be reached.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// idleConnection is connection i, on which both sides have sent a message.
func idleConnection(i int) []reassembly.Segment {
	client := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 50000)
	server := netip.MustParseAddrPort("192.0.2.1:80")
	request, response := wstest.Request(), wstest.Response()
	asked, answered := uint32(1+len(request)), uint32(1+len(response))
	list := []reassembly.Segment{
		{Src: client, Dst: server, Flags: reassembly.SYN},
		{Src: server, Dst: client, Flags: reassembly.SYN | reassembly.ACK, Ack: 1},
		{Src: client, Dst: server, Flags: reassembly.ACK, Seq: 1, Ack: 1, Payload: request},
		{Src: server, Dst: client, Flags: reassembly.ACK, Seq: 1, Ack: asked, Payload: response},
		{Src: client, Dst: server, Flags: reassembly.ACK, Seq: asked, Ack: answered, Payload: wstest.Text("hello").Masked().Bytes()},
		{Src: server, Dst: client, Flags: reassembly.ACK, Seq: answered, Ack: asked + 11, Payload: wstest.Text("hello").Bytes()},
	}
	for n := range list {
		list[n].Packet.Number = int64(len(list)*i + n + 1)
	}
	return list
}
