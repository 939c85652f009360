package capture

import (
	"encoding/binary"
	"syscall"

	"golang.org/x/sys/unix"
)

// longestPacket is the length of the longest packet that an interface of this network is set
// to build of several segments, which is more than 64 KiB with BIG TCP only; mostBlock if the
// kernel does not tell.
func longestPacket() int {
	table, err := syscall.NetlinkRIB(unix.RTM_GETLINK, unix.AF_UNSPEC)
	if err != nil {
		return mostBlock
	}
	messages, err := syscall.ParseNetlinkMessage(table)
	if err != nil {
		return mostBlock
	}
	longest := uint32(0)
	for i := range messages {
		if messages[i].Header.Type != unix.RTM_NEWLINK {
			continue
		}
		attributes, err := syscall.ParseNetlinkRouteAttr(&messages[i])
		if err != nil {
			return mostBlock
		}
		for _, a := range attributes {
			switch a.Attr.Type {
			case unix.IFLA_GSO_MAX_SIZE, unix.IFLA_GRO_MAX_SIZE, unix.IFLA_GSO_IPV4_MAX_SIZE, unix.IFLA_GRO_IPV4_MAX_SIZE:
				if len(a.Value) >= 4 {
					longest = max(longest, binary.NativeEndian.Uint32(a.Value))
				}
			}
		}
	}
	return int(min(longest, mostBlock))
}
