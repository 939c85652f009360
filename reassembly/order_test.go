package reassembly

import (
	"strings"
	"testing"
)

func TestOrder(t *testing.T) {
	runScripts(t, []scriptCase{
		{
			name: "in order, both directions",
			script: handshake + `
				A 1 hello
				B 1 world ack=6
				A 6 again ack=6`,
			want: `
				1A 0 hello #4
				1B 0 world #5
				1A 5 again #6`,
			after: `
				1A 10 end capture end #6
				1B 5 end capture end #6`,
		},
		{
			name: "in reverse",
			script: handshake + `
				A 7 ghi
				A 4 def
				A 1 abc`,
			want: `
				1A 0 abc #6
				1A 3 def #5
				1A 6 ghi #4`,
			after: `
				1A 9 end capture end #6
				1B 0 end capture end #6`,
		},
		{
			name: "retransmissions, whole and in part",
			script: handshake + `
				A 1 abcdef
				A 1 abcdef
				A 1 abc
				A 4 defghi
				A 2 bcdefghijk`,
			want: `
				1A 0 abcdef #4
				1A 6 ghi #7
				1A 9 jk #8`,
			after: `
				1A 11 end capture end #8
				1B 0 end capture end #8`,
		},
		{
			name: "a segment over several holes",
			script: handshake + `
				A 3 cd
				A 7 gh
				A 1 abcdefghij`,
			want: `
				1A 0 ab #6
				1A 2 cd #4
				1A 4 ef #6
				1A 6 gh #5
				1A 8 ij #6`,
			after: `
				1A 10 end capture end #6
				1B 0 end capture end #6`,
		},
		{
			name: "first seen wins an overlap",
			script: handshake + `
				A 4 DEF
				A 2 bXXXXgh
				A 1 a`,
			want: `
				1A 3 note overlap conflict #5
				1A 0 a #6
				1A 1 bX #5
				1A 3 DEF #4
				1A 6 gh #5`,
			after: `
				1A 8 end capture end #6
				1B 0 end capture end #6`,
		},
		{
			name: "equal bytes of an overlap are no conflict",
			script: handshake + `
				A 4 def
				A 3 cdefg
				A 1 abcd`,
			want: `
				1A 0 ab #6
				1A 2 c #5
				1A 3 def #4
				1A 6 g #5`,
			after: `
				1A 7 end capture end #6
				1B 0 end capture end #6`,
		},
		{
			name: "a segment sent again with other bytes after its delivery",
			script: handshake + `
				A 1 abc
				A 4 def
				A 1 abc
				A 1 abX
				A 4 dXf
				A 2 XX
				B 1 answer
				B 1 Answer`,
			want: `
				1A 0 abc #4
				1A 3 def #5
				1A 0 note overlap conflict #7
				1A 3 note overlap conflict #8
				1B 0 answer #10
				1B 0 note overlap conflict #11`,
			after: `
				1A 6 end capture end #11
				1B 6 end capture end #11`,
		},
		{
			name: "an octet of garbage where a segment of one octet was",
			script: handshake + `
				A 1 a
				A 1 Z`,
			want: `
				1A 0 a #4`,
			after: `
				1A 1 end capture end #5
				1B 0 end capture end #5`,
		},
		{
			name: "keep-alives, empty and with an octet of garbage",
			script: handshake + `
				A 1 abc
				B 1 ack=4
				A 3
				A 3 Z
				B 1
				A 4 def
				A 6 Z`,
			want: `
				1A 0 abc #4
				1A 3 def #9`,
			after: `
				1A 6 end capture end #10
				1B 0 end capture end #10`,
		},
		{
			name: "zero window probes",
			script: handshake + `
				A 1 abc
				B 1 ack=4 win=0
				A 4 d
				B 1 ack=4 win=0
				A 4 d
				B 1 ack=4 win=500
				A 4 defg`,
			want: `
				1A 0 abc #4
				1A 3 d #6
				1A 4 efg #10`,
			after: `
				1A 7 end capture end #10
				1B 0 end capture end #10`,
		},
		{
			name: "data in the SYN, and again after it",
			script: `
				A 0 SYN abc
				B 0 SYN ack=4
				A 1 abcdef ack=1`,
			want: `
				1A 0 abc #1
				1A 3 def #3`,
			after: `
				1A 6 end capture end #3
				1B 0 end capture end #3`,
		},
		{
			name: "data in the SYN that was not accepted",
			script: `
				A 0 SYN abc
				B 0 SYN ack=1
				A 1 abcdef ack=1`,
			want: `
				1A 0 abc #1
				1A 3 def #3`,
			after: `
				1A 6 end capture end #3
				1B 0 end capture end #3`,
		},
		{
			name: "zones and ports tell connections apart",
			script: `
				A 0 SYN port=1
				A 0 SYN port=2
				A 0 SYN port=1 zone=7
				A 1 abc port=1 zone=7
				A 1 def port=2
				A 1 ghi port=1`,
			want: `
				3A 0 abc #4
				2A 0 def #5
				1A 0 ghi #6`,
			after: `
				1A 3 end capture end #6
				1B 0 end capture end #6
				2A 3 end capture end #6
				2B 0 end capture end #6
				3A 3 end capture end #6
				3B 0 end capture end #6`,
		},
	})
}

