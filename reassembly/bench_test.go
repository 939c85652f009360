package reassembly

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"strings"
	"testing"
)

// sums is a Stream that adds up what it gets, of both directions.
type sums struct {
	pieces, bytes, lost, end int64
	text                     *strings.Builder
}

func (s *sums) Data(p Piece) {
	s.pieces++
	s.bytes += int64(len(p.Data))
	if s.text != nil {
		s.text.Write(p.Data)
	}
}
func (s *sums) Gap(g Gap) { s.lost += g.Len }
func (s *sums) Note(Note) {}
func (s *sums) End(e End) { s.end += e.Offset }

// segment4 is a segment of a connection from a client to 10.0.0.2:80.
func segment4(client uint32, port uint16, d Dir) Segment {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], client)
	s := Segment{
		Src: netip.AddrPortFrom(netip.AddrFrom4(b), port),
		Dst: netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, 2}), 80),
	}
	if d == BtoA {
		s.Src, s.Dst = s.Dst, s.Src
	}
	return s
}

// opened is an Assembler with one connection, all numbers of which begin at 1.
func opened(c Config) *Assembler {
	a := New(c)
	for i, d := range []Dir{AtoB, BtoA} {
		s := segment4(1, 1, d)
		s.Flags, s.Packet.Number = SYN, int64(i+1)
		if d == BtoA {
			s.Flags, s.Ack = SYN|ACK, 1
		}
		a.Push(&s)
	}
	return a
}

func TestInOrderDoesNotAllocate(t *testing.T) {
	var sum sums
	a := opened(Config{New: func(Conn) Stream { return &sum }})
	data, ack := segment4(1, 1, AtoB), segment4(1, 1, BtoA)
	data.Flags, ack.Flags = ACK, ACK
	data.Seq, data.Payload = 1, make([]byte, 1000)
	ack.Seq = 1
	push := func() {
		data.Packet.Number++
		data.Packet.Time += 1e6
		a.Push(&data)
		data.Seq += 1000
		ack.Ack = data.Seq
		ack.Packet = data.Packet
		a.Push(&ack)
	}
	push()
	if n := testing.AllocsPerRun(1000, push); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if sum.bytes != 1002*1000 {
		t.Errorf("%d bytes", sum.bytes)
	}
}

func TestOutOfOrderDoesNotAllocate(t *testing.T) {
	var sum sums
	a := opened(Config{New: func(Conn) Stream { return &sum }})
	data, ack := segment4(1, 1, AtoB), segment4(1, 1, BtoA)
	payload := make([]byte, 1000)
	data.Flags, ack.Flags, ack.Seq = ACK, ACK, 1
	at := uint32(1)
	round := func() {
		for _, k := range [...]uint32{3, 1, 4, 2, 0, 19, 7, 9, 8, 6, 5, 18, 17, 16, 15, 14, 13, 12, 11, 10} {
			data.Seq, data.Payload = at+k*1000, payload
			data.Packet.Number++
			data.Packet.Time += 1e6
			a.Push(&data)
		}
		at += 20000
		data.Seq, data.Payload = at+100, payload[100:] // and a hole that is lost
		a.Push(&data)
		at += 1000
		ack.Ack = at
		for range 40 {
			ack.Packet = data.Packet
			a.Push(&ack)
		}
	}
	round()
	if n := testing.AllocsPerRun(100, round); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if sum.bytes != 102*20900 || sum.lost != 102*100 {
		t.Errorf("%d bytes, %d lost", sum.bytes, sum.lost)
	}
}

func TestChurnDoesNotAllocate(t *testing.T) {
	asked := 0
	a := New(Config{MaxConns: 100, New: func(Conn) Stream { asked++; return nil }})
	port, payload := uint16(0), []byte("x")
	churn := func() {
		port++
		s := segment4(1, port, AtoB)
		s.Flags, s.Seq = SYN, 0
		a.Push(&s)
		s.Flags, s.Seq, s.Payload = ACK, 1, payload
		a.Push(&s)
		s.Flags, s.Seq, s.Payload = RST, 2, nil
		a.Push(&s)
	}
	for range 10_000 {
		churn()
	}
	if n := testing.AllocsPerRun(10_000, churn); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if asked != 20_001 || a.slab.used() != 100 {
		t.Errorf("asked %d times, %d connections", asked, a.slab.used())
	}
}

func BenchmarkInOrder(b *testing.B) {
	var sum sums
	a := opened(Config{New: func(Conn) Stream { return &sum }})
	data, ack := segment4(1, 1, AtoB), segment4(1, 1, BtoA)
	data.Flags, ack.Flags = ACK, ACK
	data.Seq, data.Payload = 1, make([]byte, 1000)
	ack.Seq = 1
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s := &data
		if i%3 == 2 {
			s = &ack
			ack.Ack = data.Seq
		}
		s.Packet.Number++
		s.Packet.Time += 1000
		a.Push(s)
		if s == &data {
			data.Seq += 1000
		}
	}
	if sum.bytes == 0 || sum.lost != 0 {
		b.Fatal(sum)
	}
}

func BenchmarkReversed(b *testing.B) {
	const n = 20_000
	payload := make([]byte, 100)
	b.ReportAllocs()
	for b.Loop() {
		var sum sums
		a := opened(Config{MaxQueuedPerConn: 16 << 20, New: func(Conn) Stream { return &sum }})
		s := segment4(1, 1, AtoB)
		s.Payload = payload
		for i := range n {
			s.Seq = uint32(1 + (n-1-i)*100)
			a.Push(&s)
		}
		if sum.bytes != n*100 {
			b.Fatal(sum)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/segment")
}

// BenchmarkManyFlows has 200,000 connections that send by turns, in an order that is
// not the one of their lists.
func BenchmarkManyFlows(b *testing.B) {
	for _, c := range []struct {
		name   string
		stream Stream
	}{{"wanted", new(sums)}, {"unwanted", nil}} {
		b.Run(c.name, func(b *testing.B) {
			const n, step = 200_000, 77_777
			var a *Assembler
			bytes, _ := heapOf(func() any {
				a = New(Config{New: func(Conn) Stream { return c.stream }})
				for i := range n {
					s := segment4(uint32(i), uint16(i), AtoB)
					s.Flags, s.Packet.Number = SYN, int64(i+1)
					a.Push(&s)
					s.Flags, s.Seq, s.Payload = ACK, 1, []byte("x")
					a.Push(&s)
				}
				return nil
			})
			payload, seqs := make([]byte, 100), make([]uint32, n)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				i = (i + step) % n
				s := segment4(uint32(i), uint16(i), AtoB)
				s.Flags, s.Seq, s.Payload = ACK, 2+seqs[i], payload
				seqs[i] += 100
				a.Push(&s)
			}
			b.ReportMetric(float64(bytes)/n, "bytes/conn")
			runtime.KeepAlive(a)
		})
	}
}
