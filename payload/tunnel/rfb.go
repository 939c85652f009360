package tunnel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// rfb follows the Remote Framebuffer protocol of VNC (RFC 6143): all of its beginning, then
// the messages of the client. Where those of the server end, only who decodes the pixels
// can tell.
type rfb struct {
	minor    int // of the version that the client chose
	security byte
	server   rfbState
	client   rfbState
}

// rfbState is what a direction sends next.
type rfbState uint8

const (
	rfbVersion  rfbState = iota
	rfbSecurity          // types of the server, choice of the client
	rfbAuth              // challenge and response of VNC Authentication
	rfbResult
	rfbInit
	rfbMessages
	rfbOpaque // a security type or a message that is not followed
)

const maxName = 64 << 10 // bytes of a reason, and of the name of a desktop

var errRFB = errors.New("no RFB message where one begins")

// next implements follower.
func (r *rfb) next(dir dissect.Dir, b []byte, p *parts) (uint64, string, error) {
	state := &r.server
	if dir == dissect.ClientToServer {
		state = &r.client
	}
	switch *state {
	case rfbVersion:
		return r.version(dir, state, b, p)
	case rfbOpaque:
		return endless, "opaque", nil
	}
	if dir == dissect.ClientToServer {
		return r.fromClient(b, p)
	}
	return r.fromServer(b, p)
}

// missed implements follower: what each side sends in the beginning depends on the other.
func (r *rfb) missed(dissect.Dir) {
	if r.server < rfbInit {
		r.server = rfbOpaque
	}
	if r.client < rfbInit {
		r.client = rfbOpaque
	}
}

// version is RFC 6143 7.1.1: "RFB 003.008\n".
func (r *rfb) version(dir dissect.Dir, state *rfbState, b []byte, p *parts) (uint64, string, error) {
	if len(b) < 12 {
		return 0, "", nil
	}
	text := string(b[:12])
	minor, err := strconv.Atoi(text[8:11])
	if !strings.HasPrefix(text, "RFB ") || text[7] != '.' || text[11] != '\n' || err != nil {
		return 0, "", errRFB
	}
	*state = rfbSecurity
	if dir == dissect.ClientToServer {
		r.minor = minor
		if minor < 7 {
			r.client = rfbInit
		}
	}
	version := strings.ToValidUTF8(text[4:11], "\uFFFD")
	p.add("version", dissect.Object{{Name: "version", Value: version}}, version)
	return 12, "", nil
}

func (r *rfb) fromServer(b []byte, p *parts) (uint64, string, error) {
	switch r.server {
	case rfbSecurity:
		return r.securityTypes(b, p)
	case rfbAuth:
		if len(b) < 16 {
			return 0, "", nil
		}
		r.server = rfbResult
		p.add("challenge", nil)
		return 16, "", nil
	case rfbResult:
		return r.result(b, p)
	case rfbInit:
		return r.serverInit(b, p)
	}
	return endless, "server_messages", nil
}

// securityTypes is RFC 6143 7.1.2; before version 3.7 the server decides.
func (r *rfb) securityTypes(b []byte, p *parts) (uint64, string, error) {
	if r.minor < 7 {
		if len(b) < 4 {
			return 0, "", nil
		}
		kind := byte(min(binary.BigEndian.Uint32(b), 255))
		p.add("security", dissect.Object{{Name: "security", Value: securityName(kind)}}, securityName(kind))
		r.choose(kind)
		return 4, "", nil
	}
	n := int(b[0])
	if len(b) < 1+n {
		return 0, "", nil
	}
	if n == 0 {
		r.server, r.client = rfbOpaque, rfbOpaque
		p.add("refused", nil)
		return 1, "", nil
	}
	var names []any
	for _, k := range b[1 : 1+n] {
		names = append(names, securityName(k))
	}
	p.add("security_types", dissect.Object{{Name: "security_types", Value: names}}, joined(names))
	r.server = rfbResult // unless the choice of the client, which comes before, says more
	return uint64(1 + n), "", nil
}

// choose takes the security type: what of it is known, and what follows.
func (r *rfb) choose(kind byte) {
	r.security = kind
	switch {
	case kind == 1 && r.minor >= 8:
		r.server, r.client = rfbResult, rfbInit
	case kind == 1:
		r.server, r.client = rfbInit, rfbInit
	case kind == 2:
		r.server, r.client = rfbAuth, rfbAuth
	default:
		r.server, r.client = rfbOpaque, rfbOpaque
	}
}

// result is RFC 6143 7.1.3.
func (r *rfb) result(b []byte, p *parts) (uint64, string, error) {
	if len(b) < 4 {
		return 0, "", nil
	}
	if binary.BigEndian.Uint32(b) == 0 {
		r.server = rfbInit
		p.add("security_result", dissect.Object{{Name: "ok", Value: true}}, "OK")
		return 4, "", nil
	}
	size := 4
	o := dissect.Object{{Name: "ok", Value: false}}
	words := []string{"failed"}
	if r.minor >= 8 {
		if len(b) < 8 {
			return 0, "", nil
		}
		n := binary.BigEndian.Uint32(b[4:])
		if n > maxName {
			return 0, "", errRFB
		}
		if size = 8 + int(n); len(b) < size {
			return 0, "", nil
		}
		reason := valid(string(b[8:size]))
		o = append(o, dissect.Field{Name: "reason", Value: reason})
		words = append(words, payload.Shown(reason))
	}
	r.server, r.client = rfbOpaque, rfbOpaque
	p.add("security_result", o, words...)
	return uint64(size), "", nil
}

// serverInit is RFC 6143 7.3.2.
func (r *rfb) serverInit(b []byte, p *parts) (uint64, string, error) {
	if len(b) < 24 {
		return 0, "", nil
	}
	n := binary.BigEndian.Uint32(b[20:])
	if n > maxName {
		return 0, "", errRFB
	}
	size := 24 + int(n)
	if len(b) < size {
		return 0, "", nil
	}
	width, height := int(binary.BigEndian.Uint16(b)), int(binary.BigEndian.Uint16(b[2:]))
	name := valid(string(b[24:size]))
	p.add("ServerInit", dissect.Object{{Name: "width", Value: width}, {Name: "height", Value: height}, {Name: "name", Value: name}},
		fmt.Sprintf("%dx%d", width, height), payload.Shown(name))
	r.server = rfbMessages
	return uint64(size), "", nil
}

func securityName(kind byte) string {
	switch kind {
	case 0:
		return "Invalid"
	case 1:
		return "None"
	case 2:
		return "VNC Authentication"
	case 16:
		return "Tight"
	case 18:
		return "TLS"
	case 19:
		return "VeNCrypt"
	}
	return strconv.Itoa(int(kind))
}
