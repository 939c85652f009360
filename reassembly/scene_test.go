package reassembly

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"
)

// scene plays scripts of segments to an Assembler and writes down what the Streams get.
// A script has a line for each packet:
//
//	A 1 hello        A sends "hello", relative sequence number 1, with the last ack of A
//	B 1 ack=6        a bare acknowledgement; B keeps sending ack=6
//	A 0 SYN          flags: SYN FIN RST; with ack= also ACK
//	A 1 hel cut=2    two more bytes were on the wire
//	* +250ms         a packet of no connection, later
//
// Further words: win=N, isn=N (the sender's, from here on), port=N (of A, for this line),
// zone=N, x100 (the data 100 times), +D (the clock, from here on).
type scene struct {
	a      *Assembler
	n      int64
	clock  int64
	isn    [2]uint32
	ack    [2]int64 // relative; -1 for none
	log    []string
	ignore bool                // call Assembler.Ignore at the first byte
	passes bool                // call Assembler.Overlook from "(" to ")"
	reject func(*Conn) bool    // whether nobody wants the connection
	poison bool                // scribble over payloads after Push
	check  func(PacketRef)     // of all that is delivered
	marks  bool                // log Piece.Shuffled
	bytes  map[int64][2]string // by connection
}

func newScene(c Config) *scene {
	s := &scene{isn: [2]uint32{1000, 5000}, ack: [2]int64{-1, -1}, poison: true, clock: 1e18}
	s.bytes = make(map[int64][2]string)
	c.New = func(p Conn) Stream {
		if s.reject != nil && s.reject(&p) {
			return nil
		}
		return &tape{scene: s, conn: &p}
	}
	s.a = New(c)
	s.a.memory.pool.poison = true
	return s
}

type tape struct {
	scene *scene
	conn  *Conn
}

func (t *tape) write(d Dir, p PacketRef, format string, args ...any) {
	if t.scene.check != nil {
		t.scene.check(p)
	}
	t.scene.log = append(t.scene.log, fmt.Sprintf("%d%c %s #%d", t.conn.ID, "AB"[d], fmt.Sprintf(format, args...), p.Number))
}

func (t *tape) Data(p Piece) {
	mark := ""
	if t.scene.marks && p.Shuffled {
		mark = " shuffled"
	}
	t.write(p.Dir, p.Packet, "%d %s%s", p.Offset, p.Data, mark)
	b := t.scene.bytes[t.conn.ID]
	b[p.Dir] += string(p.Data)
	t.scene.bytes[t.conn.ID] = b
	if t.scene.ignore {
		t.scene.a.Ignore(t.conn)
	}
	if t.scene.passes {
		all := b[p.Dir]
		t.scene.a.Overlook(t.conn, p.Dir, strings.LastIndexByte(all, '(') > strings.LastIndexByte(all, ')'))
	}
}

func (t *tape) Gap(g Gap)   { t.write(g.Dir, g.Packet, "%d gap %d %v", g.Offset, g.Len, g.Cause) }
func (t *tape) Note(n Note) { t.write(n.Dir, n.Packet, "%d note %v", n.Offset, n.Code) }
func (t *tape) End(e End)   { t.write(e.Dir, e.Packet, "%d end %v", e.Offset, e.Reason) }

// play runs a script, and returns what it made the Streams get, a line for each call:
// connection and sender, offset, what, and packet.
func (s *scene) play(script string) string {
	for line := range strings.Lines(script) {
		if f := strings.Fields(line); len(f) > 0 && f[0] != "//" {
			s.line(f)
		}
	}
	return s.take()
}

func (s *scene) take() string {
	out := strings.Join(s.log, "\n")
	s.log = nil
	return out
}

