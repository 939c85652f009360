package tunnel

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// ssh follows the transport layer of SSH (RFC 4253) up to the new keys.
type ssh struct {
	halves [3]sshHalf // by dissect.Dir
}

type sshHalf struct {
	banner  bool // was sent
	newKeys bool
}

// maxSSH bounds a packet: more than RFC 4253 6.1 asks for, and what OpenSSH takes.
const maxSSH = 256 << 10

var (
	errBanner = errors.New("no SSH identification string")
	errSSH    = errors.New("no SSH packet where one begins")
)

// next implements follower.
func (s *ssh) next(dir dissect.Dir, b []byte, p *parts) (uint64, string, error) {
	h := &s.halves[dir]
	switch {
	case h.newKeys:
		return endless, "encrypted", nil
	case !h.banner:
		return h.line(b, p)
	case len(b) < 6:
		return 0, "", nil
	}
	length := uint64(binary.BigEndian.Uint32(b))
	if length < 5 || length > maxSSH || uint64(b[4])+1 >= length {
		return 0, "", errSSH
	}
	if uint64(len(b)) < 4+length {
		return 0, "", nil
	}
	message := b[5 : 4+length-uint64(b[4])]
	h.message(message, p)
	return 4 + length, "", nil
}

func (*ssh) missed(dissect.Dir) {}

// line is the identification string, or of a server a line before it (RFC 4253 4.2).
func (h *sshHalf) line(b []byte, p *parts) (uint64, string, error) {
	line, _, found := bytes.Cut(b[:min(len(b), maxLine)], []byte{'\n'})
	if !found {
		if len(b) >= maxLine {
			return 0, "", errBanner
		}
		return 0, "", nil
	}
	text := strings.ToValidUTF8(strings.TrimSuffix(string(line), "\r"), "\uFFFD")
	name := "line"
	if h.banner = strings.HasPrefix(text, "SSH-"); h.banner {
		name = "banner"
	}
	p.add(name, dissect.Object{{Name: "text", Value: text}}, payload.Shown(text))
	return uint64(len(line) + 1), "", nil
}

func (h *sshHalf) message(b []byte, p *parts) {
	name := sshName(b[0])
	switch b[0] {
	case 20:
		c := cursor(b[1:])
		c.take(16) // cookie
		o := make(dissect.Object, 0, 3)
		for _, list := range [...]string{"kex_algorithms", "server_host_key_algorithms", "encryption_algorithms"} {
			var names []any
			for n := range strings.SplitSeq(c.vector(4).text(), ",") {
				names = append(names, n)
			}
			o = append(o, dissect.Field{Name: list, Value: names})
		}
		p.add(name, o)
	case 21:
		h.newKeys = true
		p.add(name, nil)
	default:
		p.add(name, nil)
	}
}

// sshName names the messages that are sent in clear (RFC 4250 4.1.2, RFC 5656 7.1).
func sshName(code byte) string {
	switch code {
	case 1:
		return "DISCONNECT"
	case 2:
		return "IGNORE"
	case 3:
		return "UNIMPLEMENTED"
	case 4:
		return "DEBUG"
	case 20:
		return "KEXINIT"
	case 21:
		return "NEWKEYS"
	case 30:
		return "KEX_ECDH_INIT"
	case 31:
		return "KEX_ECDH_REPLY"
	}
	return fmt.Sprintf("message_%d", code)
}
