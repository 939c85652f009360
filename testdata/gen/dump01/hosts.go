package main

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/reassembly"
)

// host is an endpoint with the habits of its TCP.
type host struct {
	addr   netip.Addr
	mac    wstest.MAC
	tick   time.Duration // of its TCP time stamps
	uptime time.Duration // at the start of the capture
	syn    func(stamp []byte) []byte

	synWindow, window uint16
}

// client is a Mac OS X 10.8, the host of the virtual machine.
var client = host{
	addr: netip.MustParseAddr("192.168.206.1"), mac: wstest.MAC{0x00, 0x50, 0x56, 0xc0, 0x00, 0x08},
	tick: time.Millisecond, uptime: 119*time.Hour + 1234567*time.Microsecond,
	synWindow: 65535, window: 8235,
	syn: func(stamp []byte) []byte {
		o := []byte{2, 4, 0x05, 0xb4, 1, 3, 3, 4, 1, 1} // MSS 1460, window scale 4
		o = append(o, stamp...)
		return append(o, 4, 2, 0, 0) // SACK permitted
	},
}

// server is a Linux 3.2 in the virtual machine.
var server = host{
	addr: netip.MustParseAddr("192.168.206.132"), mac: wstest.MAC{0x00, 0x0c, 0x29, 0x5d, 0x8e, 0x41},
	tick: 4 * time.Millisecond, uptime: 5*time.Hour + 987654*time.Microsecond,
	synWindow: 14480, window: 486,
	syn: func(stamp []byte) []byte {
		o := []byte{2, 4, 0x05, 0xb4, 4, 2} // MSS 1460, SACK permitted
		o = append(o, stamp...)
		return append(o, 1, 3, 3, 5) // window scale 5
	},
}

// gateway is the virtual machine's way out: its DNS server, too.
var gateway = host{
	addr: netip.MustParseAddr("192.168.206.2"), mac: wstest.MAC{0x00, 0x50, 0x56, 0xe7, 0x2b, 0x9c},
}

// connection is a TCP connection between client and server.
type connection struct {
	*wstest.Talk
	ids    *rand.Rand
	id     uint16 // of the server's last IPv4 header
	stamps [2]uint32
	midway bool // opened before the capture
}

// newConnection is one from that port of the client. The seed decides what is random.
func newConnection(clientPort, serverPort uint16, seed uint64) *connection {
	r := rand.New(rand.NewPCG(seed, 2012))
	c := &connection{ids: r, id: uint16(r.Uint32())}
	c.Talk = wstest.NewTalk(netip.AddrPortFrom(client.addr, clientPort), netip.AddrPortFrom(server.addr, serverPort))
	c.ClientISN, c.ServerISN = r.Uint32(), r.Uint32()
	c.MSS, c.Step = 1448, 0
	c.Mark = c.mark
	return c
}

// at sets the time of the next packet.
func (c *connection) at(offset time.Duration) *connection {
	c.Now = start.Add(offset)
	return c
}

// mark gives a packet what the TCP of its sender gives it.
func (c *connection) mark(p *wstest.Packet) {
	from, to, side := &client, &server, 0
	if p.Src.Addr() == server.addr {
		from, to, side = to, from, 1
	}
	p.SrcMAC, p.DstMAC = from.mac, to.mac
	c.stamps[side] = uint32((from.uptime + time.Unix(0, p.Time).Sub(start)) / from.tick)
	echo := c.stamps[1-side]
	if c.midway && echo == 0 {
		echo = uint32((to.uptime - time.Minute) / to.tick)
	}
	stamp := binary.BigEndian.AppendUint32([]byte{8, 10}, c.stamps[side])
	stamp = binary.BigEndian.AppendUint32(stamp, echo)
	if p.Flags.Has(reassembly.SYN) {
		p.Options, p.Window = from.syn(stamp), from.synWindow
	} else {
		p.Options, p.Window = append([]byte{1, 1}, stamp...), from.window
	}
	switch {
	case side == 0:
		p.ID = uint16(c.ids.Uint32())
	case !p.Flags.Has(reassembly.SYN):
		c.id++
		p.ID = c.id
	}
}