func (s *scene) line(words []string) {
	g := &Segment{}
	port, data := 40000, ""
	d := AtoB
	if words[0] == "B" {
		d = BtoA
	}
	for _, w := range words[1:] {
		key, value, _ := strings.Cut(w, "=")
		switch {
		case w[0] == '+':
			s.clock += int64(must(time.ParseDuration(w[1:])))
		case w == "SYN":
			g.Flags |= SYN
		case w == "FIN":
			g.Flags |= FIN
		case w == "RST":
			g.Flags |= RST
		case key == "ack":
			s.ack[d] = must(strconv.ParseInt(value, 0, 64))
		case key == "cut":
			g.Missing = must(strconv.Atoi(value))
		case key == "win":
			g.Window = uint16(must(strconv.Atoi(value)))
		case key == "isn":
			s.isn[d] = uint32(must(strconv.ParseUint(value, 0, 32)))
		case key == "port":
			port = must(strconv.Atoi(value))
		case key == "zone":
			g.Zone = uint32(must(strconv.Atoi(value)))
		case w[0] == 'x' && data != "":
			data = strings.Repeat(data, must(strconv.Atoi(w[1:])))
		case w[0] == '-' || w[0] >= '0' && w[0] <= '9':
			g.Seq = uint32(must(strconv.ParseInt(w, 0, 64)))
		default:
			data = w
		}
	}
	s.n++
	g.Seq += s.isn[d]
	g.Packet = PacketRef{Number: s.n, Time: s.clock, Wire: 100, Captured: 100}
	if words[0] == "*" {
		s.a.Tick(g.Packet)
		return
	}
	if s.ack[d] >= 0 && (!g.Flags.Has(SYN) || d == BtoA) {
		g.Flags |= ACK
		g.Ack = s.isn[d.Reverse()] + uint32(s.ack[d])
	}
	g.Src = netip.AddrPortFrom(netip.MustParseAddr("10.0.0.9"), uint16(port))
	g.Dst = netip.MustParseAddrPort("10.0.0.2:80")
	if d == BtoA {
		g.Src, g.Dst = g.Dst, g.Src
	}
	g.Payload = []byte(data)
	s.push(g)
}

func (s *scene) push(g *Segment) {
	s.a.Push(g)
	if s.poison {
		for i := range g.Payload {
			g.Payload[i] = 0xAA
		}
	}
}

// close ends the capture.
func (s *scene) close() string {
	s.a.Close(PacketRef{Number: s.n, Time: s.clock})
	return s.take()
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

const handshake = `
	A 0 SYN
	B 0 SYN ack=1
	A 1 ack=1
`

// lines strips the indentation of a wanted output.
func lines(s string) string {
	var out []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// isns are pairs of initial sequence numbers that all tests of scripts run with: plain
// ones, ones that wrap within the first bytes, and ones at the sign of the difference.
var isns = [][2]uint32{{1000, 5000}, {0xFFFFFFFC, 0xFFFFFFFE}, {0x7FFFFFFD, 0x80000000}}

type scriptCase struct {
	name   string
	config Config
	ignore bool
	script string
	want   string // of the script
	after  string // of the end of the capture
}

func runScripts(t *testing.T, cases []scriptCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, isn := range isns {
				s := newScene(c.config)
				s.isn, s.ignore = isn, c.ignore
				if got, want := s.play(c.script), lines(c.want); got != want {
					t.Errorf("ISNs %#x\ngot\n%s\nwant\n%s", isn, got, want)
				}
				if got, want := s.close(), lines(c.after); got != want {
					t.Errorf("ISNs %#x, at the end of the capture\ngot\n%s\nwant\n%s", isn, got, want)
				}
				checkEmpty(t, s.a)
			}
		})
	}
}

// checkEmpty fails if the Assembler still holds anything after Close.
func checkEmpty(t *testing.T, a *Assembler) {
	t.Helper()
	if a.slab.used() != 0 || a.memory.used != 0 || a.table.used != 0 {
		t.Errorf("after Close: %d connections, %d bytes, %d keys", a.slab.used(), a.memory.used, a.table.used)
	}
	for k, l := range a.waits {
		if l.first != nil || l.last != nil {
			t.Errorf("after Close: a wait of kind %d", k)
		}
	}
}
