package main

import (
	"encoding/base64"
	"math/rand/v2"
	"net/netip"
	"strings"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// scene is a connection between a client and a server that keep all rules, but for what
// an example changes.
type scene struct {
	*wstest.Talk
	request, response head
	rand              *rand.ChaCha8
}

// newScene is connection n between the same two hosts, of which nothing has been said.
func newScene(n uint16) *scene {
	client := netip.AddrPortFrom(netip.MustParseAddr("10.0.0.1"), 50000+n)
	s := &scene{
		Talk: wstest.NewTalk(client, netip.MustParseAddrPort("10.0.0.2:80")),
		rand: rand.NewChaCha8([32]byte{byte(n), byte(n >> 8)}),
		request: head{
			"GET /chat HTTP/1.1",
			"Host: server.example.com",
			"Upgrade: websocket",
			"Connection: Upgrade",
			"Sec-WebSocket-Key: ",
			"Sec-WebSocket-Version: 13",
		},
		response: head{
			"HTTP/1.1 101 Switching Protocols",
			"Upgrade: websocket",
			"Connection: Upgrade",
			"Sec-WebSocket-Accept: ",
		},
	}
	var nonce [16]byte
	s.rand.Read(nonce[:])
	s.key(base64.StdEncoding.EncodeToString(nonce[:]))
	return s
}

// key puts a nonce into the request, and the answer to it into the response.
func (s *scene) key(nonce string) {
	s.request.set("Sec-WebSocket-Key: " + nonce)
	s.response.set("Sec-WebSocket-Accept: " + frame.Accept(nonce))
}

// shake opens the TCP connection and adds the opening handshake.
func (s *scene) shake() *scene {
	s.Open()
	s.Client(s.request.bytes())
	s.Server(s.response.bytes())
	return s
}

// clientSends adds frames of the client, masked unless they are already, in a packet.
func (s *scene) clientSends(frames ...wstest.Frame) *scene {
	for i, f := range frames {
		if !f.Header.Masked {
			frames[i] = f.MaskedWith(s.mask())
		}
	}
	s.Client(wstest.Frames(frames...))
	return s
}

// serverSends adds frames of the server, in a packet.
func (s *scene) serverSends(frames ...wstest.Frame) *scene {
	s.Server(wstest.Frames(frames...))
	return s
}

// chat adds a message of each side.
func (s *scene) chat() *scene {
	return s.clientSends(wstest.Text("How are you?")).serverSends(wstest.Text("Fine, thank you."))
}

// bye adds the closing handshake, begun by the client, and the end of the TCP connection.
func (s *scene) bye() *scene {
	s.clientSends(wstest.Close(1000, "")).serverSends(wstest.Close(1000, ""))
	s.Shut()
	return s
}

// mask is the next masking key.
func (s *scene) mask() [4]byte {
	var key [4]byte
	s.rand.Read(key[:])
	return key
}

// head is the lines of the head of an HTTP message.
type head []string

// set changes the header line of the same name, or adds it.
func (h *head) set(line string) {
	name, _, _ := strings.Cut(line, ":")
	for i, old := range *h {
		if strings.HasPrefix(old, name+":") {
			(*h)[i] = line
			return
		}
	}
	h.add(line)
}

// start changes the start line.
func (h *head) start(line string) { (*h)[0] = line }

// add adds header lines.
func (h *head) add(lines ...string) { *h = append(*h, lines...) }

// drop takes the header line of that name out.
func (h *head) drop(name string) {
	for i, line := range *h {
		if strings.HasPrefix(line, name+":") {
			*h = append((*h)[:i], (*h)[i+1:]...)
			return
		}
	}
}

func (h head) bytes() []byte { return wstest.Head(h...) }
