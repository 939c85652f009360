package packet

import "encoding/binary"

// IEEE 802.11-2020 9.2: the frame control field, in order of transmission.
const (
	wifiVersion    = 0x03 // first byte
	wifiType       = 0x0c
	wifiTypeData   = 0x08
	wifiNull       = 0x40 // subtype: without data
	wifiQoS        = 0x80 // subtype
	wifiBothDS     = 0x03 // second byte: four addresses
	wifiProtected  = 0x40
	wifiOrder      = 0x80 // with QoS: an HT control field
	wifiHeader     = 24
	wifiAddress    = 6
	wifiAggregated = 0x80 // QoS control, first byte: an A-MSDU
)

// wifi reads an 802.11 frame. Some cards pad its header to a multiple of align bytes.
func (d *Decoder) wifi(c *cursor, align int) Reason {
	if len(c.b) < 2 {
		return c.short(2, BadLink)
	}
	b0, b1 := c.b[0], c.b[1]
	switch {
	case b0&wifiVersion != 0:
		return BadLink
	case b0&wifiType != wifiTypeData || b0&wifiNull != 0:
		return WifiOther
	}
	n := wifiHeader
	if b1&wifiBothDS == wifiBothDS {
		n += wifiAddress
	}
	qos := n
	if b0&wifiQoS != 0 {
		n += 2
		if b1&wifiOrder != 0 {
			n += 4
		}
	}
	n = (n + align - 1) &^ (align - 1)
	if len(c.b) < n {
		return c.short(n, BadLink)
	}
	if c.b[22]&0x0f != 0 { // a later fragment: its start is in another frame
		return WifiOther
	}
	aggregated := b0&wifiQoS != 0 && c.b[qos]&wifiAggregated != 0
	c.skip(n)
	if b1&wifiProtected != 0 && !c.decrypted() {
		if len(c.b) < longestIV+4 {
			return c.short(longestIV+4, WifiEncrypted)
		}
		return WifiEncrypted
	}
	if aggregated {
		return d.aggregate(c)
	}
	return d.llc(c)
}

const longestIV = 8 // CCMP and TKIP

// decrypted reports whether a protected frame was captured in the clear: some drivers
// decrypt it and leave its Protected bit set, and the initialisation vector in place.
func (c *cursor) decrypted() bool {
	const llcSNAP = 0xaaaa03
	for _, iv := range [...]int{0, 4, longestIV} { // none, WEP
		if len(c.b) >= iv+4 && be32(c.b[iv:])>>8 == llcSNAP {
			c.skip(iv)
			return true
		}
	}
	return false
}

// aggregate reads an A-MSDU, IEEE 802.11-2020 9.3.2.2, of a single packet. There is one
// segment to a packet; of more, none would be told which.
func (d *Decoder) aggregate(c *cursor) Reason {
	if len(c.b) < ethernetHeader {
		return c.short(ethernetHeader, BadLink)
	}
	length := int(be16(c.b[12:]))
	c.skip(ethernetHeader)
	if c.wire-length >= ethernetHeader+llcSNAPHeader {
		return WifiAggregate
	}
	c.limit(length)
	return d.llc(c)
}

const (
	radiotapHeader = 8
	radiotapTSFT   = 1 << 0
	radiotapFlags  = 1 << 1
	radiotapMore   = 1 << 31

	radiotapPadded = 0x20 // the 802.11 header is padded to 4 bytes
	radiotapBadFCS = 0x40
)

// radiotap reads the header of https://www.radiotap.org. A frame whose check sequence
// was wrong was not received: it comes again, and what it holds is not to be believed.
func (d *Decoder) radiotap(c *cursor) Reason {
	if len(c.b) < radiotapHeader {
		return c.short(radiotapHeader, BadLink)
	}
	n := int(binary.LittleEndian.Uint16(c.b[2:]))
	if c.b[0] != 0 || n < radiotapHeader {
		return BadLink
	}
	if len(c.b) < n {
		return c.short(n, BadLink)
	}
	flags := radiotapFrameFlags(c.b[:n])
	c.skip(n)
	switch {
	case flags&radiotapBadFCS != 0:
		return BadLink
	case flags&radiotapPadded != 0:
		return d.wifi(c, 4)
	}
	return d.wifi(c, 1)
}

// radiotapFrameFlags is the Flags field of the header b, or 0. Fields stand behind all
// words of present bits, in the order of the bits, and aligned.
func radiotapFrameFlags(b []byte) uint8 {
	present := binary.LittleEndian.Uint32(b[4:])
	at := 4
	for word := present; ; word = binary.LittleEndian.Uint32(b[at:]) {
		at += 4
		if word&radiotapMore == 0 {
			break
		}
		if at+4 > len(b) {
			return 0
		}
	}
	if present&radiotapFlags == 0 {
		return 0
	}
	if present&radiotapTSFT != 0 {
		at = (at+7)&^7 + 8
	}
	if at >= len(b) {
		return 0
	}
	return b[at]
}

const (
	avsMagic  = 0x80211000 // and a version
	avsHeader = 8          // up to the length
)

// prism reads the header of the Prism and AVS drivers, which share a link type.
func (d *Decoder) prism(c *cursor) Reason {
	if len(c.b) < avsHeader {
		return c.short(avsHeader, BadLink)
	}
	length := binary.LittleEndian.Uint32(c.b[4:])
	if be32(c.b)&^0xfff == avsMagic || length > 0xffff {
		length = be32(c.b[4:])
	}
	if length < avsHeader || length > 0xffff {
		return BadLink
	}
	n := int(length)
	if len(c.b) < n {
		return c.short(n, BadLink)
	}
	c.skip(n)
	return d.wifi(c, 1)
}
