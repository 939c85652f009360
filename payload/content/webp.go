package content

import (
	"encoding/binary"
	"errors"
	goimage "image"
	"io"
)

var errHeader = errors.New("the header of the image is cut, or of another kind")

// webp reads the size of a WebP image (RFC 9649 2.5 to 2.7).
func webp(r io.Reader) (goimage.Config, error) {
	var b [30]byte
	if n, _ := io.ReadFull(r, b[:]); n < len(b) {
		return goimage.Config{}, errHeader
	}
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(b[at:])) }
	switch string(b[12:16]) {
	case "VP8 ":
		return goimage.Config{Width: u16(26) & 0x3FFF, Height: u16(28) & 0x3FFF}, nil
	case "VP8L":
		size := int64(binary.LittleEndian.Uint32(b[21:]))
		return goimage.Config{Width: int(size&0x3FFF) + 1, Height: int(size>>14&0x3FFF) + 1}, nil
	case "VP8X":
		u24 := func(at int) int { return u16(at) | int(b[at+2])<<16 }
		return goimage.Config{Width: u24(24) + 1, Height: u24(27) + 1}, nil
	}
	return goimage.Config{}, errHeader
}

// bmp reads the size of a Windows bitmap, whose height is negative from top to bottom.
func bmp(r io.Reader) (goimage.Config, error) {
	var b [26]byte
	if n, _ := io.ReadFull(r, b[:]); n < len(b) || binary.LittleEndian.Uint32(b[14:]) < 40 {
		return goimage.Config{}, errHeader
	}
	width := int64(int32(binary.LittleEndian.Uint32(b[18:])))
	height := int64(int32(binary.LittleEndian.Uint32(b[22:])))
	height = max(height, -height)
	if width <= 0 || height > 1<<30 {
		return goimage.Config{}, errHeader
	}
	return goimage.Config{Width: int(width), Height: int(height)}, nil
}
