package reassembly

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestLimits(t *testing.T) {
	const room = 2 * (pieceCost + 16)
	runScripts(t, []scriptCase{
		{
			name:   "bytes queued for a connection",
			config: Config{MaxQueuedPerConn: room},
			script: handshake + `
				A 4 def
				A 10 jkl
				A 13 mno
				B 4 z`,
			want: `
				1A 0 note queue full #6
				1A 0 gap 3 limit #4
				1A 3 def #4
				1A 6 note queue full #7
				1A 6 gap 3 limit #5
				1A 9 jkl #5
				1A 12 mno #6`,
			after: `
				1A 15 end capture end #7
				1B 0 gap 3 closed #7
				1B 3 z #7
				1B 4 end capture end #7`,
		},
		{
			name:   "the half that holds more gives up",
			config: Config{MaxQueuedPerConn: room},
			script: handshake + `
				A 4 def
				A 10 jkl
				B 4 z`,
			want: `
				1A 0 note queue full #6
				1A 0 gap 3 limit #4
				1A 3 def #4`,
			after: `
				1A 6 gap 3 closed #5
				1A 9 jkl #5
				1A 12 end capture end #6
				1B 0 gap 3 closed #6
				1B 3 z #6
				1B 4 end capture end #6`,
		},
		{
			name:   "the half that holds more gives up, if it is the sender's",
			config: Config{MaxQueuedPerConn: room * 3 / 2},
			script: handshake + `
				A 4 def
				A 10 jkl
				B 4 z
				A 16 pqr`,
			want: `
				1A 0 note queue full #7
				1A 0 gap 3 limit #4
				1A 3 def #4`,
			after: `
				1A 6 gap 3 closed #5
				1A 9 jkl #5
				1A 12 gap 3 closed #7
				1A 15 pqr #7
				1A 18 end capture end #7
				1B 0 gap 3 closed #6
				1B 3 z #6
				1B 4 end capture end #7`,
		},
		{
			name:   "a limit below one segment",
			config: Config{MaxQueuedPerConn: 1},
			script: handshake + `
				A 4 def
				A 1 abc
				A 7 ghi`,
			want: `
				1A 0 note queue full #4
				1A 0 gap 3 limit #4
				1A 3 def #4
				1A 6 ghi #6`,
			after: `
				1A 9 end capture end #6
				1B 0 end capture end #6`,
		},
		{
			name:   "a limit below one segment, midstream",
			config: Config{MaxQueuedPerConn: 1},
			script: `
				A 504 def
				A 507 ghi`,
			want: `
				1A 0 note queue full #1
				1A 0 def #1
				1A 3 ghi #2`,
			after: `
				1A 6 end capture end #2
				1B 0 end capture end #2`,
		},
		{
			name:   "bytes queued in all: the longest waiting gives up, before the next packet",
			config: Config{MaxQueued: 2*(pageCost+waitCost+16) + 1},
			script: `
				A 0 SYN port=1
				A 0 SYN port=2
				A 0 SYN port=3
				A 4 def port=3
				A 4 def port=1
				A 4 def port=2
				*
				A 1 abc port=1`,
			want: `
				3A 0 note queue full #7
				3A 0 gap 3 limit #4
				3A 3 def #4
				1A 0 abc #8
				1A 3 def #5`,
			after: `
				1A 6 end capture end #8
				1B 0 end capture end #8
				2A 0 gap 3 closed #6
				2A 3 def #6
				2A 6 end capture end #8
				2B 0 end capture end #8
				3A 6 end capture end #8
				3B 0 end capture end #8`,
		},
		{
			name:   "bytes queued in all: both ends behind the hole",
			config: Config{MaxQueued: 1},
			script: handshake + `
				B 1 FIN
				A 4 def FIN
				*
				A 1 abc`,
			want: `
				1B 0 end fin #5
				1A 0 note queue full #6
				1A 0 gap 3 limit #5
				1A 3 def #5
				1A 6 end fin #6`,
		},
		{
			name:   "connections: the least recently used goes",
			config: Config{MaxConns: 2},
			script: `
				A 0 SYN port=1
				A 1 a port=1
				A 0 SYN port=2
				A 1 b port=2
				A 5 b port=2
				A 2 a port=1
				A 0 SYN port=3
				A 1 c port=3
				A 3 a port=1
				A 2 b port=2`,
			want: `
				1A 0 a #2
				3A 0 b #4
				1A 1 a #6
				3A 1 gap 3 evicted #5
				3A 4 b #5
				3A 5 end dropped #8
				3B 0 end dropped #8
				7A 0 c #8
				1A 2 a #9`,
			after: `
				1A 3 end capture end #10
				1B 0 end capture end #10
				7A 1 end capture end #10
				7B 0 end capture end #10
				10A 0 b #10
				10A 1 end capture end #10
				10B 0 end capture end #10`,
		},
		{
			name:   "connections: closed ones go first",
			config: Config{MaxConns: 2},
			script: `
				A 0 SYN port=1
				A 1 a port=1
				A 0 SYN port=2
				A 1 RST port=2
				A 0 SYN port=4
				*
				*
				A 2 a port=1`,
			want: `
				1A 0 a #2
				1A 1 a #8`,
			after: `
				1A 2 end capture end #8
				1B 0 end capture end #8`,
		},
		{
			name:   "idle",
			config: Config{IdleTimeout: time.Minute},
			script: handshake + `
				A 1 abc
				A 7 ghi
				A 0 SYN port=2 +30s
				A 1 x port=2
				* +29s
				* +1s
				A 4 def
				* +30s
				* +30s`,
			want: `
				1A 0 abc #4
				6A 0 x #7
				1A 3 gap 3 evicted #5
				1A 6 ghi #5
				1A 9 end idle #9
				1B 0 end idle #9
				6A 1 end idle #11
				6B 0 end idle #11
				10A 0 def #10
				10A 3 end idle #12
				10B 0 end idle #12`,
		},
		{
			name:   "TIME_WAIT ends",
			config: Config{TimeWait: time.Second},
			script: handshake + `
				A 1 abc
				A 4 RST
				A 4 def
				* +1s
				A 4 def
				B 1 ack=7`,
			want: `
				1A 0 abc #4
				1A 3 end reset #5
				1B 0 end peer reset #5
				8A 0 def #8`,
			after: `
				8A 3 end capture end #9
				8B 0 end capture end #9`,
		},
	})
}

