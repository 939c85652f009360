package reassembly

import (
	"net/netip"
	"testing"
)

func TestReuse(t *testing.T) {
	runScripts(t, []scriptCase{
		{
			name: "a SYN outside the window",
			script: handshake + `
				A 1 abc
				A 7 ghi
				A 0 isn=700000 SYN
				B 0 isn=800000 SYN ack=1
				A 1 xyz`,
			want: `
				1A 0 abc #4
				1A 3 gap 3 closed #5
				1A 6 ghi #5
				1A 9 end reused #6
				1B 0 end reused #6
				6A 0 xyz #8`,
			after: `
				6A 3 end capture end #8
				6B 0 end capture end #8`,
		},
		{
			name: "a SYN inside the window is no new connection",
			script: handshake + `
				A 1 abc
				A 10 SYN
				B 1 ack=4
				A 4 def`,
			want: `
				1A 0 abc #4
				1A 3 def #7`,
			after: `
				1A 6 end capture end #7
				1B 0 end capture end #7`,
		},
		{
			name: "a SYN inside the window that is answered",
			script: handshake + `
				A 1 abc
				A 10 SYN
				B 400 SYN ack=11
				A 11 xyz`,
			want: `
				1A 0 abc #4
				1A 3 end reused #6
				1B 0 end reused #6
				5A 0 xyz #7`,
			after: `
				5A 3 end capture end #7
				5B 0 end capture end #7`,
		},
		{
			name: "a SYN behind the bytes of a connection whose opening was not seen",
			script: `
				A 301 abc ack=9
				B 9 xyz ack=304
				A 100 SYN
				A 304 def`,
			want: `
				1A 0 abc #1
				1B 0 xyz #2
				1A 3 def #4`,
			after: `
				1A 6 end capture end #4
				1B 3 end capture end #4`,
		},
		{
			name: "late bytes of the connection before, and no SYN-ACK",
			script: handshake + `
				A 1 abcd
				B 1 xyz ack=5
				A 700000 SYN
				B 1 xyz
				A 700001 hello
				B 900000 world ack=700006`,
			want: `
				1A 0 abcd #4
				1B 0 xyz #5
				1A 4 end reused #6
				1B 3 end reused #6
				6A 0 hello #8`,
			after: `
				6A 5 end capture end #9
				6B 0 world #9
				6B 5 end capture end #9`,
		},
		{
			name: "the SYN-ACK first",
			script: handshake + `
				A 1 abc
				B 0 isn=900000 SYN ack=700000
				A 700000 xyz`,
			want: `
				1A 0 abc #4
				1A 3 end reused #5
				1B 0 end reused #5
				5A 0 xyz #6`,
			after: `
				5A 3 end capture end #6
				5B 0 end capture end #6`,
		},
		{
			name: "after both FINs, with the same numbers",
			script: handshake + `
				A 1 abc FIN
				B 1 ack=5 FIN
				A 0 SYN
				B 0 SYN ack=1
				A 1 abc`,
			want: `
				1A 0 abc #4
				1A 3 end fin #4
				1B 0 end fin #5
				6A 0 abc #8`,
			after: `
				6A 3 end capture end #8
				6B 0 end capture end #8`,
		},
		{
			name: "after RST, without its SYN in the capture",
			script: handshake + `
				A 1 abc
				A 4 RST
				A 4 trailing
				A 900000000 xyz
				B 500000000 ack=900000003`,
			want: `
				1A 0 abc #4
				1A 3 end reset #5
				1B 0 end peer reset #5
				7A 0 xyz #7`,
			after: `
				7A 3 end capture end #8
				7B 0 end capture end #8`,
		},
		{
			name: "after the FIN of one side",
			script: handshake + `
				A 1 abc FIN
				A 9 SYN
				A 10 xyz`,
			want: `
				1A 0 abc #4
				1A 3 end fin #4
				1B 0 end reused #5
				5A 0 xyz #6`,
			after: `
				5A 3 end capture end #6
				5B 0 end capture end #6`,
		},
		{
			name: "duplicates of SYN and SYN-ACK",
			script: `
				A 0 SYN
				A 0 SYN
				B 0 SYN ack=1
				A 0 SYN
				B 0 SYN
				A 1 abc ack=1
				A 0 SYN
				B 0 SYN
				A 4 def`,
			want: `
				1A 0 abc #6
				1A 3 def #9`,
			after: `
				1A 6 end capture end #9
				1B 0 end capture end #9`,
		},
		{
			name: "SYN again with another number: the last counts",
			script: `
				A 0 SYN
				A 70000 SYN
				B 0 SYN ack=70001
				A 70001 abc ack=1`,
			want: `1A 0 abc #4`,
			after: `
				1A 3 end capture end #4
				1B 0 end capture end #4`,
		},
		{
			name: "SYN again with another number: the one acknowledged counts",
			script: `
				A 0 SYN
				A 70000 SYN
				B 0 SYN ack=1
				A 1 abc ack=1`,
			want: `1A 0 abc #4`,
			after: `
				1A 3 end capture end #4
				1B 0 end capture end #4`,
		},
		{
			name: "data in a SYN that was not captured",
			script: `
				A 0 SYN
				B 0 SYN ack=4
				A 4 def ack=1
				* +250ms`,
			want: `
				1A 0 gap 3 lost #3
				1A 3 def #3`,
			after: `
				1A 6 end capture end #4
				1B 0 end capture end #4`,
		},
		{
			name: "SYN-ACK again with another number",
			script: `
				A 0 SYN
				B 0 SYN ack=1
				B 90000 SYN ack=1
				B 90001 xyz`,
			want: `1B 0 xyz #4`,
			after: `
				1A 0 end capture end #4
				1B 3 end capture end #4`,
		},
		{
			name: "simultaneous open",
			script: `
				A 0 SYN
				B 0 SYN
				A 0 SYN
				B 0 SYN ack=1
				A 1 abc ack=1
				B 1 xyz`,
			want: `
				1A 0 abc #5
				1B 0 xyz #6`,
			after: `
				1A 3 end capture end #6
				1B 3 end capture end #6`,
		},
	})
}

