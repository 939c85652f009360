package capture

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// codec is a compression, told by the first bytes of a file.
type codec uint8

const (
	plain codec = iota
	gzipped
	zstandard
	lz4Frames
	xzStream
)

func (c codec) String() string { return [...]string{"", "gzip", "zstd", "lz4", "xz"}[c] }

// maxDictionary is the largest window of a compressed file that is accepted: that of
// zstd -27, and more than xz -9 wants.
const maxDictionary = 128 << 20

var errDictionary = errors.New("window of more than 128 MiB")

// codecOf tells the compression of a file from its first bytes.
func codecOf(head []byte) codec {
	for _, m := range [...]struct {
		magic string
		codec codec
	}{
		{"\x1f\x8b", gzipped},
		{"\x28\xb5\x2f\xfd", zstandard},
		{"\x04\x22\x4d\x18", lz4Frames},
		{xzMagic, xzStream},
	} {
		if bytes.HasPrefix(head, []byte(m.magic)) {
			return m.codec
		}
	}
	return plain
}

// decompress writes what src holds to dst, each run of it as soon as it is known.
func decompress(c codec, dst io.Writer, src io.Reader) error {
	in := bufio.NewReaderSize(src, windowSize/4)
	var out io.Reader
	switch c {
	case gzipped:
		r, err := gzip.NewReader(in)
		if err != nil {
			return unexpected(err)
		}
		out = r
	case zstandard:
		r, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxDictionary))
		if err != nil {
			return unexpected(err)
		}
		defer r.Close()
		out = r
	case lz4Frames:
		out = lz4.NewReader(in)
	case xzStream:
		return decompressXZ(dst, in)
	}
	_, err := io.Copy(dst, out)
	return err
}

// unexpected is the error of an end inside a compressed file's header.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
