package frame

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// drawn makes bytes of a drawing: 0 and 1 count, all else is there for the eye.
func drawn(t *testing.T, drawing string) []byte {
	t.Helper()
	var out []byte
	n, b := 0, byte(0)
	for _, c := range drawing {
		if c != '0' && c != '1' {
			continue
		}
		b = b<<1 | byte(c-'0')
		if n++; n%8 == 0 {
			out = append(out, b)
		}
	}
	if n == 0 || n%8 != 0 {
		t.Fatalf("%d bits drawn, no whole bytes", n)
	}
	return out
}

// The rulers name the fields of RFC 6455 5.2.
var headerCases = []struct {
	name    string
	drawing string
	want    Header
	minimal bool
}{
	{
		name: "text",
		//        F RSV opco M length
		//        |  |    |  |    |
		drawing: "1 000 0001 0 0000101",
		want:    Header{Fin: true, Opcode: Text, Length: 5, Size: 2},
		minimal: true,
	},
	{
		name: "first fragment, compressed",
		//        F RSV opco M length
		drawing: "0 100 0010 0 1111101",
		want:    Header{RSV: RSV1, Opcode: Binary, Length: 125, Size: 2},
		minimal: true,
	},
	{
		name: "masked pong without payload",
		//        F RSV opco M length  masking key
		drawing: "1 000 1010 1 0000000 00110111 11111010 00100001 00111101",
		want:    Header{Fin: true, Opcode: Pong, Masked: true, Key: [4]byte{0x37, 0xFA, 0x21, 0x3D}, Size: 6},
		minimal: true,
	},
	{
		name: "reserved bits and opcode",
		//        F RSV opco M length
		drawing: "1 011 1111 0 0000000",
		want:    Header{Fin: true, RSV: RSV2 | RSV3, Opcode: 0xF, Size: 2},
		minimal: true,
	},
	{
		name: "16-bit length",
		//        F RSV opco M     126 extended length
		drawing: "1 000 0010 0 1111110 00000000 01111110",
		want:    Header{Fin: true, Opcode: Binary, Length: 126, Size: 4},
		minimal: true,
	},
	{
		name: "16-bit length, longer than needed, masked",
		//        F RSV opco M     126 extended length   masking key
		drawing: "1 000 0001 1 1111110 00000000 01111101 00000000 00000000 00000000 00000001",
		want:    Header{Fin: true, Opcode: Text, Masked: true, Key: [4]byte{0, 0, 0, 1}, Length: 125, Size: 8},
	},
	{
		name: "64-bit length",
		//        F RSV opco M     127 extended length
		drawing: "0 000 0000 0 1111111 00000000 00000000 00000000 00000000 00000000 00000001 00000000 00000000",
		want:    Header{Opcode: Continuation, Length: 1 << 16, Size: 10},
		minimal: true,
	},
	{
		name: "64-bit length, longer than needed",
		//        F RSV opco M     127 extended length
		drawing: "1 000 0001 0 1111111 00000000 00000000 00000000 00000000 00000000 00000000 11111111 11111111",
		want:    Header{Fin: true, Opcode: Text, Length: 1<<16 - 1, Size: 10},
	},
	{
		name: "all bits of the longest header",
		//        F RSV opco M     127 extended length
		drawing: "1 111 1111 1 1111111 11111111 11111111 11111111 11111111 11111111 11111111 11111111 11111111" +
			"11111111 11111111 11111111 11111111", // masking key
		want: Header{Fin: true, RSV: 7, Opcode: 0xF, Masked: true, Key: [4]byte{255, 255, 255, 255},
			Length: 1<<64 - 1, Size: MaxHeaderSize},
		minimal: true,
	},
}

func TestParseHeader(t *testing.T) {
	for _, c := range headerCases {
		t.Run(c.name, func(t *testing.T) {
			wire := drawn(t, c.drawing)
			h, n, err := ParseHeader(append(wire, "payload"...))
			if err != nil || n != len(wire) || h != c.want {
				t.Fatalf("ParseHeader = %+v, %d, %v\nwant %+v, %d", h, n, err, c.want, len(wire))
			}
			if got := h.Append([]byte("x")); string(got) != "x"+string(wire) {
				t.Errorf("Append = %x, want 78 and %x", got, wire)
			}
			if h.Minimal() != c.minimal {
				t.Errorf("Minimal = %v", !c.minimal)
			}
			for cut := range wire {
				h, n, err := ParseHeader(wire[:cut])
				if !errors.Is(err, ErrShort) || n != 0 {
					t.Errorf("ParseHeader of %d bytes: %+v, %d, %v", cut, h, n, err)
				}
			}
		})
	}
}

