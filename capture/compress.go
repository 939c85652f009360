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

var (
	errDictionary = errors.New("window of more than 128 MiB")
	errFollowed   = errors.New("followed by something else")
)

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
		return gunzip(dst, in)
	case zstandard:
		const single, most = 1 << 5, 17 << 3 // RFC 8878, 3.1.1.1: no window descriptor; 128 MiB
		if b, _ := in.Peek(6); len(b) == 6 && b[4]&single == 0 && b[5] > most {
			return errDictionary
		}
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

// gunzip writes the content of all members in a file to dst. Zero bytes behind the last
// one are the padding of a tape, which gzip passes over as well.
func gunzip(dst io.Writer, in *bufio.Reader) error {
	r, err := gzip.NewReader(in)
	for err == nil {
		r.Multistream(false)
		if _, err := io.Copy(dst, r); err != nil {
			return err
		}
		switch next, end := in.Peek(1); {
		case len(next) == 0:
			return ended(end)
		case next[0] == 0:
			return zeros(in)
		case next[0] != 0x1f:
			return errFollowed
		}
		err = r.Reset(in)
	}
	return unexpected(err)
}

// zeros reads to the end, where nothing but zero bytes may stand before it.
func zeros(in *bufio.Reader) error {
	for {
		switch c, err := in.ReadByte(); {
		case err != nil:
			return ended(err)
		case c != 0:
			return errFollowed
		}
	}
}

// ended is the error of an end where one may be.
func ended(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// unexpected is the error of an end inside a compressed file's header.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// damage tells what is wrong with compressed data, whose unpacked bytes end at a place.
func (c codec) damage(place string, err error) string {
	switch {
	case errors.Is(err, errFollowed), errors.Is(err, zstd.ErrMagicMismatch), errors.Is(err, lz4.ErrInvalidFrame):
		return c.String() + " data followed by something else, which is not read, " + place
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, zstd.ErrCRCMismatch), errors.Is(err, errXZCheck),
		errors.Is(err, lz4.ErrInvalidFrameChecksum):
		return c.String() + " data damaged at an unknown place: wrong checksum " + place
	case errors.Is(err, errXZFilter), errors.Is(err, errDictionary):
		return c.String() + " data of a kind that is not unpacked, " + place + ": " + err.Error()
	}
	return c.String() + " data damaged, reading ends " + place + ": " + printable(err.Error())
}