func TestFloodSparesWhatIsOpen(t *testing.T) {
	s := newScene(Config{MaxConns: 100})
	s.play("A 0 SYN port=1\nA 1 a port=1")
	for i := range 1000 {
		s.play(fmt.Sprintf("A 0 SYN +1s port=%d", 1000+i))
	}
	if got := s.play("A 2 b port=1"); got != "1A 1 b #1003" {
		t.Errorf("got %s", got)
	}
	if n := s.a.slab.used(); n > 101 {
		t.Errorf("%d connections", n)
	}
}

func TestOneOddTimeDoesNotEvict(t *testing.T) {
	s := newScene(Config{})
	got := s.play(handshake + `
		A 1 abc
		A 7 ghi
		* +90000h
		A 4 def +-90000h
		* +-90000h
		A 10 jkl +90000h
	`)
	if want := lines(`
		1A 0 abc #4
		1A 3 def #7
		1A 6 ghi #5
		1A 9 jkl #9`); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestStats(t *testing.T) {
	s := newScene(Config{MaxConns: 2, IdleTimeout: time.Minute, MaxQueuedPerConn: pieceCost + 16})
	s.play(`
		A 5 FIN port=9
		A 0 SYN port=1
		A 3 c port=1
		A 7 d port=1
		A 5 x port=2
		A 5 x port=3
		* 
		A 6 y port=3
		* +50s
		* +50s
		* +50s
		*
	`)
	s.close()
	want := Stats{Segments: 7, Connections: 3, Midstream: 2, Gaps: 2, LostBytes: 5, Limited: 2, Evicted: 1, Idle: 2, Ignored: 1}
	if got := s.a.Stats(); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// heapOf measures the memory that f leaves behind in what it returns.
func heapOf(f func() any) (bytes int64, kept any) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept = f()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return int64(after.HeapAlloc) - int64(before.HeapAlloc), kept
}

func TestFloodOfSYNs(t *testing.T) {
	const conns = 10_000
	flood := func(n int) (int64, *Assembler) {
		bytes, kept := heapOf(func() any {
			a := New(Config{MaxConns: conns, New: func(Conn) Stream { t.Error("a Stream for a SYN"); return nil }})
			r := rand.New(rand.NewPCG(1, 2))
			for i := range n {
				s := segment4(r.Uint32(), uint16(r.Uint32()), AtoB)
				s.Seq, s.Flags, s.Packet.Number = r.Uint32(), SYN, int64(i+1)
				a.Push(&s)
			}
			return a
		})
		return bytes, kept.(*Assembler)
	}
	small, _ := flood(conns)
	large, a := flood(500_000)
	if a.slab.used() != conns+1 || a.Stats().Evicted != 500_000-conns-1 {
		t.Errorf("%d connections, %+v", a.slab.used(), a.Stats())
	}
	if large > small*2 {
		t.Errorf("%d bytes after 500,000 SYNs, %d after %d", large, small, conns)
	}
	if large > conns*400 {
		t.Errorf("%d bytes for %d connections", large, conns)
	}
	runtime.KeepAlive(a)
}

// TestTinySegments sends a million one-byte segments in random order, none of which can
// be delivered before the first byte comes, last.
func TestTinySegments(t *testing.T) {
	const n = 1_000_000
	var sum sums
	limit := 1 << 20
	a := New(Config{MaxQueuedPerConn: limit, New: func(Conn) Stream { return &sum }})
	s := segment4(1, 1, AtoB)
	s.Flags = SYN
	a.Push(&s)
	peak := int64(0)
	for i, k := range rand.New(rand.NewPCG(3, 4)).Perm(n) {
		s := segment4(1, 1, AtoB)
		s.Seq, s.Payload, s.Packet.Number = uint32(3+2*k), []byte{byte(k)}, int64(i+2)
		a.Push(&s)
		peak = max(peak, a.memory.used)
	}
	a.Close(PacketRef{})
	if peak < int64(limit)/2 || peak > 3*int64(limit) {
		t.Errorf("peak of %d bytes with a limit of %d", peak, limit)
	}
	// What comes behind the place where holes were given up is late for good.
	if sum.bytes+sum.lost != sum.end || sum.end != 2*n+1 || sum.bytes == 0 {
		t.Errorf("%d bytes, %d lost, end at %d", sum.bytes, sum.lost, sum.end)
	}
	checkEmpty(t, a)
}

// TestLostAtTheStart loses one segment of a connection that goes on for hours, whose peer
// acknowledges what it gets, is not captured, or never acknowledges more than the segment
// before: what waits behind the hole is bounded, and one segment is lost.
func TestLostAtTheStart(t *testing.T) {
	const n, size, limit = 100_000, 100, 1 << 20
	for name, ack := range map[string]func(sent uint32) uint32{
		"acknowledged": func(sent uint32) uint32 { return sent },
		"silent":       nil,
		"stubborn":     func(uint32) uint32 { return 2 + size },
	} {
		t.Run(name, func(t *testing.T) {
			var sum sums
			a := New(Config{MaxQueuedPerConn: limit, New: func(Conn) Stream { return &sum }})
			peak := int64(0)
			push := func(s Segment, i int) {
				s.Packet.Number, s.Packet.Time = int64(2*i+1), int64(i)*int64(100*time.Millisecond)
				a.Push(&s)
				peak = max(peak, a.memory.used)
			}
			s := segment4(1, 1, AtoB)
			s.Flags, s.Seq = SYN, 1
			push(s, 0)
			for i := range n {
				s := segment4(1, 1, AtoB)
				s.Seq, s.Payload = uint32(2+i*size), make([]byte, size)
				if i != 1 {
					push(s, i)
				}
				if ack != nil && i%10 == 9 {
					s := segment4(1, 1, BtoA)
					s.Flags, s.Seq, s.Ack = ACK, 1, ack(uint32(2+(i+1)*size))
					push(s, i)
				}
			}
			a.Close(PacketRef{})
			if peak > 3*limit {
				t.Errorf("peak of %d bytes with a limit of %d", peak, limit)
			}
			if sum.lost != size || sum.bytes != (n-1)*size {
				t.Errorf("%d bytes, %d lost", sum.bytes, sum.lost)
			}
			checkEmpty(t, a)
		})
	}
}

func TestReversed(t *testing.T) {
	for _, c := range []struct {
		name string
		less func(i, n int) int
	}{
		{"reverse", func(i, n int) int { return n - 1 - i }},
		{"odd ones, then even ones in reverse", func(i, n int) int {
			if i < n/2 {
				return 2*i + 1
			}
			return 2 * (n - 1 - i)
		}},
		{"rotated", func(i, n int) int { return (i + n/3) % n }},
	} {
		t.Run(c.name, func(t *testing.T) {
			const n, size = 20_000, 100
			var want, got strings.Builder
			for i := range n {
				fmt.Fprintf(&want, "%0*d", size, i)
			}
			text := want.String()
			sum := sums{text: &got}
			a := New(Config{MaxQueuedPerConn: 16 << 20, New: func(Conn) Stream { return &sum }})
			s := segment4(1, 1, AtoB)
			s.Flags, s.Seq = SYN, 0xFFFFFFFF-n*size/2
			isn := s.Seq
			a.Push(&s)
			for i := range n {
				k := c.less(i, n)
				s := segment4(1, 1, AtoB)
				s.Seq, s.Payload, s.Packet.Number = isn+1+uint32(k*size), []byte(text[k*size:][:size]), int64(k)
				a.Push(&s)
			}
			if got.String() != text || sum.lost != 0 {
				t.Errorf("%d bytes of %d, %d lost", got.Len(), len(text), sum.lost)
			}
			a.Close(PacketRef{})
			checkEmpty(t, a)
		})
	}
}
