package wstest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// EachSplit runs a subtest for every way in which a stream parser must give the same:
// the bytes whole, one by one, and cut at random three times, with the seed in the name.
func EachSplit(t *testing.T, b []byte, test func(t *testing.T, pieces [][]byte)) {
	t.Helper()
	t.Run("whole", func(t *testing.T) { test(t, [][]byte{b}) })
	t.Run("bytes", func(t *testing.T) { test(t, Chop(b, 1)) })
	for range 3 {
		seed := uint64(time.Now().UnixNano())
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) { test(t, Cut(b, seed)) })
	}
}

// Chop cuts b into pieces of n bytes and a last one.
func Chop(b []byte, n int) [][]byte {
	var pieces [][]byte
	for len(b) > n {
		pieces = append(pieces, b[:n:n])
		b = b[n:]
	}
	return append(pieces, b)
}

// Cut cuts b into pieces, where depends on the seed alone: short ones and long ones, and
// now and then an empty one.
func Cut(b []byte, seed uint64) [][]byte {
	r := rand.New(rand.NewPCG(seed, 2))
	var pieces [][]byte
	for len(b) > 0 {
		n := r.IntN(8)
		if r.IntN(4) == 0 {
			n = r.IntN(1500)
		}
		n = min(n, len(b))
		pieces = append(pieces, b[:n:n])
		b = b[n:]
	}
	return pieces
}
