package capture

import (
	"math"

	"golang.org/x/sys/unix"

	"github.com/wsdissect/wsdissect/internal/filter"
)

// Loads that read what the kernel knows of a packet, from linux/filter.h.
const (
	skfPacketType = 0xfffff000 + 4
	skfInterface  = 0xfffff000 + 8
	skfHardware   = 0xfffff000 + 28
)

// wholePacket is what a filter returns to keep all of a packet.
const wholePacket = 0xffffffff

// maxPorts is how many ports are worth a program.
const maxPorts = 256

// sieve is the filter of a socket: it leaves out what the ring need not hold. What the
// kernel does not know to be Ethernet or IP is sifted by us.
type sieve struct {
	expr    *filter.Expr // nil for all packets
	ports   []uint16
	snaplen int // 0 for whole packets
	ours    map[uint32]linkSieve
}

// linkSieve is the filter for one link type.
type linkSieve struct {
	program *filter.Program // nil for all packets
	err     error           // the expression does not fit the link type: no packet
}

// on is the filter for a link type. Ports that are too many for a program, or that are not
// found in it, are left to those who look at the connections.
func (s *sieve) on(link uint32) linkSieve {
	conf := filter.Config{Link: link, Snaplen: s.snaplen, Ports: s.ports}
	if siftedByKernel(link) {
		conf.Target = filter.Kernel
	}
	expr := s.expr
	if expr == nil {
		expr = new(filter.Expr)
	}
	if n := len(conf.Ports); n > maxPorts {
		conf.Ports = nil
	} else if n > 0 {
		if p, err := expr.Program(conf); err == nil {
			return linkSieve{program: p}
		}
		conf.Ports = nil
	}
	if s.expr == nil {
		return linkSieve{}
	}
	p, err := expr.Program(conf)
	return linkSieve{p, err}
}

// siftedByKernel reports whether the kernel shows packets of a link type as we do.
func siftedByKernel(link uint32) bool { return link == linkEthernet || link == linkRaw }

// match sifts the packets that the kernel did not.
func (s *sieve) match(p *Packet) bool {
	if siftedByKernel(p.LinkType) {
		return true
	}
	l, ok := s.ours[p.LinkType]
	if !ok {
		l = s.on(p.LinkType)
		if s.ours == nil {
			s.ours = map[uint32]linkSieve{}
		}
		s.ours[p.LinkType] = l
	}
	if l.program == nil {
		return l.err == nil
	}
	return l.program.Match(p.Data, int(min(p.Length, math.MaxInt32)))
}

// program is what the kernel runs. With several interfaces it sorts them out.
func (s *sieve) program(interfaces []int) []unix.SockFilter {
	keep := uint32(wholePacket)
	if s.snaplen > 0 {
		keep = uint32(s.snaplen)
	}
	var b assembly
	b.load(skfHardware)
	b.unless(unix.ARPHRD_LOOPBACK, 3)
	b.load(skfPacketType)
	b.unless(unix.PACKET_OUTGOING, 1)
	b.ret(0)
	if len(interfaces) > 1 {
		b.load(skfInterface)
		b.oneOf(interfaces)
		b.ret(0)
	}
	b.load(skfHardware)
	b.forHardware(s.on(linkEthernet), keep, unix.ARPHRD_ETHER, unix.ARPHRD_LOOPBACK)
	b.forHardware(s.on(linkRaw), keep, unix.ARPHRD_NONE, unix.ARPHRD_RAWIP, unix.ARPHRD_TUNNEL, unix.ARPHRD_TUNNEL6, unix.ARPHRD_SIT)
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

// skip goes on behind the next instructions.
func (b *assembly) skip(n int) {
	*b = append(*b, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JA, K: uint32(n)})
}

// oneOf skips the next instruction if what was loaded is one of the numbers.
func (b *assembly) oneOf(numbers []int) {
	for i, n := range numbers {
		b.unless(uint32(n), 1)
		b.skip(2*(len(numbers)-i-1) + 1)
	}
}

// forHardware runs a filter on packets of the hardware types, one of which is loaded.
func (b *assembly) forHardware(l linkSieve, keep uint32, hardware ...int) {
	var code assembly
	switch {
	case l.err != nil:
		code.ret(0)
	case l.program == nil:
		code.ret(keep)
	default:
		for _, i := range l.program.Instructions() {
			code = append(code, unix.SockFilter{Code: i.Op, Jt: i.Jt, Jf: i.Jf, K: i.K})
		}
	}
	b.oneOf(hardware)
	b.skip(len(code))
	*b = append(*b, code...)
}
