package capture

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// flusher is what all compressors have but xz.
type flusher interface {
	io.WriteCloser
	Flush() error
}

func compressor(t testing.TB, c codec, w io.Writer) io.WriteCloser {
	t.Helper()
	var out io.WriteCloser
	var err error
	switch c {
	case gzipped:
		out = gzip.NewWriter(w)
	case zstandard:
		out, err = zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	case lz4Frames:
		z := lz4.NewWriter(w)
		err = z.Apply(lz4.BlockSizeOption(lz4.Block64Kb))
		out = z
	case xzStream:
		out, err = xz.NewWriter(w)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func compressed(t testing.TB, c codec, b []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := compressor(t, c, &buf)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// patterned is n bytes that compress somewhat.
func patterned(n int) []byte {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 29)
	}
	return b
}

// much is more than the buffers of an ahead hold.
const much = (aheadBuffers + 1) * aheadSize

// muchFor is much, or less for the one that is slow.
func muchFor(c codec) []byte {
	if c == xzStream {
		return patterned(aheadSize + 1)
	}
	return patterned(much)
}

var codecs = []codec{gzipped, zstandard, lz4Frames, xzStream}

// decompressed reads all through an ahead, as a file is.
func decompressed(in io.Reader, c codec) ([]byte, error) {
	a := newAhead(c, nil, io.NopCloser(in))
	defer a.close()
	return io.ReadAll(a)
}

func TestDecompress(t *testing.T) {
	for _, c := range codecs {
		for name, content := range map[string][]byte{"empty": {}, "a byte": {7}, "much": muchFor(c)} {
			t.Run(c.String()+"/"+name, func(t *testing.T) {
				b := compressed(t, c, content)
				if got := codecOf(b); got != c {
					t.Fatalf("taken for %q", got)
				}
				for _, wrap := range []func(io.Reader) io.Reader{
					func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.DataErrReader,
				} {
					got, err := decompressed(wrap(bytes.NewReader(b)), c)
					if err != nil || !bytes.Equal(got, content) {
						t.Errorf("%d bytes, %v", len(got), err)
					}
				}
				// Several members, frames or streams are the content of all.
				got, err := decompressed(bytes.NewReader(bytes.Repeat(b, 3)), c)
				if err != nil || !bytes.Equal(got, bytes.Repeat(content, 3)) {
					t.Errorf("three in a row: %d bytes, %v", len(got), err)
				}
			})
		}
	}
}

// TestDecompressCut cuts compressed data: what stands before is read, and the end is told.
func TestDecompressCut(t *testing.T) {
	for _, c := range codecs {
		t.Run(c.String(), func(t *testing.T) {
			content := muchFor(c)
			b := compressed(t, c, content)
			for _, n := range []int{len(b) - 1, len(b) / 2, 20, 7} {
				got, err := decompressed(bytes.NewReader(b[:n]), c)
				if !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("%d of %d bytes: %v", n, len(b), err)
				}
				// LZMA2 comes in chunks of 64 KiB, all or nothing.
				little := n == len(b)/2 && len(got) < len(content)/4 && c != xzStream
				if !bytes.HasPrefix(content, got) || little {
					t.Errorf("%d of %d bytes: %d bytes came", n, len(b), len(got))
				}
			}
		})
	}
}

func TestDecompressDamaged(t *testing.T) {
	for _, c := range codecs {
		t.Run(c.String(), func(t *testing.T) {
			content := muchFor(c)
			b := compressed(t, c, content)
			b[len(b)/2] ^= 0x55
			b[len(b)/2+9] ^= 0x55
			if got, err := decompressed(bytes.NewReader(b), c); err == nil {
				t.Errorf("no error, %d bytes", len(got))
			}
		})
	}
}

func TestXZChecks(t *testing.T) {
	content := patterned(50_000)
	for _, check := range []byte{xz.CRC32, xz.CRC64, xz.SHA256} {
		var buf bytes.Buffer
		w, err := xz.WriterConfig{CheckSum: check, BlockSize: 10_000}.NewWriter(&buf)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = w.Write(content); err != nil {
			t.Fatal(err)
		}
		if err = w.Close(); err != nil {
			t.Fatal(err)
		}
		b := buf.Bytes()
		got, err := decompressed(bytes.NewReader(append(b, make([]byte, 8)...)), xzStream)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("check %d: %d bytes, %v", check, len(got), err)
		}
		if _, err = decompressed(bytes.NewReader(append(b, 1, 2)), xzStream); err == nil {
			t.Errorf("check %d: no error for what stands behind", check)
		}
	}
}

