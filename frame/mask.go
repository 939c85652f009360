package frame

import "encoding/binary"

// XOR masks or unmasks (RFC 6455 5.3): dst[i] = src[i] ^ key[(pos+i)%4], where pos is the
// position of src in the payload of its frame. len(dst) must be at least len(src). The
// two may be the same memory, but must not overlap in any other way.
func XOR(dst, src []byte, key [4]byte, pos uint64) {
	dst = dst[:len(src)]
	var turned [8]byte
	for i := range turned {
		turned[i] = key[(pos+uint64(i))&3]
	}
	k := binary.LittleEndian.Uint64(turned[:])
	for len(src) >= 32 && len(dst) >= 32 {
		s, d := src[:32], dst[:32]
		binary.LittleEndian.PutUint64(d, binary.LittleEndian.Uint64(s)^k)
		binary.LittleEndian.PutUint64(d[8:], binary.LittleEndian.Uint64(s[8:])^k)
		binary.LittleEndian.PutUint64(d[16:], binary.LittleEndian.Uint64(s[16:])^k)
		binary.LittleEndian.PutUint64(d[24:], binary.LittleEndian.Uint64(s[24:])^k)
		src, dst = src[32:], dst[32:]
	}
	for len(src) >= 8 && len(dst) >= 8 {
		binary.LittleEndian.PutUint64(dst, binary.LittleEndian.Uint64(src)^k)
		src, dst = src[8:], dst[8:]
	}
	for i := range src {
		dst[i] = src[i] ^ turned[i&7]
	}
}