func TestMidstream(t *testing.T) {
	runScripts(t, []scriptCase{
		{
			name: "no state for what carries nothing",
			script: `
				A 500 ack=700
				B 700 ack=500
				A 500 FIN
				B 700 RST
				B 700 RST x`,
		},
		{
			name: "the peer's acknowledgement starts a half, its own data at once",
			script: `
				A 500 abc ack=700
				B 700 xyz ack=503`,
			want: `
				1A 0 abc #1
				1B 0 xyz #2`,
			after: `
				1A 3 end capture end #2
				1B 3 end capture end #2`,
		},
		{
			name: "an earlier segment is put first",
			script: `
				A 503 def ack=700
				A 500 abc
				A 506 ghi
				B 700 ack=509`,
			want: `
				1A 0 abc #2
				1A 3 def #1
				1A 6 ghi #3`,
			after: `
				1A 9 end capture end #4
				1B 0 end capture end #4`,
		},
		{
			name: "the start waits for so many packets",
			script: `
				A 503 a ack=700
				A 504 b
				A 505 c
				A 506 d
				A 507 e
				A 508 f
				A 509 g
				A 510 h
				A 511 i
				A 500 xyz`,
			want: `
				1A 0 a #1
				1A 1 b #2
				1A 2 c #3
				1A 3 d #4
				1A 4 e #5
				1A 5 f #6
				1A 6 g #7
				1A 7 h #8
				1A 8 i #9`,
			after: `
				1A 9 end capture end #10
				1B 0 end capture end #10`,
		},
		{
			name: "the start waits for so long",
			script: `
				A 503 abc
				* +249ms
				A 500 xyz
				* +1ms
				A 499 w`,
			want: `
				1A 0 xyz #3
				1A 3 abc #1`,
			after: `
				1A 6 end capture end #5
				1B 0 end capture end #5`,
		},
		{
			name: "the SYN after the first data",
			script: `
				A 1 abc ack=1
				A 0 SYN
				B 0 SYN ack=1
				B 1 xyz ack=4`,
			want: `
				1A 0 abc #1
				1B 0 xyz #4`,
			after: `
				1A 3 end capture end #4
				1B 3 end capture end #4`,
		},
		{
			name: "the SYN-ACK after the first data",
			script: `
				A 4 def ack=1
				B 0 SYN ack=1
				A 1 abc`,
			want: `
				1A 0 abc #3
				1A 3 def #1`,
			after: `
				1A 6 end capture end #3
				1B 0 end capture end #3`,
		},
		{
			name: "SYN-ACK first",
			script: `
				B 0 SYN ack=1
				A 4 def ack=1
				A 1 abc`,
			want: `
				1A 0 abc #3
				1A 3 def #2`,
			after: `
				1A 6 end capture end #3
				1B 0 end capture end #3`,
		},
		{
			name: "the peer acknowledged more than the first that comes",
			script: `
				A 500 abc ack=700
				B 697 uvw ack=503
				B 700 xyz
				A 503 ack=703`,
			want: `
				1A 0 abc #1
				1B 0 uvw #2
				1B 3 xyz #3`,
			after: `
				1A 3 end capture end #4
				1B 6 end capture end #4`,
		},
		{
			name: "a keep-alive is no start",
			script: `
				A 499 ` + "\x00" + ` ack=700
				B 700 ack=500
				A 500 abc
				B 699 Z
				B 700 xyz ack=503`,
			want: `
				3A 0 abc #3
				3B 0 xyz #5`,
			after: `
				3A 3 end capture end #5
				3B 3 end capture end #5`,
		},
		{
			name: "FIN of a half without data",
			script: `
				A 500 abc ack=700
				B 700 FIN ack=503
				A 503 FIN ack=701`,
			want: `
				1A 0 abc #1
				1B 0 end fin #2
				1A 3 end fin #3`,
		},
		{
			name: "FIN before late data",
			script: `
				A 500 abc ack=700
				B 703 FIN ack=503
				B 700 xyz`,
			want: `
				1A 0 abc #1
				1B 0 xyz #3
				1B 3 end fin #3`,
			after: `1A 3 end capture end #3`,
		},
		{
			name: "a FIN far from what is held is not used",
			script: `
				A 500 abc ack=700
				A 2147484000 FIN
				B 700 ack=2147484001
				B 700 ack=503
				A 503 def`,
			want: `
				1A 0 note out of window #2
				1A 0 abc #1
				1A 3 def #5`,
			after: `
				1A 6 end capture end #5
				1B 0 end capture end #5`,
		},
		{
			name: "data far from a FIN",
			script: `
				A 500 abc ack=700
				B 710 ack=503 FIN
				B 2147484000 xyz
				* +250ms`,
			want: `
				1A 0 abc #1
				1B 0 note out of window #3
				1B 0 end fin #4`,
			after: `1A 3 end capture end #4`,
		},
		{
			name: "data behind a FIN of a half without a start",
			script: `
				A 500 abc ack=700
				B 695 ack=503 FIN
				B 700 xyz
				* +250ms`,
			want: `
				1A 0 abc #1
				1B 0 note data after FIN #3
				1B 0 end fin #4`,
			after: `1A 3 end capture end #4`,
		},
		{
			name: "an absurd acknowledgement is no start",
			script: `
				A 503 def ack=700
				B 700 ack=1000000000
				A 500 abc
				B 700 ack=506`,
			want: `
				1A 0 abc #3
				1A 3 def #1`,
			after: `
				1A 6 end capture end #4
				1B 0 end capture end #4`,
		},
		{
			name: "a SYN behind what is held",
			script: `
				A 500 abc ack=700
				A 600 SYN
				B 700 ack=503
				A 503 def`,
			want: `
				1A 0 abc #1
				1A 3 def #4`,
			after: `
				1A 6 end capture end #4
				1B 0 end capture end #4`,
		},
		{
			name: "far before what is held",
			script: `
				A 2000000 def ack=700
				A 500 abc
				B 700 ack=2000003`,
			want: `
				1A 0 note out of window #2
				1A 0 def #1`,
			after: `
				1A 3 end capture end #3
				1B 0 end capture end #3`,
		},
		{
			name: "a FIN that nothing came before, in time",
			script: `
				A 500 abc ack=700
				B 703 FIN ack=503
				* +250ms`,
			want: `
				1A 0 abc #1
				1B 0 end fin #3`,
			after: `1A 3 end capture end #3`,
		},
		{
			name: "RST",
			script: `
				A 500 abc ack=700
				B 700 RST`,
			want: `
				1A 0 abc #1
				1A 3 end peer reset #2
				1B 0 end reset #2`,
		},
		{
			name: "what is held comes at the end",
			script: `
				A 503 def FIN
				A 500 abc`,
			after: `
				1A 0 abc #2
				1A 3 def #1
				1A 6 end fin #2
				1B 0 end capture end #2`,
		},
	})
}

