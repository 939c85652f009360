package frame

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

func naiveXOR(src []byte, key [4]byte, pos uint64) []byte {
	out := make([]byte, len(src))
	for i := range src {
		out[i] = src[i] ^ key[(pos+uint64(i))%4]
	}
	return out
}

// All lengths through three unrolled rounds, all alignments of both sides and of the key.
func TestXOR(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pool := make([]byte, 200)
	for i := range pool {
		pool[i] = byte(random.Uint32())
	}
	key := [4]byte{0x37, 0xFA, 0x21, 0x3D}
	out := make([]byte, 200)
	for n := range 110 {
		for align := range 8 {
			for _, pos := range []uint64{0, 1, 2, 3, 1<<64 - 2} {
				src := pool[align : align+n]
				dst := out[7-align:]
				clear(out)
				XOR(dst, src, key, pos)
				if !bytes.Equal(dst[:n], naiveXOR(src, key, pos)) {
					t.Fatalf("n %d, align %d, pos %d: %x", n, align, pos, dst[:n])
				}
				if !bytes.Equal(dst[n:], make([]byte, len(dst)-n)) {
					t.Fatalf("n %d, align %d: bytes behind src written", n, align)
				}
			}
		}
	}
}

func TestXORInPlaceInPieces(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	key := [4]byte{1, 2, 3, 4}
	for round := range 200 {
		src := make([]byte, random.IntN(300))
		for i := range src {
			src[i] = byte(random.Uint32())
		}
		want := naiveXOR(src, key, 0)
		for pos := 0; pos < len(src); {
			n := 1 + random.IntN(len(src)-pos)
			XOR(src[pos:], src[pos:pos+n], key, uint64(pos))
			pos += n
		}
		if !bytes.Equal(src, want) {
			t.Fatalf("round %d: %x, want %x", round, src, want)
		}
	}
}

func BenchmarkXOR(b *testing.B) {
	for _, n := range []int{16, 125, 1400, 65536} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			src, dst := make([]byte, n), make([]byte, n)
			b.SetBytes(int64(n))
			for b.Loop() {
				XOR(dst, src, [4]byte{1, 2, 3, 4}, 1)
			}
		})
	}
}
