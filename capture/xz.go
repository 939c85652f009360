package capture

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"math/bits"
	"slices"

	"github.com/ulikunitz/xz/lzma"
)

// The container of the .xz file format 1.2.0 around LZMA2. The reader of the library
// allocates whatever dictionary a file asks for, up to 4 GiB.

var (
	errXZ       = errors.New("xz: not a valid file")
	errXZCheck  = errors.New("xz: wrong checksum")
	errXZFilter = errors.New("filter other than LZMA2")
)

const xzMagic = "\xfd7zXZ\x00"

// xzFile is the input of an xz decoder.
type xzFile struct {
	in   *bufio.Reader
	n    int64     // bytes read so far
	sum  hash.Hash // of what is read, while it is not nil
	dst  io.Writer
	flag [2]byte // of the stream
}

// decompressXZ writes the content of all streams in a file to dst.
func decompressXZ(dst io.Writer, in *bufio.Reader) error {
	x := &xzFile{in: in, dst: dst}
	for {
		err := x.stream()
		if err != nil {
			return unexpected(err)
		}
		if err = x.padding(); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
	}
}

// Read implements io.Reader.
func (x *xzFile) Read(b []byte) (int, error) {
	n, err := x.in.Read(b)
	x.count(b[:n])
	return n, err
}

// ReadByte implements io.ByteReader.
func (x *xzFile) ReadByte() (byte, error) {
	c, err := x.in.ReadByte()
	if err == nil {
		x.count([]byte{c})
	}
	return c, err
}

func (x *xzFile) count(b []byte) {
	x.n += int64(len(b))
	if x.sum != nil {
		x.sum.Write(b)
	}
}

// read returns the next n bytes.
func (x *xzFile) read(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(x, b)
	return b, err
}

// stream reads a stream: header, blocks, index, footer.
func (x *xzFile) stream() error {
	b, err := x.read(12)
	if err != nil {
		return err
	}
	if string(b[:6]) != xzMagic {
		return errFollowed
	}
	if b[6] != 0 || b[7] > 15 || crc32.ChecksumIEEE(b[6:8]) != binary.LittleEndian.Uint32(b[8:]) {
		return errXZ
	}
	copy(x.flag[:], b[6:])
	for blocks := uint64(0); ; blocks++ {
		x.sum = crc32.NewIEEE()
		size, err := x.ReadByte()
		if err != nil {
			return err
		}
		if size == 0 {
			return x.index(blocks)
		}
		if err := x.block(int(size)*4 + 4); err != nil {
			return err
		}
	}
}

// block reads a block, whose header is size bytes long, from its second byte on.
func (x *xzFile) block(size int) error {
	b, err := x.read(size - 5)
	if err != nil {
		return err
	}
	if err := x.checksum(); err != nil {
		return err
	}
	dictionary, err := xzDictionary(b)
	if err != nil {
		return err
	}
	start, check := x.n, newXZCheck(x.flag[1])
	r, err := lzma.Reader2Config{DictCap: max(dictionary, lzma.MinDictCap)}.NewReader2(x)
	if err != nil {
		return err
	}
	dst := x.dst
	if check != nil {
		dst = io.MultiWriter(dst, check)
	}
	if _, err := io.Copy(dst, r); err != nil {
		return err
	}
	if _, err := x.read(int(-(x.n - start) & 3)); err != nil {
		return err
	}
	sum, err := x.read(xzCheckSize(x.flag[1]))
	if err != nil {
		return err
	}
	if check != nil && !bytes.Equal(check.Sum(nil), sum) {
		return errXZCheck
	}
	return nil
}

// xzDictionary is the size of the dictionary that a block header asks for.
func xzDictionary(b []byte) (int, error) {
	if len(b) == 0 || b[0]&0x3c != 0 {
		return 0, errXZ
	}
	if b[0]&3 != 0 {
		return 0, errXZFilter
	}
	sizes := bits.OnesCount8(b[0] & 0xc0) // of the block, compressed and not
	b = b[1:]
	for range sizes {
		_, n := binary.Uvarint(b)
		if n <= 0 {
			return 0, errXZ
		}
		b = b[n:]
	}
	if len(b) < 3 || b[0] != 0x21 || b[1] != 1 {
		return 0, errXZFilter
	}
	code := b[2]
	if code > 40 {
		return 0, errXZ
	}
	if size := uint64(2|code&1) << (code/2 + 11); size <= maxDictionary {
		return int(size), nil
	}
	return 0, errDictionary
}

// index reads the index, from its second byte on, and the footer.
func (x *xzFile) index(blocks uint64) error {
	start := x.n - 1
	n, err := binary.ReadUvarint(x)
	if err != nil {
		return err
	}
	if n != blocks {
		return errXZ
	}
	for range 2 * n {
		if _, err := binary.ReadUvarint(x); err != nil {
			return err
		}
	}
	if _, err := x.read(int(-(x.n - start) & 3)); err != nil {
		return err
	}
	if err := x.checksum(); err != nil {
		return err
	}
	b, err := x.read(12)
	if err != nil {
		return err
	}
	if string(b[10:]) != "YZ" || !bytes.Equal(b[8:10], x.flag[:]) || crc32.ChecksumIEEE(b[4:10]) != binary.LittleEndian.Uint32(b) {
		return errXZ
	}
	return nil
}

// padding skips the zero bytes between streams. It returns io.EOF when none follows.
func (x *xzFile) padding() error {
	for {
		b, err := x.in.Peek(4)
		switch {
		case len(b) == 0:
			return err
		case len(b) < 4:
			return errFollowed
		case !bytes.Equal(b, []byte{0, 0, 0, 0}):
			return nil
		}
		if _, err := x.in.Discard(4); err != nil {
			return err
		}
	}
}

// checksum reads the CRC32 of what was summed up.
func (x *xzFile) checksum() error {
	want := x.sum.Sum(nil)
	x.sum = nil
	b, err := x.read(4)
	if err != nil {
		return err
	}
	if binary.LittleEndian.Uint32(b) != binary.BigEndian.Uint32(want) {
		return errXZCheck
	}
	return nil
}

// newXZCheck is the check of a block's content, nil where that is unknown or none.
func newXZCheck(kind byte) hash.Hash {
	switch kind {
	case 1:
		return littleEndian{crc32.NewIEEE()}
	case 4:
		return littleEndian{crc64.New(crc64.MakeTable(crc64.ECMA))}
	case 10:
		return sha256.New()
	}
	return nil
}

// littleEndian is a CRC whose sum has the byte order of .xz.
type littleEndian struct{ hash.Hash }

// Sum implements hash.Hash.
func (h littleEndian) Sum(b []byte) []byte {
	sum := h.Hash.Sum(nil)
	slices.Reverse(sum)
	return append(b, sum...)
}

// xzCheckSize is the size of a check, known or not.
func xzCheckSize(kind byte) int {
	return [...]int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}[kind]
}
