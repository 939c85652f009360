//go:build amd64 || 386

package capture

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"github.com/google/gopacket"
	npcap "github.com/google/gopacket/pcap"

	"github.com/wsdissect/wsdissect/internal/filter"
)

// openLive implements Live through Npcap.
func openLive(o LiveOptions, expr *filter.Expr) (live, error) {
	name, err := o.single()
	if err != nil {
		return nil, err
	}
	if err := npcap.LoadWinPCAP(); err != nil {
		return nil, fmt.Errorf("live capture needs Npcap, from https://npcap.com: %w", err)
	}
	device, err := deviceOf(name)
	if err != nil {
		return nil, err
	}
	snaplen := int32(256 << 10)
	if o.Snaplen > 0 {
		snaplen = int32(min(o.Snaplen, int(snaplen)))
	}
	h, err := npcap.OpenLive(device, snaplen, o.Promiscuous, pollEvery)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot capture: %w", printable(name), err)
	}
	p, err := newPolled(o, expr, uint32(h.LinkType()))
	if err != nil {
		h.Close()
		return nil, err
	}
	p.release = h.Close
	p.drops = func() int64 {
		if st, err := h.Stats(); err == nil {
			return int64(st.PacketsDropped)
		}
		return 0
	}
	p.poll = func() ([]byte, gopacket.CaptureInfo, error) {
		data, info, err := h.ZeroCopyReadPacketData()
		switch {
		case errors.Is(err, npcap.NextErrorTimeoutExpired):
			err = errNothing
		case errors.Is(err, io.EOF):
			err = errors.New("the interface has gone")
		}
		return data, info, err
	}
	return p, nil
}

// deviceOf is the name that Npcap has for an interface, which is found by that name, by its
// description, by an address, or by the name of Windows for what has such an address.
func deviceOf(name string) (string, error) {
	known := []string{name}
	if in, err := net.InterfaceByName(name); err == nil {
		addresses, _ := in.Addrs()
		for _, a := range addresses {
			if n, ok := a.(*net.IPNet); ok {
				known = append(known, n.IP.String())
			}
		}
	}
	devices, err := npcap.FindAllDevs()
	if err != nil {
		return "", fmt.Errorf("cannot list the interfaces: %w", err)
	}
	for _, d := range devices {
		if d.Name == name || d.Description == name {
			return d.Name, nil
		}
		for _, a := range d.Addresses {
			if slices.Contains(known, a.IP.String()) {
				return d.Name, nil
			}
		}
	}
	return "", fmt.Errorf("%s: %w", printable(name), ErrNoInterface)
}
