package capture

import "github.com/wsdissect/wsdissect/reassembly"

// Packet is one packet as it stands in the capture.
// It is on loan, with its Data, until the iteration goes on.
type Packet struct {
	Number    int64  // 1-based, counted over all inputs
	Time      int64  // nanoseconds since 1970-01-01 UTC; that of the packet before where the capture has none
	Data      []byte // as captured; read-only
	Length    uint32 // bytes on the wire; less than len(Data) only where the capture says so
	LinkType  uint32 // LINKTYPE_ value, see LinkTypeName
	Interface uint32 // in its pcapng section, or the system's index where the file has that
	Input     uint16 // index in Stats.Inputs
	Fragment  bool   // of an IP datagram whose rest is elsewhere; filled by Segments only

	named uint16 // number in Reader.interfaces; 0 if the interface has no name
}

// refer fills ref with how the events of a dissection name the packet.
func (p *Packet) refer(ref *reassembly.PacketRef) {
	ref.Number = p.Number
	ref.Time = p.Time
	ref.Wire = p.Length
	ref.Captured = uint32(len(p.Data))
	ref.Input = p.Input
	ref.Interface = p.named
}
