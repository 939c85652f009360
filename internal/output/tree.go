package output

import (
	"io"
	"net/netip"
	"strconv"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/reassembly"
)

// tree prints a block for each packet in the layout of tshark -V -O websocket: the lines
// of the packet, then what it carried, then an empty line. What Wireshark does not print
// stands in brackets.
//
// A block stays open while events come from its packet, so that several frames of a packet
// stand under one Frame line. What happens without a packet of the connection, like its
// end, has a block that begins with a [Connection] line.
type tree struct {
	writer
	o     Options
	pal   Palette
	clock clock

	open  bool
	block block
	shown *dissect.Message // printed with its frame; only compared
	dumps []byte           // hex dumps that wait for the end of the block
}

// block is what an event must share with the one before to stand in the same block.
type block struct {
	packet int64
	conn   int64
	way    reassembly.Dir
	bare   bool // begins with a [Connection] line
}

// NewTree prints the tree.
func NewTree(w io.Writer, o Options) Printer {
	return &tree{
		writer: writer{w: w, each: o.LineFlush},
		o:      o,
		pal:    o.Palette,
		clock:  newClock(&o),
	}
}

// Emit implements dissect.Sink.
func (t *tree) Emit(e dissect.Event) error {
	if t.err != nil {
		return t.err
	}
	switch e := e.(type) {
	case *dissect.Frame:
		t.shown = nil
		if t.o.Only.Has(TypeFrame) {
			t.frame(e)
			t.shown = e.Message
			return t.end()
		}
	case *dissect.Message:
		whole := t.shown == e
		t.shown = nil
		if !whole && t.o.Only.Has(TypeMessage) {
			t.message(e)
			return t.end()
		}
	case *dissect.Handshake:
		if t.o.Only.Has(TypeHandshake) {
			t.handshake(e)
			return t.end()
		}
	case *dissect.Body:
		if t.o.Only.Has(TypeBody) {
			t.body(e)
			return t.end()
		}
	case *dissect.Anomaly:
		if t.o.Only.Has(TypeAnomaly) {
			t.anomaly(e)
			return t.end()
		}
	case *dissect.Gap:
		if t.o.Only.Has(TypeGap) {
			t.gap(e)
			return t.end()
		}
	case *dissect.Closed:
		if t.o.Only.Has(TypeClose) {
			t.closed(e)
			return t.end()
		}
	case *dissect.Summary:
		if t.o.Only.Names(TypeSummary) {
			t.between()
			t.b = appendSummary(t.b, e)
			return t.end()
		}
	}
	return nil
}

// Flush implements Printer. It ends the block that is open.
func (t *tree) Flush() error {
	t.dump()
	return t.writer.Flush()
}

// between ends the block that is open; the next line begins another.
func (t *tree) between() {
	t.dump()
	if t.open {
		t.b = append(t.b, '\n')
	}
	t.open = true
	t.block = block{}
}

// dump prints the hex dumps of the block.
func (t *tree) dump() {
	if len(t.dumps) == 0 {
		return
	}
	t.b = append(t.b, '\n')
	t.b = append(t.b, t.dumps...)
	t.dumps = t.dumps[:0]
	t.spill()
}

// packet begins the block of the packet of an event, unless it is open.
func (t *tree) packet(m *dissect.Meta) { t.packetOf(m, m.Packet, m.Way, m.Dir) }

// packetOf does so for another packet of the same connection.
func (t *tree) packetOf(m *dissect.Meta, p reassembly.PacketRef, way reassembly.Dir, dir dissect.Dir) {
	if m.Conn == nil {
		return
	}
	want := block{packet: p.Number, conn: m.Conn.ID, way: way}
	if t.block == want {
		return
	}
	t.between()
	t.block = want
	t.clock.see(p)
	t.packetLine(p)
	t.times(p)
	t.rawPacket(p.Number)
	src, dst := m.Conn.Addrs(way)
	color := t.pal.dir(dir)
	t.b = append(t.b, color.on...)
	t.b = appendIPLine(t.b, src, dst)
	t.b = append(t.b, color.off...)
	t.b = append(t.b, '\n')
	t.b = append(t.b, color.on...)
	t.b = appendTCPLine(t.b, src, dst, p)
	t.b = append(t.b, color.off...)
	t.b = append(t.b, '\n')
}

// about continues the block of the event's packet, or begins one without a packet: what
// the event tells did not travel in it, and it may not even belong to the connection.
func (t *tree) about(m *dissect.Meta) {
	if m.Conn == nil || t.continues(m) {
		return
	}
	t.between()
	t.block = block{packet: m.Packet.Number, conn: m.Conn.ID, way: m.Way, bare: true}
	t.clock.see(m.Packet)
	b := append(t.b, "[Connection "...)
	b = strconv.AppendInt(b, m.Conn.ID, 10)
	b = append(b, ": "...)
	b = m.Conn.A().AppendTo(b)
	b = append(b, ", "...)
	b = m.Conn.B().AppendTo(b)
	b = append(b, "; at frame "...)
	b = strconv.AppendInt(b, m.Packet.Number, 10)
	t.b = append(b, "]\n"...)
}

