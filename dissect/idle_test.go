package dissect

import (
	"math/bits"
	"testing"
	"unsafe"
)

// TestIdleSizes keeps small what a capture may have a million of.
func TestIdleSizes(t *testing.T) {
	if bits.UintSize != 64 {
		t.Skip("for pointers of 64 bits")
	}
	for _, c := range []struct {
		name      string
		got, most uintptr
	}{
		{"connection", unsafe.Sizeof(conn{}), 64},
		{"HTTP", unsafe.Sizeof(httpLayer{}), 208},
		{"WebSocket", unsafe.Sizeof(webSocket{}), 352},
	} {
		if c.got > c.most {
			t.Errorf("%s: %d bytes, more than %d", c.name, c.got, c.most)
		}
	}
}
