package capture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"testing"
)

// copied is a packet that was read or is to be.
type copied struct {
	time   int64
	length uint32
	link   uint32
	iface  uint32
	data   string
}

// start is 2024-05-06T07:08:09 UTC.
const start = int64(1714979289) * 1e9

// traffic makes n packets of several lengths, a few milliseconds apart, with times that
// are whole microseconds.
func traffic(n int) []copied {
	packets := make([]copied, n)
	for i := range packets {
		data := bytes.Repeat([]byte(fmt.Sprintf("packet %d.", i)), 1+i%7*5)
		packets[i] = copied{
			time:   start + int64(i)*3_456_000,
			length: uint32(len(data)),
			link:   1,
			data:   string(data),
		}
	}
	return packets
}

// pcapFile builds pcap files.
type pcapFile struct {
	order   binary.AppendByteOrder // nil is little endian
	magic   uint32                 // 0 is magicMicro
	major   uint16                 // 0 is 2
	minor   uint16
	snapLen uint32
	network uint32
	swap    bool // the length on the wire first
	extra   int  // bytes more in a record header
	carry   bool // two seconds of the time are left in the fraction
}

func (f pcapFile) bytes(packets []copied) []byte {
	b := f.header()
	for _, p := range packets {
		b = f.record(b, p)
	}
	return b
}

func (f pcapFile) withDefaults() pcapFile {
	if f.order == nil {
		f.order = binary.LittleEndian
	}
	if f.magic == 0 {
		f.magic = magicMicro
	}
	if f.major == 0 {
		f.major, f.minor = 2, 4
	}
	return f
}

func (f pcapFile) header() []byte {
	f = f.withDefaults()
	b := f.order.AppendUint32(nil, f.magic)
	b = f.order.AppendUint16(b, f.major)
	b = f.order.AppendUint16(b, f.minor)
	b = append(b, make([]byte, 8)...)
	b = f.order.AppendUint32(b, f.snapLen)
	b = f.order.AppendUint32(b, f.network)
	if f.magic == magicIxiaHW || f.magic == magicIxiaSW {
		b = append(b, 1, 2, 3, 4)
	}
	return b
}

func (f pcapFile) record(b []byte, p copied) []byte {
	f = f.withDefaults()
	unit := int64(1000)
	if f.magic == magicNano || f.magic == magicIxiaHW {
		unit = 1
	}
	seconds, fraction := p.time/1e9, p.time%1e9
	if f.carry {
		seconds, fraction = seconds-2, fraction+2e9
	}
	b = f.order.AppendUint32(b, uint32(seconds))
	b = f.order.AppendUint32(b, uint32(fraction/unit))
	first, second := uint32(len(p.data)), p.length
	if f.swap {
		first, second = second, first
	}
	b = f.order.AppendUint32(b, first)
	b = f.order.AppendUint32(b, second)
	if f.magic == magicModified {
		b = f.order.AppendUint32(b, p.iface)
		b = f.order.AppendUint16(b, 0x0800)
		b = append(b, 4, 0)
	}
	b = append(b, make([]byte, f.extra)...)
	return append(b, p.data...)
}

// blocks builds pcapng files.
type blocks struct {
	b     []byte
	order binary.AppendByteOrder
}

func newBlocks() *blocks { return &blocks{order: binary.LittleEndian} }

// words appends 32-bit words.
func (n *blocks) words(b []byte, words ...uint32) []byte {
	for _, w := range words {
		b = n.order.AppendUint32(b, w)
	}
	return b
}

func (n *blocks) block(kind uint32, body []byte) *blocks {
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	size := uint32(len(body) + 12)
	n.b = n.words(n.b, kind, size)
	n.b = append(n.b, body...)
	n.b = n.words(n.b, size)
	return n
}