// continues reports whether the open block is about the packet of the event.
func (t *tree) continues(m *dissect.Meta) bool {
	return m.Conn != nil && t.block.packet == m.Packet.Number && t.block.conn == m.Conn.ID
}

func (t *tree) packetLine(p reassembly.PacketRef) {
	b := append(t.b, t.pal.packet.on...)
	b = append(b, "Frame "...)
	b = strconv.AppendInt(b, p.Number, 10)
	b = append(b, ": "...)
	b = appendSize(b, p.Wire, " on wire")
	b = append(b, ", "...)
	b = appendSize(b, p.Captured, " captured")
	if name := t.o.iface(p); name != "" {
		b = append(b, " on interface "...)
		b = appendEscaped(b, name)
	}
	b = append(b, t.pal.packet.off...)
	t.b = append(b, '\n')
}

func appendSize(b []byte, n uint32, what string) []byte {
	b = appendCount(b, uint64(n), "byte")
	b = append(b, what...)
	b = append(b, " ("...)
	b = appendCount(b, 8*uint64(n), "bit")
	return append(b, ')')
}

// appendCount appends "1 byte", "2 bytes".
func appendCount(b []byte, n uint64, unit string) []byte {
	b = strconv.AppendUint(b, n, 10)
	b = append(b, ' ')
	b = append(b, unit...)
	if n != 1 {
		b = append(b, 's')
	}
	return b
}

func appendIPLine(b []byte, src, dst netip.AddrPort) []byte {
	b = append(b, "Internet Protocol Version "...)
	if from := src.Addr(); from.Is4() || from.Is4In6() {
		b = append(b, "4, Src: "...)
	} else {
		b = append(b, "6, Src: "...)
	}
	b = src.Addr().Unmap().AppendTo(b)
	b = append(b, ", Dst: "...)
	return dst.Addr().Unmap().AppendTo(b)
}

func appendTCPLine(b []byte, src, dst netip.AddrPort, p reassembly.PacketRef) []byte {
	b = append(b, "Transmission Control Protocol, Src Port: "...)
	b = strconv.AppendUint(b, uint64(src.Port()), 10)
	b = append(b, ", Dst Port: "...)
	b = strconv.AppendUint(b, uint64(dst.Port()), 10)
	b = append(b, ", Seq: "...)
	b = strconv.AppendUint(b, uint64(p.Seq), 10)
	b = append(b, ", Ack: "...)
	b = strconv.AppendUint(b, uint64(p.Ack), 10)
	b = append(b, ", Len: "...)
	return strconv.AppendUint(b, uint64(p.Len), 10)
}

// times prints the time of a packet, if it was asked for, in the words of tshark -V.
func (t *tree) times(p reassembly.PacketRef) {
	format := t.clock.format
	all := t.o.Verbose > 0
	if all || format == TimeAbsolute || format == TimeDate || format == TimeUTC {
		zone := t.clock.zone
		if format == TimeUTC {
			zone = nil
		}
		t.b = appendArrival(t.b, p.Time, zone)
	}
	if all || format == TimeEpoch {
		t.seconds("    Epoch Time: ", p.Time, " seconds\n")
	}
	if all || format == TimeDelta {
		t.seconds("    [Time delta from previous displayed frame: ", t.clock.elapsed, " seconds]\n")
	}
	if all || format == TimeRelative {
		t.seconds("    [Time since reference or first frame: ", t.clock.relative(p), " seconds]\n")
	}
}

func (t *tree) seconds(before string, ns int64, after string) {
	t.b = append(t.b, before...)
	t.b = appendSeconds(t.b, ns, 9)
	t.b = append(t.b, after...)
}

// rawPacket prints what only the packet itself tells, if it is still at hand.
func (t *tree) rawPacket(number int64) {
	if t.o.Raw == nil || !t.o.Hex && (t.o.Verbose == 0 || t.o.Layers == nil) {
		return
	}
	link, data, ok := t.o.Raw(number)
	if !ok {
		return
	}
	if t.o.Verbose > 0 && t.o.Layers != nil {
		t.b = t.o.Layers(t.b, link, data)
	}
	if t.o.Hex {
		t.dumps = appendSource(t.dumps, "Packet", data, 0)
	}
}

// painted appends text in a colour.
func painted(b []byte, s style, text string) []byte {
	b = append(b, s.on...)
	b = append(b, text...)
	return append(b, s.off...)
}