// relatives writes down what Wireshark shows of each packet.
func TestRelativeNumbers(t *testing.T) {
	type numbers struct {
		n             int64
		seq, ack, len uint32
	}
	for _, c := range []struct {
		name, script string
		want         []numbers
	}{
		{"with SYN", handshake + `
			A 1 abc
			B 1 xyz ack=4
			A 7 ghi ack=4
			A 4 def`,
			[]numbers{{4, 1, 1, 3}, {5, 1, 4, 3}, {7, 4, 4, 3}, {6, 7, 4, 3}}},
		{"without a SYN", `
			A 500 abc ack=700
			B 700 xyz ack=503
			A 503 def ack=703`,
			[]numbers{{1, 1, 1, 3}, {2, 1, 4, 3}, {3, 4, 4, 3}}},
		{"data in the SYN, cut", `
			A 0 SYN abc cut=2
			B 0 SYN ack=6
			B 1 xyz`,
			[]numbers{{1, 0, 0, 5}, {1, 0, 0, 5}, {3, 1, 6, 3}}},
		{"the start of one half is in the capture", `
			B 0 SYN ack=1
			A 1 abc ack=1`,
			[]numbers{{2, 1, 1, 3}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, isn := range isns {
				s := newScene(Config{})
				s.isn = isn
				var got []numbers
				s.check = func(p PacketRef) {
					if p.Wire != 100 || p.Captured != 100 || p.Time != 1e18 {
						t.Errorf("packet %+v", p)
					}
					got = append(got, numbers{p.Number, p.Seq, p.Ack, p.Len})
				}
				s.play(c.script)
				if len(got) != len(c.want) {
					t.Fatalf("got %v, want %v", got, c.want)
				}
				for i := range got {
					if got[i] != c.want[i] {
						t.Errorf("got %v, want %v", got[i], c.want[i])
					}
				}
			}
		})
	}
}

