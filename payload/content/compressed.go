package content

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
	mathbits "math/bits"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

const (
	maxLayers   = 2       // of compression in compression
	maxInflated = 1 << 20 // bytes of what is inside that are looked at
)

// compressed is gzip or zlib data, with what is inside. zlib, whose two bytes at the begin
// say little, counts only with its checksum at the end.
func (d *Decoder) compressed(b []byte, depth int) *dissect.Decoded {
	if depth >= maxLayers {
		return nil
	}
	if bytes.HasPrefix(b, []byte{0x1F, 0x8B, 8}) {
		r, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return &dissect.Decoded{Protocol: "gzip", Error: err.Error()}
		}
		inside, whole, err := inflate(r)
		if err != nil {
			return &dissect.Decoded{Protocol: "gzip", Error: err.Error()}
		}
		return d.layer("gzip", inside, whole, depth)
	}
	if len(b) > 6 && b[0] == 0x78 && (int(b[0])<<8|int(b[1]))%31 == 0 {
		r, err := zlib.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil
		}
		if inside, whole, err := inflate(r); err == nil {
			return d.layer("zlib", inside, whole, depth)
		}
	}
	return d.raw(b, depth)
}

// raw is deflate without anything around it. It has no mark and no checksum, and counts only
// where it ends with the message and has JSON or XML inside.
func (d *Decoder) raw(b []byte, depth int) *dissect.Decoded {
	if !beginsDeflate(b) {
		return nil
	}
	left := bytes.NewReader(b)
	inside, whole, err := inflate(d.flate(left))
	d.deflated.Reset(bytes.NewReader(nil), nil) // let go of the message
	if err != nil || !whole || left.Len() > 0 {
		return nil
	}
	if e := text(inside); e == nil || e.Protocol == "form" {
		return nil
	}
	return d.layer("deflate", inside, whole, depth)
}

// flateReader is what flate.NewReader returns.
type flateReader interface {
	io.Reader
	flate.Resetter
}

// flate reads raw deflate. What reads it is used again: it has 40 KB of tables, and most of
// what begins like deflate is none.
func (d *Decoder) flate(src io.Reader) io.Reader {
	if d.deflated == nil {
		d.deflated = flate.NewReader(src).(flateReader)
		return d.deflated
	}
	d.deflated.Reset(src, nil)
	return d.deflated
}

// beginsDeflate reports whether b may begin a stream of deflate (RFC 1951 3.2.3) with JSON
// or XML inside. Most messages are none, and to read one as that costs more than all else.
func beginsDeflate(b []byte) bool {
	if len(b) < 10 {
		return false
	}
	bits := binary.LittleEndian.Uint64(b)
	switch bits >> 1 & 3 {
	case 0: // stored: a length and its complement
		return b[1]^b[3] == 0xff && b[2]^b[4] == 0xff
	case 1: // fixed codes: that of the first literal is eight bits from 0x30 on
		literal := mathbits.Reverse8(byte(bits>>3)) - 0x30
		return bytes.IndexByte([]byte("{[<\" \t\r\n"), literal) >= 0
	case 2:
		return bits>>3&31 < 30 && bits>>8&31 < 30 && completeLengths(b)
	}
	return false
}

// completeLengths reports whether the code for the code lengths (RFC 1951 3.2.7) has each
// of its places taken.
func completeLengths(b []byte) bool {
	bits := binary.LittleEndian.Uint64(b[2:])
	lengths := 4 + int(b[1]>>5) + int(bits&1)<<3
	bits >>= 1
	sum := 0
	for range lengths {
		if n := bits & 7; n > 0 {
			sum += 128 >> n
		}
		bits >>= 3
	}
	return sum == 128
}

// inflate reads up to the limit; whole tells that this was all.
func inflate(r io.Reader) (inside []byte, whole bool, err error) {
	inside, err = io.ReadAll(io.LimitReader(r, maxInflated+1))
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the compressed data is cut")
	}
	if len(inside) > maxInflated {
		return inside[:maxInflated], false, nil
	}
	return inside, true, err
}

// layer tells what is inside: its protocol and fields, as if it had come without the layer.
func (d *Decoder) layer(name string, inside []byte, whole bool, depth int) *dissect.Decoded {
	e := &dissect.Decoded{Protocol: name, Brief: payload.Size(len(inside)), Fields: dissect.Object{{Name: "size", Value: len(inside)}}}
	if !whole {
		e.Brief = "(more than 1 MiB)"
		e.Fields = dissect.Object{{Name: "size_at_least", Value: len(inside)}}
		return e
	}
	within := d.explain(inside, depth+1)
	if within == nil {
		return e
	}
	e.Brief = "of " + within.Protocol + " " + within.Brief
	o := append(dissect.Object{{Name: "protocol", Value: within.Protocol}}, within.Fields...)
	e.Fields = append(e.Fields, dissect.Field{Name: "inside", Value: o})
	return e
}
