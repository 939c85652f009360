package reassembly

import (
	"testing"
	"time"
)

func TestEnds(t *testing.T) {
	runScripts(t, []scriptCase{
		{
			name: "FIN of both, and what trails behind makes no ghost",
			script: handshake + `
				A 1 abc
				B 1 xyz ack=4 FIN
				A 4 ack=5 FIN
				B 5 ack=5
				A 1 abc
				A 4 FIN
				B 0 SYN
				B 1 xyz FIN
				A 5
				B 5 RST`,
			want: `
				1A 0 abc #4
				1B 0 xyz #5
				1B 3 end fin #5
				1A 3 end fin #6`,
		},
		{
			name: "FIN with data, out of order",
			script: handshake + `
				A 4 def FIN
				A 4 def FIN
				A 1 abc`,
			want: `
				1A 0 abc #6
				1A 3 def #4
				1A 6 end fin #6`,
			after: `1B 0 end capture end #6`,
		},
		{
			name: "FIN alone before the last data",
			script: handshake + `
				A 4 FIN
				A 1 abc`,
			want: `
				1A 0 abc #5
				1A 3 end fin #5`,
			after: `1B 0 end capture end #5`,
		},
		{
			name: "FIN acknowledged: what is missing before it is lost",
			script: handshake + `
				A 1 abc
				A 7 FIN
				B 1 ack=8`,
			want: `
				1A 0 abc #4
				1A 3 gap 3 lost #6
				1A 6 end fin #6`,
			after: `1B 0 end capture end #6`,
		},
		{
			name: "FIN acknowledged, with holes and bytes before it",
			script: handshake + `
				A 4 def
				A 8 FIN
				B 1 ack=9`,
			want: `
				1A 0 gap 3 lost #4
				1A 3 def #4
				1A 6 gap 1 lost #6
				1A 7 end fin #6`,
			after: `1B 0 end capture end #6`,
		},
		{
			name: "the data before the FIN acknowledged, but not the FIN",
			script: handshake + `
				A 4 FIN
				B 1 ack=4
				* +250ms`,
			want: `
				1A 0 gap 3 lost #6
				1A 3 end fin #6`,
			after: `1B 0 end capture end #6`,
		},
		{
			name: "data after FIN",
			script: handshake + `
				A 1 abc FIN
				A 4 def
				A 1 abcdef`,
			want: `
				1A 0 abc #4
				1A 3 end fin #4
				1A 3 note data after FIN #5
				1A 3 note data after FIN #6`,
			after: `1B 0 end capture end #6`,
		},
		{
			name: "a FIN far off is not used",
			script: handshake + `
				A 1 abc
				A 2000000000 FIN
				A 2 FIN
				A 4 def`,
			want: `
				1A 0 abc #4
				1A 3 note out of window #5
				1A 3 def #7`,
			after: `
				1A 6 end capture end #7
				1B 0 end capture end #7`,
		},
		{
			name: "data after FIN that was cut, and came before it",
			script: handshake + `
				A 4 def cut=5
				A 8 FIN
				A 1 abc`,
			want: `
				1A 7 note data after FIN #5
				1A 0 abc #6
				1A 3 def #4
				1A 6 gap 1 cut #4
				1A 7 end fin #6`,
			after: `1B 0 end capture end #6`,
		},
		{
			name: "data after FIN that came before it",
			script: handshake + `
				A 4 defghi
				A 7 FIN
				A 1 abc`,
			want: `
				1A 6 note data after FIN #5
				1A 0 abc #6
				1A 3 def #4
				1A 6 end fin #6`,
			after: `1B 0 end capture end #6`,
		},
		{
			name: "one side goes on after the FIN of the other",
			script: handshake + `
				A 1 abc FIN
				B 1 x ack=5
				B 2 y
				B 3 FIN
				A 5 ack=4`,
			want: `
				1A 0 abc #4
				1A 3 end fin #4
				1B 0 x #5
				1B 1 y #6
				1B 2 end fin #7`,
		},
		{
			name: "a FIN before any byte of the connection",
			script: handshake + `
				A 1 FIN
				B 1 x ack=2
				B 2 FIN`,
			want: `
				1A 0 end fin #5
				1B 0 x #5
				1B 1 end fin #6`,
		},
		{
			name: "RST ends both",
			script: handshake + `
				A 1 abc
				B 1 ack=4 RST
				A 4 def
				A 4 RST`,
			want: `
				1A 0 abc #4
				1A 3 end peer reset #5
				1B 0 end reset #5`,
		},
		{
			name: "RST after a FIN",
			script: handshake + `
				A 1 abc FIN
				A 5 RST`,
			want: `
				1A 0 abc #4
				1A 3 end fin #4
				1B 0 end peer reset #5`,
		},
		{
			name: "RST: what waits is delivered, what is missing is a gap",
			script: handshake + `
				A 4 def
				B 1 x ack=1
				B 4 y
				A 7 RST ack=2`,
			want: `
				1B 0 x #5
				1A 0 gap 3 closed #4
				1A 3 def #4
				1A 6 end reset #7
				1B 1 gap 2 closed #6
				1B 3 y #6
				1B 4 end peer reset #7`,
		},
		{
			name: "RST that acknowledges what is missing",
			script: handshake + `
				A 1 abc
				B 1 RST ack=7`,
			want: `
				1A 0 abc #4
				1A 3 gap 3 lost #5
				1A 6 end peer reset #5
				1B 0 end reset #5`,
		},
		{
			name: "RST outside the window is not used",
			script: handshake + `
				A 1 abc
				B 1 ack=4
				A 70000 RST
				A 3 RST
				A 4 def`,
			want: `
				1A 0 abc #4
				1A 3 note reset ignored #6
				1A 3 note reset ignored #7
				1A 3 def #8`,
			after: `
				1A 6 end capture end #8
				1B 0 end capture end #8`,
		},
		{
			name: "RST at what is acknowledged, before what is not",
			script: handshake + `
				A 1 abc
				B 1 ack=3
				A 3 RST`,
			want: `
				1A 0 abc #4
				1A 3 end reset #6
				1B 0 end peer reset #6`,
		},
		{
			name: "RST in the window behind what is acknowledged",
			script: handshake + `
				A 1 abc
				B 1 ack=60004
				A 120000 RST`,
			want: `
				1A 0 abc #4
				1A 3 gap 60000 lost #6
				1A 60003 end reset #6
				1B 0 end peer reset #6`,
		},
		{
			name: "RST inside the window",
			script: handshake + `
				A 1 abc
				A 60000 RST`,
			want: `
				1A 0 abc #4
				1A 3 end reset #5
				1B 0 end peer reset #5`,
		},
		{
			name: "a connection refused has no stream",
			script: `
				A 0 SYN
				B -5000 RST ack=1
				A 0 SYN
				B 0 SYN ack=1
				A 1 abc ack=1`,
			want: `3A 0 abc #5`,
			after: `
				3A 3 end capture end #5
				3B 0 end capture end #5`,
		},
		{
			name: "RST of an endpoint that never spoke, for another segment",
			script: `
				A 0 SYN
				B -5000 RST ack=700
				A 1 abc`,
			want: `1A 0 abc #3`,
			after: `
				1A 3 end capture end #3
				1B 0 end capture end #3`,
		},
		{
			name: "a connection without bytes has no stream",
			script: handshake + `
				A 1 FIN
				B 1 FIN ack=2
				A 2 ack=2`,
		},
		{
			name:   "ignored: only the ends",
			ignore: true,
			script: handshake + `
				A 4 def
				A 1 abc
				A 20 x
				B 1 y ack=30
				* +1s
				B 2 z FIN
				A 30 FIN
				A 50 x`,
			want: `
				1A 0 abc #5
				1B 2 end fin #9
				1A 29 end fin #10`,
		},
		{
			name:   "ignored: what is held goes",
			ignore: true,
			script: handshake + `
				B 4 xyz
				B 9 FIN
				A 4 def
				A 7 FIN
				A 1 abc`,
			want: `
				1A 0 abc #8
				1A 6 end fin #8
				1B 8 end fin #8`,
		},
		{
			name:   "ignored: what is held of a half without a start goes",
			ignore: true,
			script: `
				A 500 abc ack=700
				B 690 xyz ack=400
				B 710 ack=503
				B 712 FIN`,
			want: `
				1A 0 abc #1
				1B 19 end fin #4`,
			after: `1A 3 end capture end #4`,
		},
		{
			name:   "ignored: reset",
			ignore: true,
			script: handshake + `
				A 1 abc
				A 4 def
				A 7 RST`,
			want: `
				1A 0 abc #4
				1A 6 end reset #6
				1B 0 end peer reset #6`,
		},
		{
			name:   "ignored: addresses used again",
			ignore: true,
			script: handshake + `
				A 1 abc
				A 4 def
				A 0 isn=900000 SYN
				A 1 ghi`,
			want: `
				1A 0 abc #4
				1A 6 end reused #6
				1B 0 end reused #6
				6A 0 ghi #7`,
			after: `
				6A 3 end capture end #7
				6B 0 end capture end #7`,
		},
	})
}

