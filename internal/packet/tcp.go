package packet

import (
	"net/netip"

	"github.com/wsdissect/wsdissect/reassembly"
)

const (
	tcpHeader = 20
	tcpNeeded = 14 // up to the flags: a packet cut behind them still tells its place
	tcpWindow = 16 // up to the window
	tcpFlags  = reassembly.FIN | reassembly.SYN | reassembly.RST | reassembly.PSH | reassembly.ACK | reassembly.URG
)

// tcp reads a TCP header, RFC 9293 3.1, and fills the segment. Options are skipped,
// whatever they hold.
func (c *cursor) tcp(src, dst netip.Addr) Reason {
	b := c.b
	if c.wire < tcpHeader {
		return BadTCP
	}
	if len(b) < tcpNeeded {
		return Cut
	}
	header := int(b[12]>>4) * 4
	if header < tcpHeader || header > c.wire {
		return BadTCP
	}
	s := c.seg
	s.Src = netip.AddrPortFrom(src, be16(b))
	s.Dst = netip.AddrPortFrom(dst, be16(b[2:]))
	s.Zone = c.zone
	s.Seq = be32(b[4:])
	s.Ack = be32(b[8:])
	s.Flags = reassembly.Flags(b[13]) & tcpFlags
	s.Window = 0
	if len(b) >= tcpWindow {
		s.Window = be16(b[14:])
	}
	length := c.wire - header
	if header > len(b) {
		header = len(b)
	}
	s.Payload = b[header:]
	s.Missing = length - len(s.Payload)
	s.Packet.Len = uint32(length)
	return TCP
}
