package frame_test

import (
	"fmt"

	"github.com/wsdissect/wsdissect/frame"
)

// The frames of one direction, in pieces as TCP brought them.
func ExampleDecoder() {
	pieces := []string{"\x81\x85\x37\xfa", "\x21\x3d\x7f\x9f\x4d", "\x51\x58\x89\x00"}
	d := frame.NewDecoder(0)
	var payload []byte
	for _, piece := range pieces {
		for b := []byte(piece); ; {
			t, n := d.Next(b)
			b = b[n:]
			if t.Kind == frame.None {
				break
			}
			switch t.Kind {
			case frame.Head:
				payload = payload[:0]
			case frame.Data:
				at := len(payload)
				payload = append(payload, t.Data...)
				frame.XOR(payload[at:], t.Data, t.Header.Key, uint64(at))
			case frame.End:
				fmt.Printf("%v %q ends at %d\n", t.Header.Opcode, payload, t.Offset)
			}
		}
	}
	// Output:
	// text "Hello" ends at 11
	// ping "" ends at 13
}

func ExampleChecker() {
	c := frame.Checker{Role: frame.Client}
	h, _, _ := frame.ParseHeader([]byte{0x49, 0x7E, 0x00, 0x05})
	for v := range c.Header(h).All() {
		fmt.Println(v)
	}
	// Output:
	// frame-rsv-set
	// frame-length-not-minimal
	// frame-control-fragmented
	// frame-client-unmasked
}

func ExampleParseClose() {
	code, reason, v := frame.ParseClose([]byte("\x03\xe8bye"))
	fmt.Printf("%d %s %q %v\n", code, frame.CloseName(code), reason, v == 0)
	// Output: 1000 Normal Closure "bye" true
}

// The second message refers to the first, which the capture does not have.
func ExampleInflater() {
	var s frame.Scratch
	limits := frame.InflateLimits{Output: 1 << 20}
	first := []byte{0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00}
	second := []byte{0xF2, 0x00, 0x11, 0x00, 0x00}

	i := frame.NewInflater(frame.Params{})
	i.Message(&s, nil, first, limits)
	m := i.Message(&s, nil, second, limits)
	fmt.Printf("%q, %d unknown\n", m.Payload, m.Unknown)

	i = frame.NewInflater(frame.Params{})
	i.Lose()
	m = i.Message(&s, nil, second, limits)
	fmt.Printf("%q and %d bytes more, %d unknown\n", m.Known(), len(m.Payload)-len(m.Known()), m.Unknown)
	// Output:
	// "Hello", 0 unknown
	// "H" and 4 bytes more, 4 unknown
}
