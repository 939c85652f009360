package main

import (
	"encoding/binary"
	"io"
	"math/bits"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

const (
	mss        = 1460
	recordSize = 16
	etherSize  = 14
	ipSize     = 20
	tcpSize    = 20
	headSize   = recordSize + etherSize + ipSize + tcpSize
	bufferSize = 1 << 20
)

// TCP flags.
const (
	fin = 0x01
	syn = 0x02
	psh = 0x08
	ack = 0x10
)

// writer appends packets to a capture file.
type writer struct {
	w       io.Writer
	buf     []byte
	written int64 // bytes of the file, those in buf included
	now     int64 // microseconds since 1970-01-01 UTC
	err     error
}

func newWriter(w io.Writer) *writer {
	b := wstest.AppendFileHeader(make([]byte, 0, bufferSize+headSize+mss))
	return &writer{w: w, buf: b, written: int64(len(b)), now: 1_700_000_000_000_000}
}

func (w *writer) flush() error {
	if w.err == nil {
		_, w.err = w.w.Write(w.buf)
	}
	w.buf = w.buf[:0]
	return w.err
}

// packet appends a packet that one endpoint of a flow sends, with valid checksums.
func (w *writer) packet(f *flow, from side, flags byte, seq uint32, payload []byte) {
	w.now += int64(1 + len(payload)>>7)
	n := len(w.buf)
	w.buf = append(w.buf[:n+headSize], payload...)
	b := w.buf[n:]

	le, be := binary.LittleEndian, binary.BigEndian
	size := uint32(len(b) - recordSize)
	le.PutUint32(b, uint32(w.now/1e6))
	le.PutUint32(b[4:], uint32(w.now%1e6))
	le.PutUint32(b[8:], size)
	le.PutUint32(b[12:], size)

	src, dst := &f.ends[from], &f.ends[1-from]
	e := b[recordSize:]
	copy(e, "\x02\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x08\x00")
	e[5], e[11] = byte(2-from), byte(1+from)

	ip := e[etherSize : etherSize+ipSize]
	length := ipSize + tcpSize + len(payload)
	copy(ip, "\x45\x00\x00\x00\x00\x00\x40\x00\x40\x06\x00\x00")
	be.PutUint16(ip[2:], uint16(length))
	src.id++
	be.PutUint16(ip[4:], src.id)
	be.PutUint32(ip[12:], src.addr)
	be.PutUint32(ip[16:], dst.addr)
	be.PutUint16(ip[10:], checksum(ip, 0))

	tcp := e[etherSize+ipSize:]
	be.PutUint16(tcp, src.port)
	be.PutUint16(tcp[2:], dst.port)
	be.PutUint32(tcp[4:], seq)
	be.PutUint32(tcp[8:], 0)
	if flags&ack != 0 {
		be.PutUint32(tcp[8:], dst.next)
	}
	tcp[12], tcp[13] = tcpSize/4<<4, flags
	be.PutUint16(tcp[14:], 64240)
	be.PutUint32(tcp[16:], 0)
	const protocolTCP = 6
	pseudo := src.addr>>16 + src.addr&0xFFFF + dst.addr>>16 + dst.addr&0xFFFF + protocolTCP + uint32(len(tcp))
	be.PutUint16(tcp[16:], checksum(tcp, pseudo))

	w.written += int64(len(b))
	if len(w.buf) >= bufferSize {
		w.flush()
	}
}

// checksum is the Internet checksum of b and of a sum of big-endian words. It adds up
// eight bytes at a time: the sum does not depend on the byte order but for a swap at the
// end (RFC 1071 2).
func checksum(b []byte, more uint32) uint16 {
	var sum, carry uint64
	for len(b) >= 8 {
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(b), carry)
		b = b[8:]
	}
	if len(b) > 0 {
		var rest [8]byte
		copy(rest[:], b)
		sum, carry = bits.Add64(sum, binary.LittleEndian.Uint64(rest[:]), carry)
	}
	swapped := fold(sum) + uint64(bits.ReverseBytes16(uint16(fold(uint64(more))))) + carry
	return ^bits.ReverseBytes16(uint16(fold(swapped)))
}

// fold adds the 16-bit words of a sum until one is left.
func fold(s uint64) uint64 {
	for s > 0xFFFF {
		s = s>>16 + s&0xFFFF
	}
	return s
}
