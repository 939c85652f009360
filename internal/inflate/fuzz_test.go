package inflate

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
)

// oracle decodes src with compress/flate, going on behind final blocks with the window
// kept. err is nil at the end of a final block, io.ErrUnexpectedEOF anywhere else.
func oracle(src, history []byte) (out []byte, err error) {
	in := bytes.NewReader(src)
	err = io.ErrUnexpectedEOF
	for in.Len() > 0 {
		r := flate.NewReaderDict(in, append(bytes.Clone(history), out...))
		var part []byte
		part, err = io.ReadAll(io.LimitReader(r, 1<<20))
		if out = append(out, part...); err != nil {
			break
		}
	}
	return out, err
}

func seeds(f *testing.F) {
	random := rand.New(rand.NewPCG(7, 7))
	for level := flate.HuffmanOnly; level <= 9; level += 2 {
		s := newSender(f, level)
		for _, m := range chat(random, 4) {
			f.Add(s.send(f, m), []byte("history that is long enough to be referred to"), uint16(20))
		}
	}
	f.Add([]byte("\xf3\x48\xcd\xc9\xc9\x07\x00\xf2\x00\x11\x00\x00"), []byte("x"), uint16(0))
	f.Add([]byte("\xf2\x00\x11\x00\x00"), []byte("Hello"), uint16(3))
	f.Add([]byte("\x24\x30\x00\x00"), []byte("no code for the lengths of codes"), uint16(1))
	f.Add([]byte("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"), []byte{}, uint16(0))
}

// FuzzInflate compares with compress/flate. They may differ in two things: like zlib,
// Inflate refuses codes of a dynamic block that compress/flate takes; and of a block that
// is cut, compress/flate leaves out symbols behind which no end of block would fit.
func FuzzInflate(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, src, history []byte, _ uint16) {
		history = history[max(0, len(history)-Size):]
		want, err := oracle(src, history)
		if len(want) >= 1<<20 {
			t.Skip("long")
		}
		var d Decoder
		var w Window
		w.add(&d.pool, history, nil, Size)
		r := d.Inflate(&w, nil, src, roomyLimits, Size)
		if r.Ending == Corrupt {
			if !bytes.HasPrefix(want, r.Out) {
				t.Fatalf("%q, want %q", r.Out, want)
			}
			return
		}
		if r.Ending == Cut && bytes.HasPrefix(r.Out, want) && len(r.Out)-len(want) < maxCodeLen*maxMatch {
			want = r.Out
		}
		if !bytes.Equal(r.Out, want) || r.Length != uint64(len(want)) || r.Unknown != 0 {
			t.Fatalf("%q, want %q, %v", r.Out, want, err)
		}
		if isCorrupt(err) || err == nil && (r.Ending != Complete || !r.Final) {
			t.Fatalf("%v, want %v", r.Ending, err)
		}
		if r.Ending <= Open {
			all := append(history, want...)
			all = all[max(0, len(all)-Size):]
			for i := range all {
				if b, known := w.at(len(all) - i); b != all[i] || !known {
					t.Fatalf("history at %d is %q, want %q", i, b, all[i])
				}
			}
		}
	})
}

func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt)
}

// FuzzUnknown decodes with a history whose older part is unknown, and again with two
// fillings of it that have no byte in common. Unknown are those bytes of the output, and
// only those, in which the fillings show.
func FuzzUnknown(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, src, history []byte, lost uint16) {
		all := append(make([]byte, Size), history...)
		all = all[len(all)-Size:]
		n := max(int(lost)%(Size+1), Size-len(history))
		var out [2][]byte
		var r Result
		var d Decoder
		for i := range out {
			var w Window
			for j := range n {
				all[j] = byte(-i)
			}
			w.add(&d.pool, all, nil, Size)
			r = d.Inflate(&w, nil, src, Limits{Output: 1 << 20}, Size)
			out[i] = r.Out
		}
		var w Window
		w.Lose()
		w.add(&d.pool, all[n:], nil, Size)
		got := d.Inflate(&w, nil, src, Limits{Output: 1 << 20}, Size)
		if len(got.Out) != len(r.Out) || got.Ending != r.Ending {
			t.Fatalf("%d bytes, %v; want %d, %v", len(got.Out), got.Ending, len(r.Out), r.Ending)
		}
		for i, b := range got.Out {
			known := out[0][i] == out[1][i]
			if known == d.given.has(i) || known && b != out[0][i] || !known && b != 0 {
				t.Fatalf("byte %d of %d is %q, unknown %v; want %q or %q", i, len(got.Out), b, d.given.has(i), out[0][i], out[1][i])
			}
		}
		checkKnown(t, &d, got, out[0])
	})
}
