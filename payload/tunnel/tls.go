package tunnel

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/wsdissect/wsdissect/dissect"
)

// Content types of records (RFC 8446 5.1).
const (
	changeCipherSpec = 20
	alert            = 21
	handshake        = 22
	applicationData  = 23
)

const (
	recordHeader = 5
	maxRecord    = 1<<14 + 2048 // RFC 5246 6.2.3, the larger of all versions
)

var errRecord = errors.New("no TLS record where one begins")

// tls follows the records of TLS (RFC 8446 5, RFC 5246 6.2).
type tls struct {
	halves [3]tlsHalf // by dissect.Dir
}

type tlsHalf struct {
	encrypted bool   // ChangeCipherSpec was sent
	bulk      string // what is in the record that has begun
	size      int    // of it, its header not counted
	rest      int    // bytes of a handshake message that goes on in the next record
}

func newTLS() follower { return &tls{} }

// record reads the header of a record; ok is false if b does not begin with one.
func record(b []byte) (kind byte, size int, ok bool) {
	size = int(binary.BigEndian.Uint16(b[3:]))
	return b[0], size, changeCipherSpec <= b[0] && b[0] <= 24 && b[1] == 3 && b[2] <= 4 && size <= maxRecord
}

// areRecords reports whether b is made of whole records: it holds also in the middle of a
// stream.
func areRecords(b []byte) bool {
	if len(b) < recordHeader {
		return false
	}
	for len(b) >= recordHeader {
		_, size, ok := record(b)
		if !ok || size == 0 || len(b) < recordHeader+size {
			return false
		}
		b = b[recordHeader+size:]
	}
	return len(b) == 0
}

// checkHello is a record that begins with a whole ClientHello or ServerHello.
func checkHello(b []byte) verdict {
	if len(b) < recordHeader+6 {
		return more
	}
	_, size, ok := record(b)
	kind, length := message(b[recordHeader:])
	if ok && (kind == clientHello || kind == serverHello) && length >= 34 && length+4 <= size && b[recordHeader+4] == 3 {
		return yes
	}
	return no
}

// next implements follower.
func (t *tls) next(dir dissect.Dir, b []byte, p *parts) (uint64, string, error) {
	h := &t.halves[dir]
	if h.size > 0 {
		size := h.size
		h.size = 0
		return uint64(size), h.bulk, nil
	}
	if len(b) < recordHeader {
		return 0, "", nil
	}
	kind, size, ok := record(b)
	if !ok {
		return 0, "", errRecord
	}
	body := b[recordHeader:]
	if kind == handshake && len(body) < min(4, size) {
		return 0, "", nil
	}
	plain := kind == alert && !h.encrypted && size == 2 || kind == handshake && !h.isEncrypted(body, size)
	if !plain && kind != changeCipherSpec {
		h.bulk, h.size = bulkNames[kind], size
		return recordHeader, "", nil
	}
	if len(body) < size {
		return 0, "", nil
	}
	switch body = body[:size]; kind {
	case changeCipherSpec:
		h.encrypted = true
		p.add("ChangeCipherSpec", nil)
	case alert:
		p.add("alert", dissect.Object{{Name: "level", Value: level(body[0])}, {Name: "description", Value: description(body[1])}}, level(body[0]), description(body[1]))
	case handshake:
		h.handshake(body, p)
	}
	return uint64(recordHeader + size), "", nil
}

func (*tls) missed(dissect.Dir) {}

// bulkNames are for records of which no more is told.
var bulkNames = [...]string{alert: "encrypted_alert", handshake: "encrypted_handshake", applicationData: "application_data", 24: "heartbeat"}

// isEncrypted reports whether a handshake record is so: after ChangeCipherSpec, but for
// the hellos that follow a HelloRetryRequest in TLS 1.3, which its client and server put
// one in front of for old middleboxes (RFC 8446 D.4).
func (h *tlsHalf) isEncrypted(body []byte, size int) bool {
	if !h.encrypted || size < 4 {
		return h.encrypted
	}
	kind, length := message(body)
	return kind != clientHello && kind != serverHello || length != size-4
}

// message reads the header of a handshake message (RFC 8446 4).
func message(b []byte) (kind byte, length int) {
	return b[0], int(b[1])<<16 | int(b[2])<<8 | int(b[3])
}

// handshake tells the messages in a record.
func (h *tlsHalf) handshake(b []byte, p *parts) {
	n := min(h.rest, len(b))
	h.rest -= n
	for b = b[n:]; len(b) >= 4; {
		kind, length := message(b)
		b = b[4:]
		body := b[:min(length, len(b))]
		h.rest = length - len(body)
		b = b[len(body):]
		switch kind {
		case clientHello:
			addClientHello(body, p)
		case serverHello:
			addServerHello(body, p)
		default:
			p.add(handshakeName(kind), nil)
		}
	}
}

func handshakeName(kind byte) string {
	switch kind {
	case 0:
		return "HelloRequest"
	case 4:
		return "NewSessionTicket"
	case 11:
		return "Certificate"
	case 12:
		return "ServerKeyExchange"
	case 13:
		return "CertificateRequest"
	case 14:
		return "ServerHelloDone"
	case 15:
		return "CertificateVerify"
	case 16:
		return "ClientKeyExchange"
	case 20:
		return "Finished"
	case 22:
		return "CertificateStatus"
	}
	return fmt.Sprintf("handshake_%d", kind)
}

func level(b byte) string {
	switch b {
	case 1:
		return "warning"
	case 2:
		return "fatal"
	}
	return fmt.Sprintf("level_%d", b)
}

// description names the alerts that are sent in clear (RFC 8446 6).
func description(b byte) string {
	switch b {
	case 0:
		return "close_notify"
	case 10:
		return "unexpected_message"
	case 40:
		return "handshake_failure"
	case 42:
		return "bad_certificate"
	case 45:
		return "certificate_expired"
	case 46:
		return "certificate_unknown"
	case 47:
		return "illegal_parameter"
	case 48:
		return "unknown_ca"
	case 50:
		return "decode_error"
	case 51:
		return "decrypt_error"
	case 70:
		return "protocol_version"
	case 71:
		return "insufficient_security"
	case 80:
		return "internal_error"
	case 90:
		return "user_canceled"
	case 109:
		return "missing_extension"
	case 112:
		return "unrecognized_name"
	case 116:
		return "certificate_required"
	case 120:
		return "no_application_protocol"
	}
	return fmt.Sprintf("alert_%d", b)
}
