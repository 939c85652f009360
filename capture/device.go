package capture

import (
	"net"
	"net/netip"
)

// Device is an interface that can be captured from.
type Device struct {
	Name      string
	Up        bool
	Running   bool // it has a carrier, or needs none
	Loopback  bool
	Hardware  string // address of the link, empty for none
	Addresses []netip.Prefix
}

// Devices are the interfaces of the system, in its order.
func Devices() ([]Device, error) {
	list, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	devices := make([]Device, len(list))
	for i, in := range list {
		d := &devices[i]
		d.Name = in.Name
		d.Up = in.Flags&net.FlagUp != 0
		d.Running = in.Flags&net.FlagRunning != 0
		d.Loopback = in.Flags&net.FlagLoopback != 0
		d.Hardware = in.HardwareAddr.String()
		addresses, _ := in.Addrs() // of one that has just gone: none
		for _, a := range addresses {
			if p, err := netip.ParsePrefix(a.String()); err == nil {
				d.Addresses = append(d.Addresses, p)
			}
		}
	}
	return devices, nil
}
