package capture

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

const (
	vlanTag    = 4
	macs       = 12 // destination and source of Ethernet
	cookedSize = 20 // of a LINKTYPE_LINUX_SLL2 header

	linkEthernet = 1
	linkRaw      = 101
	linkWifi     = 105
	linkPrism    = 119
	linkRadiotap = 127
	linkCooked   = 276 // LINKTYPE_LINUX_SLL2
)

// linkOf is the link type of what an interface of a hardware type (ARPHRD) captures.
// What has a header that we cannot name gets a cooked one.
func linkOf(hardware uint16) uint32 {
	switch hardware {
	case unix.ARPHRD_ETHER, unix.ARPHRD_LOOPBACK:
		return linkEthernet
	case unix.ARPHRD_NONE, unix.ARPHRD_RAWIP, unix.ARPHRD_TUNNEL, unix.ARPHRD_TUNNEL6, unix.ARPHRD_SIT:
		return linkRaw
	case unix.ARPHRD_IEEE80211:
		return linkWifi
	case unix.ARPHRD_IEEE80211_PRISM:
		return linkPrism
	case unix.ARPHRD_IEEE80211_RADIOTAP:
		return linkRadiotap
	}
	return linkCooked
}

// duplicate reports that a packet is seen a second time: on loopback each is seen when it
// is sent and when it arrives.
func (f frame) duplicate() bool {
	return f.address.Hatype == unix.ARPHRD_LOOPBACK && f.address.Pkttype == unix.PACKET_OUTGOING
}

// tagged reports whether the hardware has taken a VLAN tag out.
func (f frame) tagged() bool { return f.Status&unix.TP_STATUS_VLAN_VALID != 0 }

// packet fills p, but for what the Reader fills. It writes into the ring, before the packet.
func (f frame) packet(p *Packet) {
	p.LinkType = linkOf(f.address.Hatype)
	p.Time = int64(f.Sec)*1e9 + int64(f.Nsec)
	from, end := int(f.Mac), int(f.Mac)+int(f.Snaplen)
	p.Length = f.Len
	switch {
	case p.LinkType == linkCooked:
		header := int(f.Net) - int(f.Mac)
		from = int(f.Net) - cookedSize
		end = max(end, int(f.Net)) // the snap length may end inside the header
		f.cook(f.b[from:f.Net])
		p.Length = uint32(max(int(f.Len)-header, 0) + cookedSize)
	case p.LinkType == linkEthernet && f.tagged() && f.Snaplen >= macs:
		from -= vlanTag
		f.retag(f.b[from:])
		p.Length += vlanTag
	}
	p.Data = f.b[from:end:end]
}

// retag moves the addresses to the start of b and puts the VLAN tag behind them.
func (f frame) retag(b []byte) {
	copy(b[:macs], b[vlanTag:vlanTag+macs])
	tpid := uint16(unix.ETH_P_8021Q)
	if f.Status&unix.TP_STATUS_VLAN_TPID_VALID != 0 {
		tpid = f.Hv1.Vlan_tpid
	}
	binary.BigEndian.PutUint16(b[macs:], tpid)
	binary.BigEndian.PutUint16(b[macs+2:], uint16(f.Hv1.Vlan_tci))
}

// cook writes a LINKTYPE_LINUX_SLL2 header. The address it is made of lies where the
// header may come to stand, and is copied first.
func (f frame) cook(b []byte) {
	a := *f.address
	binary.NativeEndian.PutUint16(b[0:], a.Protocol) // in network byte order already
	binary.BigEndian.PutUint16(b[2:], 0)
	binary.BigEndian.PutUint32(b[4:], uint32(a.Ifindex))
	binary.BigEndian.PutUint16(b[8:], a.Hatype)
	b[10] = a.Pkttype
	b[11] = a.Halen
	copy(b[12:20], a.Addr[:])
}
