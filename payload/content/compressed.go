package content

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

const (
	maxLayers   = 2       // of compression in compression
	maxInflated = 1 << 20 // bytes of what is inside that are looked at
)

// compressed is gzip or zlib data, with what is inside. zlib, whose two bytes at the begin
// say little, counts only with its checksum at the end.
func compressed(b []byte, depth int) *dissect.Decoded {
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
		return layer("gzip", inside, whole, depth)
	}
	if len(b) > 6 && b[0] == 0x78 && (int(b[0])<<8|int(b[1]))%31 == 0 {
		r, err := zlib.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil
		}
		if inside, whole, err := inflate(r); err == nil {
			return layer("zlib", inside, whole, depth)
		}
	}
	return raw(b, depth)
}

// raw is deflate without anything around it. It has no mark and no checksum, and counts only
// where it ends with the message and has JSON or XML inside.
func raw(b []byte, depth int) *dissect.Decoded {
	if len(b) < 8 {
		return nil
	}
	left := bytes.NewReader(b)
	inside, whole, err := inflate(flate.NewReader(left))
	if err != nil || !whole || left.Len() > 0 {
		return nil
	}
	if d := text(inside); d == nil || d.Protocol == "form" {
		return nil
	}
	return layer("deflate", inside, whole, depth)
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
func layer(name string, inside []byte, whole bool, depth int) *dissect.Decoded {
	d := &dissect.Decoded{Protocol: name, Brief: payload.Size(len(inside)), Fields: dissect.Object{{Name: "size", Value: len(inside)}}}
	if !whole {
		d.Brief = "(more than 1 MiB)"
		d.Fields = dissect.Object{{Name: "size_at_least", Value: len(inside)}}
		return d
	}
	within := explain(inside, depth+1)
	if within == nil {
		return d
	}
	d.Brief = "of " + within.Protocol + " " + within.Brief
	o := append(dissect.Object{{Name: "protocol", Value: within.Protocol}}, within.Fields...)
	d.Fields = append(d.Fields, dissect.Field{Name: "inside", Value: o})
	return d
}
