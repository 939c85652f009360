package inflate

import (
	"bytes"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// bitWriter writes blocks that no compressor would.
type bitWriter struct {
	out []byte
	n   int
}

func (w *bitWriter) bits(v uint, n int) {
	for i := range n {
		if w.n%8 == 0 {
			w.out = append(w.out, 0)
		}
		w.out[w.n/8] |= byte(v>>i&1) << (w.n % 8)
		w.n++
	}
}

// canonical are the codes of RFC 1951 3.2.2, first bit lowest, of the lengths.
func canonical(lengths []int) []uint {
	codes := make([]uint, len(lengths))
	next := uint(0)
	for n := 1; n <= maxCodeLen; n++ {
		for symbol, length := range lengths {
			if length == n {
				codes[symbol] = uint(bits.Reverse16(uint16(next)) >> (16 - n))
				next++
			}
		}
		next <<= 1
	}
	return codes
}

// header writes a dynamic block's header that spells every length out.
func (w *bitWriter) header(lits, dists []int) {
	w.bits(2<<1, 3)
	w.bits(uint(len(lits)-257), 5)
	w.bits(uint(len(dists)-1), 5)
	w.bits(preCodes-4, 4)
	pre := make([]int, preCodes)
	for i := range pre {
		pre[i] = 4 + i/13 // 13 codes of four bits and 6 of five are complete
	}
	for _, symbol := range order {
		w.bits(uint(pre[symbol]), 3)
	}
	codes := canonical(pre)
	for _, length := range append(append([]int{}, lits...), dists...) {
		w.bits(codes[length], pre[length])
	}
}

// randomLengths are those of a complete code with n of total symbols, those of must among
// them; deep makes long codes.
func randomLengths(random *rand.Rand, n, total int, deep bool, must ...int) []int {
	depths := []int{0}
	for len(depths) < n {
		i := random.IntN(len(depths))
		if deep {
			i = len(depths) - 1
		}
		if depths[i] == maxCodeLen {
			i = random.IntN(len(depths))
			if depths[i] == maxCodeLen {
				continue
			}
		}
		depths[i]++
		depths = append(depths, depths[i])
	}
	random.Shuffle(n, func(i, j int) { depths[i], depths[j] = depths[j], depths[i] })
	lengths := make([]int, total)
	for i, symbol := range append(must, random.Perm(total)...) {
		if len(depths) == 0 {
			break
		}
		if i < len(must) || lengths[symbol] == 0 {
			lengths[symbol] = depths[0]
			depths = depths[1:]
		}
	}
	return lengths
}

// Random complete codes of all shapes, with the longest codes and all extra bits, against
// an encoder that knows the text.
func TestSyntheticBlocks(t *testing.T) {
	longest := 0
	for seed := range uint64(400) {
		random := rand.New(rand.NewPCG(seed, 4))
		lits := randomLengths(random, 2+random.IntN(maxLit-2), maxLit, seed%2 == 0, 256)
		dists := randomLengths(random, 2+random.IntN(maxDist-2), maxDist, seed%3 == 0)
		w := new(bitWriter)
		w.header(lits, dists)
		history := bytes.Repeat([]byte("some history to refer to. "), 1300)[:Size]
		text := writeSymbols(random, w, lits, dists, bytes.Clone(history))[Size:]
		w.bits(0, 3)

		var d Decoder
		var win Window
		win.add(&d.pool, history, nil, Size)
		r := d.Inflate(&win, nil, w.out, roomyLimits, Size)
		if r.Ending != Complete || !bytes.Equal(r.Out, text) {
			t.Fatalf("seed %d: %v at %d of %d, %d bytes of %d", seed, r.Ending, r.Offset, len(w.out), len(r.Out), len(text))
		}
		for _, n := range lits {
			longest = max(longest, n)
		}
	}
	if longest != maxCodeLen {
		t.Errorf("longest code %d", longest)
	}
}

// writeSymbols writes random symbols that have codes, then the end of the block, and
// gives text with what they say.
func writeSymbols(random *rand.Rand, w *bitWriter, lits, dists []int, text []byte) []byte {
	litCodes, distCodes := canonical(lits), canonical(dists)
	for range 600 {
		symbol := random.IntN(len(lits))
		if lits[symbol] == 0 || symbol == 256 {
			continue
		}
		w.bits(litCodes[symbol], lits[symbol])
		if symbol < 256 {
			text = append(text, byte(symbol))
			continue
		}
		length := extra(random, w, litBase[symbol])
		symbol = random.IntN(len(dists))
		for dists[symbol] == 0 {
			symbol = random.IntN(len(dists))
		}
		w.bits(distCodes[symbol], dists[symbol])
		distance := extra(random, w, distBase[symbol])
		for range length {
			text = append(text, text[len(text)-distance])
		}
	}
	w.bits(litCodes[256], lits[256])
	return text
}

func extra(random *rand.Rand, w *bitWriter, base uint32) int {
	n := int(base & 63)
	v := random.UintN(1 << n)
	w.bits(v, n)
	return int(base>>16) + int(v)
}

// The borders of what a dynamic block may declare.
func TestDeclaredCodes(t *testing.T) {
	lits := func(pairs ...int) []int {
		l := make([]int, 257)
		for i := 0; i < len(pairs); i += 2 {
			l[pairs[i]] = pairs[i+1]
		}
		return l
	}
	cases := []struct {
		name  string
		lits  []int
		dists []int
		ok    bool
	}{
		{"complete", lits('a', 1, 256, 1), []int{1, 1}, true},
		{"no distances", lits('a', 1, 256, 1), []int{0}, true},
		{"one distance", lits('a', 1, 256, 1), []int{1}, true},
		{"one distance of two bits", lits('a', 1, 256, 1), []int{2}, false},
		{"incomplete distances", lits('a', 1, 256, 1), []int{2, 2}, false},
		{"too many distances", lits('a', 1, 256, 1), []int{1, 1, 1}, false},
		{"end of block alone", lits(256, 1), []int{0}, true},
		{"end of block missing", lits('a', 1, 'b', 1), []int{0}, false},
		{"incomplete literals", lits('a', 2, 256, 1), []int{0}, false},
		{"too many literals", lits('a', 1, 'b', 1, 256, 1), []int{0}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := new(bitWriter)
			w.header(c.lits, c.dists)
			w.bits(canonical(c.lits)[256], c.lits[256])
			w.bits(0, 3)
			var d Decoder
			var win Window
			r := d.Inflate(&win, nil, w.out, roomyLimits, Size)
			if (r.Ending == Complete) != c.ok || (r.Ending == Corrupt) == c.ok {
				t.Errorf("%v at %d of %d", r.Ending, r.Offset, len(w.out))
			}
		})
	}
}
