package capture

import (
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
		{"damaged", append(compressed(t, gzipped, capture.b), "rubbish rubbish"...), "after packet 5000: gzip: invalid header"},
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