// Generic receive offload makes segments of more than 64 KiB.
func TestLargeSegments(t *testing.T) {
	s := newScene(Config{})
	s.play(handshake + `
		A 100001 b x100000
		A 1 a x100000
	`)
	if got := s.bytes[1][AtoB]; got != strings.Repeat("a", 100000)+strings.Repeat("b", 100000) {
		t.Errorf("%d bytes: %.9s...", len(got), got)
	}
	s.close()
	checkEmpty(t, s.a)
}

func TestHoles(t *testing.T) {
	runScripts(t, []scriptCase{
		{
			name: "late is not lost: however long the peer does not acknowledge",
			script: handshake + `
				A 1 abc
				A 7 ghi
				B 1 ack=4
				* +9s
				* +9s
				B 1
				A 4 def`,
			want: `
				1A 0 abc #4
				1A 3 def #10
				1A 6 ghi #5`,
			after: `
				1A 9 end capture end #10
				1B 0 end capture end #10`,
		},
		{
			name: "acknowledged, but within the window of time",
			script: handshake + `
				A 1 abc
				A 7 ghi
				B 1 ack=10
				* +249ms
				A 4 def`,
			want: `
				1A 0 abc #4
				1A 3 def #8
				1A 6 ghi #5`,
			after: `
				1A 9 end capture end #8
				1B 0 end capture end #8`,
		},
		{
			name: "acknowledged, and the window of time has passed",
			script: handshake + `
				A 1 abc
				A 7 ghi
				B 1 ack=10
				* +250ms
				A 4 def`,
			want: `
				1A 0 abc #4
				1A 3 gap 3 lost #5
				1A 6 ghi #5`,
			after: `
				1A 9 end capture end #8
				1B 0 end capture end #8`,
		},
		{
			name:   "acknowledged, and the window of packets has passed",
			config: Config{ReorderPackets: 3},
			script: handshake + `
				A 4 def
				B 1 ack=7
				B 1 x
				B 2 y
				B 3 z
				A 1 abc`,
			want: `
				1B 0 x #6
				1B 1 y #7
				1B 2 z #8
				1A 0 gap 3 lost #4
				1A 3 def #4`,
			after: `
				1A 6 end capture end #9
				1B 3 end capture end #9`,
		},
		{
			name:   "the packet that ends the window may fill the hole",
			config: Config{ReorderPackets: 3},
			script: handshake + `
				A 4 def
				B 1 ack=7
				B 1 x
				B 2 y
				A 1 abc`,
			want: `
				1B 0 x #6
				1B 1 y #7
				1A 0 abc #8
				1A 3 def #4`,
			after: `
				1A 6 end capture end #8
				1B 2 end capture end #8`,
		},
		{
			name: "holes acknowledged later wait for a window of their own",
			script: handshake + `
				A 4 def
				B 1 ack=7
				* +100ms
				A 10 jkl
				B 1 ack=13
				* +150ms
				* +249ms
				A 7 ghi`,
			want: `
				1A 0 gap 3 lost #4
				1A 3 def #4
				1A 6 ghi #11
				1A 9 jkl #7`,
			after: `
				1A 12 end capture end #11
				1B 0 end capture end #11`,
		},
		{
			name: "a hole behind one that was filled in time",
			script: handshake + `
				A 4 def
				B 1 ack=7
				* +100ms
				A 10 jkl
				B 1 ack=13
				A 1 abc
				* +249ms
				* +1ms`,
			want: `
				1A 0 abc #9
				1A 3 def #4
				1A 6 gap 3 lost #7
				1A 9 jkl #7`,
			after: `
				1A 12 end capture end #11
				1B 0 end capture end #11`,
		},
		{
			name: "acknowledged in part is not lost",
			script: handshake + `
				A 7 ghi
				B 1 ack=4
				* +1s
				A 1 abcdef`,
			want: `
				1A 0 abcdef #7
				1A 6 ghi #4`,
			after: `
				1A 9 end capture end #7
				1B 0 end capture end #7`,
		},
		{
			name: "missing with nothing behind it",
			script: handshake + `
				A 1 abc
				B 1 ack=9
				* +300ms
				A 9 x`,
			want: `
				1A 0 abc #4
				1A 3 gap 5 lost #6
				1A 8 x #7`,
			after: `
				1A 9 end capture end #7
				1B 0 end capture end #7`,
		},
		{
			name: "missing with nothing behind it, at the end",
			script: handshake + `
				A 1 abc
				B 1 ack=9`,
			want: `1A 0 abc #4`,
			after: `
				1A 3 gap 5 lost #5
				1A 8 end capture end #5
				1B 0 end capture end #5`,
		},
		{
			name: "an acknowledged FIN that was not captured is no hole",
			script: handshake + `
				A 1 abc
				B 1 ack=5
				* +300ms`,
			want: `1A 0 abc #4`,
			after: `
				1A 3 end capture end #6
				1B 0 end capture end #6`,
		},
		{
			name: "absurd acknowledgements are ignored",
			script: handshake + `
				A 1 abc
				B 1 ack=1000000000
				B 1
				B 1
				B 1
				B 1
				* +300ms
				A 4 def`,
			want: `
				1A 0 abc #4
				1A 3 def #11`,
			after: `
				1A 6 end capture end #11
				1B 0 end capture end #11`,
		},
		{
			name:   "without the peer a hole waits longer",
			config: Config{ReorderTime: 10e6},
			script: `
				A 0 SYN
				A 4 def
				* +199ms
				A 7 ghi
				* +1ms
				A 1 abc`,
			want: `
				1A 0 gap 3 lost #2
				1A 3 def #2
				1A 6 ghi #4`,
			after: `
				1A 9 end capture end #6
				1B 0 end capture end #6`,
		},
		{
			name: "without the peer a hole may be filled",
			script: `
				A 0 SYN
				A 4 def
				* +1s
				A 1 abc`,
			want: `
				1A 0 abc #4
				1A 3 def #2`,
			after: `
				1A 6 end capture end #4
				1B 0 end capture end #4`,
		},
		{
			name: "once the peer is seen, a hole waits for its acknowledgement",
			script: `
				A 0 SYN
				A 4 def
				B 1 ack=1
				* +50s
				A 1 abc`,
			want: `
				1A 0 abc #5
				1A 3 def #2`,
			after: `
				1A 6 end capture end #5
				1B 0 end capture end #5`,
		},
		{
			name: "a hole that nobody acknowledged, at the end",
			script: handshake + `
				A 4 def`,
			after: `
				1A 0 gap 3 closed #4
				1A 3 def #4
				1A 6 end capture end #4
				1B 0 end capture end #4`,
		},
		{
			name: "out of the window",
			script: handshake + `
				A 1 abc
				A 100000000 x
				A -100000000 x
				A 4 def`,
			want: `
				1A 0 abc #4
				1A 3 note out of window #5
				1A 3 note out of window #6
				1A 3 def #7`,
			after: `
				1A 6 end capture end #7
				1B 0 end capture end #7`,
		},
		{
			name: "out of the window, again and again at the same place",
			script: handshake + `
				A 1 abc
				A 3000000000 x
				A 3000000001 x
				A 3000000002 x
				A 3000000003 x
				A 3000000004 y`,
			want: `
				1A 0 abc #4
				1A 3 note out of window #5
				1A 3 note out of window #6
				1A 3 note out of window #7
				1A 3 gap 2999999999 lost #8
				1A 3000000002 x #8
				1A 3000000003 y #9`,
			after: `
				1A 3000000004 end capture end #9
				1B 0 end capture end #9`,
		},
	})
}

