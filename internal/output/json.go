package output

import (
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/reassembly"
)

// jsonLines prints an object per line, as docs/json.md describes it. It is appended by hand:
// no reflection and no allocation for a record, and strings that are not UTF-8 are not
// replaced by U+FFFD but written in another way.
type jsonLines struct {
	writer
	o       Options
	start   Start
	started bool
	stamp   stamp
	place   place  // of the record before, whose members
	placed  []byte // were these
	ends    [maxEnds]endpoints
	said    said           // payload of the last frame
	heads   [1 << 9][]byte // members for the first bits of a frame, once printed
	latin1  bool           // strings of the record are ISO-8859-1
	scratch []byte         // the string that is escaped
}

// NewJSON prints JSON lines.
func NewJSON(w io.Writer, o Options) Printer {
	return &jsonLines{writer: writer{w: w, each: o.LineFlush}, o: o}
}

// Emit implements dissect.Sink.
func (j *jsonLines) Emit(e dissect.Event) error {
	if j.err != nil {
		return j.err
	}
	if !j.started {
		if err := j.begin(); err != nil {
			return err
		}
	}
	only := j.o.Only
	switch e := e.(type) {
	case *dissect.Frame:
		if only.Has(TypeFrame) {
			j.frame(e)
			return j.line()
		}
	case *dissect.Message:
		if only.Has(TypeMessage) {
			j.message(e)
			return j.line()
		}
	case *dissect.Handshake:
		if only.Has(TypeHandshake) {
			j.handshake(e)
			return j.line()
		}
	case *dissect.Body:
		if only.Has(TypeBody) {
			j.body(e)
			return j.line()
		}
	case *dissect.Anomaly:
		if only.Has(TypeAnomaly) {
			j.anomaly(e)
			return j.line()
		}
	case *dissect.Gap:
		if only.Has(TypeGap) {
			j.gap(e)
			return j.line()
		}
	case *dissect.Closed:
		if only.Has(TypeClose) {
			j.closed(e)
			return j.line()
		}
	case *dissect.Summary:
		if only.Has(TypeSummary) {
			j.summary(e)
			return j.line()
		}
	}
	return nil
}

// line ends an object and its line.
func (j *jsonLines) line() error {
	j.b = append(j.b, '}', '\n')
	return j.end()
}

// begin prints the first record.
func (j *jsonLines) begin() error {
	j.started = true
	if j.o.Start != nil {
		j.start = j.o.Start()
	}
	if !j.o.Only.Has(TypeCapture) {
		return nil
	}
	j.b = append(j.b, `{"type":"capture","v":1`...)
	j.strings("files", j.start.Files)
	if j.start.Live != nil {
		j.strings("interfaces", j.start.Live)
	}
	j.strings("link_types", j.start.LinkTypes)
	j.str("filter", j.start.Filter)
	return j.line()
}

// open begins an object with the members that all records of packets have.
func (j *jsonLines) open(name string, m *dissect.Meta) {
	j.latin1 = false
	b := append(j.b, `{"type":"`...)
	b = append(b, name...)
	b = append(b, '"')
	if j.place.is(m) {
		j.b = append(b, j.placed...)
		return
	}
	j.b = b
	begin := len(j.b)
	j.where(m)
	j.place.set(m)
	j.placed = append(j.placed[:0], j.b[begin:]...)
}

// place is what the members depend on that all records of packets have. A message mostly
// has that of its last frame, and that of the next frame in the packet.
type place struct {
	packet, first, time, conn, stream int64
	way                               reassembly.Dir
	dir                               dissect.Dir
}

func (p *place) is(m *dissect.Meta) bool {
	return m.Conn != nil && p.conn == m.Conn.ID && p.packet == m.Packet.Number && p.first == m.FirstPacket &&
		p.time == m.Packet.Time && p.stream == m.Stream && p.way == m.Way && p.dir == m.Dir
}

// set makes p that of m; one without a connection is none.
func (p *place) set(m *dissect.Meta) {
	p.packet, p.first, p.time, p.stream, p.way, p.dir = m.Packet.Number, m.FirstPacket, m.Packet.Time, m.Stream, m.Way, m.Dir
	if p.conn = 0; m.Conn != nil {
		p.conn = m.Conn.ID
	}
}

// where appends these members.
func (j *jsonLines) where(m *dissect.Meta) {
	if m.Packet.Number != 0 {
		b := strconv.AppendInt(append(j.b, `,"packet":`...), m.Packet.Number, 10)
		if m.FirstPacket != 0 && m.FirstPacket != m.Packet.Number {
			b = strconv.AppendInt(append(b, `,"first_packet":`...), m.FirstPacket, 10)
		}
		b = j.stamp.append(append(b, `,"time":"`...), m.Packet.Time)
		j.b = append(b, '"')
		if i := int(m.Packet.Input); len(j.start.Files) > 1 && i < len(j.start.Files) {
			j.str("file", j.start.Files[i])
		}
		j.optional("interface", j.o.iface(m.Packet))
	}
	if m.Conn != nil {
		j.between(m)
	}
}

