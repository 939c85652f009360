package wstest

import "encoding/binary"

// snapLen is the most bytes of a packet in the files made here: tcpdump's for -s 0 in its
// versions up to 4.9.
const snapLen = 65535

const linkEthernet = 1

// AppendFileHeader appends the header of a classic pcap file: little endian, microseconds,
// Ethernet.
func AppendFileHeader(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, 0xA1B2C3D4)
	b = binary.LittleEndian.AppendUint16(b, 2)
	b = binary.LittleEndian.AppendUint16(b, 4)
	b = append(b, make([]byte, 8)...) // time zone, accuracy
	b = binary.LittleEndian.AppendUint32(b, snapLen)
	return binary.LittleEndian.AppendUint32(b, linkEthernet)
}

// AppendRecord appends a packet of which captured is there and wire bytes were sent.
// time is in nanoseconds since 1970-01-01 UTC.
func AppendRecord(b []byte, time int64, wire int, captured []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(time/1e9))
	b = binary.LittleEndian.AppendUint32(b, uint32(time%1e9/1e3))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(captured)))
	b = binary.LittleEndian.AppendUint32(b, uint32(wire))
	return append(b, captured...)
}
