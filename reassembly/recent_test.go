package reassembly

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"testing"
)

func TestRecent(t *testing.T) {
	seed := maphash.MakeSeed()
	var r recent
	r.delivered(AtoB, 100, []byte("abc"), seed)
	r.delivered(AtoB, 103, []byte("defg"), seed)
	next := seq(107)
	check := func(name string, at seq, b string, want bool) {
		t.Helper()
		if got := r.conflicts(AtoB, at, []byte(b), next, seed); got != want {
			t.Errorf("%s: %q at %d: %t", name, b, at, got)
		}
	}
	check("the older, the same", 100, "abc", false)
	check("the older, other bytes", 100, "abx", true)
	check("the newest, the same", 103, "defg", false)
	check("the newest, other bytes", 103, "defx", true)
	check("shorter", 103, "dex", false)
	check("longer", 100, "abcx", false)
	check("both at once", 100, "abcxxxx", false)
	check("elsewhere", 101, "xx", false)
	if r.conflicts(BtoA, 103, []byte("defx"), next, seed) {
		t.Error("of the other direction")
	}
	for range 2 { // bytes 107 to 200 are not compared, or missing
		r.pass(AtoB, next)
		next = 200
		check("before what was passed", 103, "defx", true)
		check("before that", 100, "abx", false)
		check("what was passed", 107, string(make([]byte, 93)), false)
	}
	r.delivered(AtoB, 200, []byte("hi"), seed)
	next = 202
	check("behind it", 200, "ho", true)
	check("long before", 103, "defx", false)
	long := bytes.Repeat([]byte{'x'}, 200_000)
	r.delivered(AtoB, 202, long, seed)
	next = next.add(int64(len(long)))
	check("very long, the same", 202, string(long), false)
	long[len(long)-1]++
	check("very long, other bytes", 202, string(long), true)
}

// TestEachConflictIsNoticed takes so many that one in millions would show.
func TestEachConflictIsNoticed(t *testing.T) {
	seed := maphash.MakeSeed()
	var r recent
	var b [8]byte
	for i := range uint64(1_000_000) {
		binary.LittleEndian.PutUint64(b[:], i)
		r.delivered(AtoB, 1, b[:], seed)
		b[7]++
		if !r.conflicts(AtoB, 1, b[:], 9, seed) {
			t.Fatalf("conflict %d", i)
		}
	}
}

func TestConflictAroundAHole(t *testing.T) {
	runScripts(t, []scriptCase{{
		name: "repeated with the hole, and behind it",
		script: handshake + `
			A 1 abc
			A 7 ghi
			B 1 ack=10
			* +250ms
			A 1 abcdef
			A 1 abX
			A 7 ghX`,
		want: `
			1A 0 abc #4
			1A 3 gap 3 lost #5
			1A 6 ghi #5
			1A 6 note overlap conflict #10`,
		after: `
			1A 9 end capture end #10
			1B 0 end capture end #10`,
	}})
}