// endpoints are the members that tell a connection and the direction, as they were printed
// last for one of them.
type endpoints struct {
	conn, stream int64
	way          reassembly.Dir
	dir          dissect.Dir
	members      []byte
}

// maxEnds is how many connections and directions are remembered, by their IDs.
const maxEnds = 1 << 11

// between appends the members that tell a connection and the direction.
func (j *jsonLines) between(m *dissect.Meta) {
	e := &j.ends[(2*m.Conn.ID+int64(m.Way))%maxEnds]
	if e.conn == m.Conn.ID && e.stream == m.Stream && e.way == m.Way && e.dir == m.Dir {
		j.b = append(j.b, e.members...)
		return
	}
	begin := len(j.b)
	j.num("conn", m.Conn.ID)
	if m.Stream != 0 {
		j.num("stream", m.Stream)
	}
	src, dst := m.Addrs()
	j.key("src")
	j.b = append(j.b, '"')
	j.b = src.AppendTo(j.b)
	j.b = append(j.b, `","dst":"`...)
	j.b = dst.AppendTo(j.b)
	j.b = append(j.b, '"')
	if m.Dir != dissect.Unknown {
		j.token("dir", m.Dir.String())
	}
	*e = endpoints{m.Conn.ID, m.Stream, m.Way, m.Dir, append(e.members[:0], j.b[begin:]...)}
}

// key begins a member behind another one. Names and tokens are our own: they need no escapes.
func (j *jsonLines) key(name string) {
	n, size := len(j.b), len(name)+4
	j.b = slices.Grow(j.b, size)[:n+size]
	b := j.b[n:]
	b[0], b[1] = ',', '"'
	copy(b[2:], name)
	b[size-2], b[size-1] = '"', ':'
}

func (j *jsonLines) num(name string, n int64) {
	j.key(name)
	j.b = strconv.AppendInt(j.b, n, 10)
}

func (j *jsonLines) unsigned(name string, n uint64) {
	j.key(name)
	j.b = strconv.AppendUint(j.b, n, 10)
}

func (j *jsonLines) truth(name string, v bool) {
	j.key(name)
	j.b = strconv.AppendBool(j.b, v)
}

func (j *jsonLines) token(name, v string) {
	j.key(name)
	j.b = append(j.b, '"')
	j.b = append(j.b, v...)
	j.b = append(j.b, '"')
}

func (j *jsonLines) hex(name string, v []byte) {
	j.key(name)
	j.b = append(j.b, '"')
	j.b = hex.AppendEncode(j.b, v)
	j.b = append(j.b, '"')
}

func (j *jsonLines) str(name, v string) {
	j.key(name)
	j.quote(v)
}

// optional is str where v is not empty.
func (j *jsonLines) optional(name, v string) {
	if v != "" {
		j.str(name, v)
	}
}

// quote appends a string in quotes.
func (j *jsonLines) quote(v string) {
	j.b = append(j.b, '"')
	if j.latin1 {
		j.b = appendJSONLatin1(j.b, v)
	} else {
		j.scratch = append(j.scratch[:0], v...)
		j.b = appendJSON(j.b, j.scratch)
	}
	j.b = append(j.b, '"')
}

func (j *jsonLines) strings(name string, list []string) {
	j.key(name)
	j.b = append(j.b, '[')
	for i, v := range list {
		if i > 0 {
			j.b = append(j.b, ',')
		}
		j.quote(v)
	}
	j.b = append(j.b, ']')
}

// text appends UTF-8 of any size as a string.
func (j *jsonLines) text(name string, p []byte) {
	j.key(name)
	j.b = append(j.b, '"')
	for len(p) > chunk {
		n := cut(p, chunk)
		j.b = appendJSON(j.b, p[:n])
		p = p[n:]
		j.spill()
	}
	j.b = appendJSON(j.b, p)
	j.b = append(j.b, '"')
}

// bytes appends bytes of any number in base64.
func (j *jsonLines) bytes(name string, p []byte) {
	j.key(name)
	j.b = append(j.b, '"')
	for len(p) > chunk {
		j.b = appendBase64(j.b, p[:chunk])
		p = p[chunk:]
		j.spill()
	}
	j.b = appendBase64(j.b, p)
	j.b = append(j.b, '"')
}

// textOrBytes appends a string under one name if it is UTF-8, else under the other in base64.
func (j *jsonLines) textOrBytes(text, bytes string, p []byte) {
	if utf8.Valid(p) {
		j.text(text, p)
	} else {
		j.bytes(bytes, p)
	}
}
