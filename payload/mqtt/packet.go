package mqtt

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/wsdissect/wsdissect/payload"
)

// Why a packet is not read.
var (
	errLength = errors.New("MQTT: a remaining length of more than 4 bytes")
	errShort  = errors.New("MQTT: the packet ends inside a field")
	errType   = errors.New("MQTT: packet type 0 is reserved")
	errLarge  = errors.New("MQTT: a packet that goes on in later messages is too large to be held")
)

// Packet types (MQTT 5 2.1.2).
const (
	connect = iota + 1
	connack
	publish
	puback
	pubrec
	pubrel
	pubcomp
	subscribe
	suback
	unsubscribe
	unsuback
	pingreq
	pingresp
	disconnect
	auth
)

var typeNames = [...]string{"", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE",
	"SUBACK", "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "AUTH"}

// packet is a control packet taken from the stream.
type packet struct {
	kind  byte // 1 to 15
	flags byte
	body  []byte // behind the fixed header
}

// cut takes the packet that b begins with, of size bytes: 0 while that is not known. The
// packet is whole if b has them all.
func cut(b []byte) (p packet, size uint64, err error) {
	if len(b) == 0 {
		return p, 0, nil
	}
	if p.kind, p.flags = b[0]>>4, b[0]&0x0F; p.kind == 0 {
		return p, 0, errType
	}
	length := uint64(0)
	for i := 1; i < len(b); i++ {
		if i > 4 {
			return p, 0, errLength
		}
		length |= uint64(b[i]&0x7F) << (7 * (i - 1))
		if b[i] < 0x80 {
			size = uint64(1+i) + length
			if size <= uint64(len(b)) {
				p.body = b[1+i : size]
			}
			return p, size, nil
		}
	}
	return p, 0, nil
}

// reader takes the fields of a packet. After an error all of them are zero.
type reader struct {
	b   []byte
	err error
}

func (r *reader) take(n int) []byte {
	if r.err == nil && n > len(r.b) {
		r.err = errShort
	}
	if r.err != nil {
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) u16() uint16 {
	if b := r.take(2); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (r *reader) u32() uint32 {
	if b := r.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

// varint is a Variable Byte Integer.
func (r *reader) varint() int {
	n := 0
	for shift := 0; shift < 28; shift += 7 {
		c := r.byte()
		n |= int(c&0x7F) << shift
		if c < 0x80 {
			return n
		}
	}
	if r.err == nil {
		r.err = errLength
	}
	return 0
}

// data is Binary Data: a length of 16 bits and as many bytes. It is a loan.
func (r *reader) data() []byte { return r.take(int(r.u16())) }

// text is a UTF-8 Encoded String.
func (r *reader) text() any { return payload.Text(r.data()) }

// name is a text for a line, and for keys.
func name(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return fmt.Sprintf("%x", v)
}
