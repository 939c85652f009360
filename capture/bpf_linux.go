package capture

import "golang.org/x/sys/unix"

// Loads that read what the kernel knows of a packet, from linux/filter.h.
const (
	skfPacketType = 0xfffff000 + 4
	skfInterface  = 0xfffff000 + 8
	skfHardware   = 0xfffff000 + 28
)

// wholePacket is what a filter returns to keep all of a packet.
const wholePacket = 0xffffffff

// program is the filter of the socket: it leaves out what the ring need not hold.
func (c *capturing) program() []unix.SockFilter {
	keep := uint32(wholePacket)
	if c.snaplen > 0 {
		keep = uint32(c.snaplen)
	}
	var b assembly
	b.load(skfHardware)
	b.unless(unix.ARPHRD_LOOPBACK, 3)
	b.load(skfPacketType)
	b.unless(unix.PACKET_OUTGOING, 1)
	b.ret(0)
	if len(c.links) > 1 {
		b.load(skfInterface)
		for _, w := range c.links {
			b.unless(uint32(w.index), 1)
			b.ret(keep)
		}
		b.ret(0)
	}
	b.ret(keep)
	return b
}

// assembly is a program of classic BPF.
type assembly []unix.SockFilter

// load loads a word.
func (b *assembly) load(at uint32) {
	*b = append(*b, unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at})
}

// unless skips instructions if what was loaded is not k.
func (b *assembly) unless(k uint32, skip uint8) {
	*b = append(*b, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: skip, K: k})
}

// ret ends the program: keep is the number of bytes to keep, 0 to leave the packet out.
func (b *assembly) ret(keep uint32) {
	*b = append(*b, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: keep})
}