func TestConn(t *testing.T) {
	a4, b4 := netip.MustParseAddrPort("10.0.0.9:40000"), netip.MustParseAddrPort("10.0.0.2:80")
	a6, b6 := netip.MustParseAddrPort("[2001:db8::9]:40000"), netip.MustParseAddrPort("[2001:db8::2]:80")
	mapped := netip.MustParseAddrPort("[::ffff:10.0.0.9]:40000")
	same := netip.MustParseAddrPort("10.0.0.9:80")
	for _, c := range []struct {
		name      string
		src, dst  netip.AddrPort
		flags     Flags // of the first packet, from src
		a, b      netip.AddrPort
		midstream bool
	}{
		{"IPv4, from the higher", a4, b4, SYN, a4, b4, false},
		{"IPv4, from the lower", b4, a4, SYN, b4, a4, false},
		{"IPv4, equal addresses", a4, same, SYN, a4, same, false},
		{"IPv6, from the higher", a6, b6, SYN, a6, b6, false},
		{"IPv6, from the lower", b6, a6, SYN, b6, a6, false},
		{"IPv4 in IPv6", mapped, b6, SYN, mapped, b6, false},
		{"SYN-ACK", a4, b4, SYN | ACK, b4, a4, false},
		{"midstream", a4, b4, ACK, a4, b4, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []Conn
			a := New(Config{New: func(p Conn) Stream {
				got = append(got, p)
				return nil
			}})
			a.Push(&Segment{Src: c.src, Dst: c.dst, Zone: 3, Flags: c.flags, Seq: 7, Ack: 20, Payload: []byte("x"), Packet: PacketRef{Number: 5}})
			a.Push(&Segment{Src: c.dst, Dst: c.src, Zone: 3, Flags: ACK, Seq: 20, Ack: 9, Payload: []byte("x"), Packet: PacketRef{Number: 6}})
			a.Close(PacketRef{Number: 6})
			if len(got) != 1 {
				t.Fatalf("%d connections", len(got))
			}
			g := got[0]
			if g.ID != 5 || g.A() != c.a || g.B() != c.b || g.Zone() != 3 || g.Midstream != c.midstream {
				t.Errorf("got %d, %v to %v, zone %d, midstream %t", g.ID, g.A(), g.B(), g.Zone(), g.Midstream)
			}
			if src, dst := g.Addrs(BtoA); src != c.b || dst != c.a {
				t.Errorf("B sends from %v to %v", src, dst)
			}
			made := NewConn(5, c.a, c.b, 3)
			if made.A() != c.a || made.B() != c.b || made.Zone() != 3 {
				t.Errorf("made as %v to %v, zone %d", made.A(), made.B(), made.Zone())
			}
			for _, s := range []Segment{{Src: c.a, Dst: c.b, Zone: 3}, {Src: c.b, Dst: c.a, Zone: 3}} {
				if !g.Has(&s) || !made.Has(&s) {
					t.Errorf("%v to %v is not of it", s.Src, s.Dst)
				}
			}
			for _, s := range []Segment{{Src: c.a, Dst: c.b}, {Src: c.a, Dst: c.a, Zone: 3}, {Src: a6, Dst: a4, Zone: 3}} {
				if g.Has(&s) || made.Has(&s) {
					t.Errorf("%v to %v is of it", s.Src, s.Dst)
				}
			}
			checkEmpty(t, a)
		})
	}
}