// TestXZDictionary asks for a dictionary of 4 GiB in a file of some bytes.
func TestXZDictionary(t *testing.T) {
	tests := []struct {
		header []byte // of a block, from the second byte on
		size   int
		err    error
	}{
		{[]byte{0, 0x21, 1, 22, 0, 0, 0}, 8 << 20, nil},
		{[]byte{0, 0x21, 1, 23, 0, 0, 0}, 12 << 20, nil},
		{[]byte{0, 0x21, 1, 30, 0, 0, 0}, 128 << 20, nil},
		{[]byte{0xc0, 0x80, 1, 5, 0x21, 1, 0}, 4 << 10, nil},
		{[]byte{0, 0x21, 1, 31, 0, 0, 0}, 0, errDictionary},
		{[]byte{0, 0x21, 1, 40, 0, 0, 0}, 0, errDictionary},
		{[]byte{0, 0x21, 1, 41, 0, 0, 0}, 0, errXZ},
		{[]byte{1, 0x04, 0, 0x21, 1, 22, 0}, 0, errXZFilter},
		{[]byte{0, 0x03, 1, 0, 0, 0, 0}, 0, errXZFilter},
		{[]byte{4, 0x21, 1, 22, 0, 0, 0}, 0, errXZ},
		{[]byte{0x40, 0x80, 0x80}, 0, errXZ},
		{nil, 0, errXZ},
	}
	for _, tt := range tests {
		if size, err := xzDictionary(tt.header); size != tt.size || err != tt.err {
			t.Errorf("% x: %d, %v, want %d, %v", tt.header, size, err, tt.size, tt.err)
		}
	}
}

// closed tells that an input was closed, which is the last thing that a goroutine does.
type closed struct {
	io.Reader
	done chan struct{}
}

func (c closed) Close() error {
	close(c.done)
	return nil
}

// TestAheadEnds gives up reading: the goroutine ends, wherever it is.
func TestAheadEnds(t *testing.T) {
	for _, c := range codecs {
		b := compressed(t, c, muchFor(c))
		for _, n := range []int{0, 1, 100_000, 2 * much} {
			in := closed{bytes.NewReader(b), make(chan struct{})}
			a := newAhead(c, nil, in)
			if _, err := io.CopyN(io.Discard, a, int64(n)); err != nil && err != io.EOF {
				t.Errorf("%v: %v", c, err)
			}
			a.close()
			a.close()
			<-in.done
		}
	}
}

// TestAheadWakes closes a named pipe, whose writer is silent, under a goroutine that reads.
func TestAheadWakes(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Skip("no pipes: ", err)
	}
	defer w.Close()
	a := newAhead(gzipped, nil, r)
	a.close()
	for range a.full {
		t.Error("data out of nothing")
	}
	if !errors.Is(a.err, os.ErrClosed) {
		t.Errorf("%v", a.err)
	}
}

// TestAheadIsPrompt wants what was flushed, while the writer waits.
func TestAheadIsPrompt(t *testing.T) {
	for _, c := range codecs[:3] {
		t.Run(c.String(), func(t *testing.T) {
			pr, pw := io.Pipe()
			w := compressor(t, c, pw).(flusher)
			a := newAhead(c, nil, pr)
			defer a.close()
			got := make(chan string)
			go func() {
				defer close(got)
				b := make([]byte, 100)
				for {
					n, err := a.Read(b)
					if err != nil {
						return
					}
					got <- string(b[:n])
				}
			}()
			for _, word := range []string{"a", "few", "words"} {
				if _, err := io.WriteString(w, word); err != nil {
					t.Fatal(err)
				}
				if err := w.Flush(); err != nil {
					t.Fatal(err)
				}
				if s := <-got; s != word {
					t.Fatalf("%q, want %q", s, word)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			pw.Close()
			for s := range got {
				t.Errorf("%q more", s)
			}
		})
	}
}
