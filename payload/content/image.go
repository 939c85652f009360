package content

import (
	"bytes"
	"encoding/binary"
	goimage "image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strconv"

	"github.com/wsdissect/wsdissect/dissect"
)

var pictures = [...]struct {
	at     int
	magic  string
	what   string
	config func(io.Reader) (goimage.Config, error) // nil: not read
}{
	{0, "\x89PNG\r\n\x1a\n", "PNG image", png.DecodeConfig},
	{0, "\xFF\xD8\xFF", "JPEG image", jpeg.DecodeConfig},
	{0, "GIF8", "GIF image", gif.DecodeConfig},
	{8, "WEBP", "WebP image", webp},
	{4, "ftypavif", "AVIF image", nil},
	{0, "II*\x00", "TIFF image", nil},
	{0, "MM\x00*", "TIFF image", nil},
	{0, "BM", "BMP image", bmp},
}

// image is a picture by its first bytes, with its size where the header tells.
func image(b []byte) *dissect.Decoded {
	for _, p := range pictures {
		if len(b) < p.at+len(p.magic) || string(b[p.at:p.at+len(p.magic)]) != p.magic {
			continue
		}
		if p.what == "BMP image" && !isBMP(b) {
			continue
		}
		d := named("image", p.what)
		if p.config == nil {
			return d
		}
		if c, err := p.config(bytes.NewReader(b)); err == nil {
			d.Brief += " " + strconv.Itoa(c.Width) + "x" + strconv.Itoa(c.Height)
			d.Fields = append(d.Fields, dissect.Field{Name: "width", Value: c.Width}, dissect.Field{Name: "height", Value: c.Height})
		}
		return d
	}
	return nil
}

// isBMP asks for more than two letters: the size of the file, and four bytes of zero.
func isBMP(b []byte) bool {
	return len(b) >= 26 && binary.LittleEndian.Uint32(b[6:]) == 0 && uint64(binary.LittleEndian.Uint32(b[10:])) < 1<<16 && b[14] >= 12 && b[15] == 0
}
