package wstest

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
)

// Gzip compresses a text.
func Gzip(s string) string {
	var b bytes.Buffer
	return packed(gzip.NewWriter(&b), &b, s)
}

// Zlib compresses a text.
func Zlib(s string) string {
	var b bytes.Buffer
	return packed(zlib.NewWriter(&b), &b, s)
}

// Deflate compresses a text, with nothing around it.
func Deflate(s string) string {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		panic(err)
	}
	return packed(w, &b, s)
}

// packed is s, written to w and from there to b, which takes everything.
func packed(w io.WriteCloser, b *bytes.Buffer, s string) string {
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.String()
}
