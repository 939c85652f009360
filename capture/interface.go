package capture

import "math"

// Interface is where packets were captured.
type Interface struct {
	Name     string
	LinkType uint32 // LINKTYPE_ value of its packets
}

// interfaces are those of a capture that have a name, in the order in which they were met.
type interfaces []Interface

// number is that of an interface, from 1 on; 0 where there are too many.
func (l *interfaces) number(i Interface) uint16 {
	for n, known := range *l {
		if known == i {
			return uint16(n + 1)
		}
	}
	if len(*l) == math.MaxUint16 {
		return 0
	}
	*l = append(*l, i)
	return uint16(len(*l))
}

// Interfaces are those with a name that were met so far: all that are captured from, or
// what pcapng files describe. PacketRef.Interface counts in them, from 1 on.
func (r *Reader) Interfaces() []Interface { return append([]Interface(nil), r.interfaces...) }

// InterfaceOf is where a packet was captured. Its name is empty if the capture has none.
func (r *Reader) InterfaceOf(p *Packet) Interface {
	return Interface{r.InterfaceName(p.named), p.LinkType}
}

// InterfaceName is the name of an interface by its number in a PacketRef; "" for 0.
func (r *Reader) InterfaceName(n uint16) string {
	if n == 0 || int(n) > len(r.interfaces) {
		return ""
	}
	return r.interfaces[n-1].Name
}