func TestNobodyWants(t *testing.T) {
	s := newScene(Config{})
	var asked []Conn
	s.reject = func(c *Conn) bool {
		asked = append(asked, *c)
		return c.A().Port() != 7
	}
	got := s.play(handshake + `
		A 4 def
		A 1 abc
		B 1 x ack=7
		A 0 SYN port=7
		A 1 abc port=7
		A 9 FIN
		B 2 FIN
		A 10 ack=3
		A 0 SYN
		A 1 abc
		A 4 RST
		A 4 def
	`)
	if got != "7A 0 abc #8" {
		t.Errorf("got\n%s", got)
	}
	if len(asked) != 3 || asked[0].ID != 1 || asked[1].ID != 7 || asked[2].ID != 12 {
		t.Errorf("asked for %+v", asked)
	}
	if s.a.memory.used != 0 {
		t.Errorf("%d bytes held for connections that nobody wants", s.a.memory.used)
	}
	if n := s.a.slab.count[timeWait]; n != 1 {
		t.Errorf("%d connections have closed, want 1", n)
	}
}

// What is overlooked is not compared, but for the segment with its end.
func TestOverlook(t *testing.T) {
	s := newScene(Config{})
	s.passes = true
	got := s.play(handshake + `
		A 1 ab(
		A 4 cde
		A 1 aX(
		A 4 cXe
		A 7 f)g
		A 4 cXe
		A 7 fXg
		B 1 h(i
		B 4 jkl
		B 4 jXl
		A 10 mn
		A 10 mX
	`)
	const want = `1A 0 ab( #4
1A 3 cde #5
1A 0 note overlap conflict #6
1A 6 f)g #8
1A 6 note overlap conflict #10
1B 0 h(i #11
1B 3 jkl #12
1A 9 mn #14
1A 9 note overlap conflict #15`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestIgnoreAfterTheEnd(t *testing.T) {
	s := newScene(Config{TimeWait: time.Second})
	var conns []*Conn
	s.reject = func(c *Conn) bool {
		conns = append(conns, c)
		return false
	}
	s.play(handshake + `
		A 1 abc
		A 4 RST
		A 0 SYN port=2 +1s
		A 1 abc port=2
	`)
	s.a.Ignore(conns[0]) // its place is taken by another connection
	s.a.Overlook(conns[0], AtoB, true)
	s.a.Ignore(&Conn{})
	s.a.Overlook(&Conn{}, AtoB, true)
	if got := s.play("A 4 def port=2"); got != "6A 3 def #8" {
		t.Errorf("got %s", got)
	}
	s.a.Ignore(conns[1])
	if got := s.play("A 7 ghi port=2"); got != "" {
		t.Errorf("got %s", got)
	}
	if got := s.play("A 10 RST port=2"); got != "6A 9 end reset #10\n6B 0 end peer reset #10" {
		t.Errorf("got %s", got)
	}
	s.a.Close(PacketRef{Number: 10})
	s.a.Ignore(conns[1])
	s.a.Overlook(conns[1], AtoB, true)
}
