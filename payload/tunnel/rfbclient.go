package tunnel

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

func (r *rfb) fromClient(b []byte, p *parts) (uint64, string, error) {
	switch r.client {
	case rfbSecurity:
		r.choose(b[0])
		p.add("security", dissect.Object{{Name: "security", Value: securityName(b[0])}}, securityName(b[0]))
		return 1, "", nil
	case rfbAuth:
		if len(b) < 16 {
			return 0, "", nil
		}
		r.client = rfbInit
		p.add("response", nil)
		return 16, "", nil
	case rfbInit:
		r.client = rfbMessages
		p.add("ClientInit", dissect.Object{{Name: "shared", Value: b[0] != 0}})
		return 1, "", nil
	}
	return r.clientMessage(b, p)
}

// clientMessage is RFC 6143 7.5, and those of its kin that noVNC sends too.
func (r *rfb) clientMessage(b []byte, p *parts) (uint64, string, error) {
	fixed := 0 // bytes that tell all, or how long the message is
	if int(b[0]) < len(clientMessages) {
		fixed = clientMessages[b[0]].size
	}
	switch b[0] {
	case 150: // EnableContinuousUpdates
		fixed = 10
	case 248: // Fence
		fixed = 9
	case 251: // SetDesktopSize
		fixed = 8
	case 255: // QEMU extended key event
		fixed = 12
		if len(b) > 1 && b[1] != 0 {
			fixed = 0
		}
	}
	switch {
	case fixed == 0:
		r.client = rfbOpaque // a message of an extension, of unknown length
		return endless, "opaque", nil
	case len(b) < fixed:
		return 0, "", nil
	}
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
	size := uint64(fixed)
	switch b[0] {
	case 2:
		size += 4 * uint64(u16(2))
	case 6: // the extended clipboard has a negative length
		n := int64(int32(binary.BigEndian.Uint32(b[4:])))
		size += uint64(max(n, -n))
	case 248:
		size += uint64(b[8])
	case 251:
		size += 16 * uint64(b[6])
	}
	if size > maxText {
		return size, "ClientCutText", nil
	}
	if uint64(len(b)) < size {
		return 0, "", nil
	}
	addClientMessage(b[:size], p)
	return size, "", nil
}

// maxText bounds the text of a clipboard that is held.
const maxText = 512 << 10

var clientMessages = [...]struct {
	name string
	size int
}{
	0: {"SetPixelFormat", 20},
	2: {"SetEncodings", 4},
	3: {"FramebufferUpdateRequest", 10},
	4: {"KeyEvent", 8},
	5: {"PointerEvent", 6},
	6: {"ClientCutText", 8},
}

func addClientMessage(b []byte, p *parts) {
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
	switch b[0] {
	case 3:
		x, y, w, h := u16(2), u16(4), u16(6), u16(8)
		p.add("FramebufferUpdateRequest", dissect.Object{{Name: "incremental", Value: b[1] != 0}, {Name: "x", Value: x}, {Name: "y", Value: y}, {Name: "width", Value: w}, {Name: "height", Value: h}},
			fmt.Sprintf("%dx%d", w, h))
	case 4, 255:
		key := int64(binary.BigEndian.Uint32(b[4:]))
		down := b[1] != 0
		if b[0] == 255 {
			down = u16(2) != 0
		}
		addKey(key, down, p)
	case 5:
		x, y := u16(2), u16(4)
		p.add("PointerEvent", dissect.Object{{Name: "buttons", Value: int(b[1])}, {Name: "x", Value: x}, {Name: "y", Value: y}}, fmt.Sprintf("%d,%d", x, y))
	case 6:
		text := payload.Text(b[8:])
		if b[4] >= 0x80 { // the extended clipboard: flags and compressed text
			text = bytes.Clone(b[8:])
		}
		p.add("ClientCutText", dissect.Object{{Name: "text", Value: text}}, payload.Shown(text))
	case 150:
		p.add("EnableContinuousUpdates", nil)
	case 248:
		p.add("Fence", nil)
	case 251:
		p.add("SetDesktopSize", dissect.Object{{Name: "width", Value: u16(2)}, {Name: "height", Value: u16(4)}}, fmt.Sprintf("%dx%d", u16(2), u16(4)))
	default:
		p.add(clientMessages[b[0]].name, nil)
	}
}

// addKey tells a keysym, which is the character for those of Latin-1.
func addKey(key int64, down bool, p *parts) {
	shown := fmt.Sprintf("0x%x", key)
	if ' ' < key && key < 0x7F {
		shown = string(rune(key))
	}
	way := "up"
	if down {
		way = "down"
	}
	p.add("KeyEvent", dissect.Object{{Name: "key", Value: key}, {Name: "down", Value: down}}, way, shown)
}
