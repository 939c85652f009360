package capture

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

// FuzzReader reads any bytes: what comes is numbered through and lies within the bytes
// there are, every defect says where it is, and the size of reads makes no difference.
func FuzzReader(f *testing.F) {
	for _, b := range damagedFiles() {
		f.Add(b)
	}
	for _, b := range oracleFiles() {
		f.Add(b)
	}
	packed := pcapFile{network: 1}.bytes(tcpTraffic(20))
	for _, c := range codecs {
		f.Add(compressed(f, c, packed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		packets, errs := checked(t, bytes.NewReader(b), b)
		if len(b) > 64<<10 {
			return
		}
		again, errsAgain := checked(t, iotest.OneByteReader(bytes.NewReader(b)), b)
		compare(t, again, packets)
		if len(errs) != len(errsAgain) {
			t.Errorf("errors %v, by single bytes %v", errs, errsAgain)
		}
		r := New(Stream("fuzz", bytes.NewReader(b)))
		r.window = newWindow(4 << 10)
		for range r.Segments() {
		}
	})
}

// checked reads the whole of in, which is b.
func checked(t *testing.T, in io.Reader, b []byte) ([]copied, []error) {
	var number int64
	var packets []copied
	var errs []error
	r := New(Stream("fuzz", in))
	r.window = newWindow(1 << 10)
	for p, err := range r.Packets() {
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.File != "fuzz" || e.Offset < 0 || e.Text == "" || e.Err == nil {
				t.Fatalf("error %#v", err)
			}
			errs = append(errs, err)
			continue
		}
		if number++; p.Number != number {
			t.Fatalf("number %d after %d", p.Number, number-1)
		}
		if codecOf(b) == plain && len(p.Data) > len(b) {
			t.Fatalf("a packet of %d bytes in a file of %d", len(p.Data), len(b))
		}
		packets = append(packets, copied{p.Time, p.Length, p.LinkType, p.Interface, string(p.Data)})
	}
	if len(packets) == 0 && len(errs) == 0 && len(b) < pcapHeaderSize {
		t.Fatal("neither a packet nor an error")
	}
	if size := len(r.window.buf); size > 1<<10 && size > 4*len(b) && codecOf(b) == plain {
		t.Fatalf("a window of %d bytes for %d", size, len(b))
	}
	return packets, errs
}
