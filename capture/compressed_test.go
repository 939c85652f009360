package capture

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompressedNames has a name that lies about the compression.
func TestCompressedNames(t *testing.T) {
	packets := traffic(9)
	path := filepath.Join(t.TempDir(), "dump.pcap")
	for _, c := range codecs {
		if err := os.WriteFile(path, compressed(t, c, pcapFile{network: 1}.bytes(packets)), 0o600); err != nil {
			t.Fatal(err)
		}
		got, errs := readAll(t, Open(path))
		compare(t, got, packets)
		if errs != nil {
			t.Error(errs)
		}
	}
}

func TestCompressedErrors(t *testing.T) {
	capture := placePcap(pcapFile{network: 1}, traffic(5000))
	end := fmt.Sprintf(" at offset %d when unpacked, after packet 5000", len(capture.b))
	followed := func(c codec) string {
		return "test: " + c.String() + " data followed by something else, which is not read," + end
	}
	checksum := func(c codec) string {
		return "test: " + c.String() + " data damaged at an unknown place: wrong checksum" + end
	}
	tests := []struct {
		name string
		b    []byte
		want string
	}{
		{"no capture", compressed(t, gzipped, []byte("hello world")),
			`test: not a capture file, when gzip is taken off (starts with "hello wo")`},
		{"empty", compressed(t, zstandard, nil), "test: empty file"},
		{"cut in the header", compressed(t, gzipped, capture.b)[:5], "test: gzip data cut short at offset 0 when unpacked, after packet 0"},
		{"cut", compressed(t, gzipped, capture.b)[:5000], "test: gzip data cut short at offset "},
		{"gzip followed", append(compressed(t, gzipped, capture.b), "rubbish rubbish"...), followed(gzipped)},
		{"gzip followed by zeros and more", append(compressed(t, gzipped, capture.b), "\x00\x00rubbish"...), followed(gzipped)},
		{"zstd followed", append(compressed(t, zstandard, capture.b), "rubbish rubbish"...), followed(zstandard)},
		{"lz4 followed", append(compressed(t, lz4Frames, capture.b), "rubbish rubbish"...), followed(lz4Frames)},
		{"xz followed", append(compressed(t, xzStream, capture.b), "rubbish rubbish"...), followed(xzStream)},
		{"gzip checksum", inverted(compressed(t, gzipped, capture.b), 8), checksum(gzipped)},
		{"zstd checksum", inverted(compressed(t, zstandard, capture.b), 2), checksum(zstandard)},
		{"lz4 checksum", inverted(compressed(t, lz4Frames, capture.b), 2), checksum(lz4Frames)},
		{"zstd of a large window", []byte("\x28\xb5\x2f\xfd\x04\xa8 and more of it"),
			"test: zstd data of a kind that is not unpacked, at offset 0 when unpacked, after packet 0: window of more than 128 MiB"},
		{"damaged", inverted(compressed(t, xzStream, capture.b), 2), "xz data damaged, reading ends" + end + ": xz: not a valid file"},
		{"cut inside", compressed(t, lz4Frames, capture.b[:len(capture.b)-1]), "test: cut short in the middle of packet 5000 at offset"},
		{"nested", compressed(t, xzStream, compressed(t, gzipped, capture.b)), `when xz is taken off (starts with "\x1f\x8b`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, errs := readBytes(t, tt.b)
			if len(errs) != 1 || !strings.Contains(errs[0].Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", errs, tt.want)
			}
		})
	}
}

// inverted is b with the byte inverted that is n bytes before its end.
func inverted(b []byte, n int) []byte {
	b[len(b)-n] ^= 0xff
	return b
}

// TestGzipOnTape has zero bytes behind the data, as blocks of a tape are filled up.
func TestGzipOnTape(t *testing.T) {
	packets := traffic(50)
	b := compressed(t, gzipped, placePcap(pcapFile{network: 1}, packets).b)
	for _, n := range []int{1, 512, 3 << 20} {
		got, errs := readBytes(t, append(bytes.Clone(b), make([]byte, n)...))
		if compare(t, got, packets); errs != nil {
			t.Errorf("%d bytes: %v", n, errs)
		}
	}
}
