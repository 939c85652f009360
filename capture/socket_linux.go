package capture

import (
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sys/unix"
)

// socket is a packet socket. Attach, refuse and count are safe for concurrent use with
// all of it, also after close.
type socket struct {
	mu     sync.Mutex
	fd     int // -1 when closed
	counts counts
}

// counts are those of the kernel since the socket was opened.
type counts struct {
	delivered int64 // packets put into the ring
	dropped   int64 // packets that had no room there
}

// newSocket opens a socket that takes no packet until it is bound.
func newSocket() (*socket, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	return &socket{fd: fd}, nil
}

func (s *socket) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = unix.Close(s.fd)
	s.fd = -1
}

// bind takes the packets of an interface, 0 for those of all, from now on.
func (s *socket) bind(index int) error {
	all := uint16(unix.ETH_P_ALL)<<8 | uint16(unix.ETH_P_ALL)>>8
	return unix.Bind(s.fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: index})
}

// promiscuous asks an interface for packets that are not addressed to it, until the socket
// is closed or the interface goes.
func (s *socket) promiscuous(index int) error {
	m := unix.PacketMreq{Ifindex: int32(index), Type: unix.PACKET_MR_PROMISC}
	return unix.SetsockoptPacketMreq(s.fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &m)
}

// ignoreOutgoing leaves out what the interface sends. Kernels before 4.20 do not know it.
func (s *socket) ignoreOutgoing() {
	_ = unix.SetsockoptInt(s.fd, unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1)
}

// attach makes a program the filter of the socket.
func (s *socket) attach(program []unix.SockFilter) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	return unix.SetsockoptSockFprog(s.fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &p)
}

// refuse takes no more packets.
func (s *socket) refuse() {
	_ = s.attach([]unix.SockFilter{{Code: unix.BPF_RET | unix.BPF_K}})
}

// count adds up what the kernel counts: it begins anew with each look.
func (s *socket) count() counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fd < 0 {
		return s.counts
	}
	if st, err := unix.GetsockoptTpacketStatsV3(s.fd, unix.SOL_PACKET, unix.PACKET_STATISTICS); err == nil {
		s.counts.delivered += int64(st.Packets - st.Drops)
		s.counts.dropped += int64(st.Drops)
	}
	return s.counts
}

// failure is the error that the kernel keeps for the socket, and forgets with the look.
func (s *socket) failure() error {
	n, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err == nil && n != 0 {
		err = unix.Errno(n)
	}
	return err
}

// index is the number of an interface, 0 if there is none of this name.
func (s *socket) index(name string) (int, error) {
	r, err := unix.NewIfreq(name)
	if err != nil {
		return 0, nil // no interface has such a name
	}
	if err := unix.IoctlIfreq(s.fd, unix.SIOCGIFINDEX, r); err != nil {
		if errors.Is(err, unix.ENODEV) {
			err = nil
		}
		return 0, err
	}
	return int(r.Uint32()), nil
}

// has reports whether an interface has a flag, such as IFF_UP.
func (s *socket) has(name string, flag uint16) bool {
	r, err := unix.NewIfreq(name)
	if err != nil {
		return false
	}
	err = unix.IoctlIfreq(s.fd, unix.SIOCGIFFLAGS, r)
	return err == nil && r.Uint16()&flag != 0
}

// hardware is the type (ARPHRD) of an interface; ok is false if there is no such interface.
func (s *socket) hardware(name string) (hardware uint16, ok bool) {
	r, err := unix.NewIfreq(name)
	if err != nil {
		return 0, false
	}
	err = unix.IoctlIfreq(s.fd, unix.SIOCGIFHWADDR, r)
	return r.Uint16(), err == nil
}

// name is that of an interface by its number.
func (s *socket) name(index int) string {
	r, _ := unix.NewIfreq("")
	r.SetUint32(uint32(index))
	if unix.IoctlIfreq(s.fd, unix.SIOCGIFNAME, r) != nil {
		return fmt.Sprintf("if%d", index)
	}
	return r.Name()
}
