package simd

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestAppendQuoted(t *testing.T) {
	long := strings.Repeat("0123456789", 1000)
	tests := []struct {
		name, src, want string
		n               int
	}{
		{"nothing", "", "", 0},
		{"plain", "Hello", "Hello", 5},
		{"quote", `a"b`, `a\"b`, 3},
		{"backslash", `a\b`, `a\\b`, 3},
		{"escapes only", `"\"\`, `\"\\\"\\`, 4},
		{"control character", "ab\ncd", "ab", 2},
		{"first byte", "\x00ab", "", 0},
		{"delete", "ab\x7f", "ab", 2},
		{"no ASCII", "caf\xc3\xa9", "caf", 3},
		{"escape behind the stop", "ab\x1f\"", "ab", 2},
		{"long", long, long, len(long)},
		{"long, stops late", long + "\t" + long, long, len(long)},
		{"long quotes", strings.Repeat(`"`, 9000), strings.Repeat(`\"`, 9000), 9000},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, n := AppendQuoted([]byte("before"), []byte(test.src))
			if want := "before" + test.want; string(got) != want || n != test.n {
				t.Errorf("%q, %d; want %q, %d", got, n, want, test.n)
			}
		})
	}
}

// TestQuotedAtEachPlace puts each byte at each place of texts up to three blocks long.
func TestQuotedAtEachPlace(t *testing.T) {
	for size := range 100 {
		src := bytes.Repeat([]byte{'x'}, size)
		for at := range size {
			for c := range 256 {
				src[at] = byte(c)
				compareQuoted(t, src)
			}
			src[at] = 'x'
		}
	}
}

func TestQuotedAtRandom(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	for range 20_000 {
		src := make([]byte, r.IntN(300))
		for i := range src {
			src[i] = `abcdefghij0123456789{}:,"\`[r.IntN(26)]
		}
		if len(src) > 0 && r.IntN(2) == 0 {
			src[r.IntN(len(src))] = byte(r.IntN(256))
		}
		compareQuoted(t, src)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// compareQuoted holds AppendQuoted against plain Go. What stands before and behind the room
// in the buffer must stay.
func compareQuoted(t *testing.T, src []byte) {
	t.Helper()
	want, wantN := quotePlain([]byte{'^'}, src)
	got, n := AppendQuoted([]byte{'^'}, src)
	if !bytes.Equal(got, want) || n != wantN {
		t.Errorf("%q: %q, %d; want %q, %d", src, got, n, want, wantN)
	}
}

// TestQuotedKeepsItsRoom looks at what stands behind the room that was asked for.
func TestQuotedKeepsItsRoom(t *testing.T) {
	const guard = 64
	for size := range 200 {
		src := bytes.Repeat([]byte{'"'}, size)
		for room := range 2*size + 2 {
			buf := bytes.Repeat([]byte{'#'}, room+guard)
			AppendQuoted(buf[:0:room], src)
			if rest := buf[room:]; bytes.Count(rest, []byte{'#'}) != guard {
				t.Fatalf("%d bytes into room for %d: %q behind it", size, room, rest)
			}
		}
	}
}

func FuzzAppendQuoted(f *testing.F) {
	f.Add([]byte(`{"price":"1.25","text":"a\\b"}`))
	f.Add([]byte("a line of text that is longer than a block\n and goes on"))
	f.Fuzz(compareQuoted)
}

func BenchmarkAppendQuoted(b *testing.B) {
	for _, text := range []string{
		strings.Repeat("a text without any quotes, ", 100),
		strings.Repeat(`{"symbol":"BTCUSD","price":"10.25"},`, 100),
		`{"symbol":"BTCUSD","price":"10.25"}`,
	} {
		for name, f := range map[string]func(dst, src []byte) ([]byte, int){"vectors": AppendQuoted, "plain": quotePlain} {
			b.Run(fmt.Sprintf("%s/%d bytes/%d quotes", name, len(text), strings.Count(text, `"`)), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				buf, src := []byte(nil), []byte(text)
				for b.Loop() {
					buf, _ = f(buf[:0], src)
				}
			})
		}
	}
}

// TestMarks puts each byte at each place of a word.
func TestMarks(t *testing.T) {
	for c := range 256 {
		for place := range Word {
			for _, filler := range []byte{'x', ' ', '~', '!', '#', '"', 0xff} {
				var b [Word]byte
				for i := range b[:place] {
					b[i] = 'x'
				}
				b[place] = byte(c)
				for i := place + 1; i < Word; i++ {
					b[i] = filler
				}
				want := slices.IndexFunc(append(b[:], 0), func(c byte) bool {
					return c < ' ' || c >= 0x7f || c == '"' || c == '\\'
				})
				if got := bits.TrailingZeros64(Marks(binary.LittleEndian.Uint64(b[:]))) / 8; got != want {
					t.Fatalf("%#x: first at %d, want %d", b, got, want)
				}
			}
		}
	}
}
