package wstest

import (
	"errors"
	"syscall"
	"testing"
)

// What package syscall lacks of <linux/if_packet.h>.
const (
	packetVersion = 10 // PACKET_VERSION
	tpacketV3     = 2
)

// NeedRing skips a test of live capture where no socket can have a ring of packets: without
// permission, and in a program that qemu-user emulates. To be called before anything else:
// qemu-user now and then hangs in the start of another program.
func NeedRing(t testing.TB) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Skipf("no packet socket: %v", err)
	}
	defer syscall.Close(fd)
	err = syscall.SetsockoptInt(fd, syscall.SOL_PACKET, packetVersion, tpacketV3)
	if errors.Is(err, syscall.ENOPROTOOPT) {
		t.Skipf("no TPACKET_V3, as where qemu-user emulates the program: %v", err)
	}
}