func TestParseHeaderShort(t *testing.T) {
	cases := []struct {
		name string
		wire string
		want Header
	}{
		{"nothing", "", Header{}},
		{"first byte", "c1", Header{Fin: true, RSV: RSV1, Opcode: Text}},
		{"key missing", "0285", Header{Opcode: Binary, Masked: true, Length: 5, Size: 6}},
		{"key cut", "0285010203", Header{Opcode: Binary, Masked: true, Length: 5, Size: 6}},
		{"16-bit length cut", "027e01", Header{Opcode: Binary, Size: 4}},
		{"64-bit length cut", "02ff0102030405060708090a0b", Header{Opcode: Binary, Masked: true, Size: 14}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			wire, err := hex.DecodeString(c.wire)
			if err != nil {
				t.Fatal(err)
			}
			h, n, err := ParseHeader(wire)
			if err != ErrShort || n != 0 || h != c.want {
				t.Errorf("ParseHeader = %+v, %d, %v; want %+v", h, n, err, c.want)
			}
		})
	}
}

// A header made by hand need not know its size.
func TestAppendChoosesForm(t *testing.T) {
	cases := []struct {
		name string
		h    Header
		want string
	}{
		{"zero", Header{}, "0000"},
		{"7 bits", Header{Length: 125}, "007d"},
		{"16 bits", Header{Length: 126}, "007e007e"},
		{"16 bits, most", Header{Length: 65535, Masked: true}, "00feffff00000000"},
		{"64 bits", Header{Length: 65536}, "007f0000000000010000"},
		{"size too small", Header{Length: 300, Size: 2}, "007e012c"},
		{"size of no form", Header{Length: 3, Size: 5}, "0003"},
		{"size of no form, masked", Header{Length: 3, Size: 2, Masked: true}, "008300000000"},
		{"bits out of range", Header{RSV: 0xFF, Opcode: 0xFF}, "7f00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := hex.EncodeToString(c.h.Append(nil)); got != c.want {
				t.Errorf("Append = %s, want %s", got, c.want)
			}
		})
	}
}

func TestOpcode(t *testing.T) {
	names := "continuation text binary reserved reserved reserved reserved reserved " +
		"close ping pong reserved reserved reserved reserved reserved"
	for i, name := range strings.Fields(names) {
		o := Opcode(i)
		if o.String() != name || o.IsReserved() != (name == "reserved") || o.IsControl() != (i >= 8) {
			t.Errorf("opcode %d: %v, reserved %v, control %v", i, o, o.IsReserved(), o.IsControl())
		}
	}
}

func FuzzParseHeader(f *testing.F) {
	for _, length := range []uint64{0, 125, 126, 65535, 65536, 1 << 63, 1<<64 - 1} {
		for _, size := range []uint8{2, 4, 10} {
			f.Add(Header{Fin: true, Opcode: Text, Length: length, Size: size}.Append(nil))
			f.Add(Header{RSV: 4, Opcode: Ping, Length: length, Masked: true, Key: [4]byte{1, 2, 3, 4}, Size: size + 4}.Append(nil))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		h, n, err := ParseHeader(b)
		if err != nil {
			if err != ErrShort || n != 0 || len(b) >= MaxHeaderSize {
				t.Fatalf("ParseHeader(%x) = %d, %v", b, n, err)
			}
			return
		}
		if n != int(h.Size) || n < 2 || n > len(b) {
			t.Fatalf("ParseHeader(%x): n %d, Size %d", b, n, h.Size)
		}
		if got := h.Append(nil); !bytes.Equal(got, b[:n]) {
			t.Fatalf("Append gives %x of %x", got, b[:n])
		}
		short := h
		short.Size = 0
		if size := len(short.Append(nil)); h.Minimal() != (size == n) {
			t.Fatalf("%x: Minimal %v, shortest %d of %d", b[:n], h.Minimal(), size, n)
		}
	})
}