func TestCut(t *testing.T) {
	runScripts(t, []scriptCase{
		{
			name: "in order",
			script: handshake + `
				A 1 abc cut=3
				A 7 ghi`,
			want: `
				1A 0 abc #4
				1A 3 gap 3 cut #4
				1A 6 ghi #5`,
			after: `
				1A 9 end capture end #5
				1B 0 end capture end #5`,
		},
		{
			name: "nothing captured",
			script: handshake + `
				A 1 cut=3
				A 4 def`,
			want: `
				1A 0 gap 3 cut #4
				1A 3 def #5`,
			after: `
				1A 6 end capture end #5
				1B 0 end capture end #5`,
		},
		{
			name: "out of order",
			script: handshake + `
				A 4 de cut=2
				A 8 hi cut=1
				A 1 abc`,
			want: `
				1A 0 abc #6
				1A 3 de #4
				1A 5 gap 2 cut #4
				1A 7 hi #5
				1A 9 gap 1 cut #5`,
			after: `
				1A 10 end capture end #6
				1B 0 end capture end #6`,
		},
		{
			name: "filled while it is queued",
			script: handshake + `
				A 4 de cut=4
				A 7 gh
				A 1 abc`,
			want: `
				1A 0 abc #6
				1A 3 de #4
				1A 5 gap 1 cut #4
				1A 6 gh #5
				1A 8 gap 1 cut #4`,
			after: `
				1A 9 end capture end #6
				1B 0 end capture end #6`,
		},
		{
			name: "a cut does not displace bytes",
			script: handshake + `
				A 4 def
				A 2 b cut=7
				A 1 a`,
			want: `
				1A 0 a #6
				1A 1 b #5
				1A 2 gap 1 cut #5
				1A 3 def #4
				1A 6 gap 3 cut #5`,
			after: `
				1A 9 end capture end #6
				1B 0 end capture end #6`,
		},
		{
			name: "more than a window is not believed",
			script: handshake + `
				A 1 abc cut=-5
				A 4 def cut=2147483647
				B 5 xyz cut=100000000`,
			want: `
				1A 0 abc #4
				1A 3 note out of window #5
				1B 0 note out of window #6`,
			after: `
				1A 3 end capture end #6
				1B 0 end capture end #6`,
		},
		{
			name: "with a FIN",
			script: handshake + `
				A 1 abc cut=2 FIN
				B 1 ack=7 FIN`,
			want: `
				1A 0 abc #4
				1A 3 gap 2 cut #4
				1A 5 end fin #4
				1B 0 end fin #5`,
		},
	})
}

func TestShuffled(t *testing.T) {
	s := newScene(Config{})
	s.marks = true
	got := s.play(handshake + `
		A 1 abc
		A 10 jkl
		A 7 ghi
		B 1 xyz ack=4
		A 4 def
		A 13 mno
	`)
	want := `1A 0 abc #4
1B 0 xyz #7
1A 3 def shuffled #8
1A 6 ghi shuffled #6
1A 9 jkl shuffled #5
1A 12 mno #9`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