func (n *blocks) section() *blocks {
	body := n.words(nil, byteOrderMagic)
	body = n.order.AppendUint16(body, 1)
	body = n.order.AppendUint16(body, 0)
	body = n.words(body, 0xffffffff, 0xffffffff)
	return n.block(blockSectionHeader, n.option(body, 4, []byte("a test")))
}

func (n *blocks) option(body []byte, code uint16, value []byte) []byte {
	body = n.order.AppendUint16(body, code)
	body = n.order.AppendUint16(body, uint16(len(value)))
	body = append(body, value...)
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	return body
}

// describe adds an interface; options come as pairs of code and value.
func (n *blocks) describe(link uint16, snapLen uint32, options ...any) *blocks {
	body := n.order.AppendUint16(nil, link)
	body = n.order.AppendUint16(body, 0)
	body = n.words(body, snapLen)
	body = n.option(body, 2, []byte("eth0"))
	for i := 0; i < len(options); i += 2 {
		body = n.option(body, uint16(options[i].(int)), options[i+1].([]byte))
	}
	if len(options) > 0 {
		body = n.option(body, 0, nil)
	}
	return n.block(blockInterface, body)
}

// enhanced adds a packet with a time stamp as it is.
func (n *blocks) enhanced(ts uint64, p copied) *blocks {
	body := n.words(nil, p.iface, uint32(ts>>32), uint32(ts), uint32(len(p.data)), p.length)
	body = append(body, p.data...)
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	return n.block(blockEnhanced, n.option(body, 1, []byte("a comment")))
}

// packets adds packets of an interface with microseconds.
func (n *blocks) packets(packets []copied) *blocks {
	for _, p := range packets {
		n.enhanced(uint64(p.time/1000), p)
	}
	return n
}

func (n *blocks) obsolete(ts uint64, p copied) *blocks {
	body := n.order.AppendUint16(nil, uint16(p.iface))
	body = n.order.AppendUint16(body, 77) // drops
	body = n.words(body, uint32(ts>>32), uint32(ts), uint32(len(p.data)), p.length)
	return n.block(blockPacket, append(body, p.data...))
}

func (n *blocks) simple(p copied) *blocks {
	return n.block(blockSimple, append(n.words(nil, p.length), p.data...))
}

// smallWindow makes what is read slide often.
const smallWindow = 4 << 10

// readAll reads inputs to their end and copies what comes.
func readAll(t testing.TB, r *Reader) (packets []copied, errs []error) {
	t.Helper()
	r.window = newWindow(smallWindow)
	for p, err := range r.Packets() {
		if err != nil {
			if p != nil {
				t.Error("an error with a packet")
			}
			errs = append(errs, err)
			continue
		}
		packets = append(packets, copied{p.Time, p.Length, p.LinkType, p.Interface, string(p.Data)})
		if p.Number != int64(len(packets)) {
			t.Errorf("packet %d has number %d", len(packets), p.Number)
		}
	}
	return packets, errs
}

func readBytes(t testing.TB, b []byte) ([]copied, []error) {
	t.Helper()
	return readAll(t, New(Stream("test", bytes.NewReader(b))))
}

// mustRead is readBytes for a file without a defect.
func mustRead(t testing.TB, b []byte) []copied {
	t.Helper()
	packets, errs := readBytes(t, b)
	for _, err := range errs {
		t.Errorf("unexpected: %v", err)
	}
	return packets
}

func compare(t testing.TB, got, want []copied) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d packets, want %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Errorf("packet %d:\n got %+v\nwant %+v", i+1, got[i], want[i])
			return
		}
	}
}

// inChunks returns the bytes of each chunk by a Read of its own.
type inChunks struct{ chunks [][]byte }

func (c *inChunks) Read(b []byte) (int, error) {
	if len(c.chunks) == 0 {
		return 0, io.EOF
	}
	n := copy(b, c.chunks[0])
	if c.chunks[0] = c.chunks[0][n:]; len(c.chunks[0]) == 0 {
		c.chunks = c.chunks[1:]
	}
	return n, nil
}
