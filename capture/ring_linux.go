package capture

import (
	"fmt"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// A block that is not full is handed over too, so at a low rate it is the number of blocks
	// that bounds for how long packets can wait. They are small therefore, but hold the longest
	// packet that there may be.
	leastBlock, mostBlock = 1 << 17, 1 << 20

	// retireMillis is when the kernel hands over a block that is not full: what bounds
	// the delay of a packet.
	retireMillis = 10

	// headroom is what the kernel leaves free before a packet, for a VLAN tag that the
	// hardware took out.
	headroom = vlanTag

	// frameSize only has to divide the size of a block: version 3 packs packets of any size.
	frameSize = 1 << 11

	// roomForHeaders is more than what stands before the bytes of a packet in its block.
	roomForHeaders = 1 << 10

	minBlocks, maxRing = 4, 1 << 30

	addressOffset = (int(unsafe.Sizeof(unix.Tpacket3Hdr{})) + unix.TPACKET_ALIGNMENT - 1) &^ (unix.TPACKET_ALIGNMENT - 1)
)

// ring is the memory that a packet socket shares with the kernel, TPACKET_V3: a circle of
// blocks, each handed to us when it is full or old enough, and given back when it was read.
type ring struct {
	mem    []byte
	size   int // of a block
	blocks int
	block  int    // the one that is read, or comes next
	left   uint32 // packets of it that were not read
	offset int    // in mem, of the next of them
	held   bool   // the block is ours
}

// newRing maps a ring of about size bytes to the socket, for packets of up to longest bytes.
func newRing(fd, size, longest int) (*ring, error) {
	block := leastBlock
	for block < mostBlock && block < longest+roomForHeaders {
		block *= 2
	}
	blocks := max(min(size, maxRing)/block, minBlocks)
	if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_VERSION, unix.TPACKET_V3); err != nil {
		return nil, fmt.Errorf("no TPACKET_V3: %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_RESERVE, headroom); err != nil {
		return nil, fmt.Errorf("PACKET_RESERVE: %w", err)
	}
	req := unix.TpacketReq3{
		Block_size: uint32(block), Block_nr: uint32(blocks),
		Frame_size: frameSize, Frame_nr: uint32(blocks * (block / frameSize)),
		Retire_blk_tov: retireMillis,
	}
	if err := unix.SetsockoptTpacketReq3(fd, unix.SOL_PACKET, unix.PACKET_RX_RING, &req); err != nil {
		return nil, fmt.Errorf("no buffer of %d MiB: %w", blocks*block>>20, err)
	}
	mem, err := unix.Mmap(fd, 0, blocks*block, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	return &ring{mem: mem, size: block, blocks: blocks}, nil
}

// header is that of the block.
func (r *ring) header() *unix.TpacketHdrV1 {
	d := (*unix.TpacketBlockDesc)(unsafe.Pointer(&r.mem[r.block*r.size]))
	return (*unix.TpacketHdrV1)(unsafe.Pointer(&d.Hdr))
}

// acquire takes the block if the kernel has handed it over.
func (r *ring) acquire() bool {
	h := r.header()
	if atomic.LoadUint32(&h.Block_status)&unix.TP_STATUS_USER == 0 {
		return false
	}
	r.held, r.left = true, h.Num_pkts
	r.offset = r.block*r.size + int(h.Offset_to_first_pkt)
	return true
}

// release gives the block back, with all that was read of it.
func (r *ring) release() {
	if !r.held {
		return
	}
	atomic.StoreUint32(&r.header().Block_status, unix.TP_STATUS_KERNEL)
	r.held = false
	r.block = (r.block + 1) % r.blocks
}

// next is the next packet of the block; ok is false when there is none.
func (r *ring) next() (f frame, ok bool) {
	if r.left == 0 {
		return frame{}, false
	}
	r.left--
	f.Tpacket3Hdr = (*unix.Tpacket3Hdr)(unsafe.Pointer(&r.mem[r.offset]))
	f.address = (*unix.RawSockaddrLinklayer)(unsafe.Pointer(&r.mem[r.offset+addressOffset]))
	f.b = r.mem[r.offset : (r.block+1)*r.size]
	r.offset += int(f.Next_offset)
	return f, true
}

func (r *ring) close() { _ = unix.Munmap(r.mem) }

// frame is a packet in a ring.
type frame struct {
	*unix.Tpacket3Hdr
	address *unix.RawSockaddrLinklayer
	b       []byte // from the header on
}
