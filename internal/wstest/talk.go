package wstest

import (
	"net/netip"
	"slices"
	"time"

	"github.com/wsdissect/wsdissect/reassembly"
)

// Talk builds a TCP conversation packet by packet. Every method but Wait adds packets,
// with the sequence and acknowledgment numbers that follow from those before: each side
// acknowledges all that the other has sent. The fields are set before the first packet.
type Talk struct {
	ClientISN, ServerISN uint32
	MSS                  int           // most payload bytes in a packet
	Now                  time.Time     // of the next packet
	Step                 time.Duration // between packets
	Mark                 func(*Packet) // may change each new packet, unless nil

	// Packets are those so far. They may be changed, dropped and moved.
	Packets Packets

	client, server side
	begun          bool
}

type side struct {
	addr netip.AddrPort
	next uint32 // sequence number
}

// NewTalk is a conversation of which nothing has been said.
func NewTalk(client, server netip.AddrPort) *Talk {
	return &Talk{
		ClientISN: 1000, ServerISN: 5000, MSS: 1460,
		Now: time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC), Step: time.Millisecond,
		client: side{addr: client}, server: side{addr: server},
	}
}

// Talk4 is a conversation between two usual IPv4 endpoints.
func Talk4() *Talk {
	return NewTalk(netip.MustParseAddrPort("10.0.0.1:50000"), netip.MustParseAddrPort("10.0.0.2:8080"))
}

// Open adds the three packets that open the connection.
func (t *Talk) Open() *Talk {
	t.begin()
	t.client.next, t.server.next = t.ClientISN, t.ServerISN
	t.add(&t.client, &t.server, reassembly.SYN, nil)
	t.add(&t.server, &t.client, reassembly.SYN|reassembly.ACK, nil)
	return t.ClientAck()
}

// begin sets the sequence numbers of a conversation that may lack its start.
func (t *Talk) begin() {
	if !t.begun {
		t.client.next, t.server.next = t.ClientISN+1, t.ServerISN+1
		t.begun = true
	}
}

// Client adds what the client sends, in packets of up to MSS bytes.
func (t *Talk) Client(b []byte) *Talk { return t.data(&t.client, &t.server, b) }

// Server adds what the server sends.
func (t *Talk) Server(b []byte) *Talk { return t.data(&t.server, &t.client, b) }

func (t *Talk) data(from, to *side, b []byte) *Talk {
	t.begin()
	for part := range slices.Chunk(b, t.MSS) {
		flags := reassembly.ACK
		if &part[len(part)-1] == &b[len(b)-1] {
			flags |= reassembly.PSH
		}
		t.add(from, to, flags, part)
	}
	return t
}

// ClientAck adds a packet without payload from the client.
func (t *Talk) ClientAck() *Talk { return t.bare(&t.client, &t.server, reassembly.ACK) }

// ServerAck adds a packet without payload from the server.
func (t *Talk) ServerAck() *Talk { return t.bare(&t.server, &t.client, reassembly.ACK) }

// ClientFin adds the client's FIN.
func (t *Talk) ClientFin() *Talk {
	return t.bare(&t.client, &t.server, reassembly.FIN|reassembly.ACK)
}

// ServerFin adds the server's FIN.
func (t *Talk) ServerFin() *Talk {
	return t.bare(&t.server, &t.client, reassembly.FIN|reassembly.ACK)
}

// ClientReset adds an RST from the client.
func (t *Talk) ClientReset() *Talk {
	return t.bare(&t.client, &t.server, reassembly.RST|reassembly.ACK)
}

// ServerReset adds an RST from the server.
func (t *Talk) ServerReset() *Talk {
	return t.bare(&t.server, &t.client, reassembly.RST|reassembly.ACK)
}

// Shut adds the end of the connection, begun by the server as RFC 6455 7.1.1 asks.
func (t *Talk) Shut() *Talk { return t.ServerFin().ClientFin().ServerAck() }

// LoseClient lets the client send n bytes that are not captured.
func (t *Talk) LoseClient(n int) *Talk {
	t.begin()
	t.client.next += uint32(n)
	return t
}

// LoseServer lets the server send n bytes that are not captured.
func (t *Talk) LoseServer(n int) *Talk {
	t.begin()
	t.server.next += uint32(n)
	return t
}

// Wait lets time pass before the next packet.
func (t *Talk) Wait(d time.Duration) *Talk {
	t.Now = t.Now.Add(d)
	return t
}

func (t *Talk) bare(from, to *side, f reassembly.Flags) *Talk {
	t.begin()
	t.add(from, to, f, nil)
	return t
}

func (t *Talk) add(from, to *side, f reassembly.Flags, payload []byte) {
	p := Packet{
		Time: t.Now.UnixNano(), Src: from.addr, Dst: to.addr, Seq: from.next,
		Flags: f, Window: 65535, Payload: payload, SrcMAC: mac(from.addr), DstMAC: mac(to.addr),
	}
	if f.Has(reassembly.ACK) {
		p.Ack = to.next
	}
	if t.Mark != nil {
		t.Mark(&p)
	}
	t.Packets = append(t.Packets, p)
	t.Now = t.Now.Add(t.Step)
	from.next += uint32(len(payload))
	if f&(reassembly.SYN|reassembly.FIN) != 0 {
		from.next++
	}
}

// mac is a locally administered Ethernet address made from an IP address.
func mac(a netip.AddrPort) MAC {
	b := a.Addr().AsSlice()
	return MAC{2, 0, b[len(b)-4], b[len(b)-3], b[len(b)-2], b[len(b)-1]}
}

// Segments are the packets as reassembly sees them, numbered from 1.
func (t *Talk) Segments() []reassembly.Segment { return t.Packets.Segments() }
