// Package tunnel explains streams of bytes that WebSocket carries unchanged, as websockify
// and noVNC, chisel, wstunnel and the tunnels of VS Code do: TLS, SSH, HTTP, RFB and RDP
// are told by their first bytes and followed as far as they are not encrypted.
package tunnel

import (
	"encoding/base64"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "tunnel",
		Subprotocol: payload.Is("binary", "base64", "chisel-v*", "tunnel-protocol", "tunnel-relay-client*", "tunnel-relay-host*"),
		Content:     looksLike,
		New: func(s *payload.Session) payload.Decoder {
			return &decoder{base64: strings.EqualFold(s.Subprotocol, "base64")}
		},
	}
}

// looksLike is sure of what begins like a stream that is known, and of whole records of TLS.
func looksLike(m *dissect.Message) bool {
	if m.Opcode != frame.Binary || m.Dir == dissect.Unknown {
		return false
	}
	k, more := recognise(m.Payload)
	return k != nil && !more && k.sure || areRecords(m.Payload)
}

// decoder follows both directions of a connection.
type decoder struct {
	base64 bool // messages are text
	name   string
	stream follower // nil while not known
	halves [3]half  // by dissect.Dir
}

// half is one direction.
type half struct {
	offset  int64
	held    payload.Stream
	bulk    string // what the next bytes are
	left    uint64 // how many of them; endless to the end
	unknown bool   // its first bytes said nothing
}

// follower reads what a kind of stream carries.
type follower interface {
	// next tells in p what stands at the begin of b, which is not empty, and gives its
	// size: 0 where b is too short for that. Where bulk is not empty it is size bytes of
	// this, which may go on behind b.
	next(dir dissect.Dir, b []byte, p *parts) (size uint64, bulk string, err error)

	// missed tells that nothing more of dir will come to next.
	missed(dir dissect.Dir)
}

// endless is the size of what goes on to the end of the direction.
const endless = 1<<64 - 1

// Missed implements payload.Streamer: behind a hole nothing tells where the next part begins.
func (d *decoder) Missed(dir dissect.Dir) {
	d.halves[dir].lose()
	if d.stream != nil {
		d.stream.missed(dir)
	}
}

// lose gives up reading a direction: what it carries is told by its size alone.
func (h *half) lose() {
	h.held.Reset()
	h.bulk, h.left, h.unknown = "opaque", endless, true
}

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	data := m.Payload
	switch {
	case m.Dir == dissect.Unknown:
		return nil
	case d.base64:
		plain, err := base64.StdEncoding.DecodeString(string(data))
		if err != nil {
			return &dissect.Decoded{Error: "not base64, which the subprotocol asks for"}
		}
		data = plain
	case m.Opcode != frame.Binary:
		return nil
	}
	h := &d.halves[m.Dir]
	offset := h.offset
	h.offset += int64(len(data))
	b := h.held.Join(data)
	if d.stream == nil && !d.begin(h, b) {
		return d.beginning(h, b, len(data), offset)
	}
	var p parts
	err := d.read(h, m.Dir, b, &p)
	return d.decoded(&p, h, len(data), offset, err)
}

// begin looks at the first bytes of a direction, and reports whether the stream is known.
func (d *decoder) begin(h *half, b []byte) bool {
	if h.unknown {
		return false
	}
	k, more := recognise(b)
	switch {
	case more:
		h.held.Hold(b, 0)
	case k != nil:
		d.name, d.stream = k.name, k.follow()
	case areRecords(b):
		d.name, d.stream = "tls", newTLS()
	default:
		h.lose()
	}
	return d.stream != nil
}

// beginning is a message of a stream that is not known, or not yet: its content tells more.
func (d *decoder) beginning(h *half, b []byte, size int, offset int64) *dissect.Decoded {
	if h.held.Held() == 0 {
		return nil
	}
	return d.decoded(&parts{}, h, size, offset, nil)
}

// read tells what stands in b, and holds what is not whole.
func (d *decoder) read(h *half, dir dissect.Dir, b []byte, p *parts) error {
	for len(b) > 0 {
		if h.left > 0 {
			n := min(h.left, uint64(len(b)))
			if h.left != endless {
				h.left -= n
			}
			p.bulk(h.bulk, int(n))
			b = b[n:]
			continue
		}
		size, bulk, err := d.stream.next(dir, b, p)
		if err == nil && p.full {
			err = payload.ErrUnits
		}
		switch {
		case err != nil:
			d.Missed(dir)
			p.bulk(h.bulk, len(b))
			return err
		case bulk != "":
			h.bulk, h.left = bulk, size
		case size == 0:
			h.held.Hold(b, 0)
			return nil
		default:
			b = b[size:]
		}
	}
	h.held.Reset()
	return nil
}

func (d *decoder) decoded(p *parts, h *half, size int, offset int64, err error) *dissect.Decoded {
	p.flush()
	e := p.units.Decoded("parts", h.held.Held(), err)
	stream := d.name
	if stream == "" {
		stream = "unknown"
	}
	e.Heartbeat = false
	e.Brief = payload.Line(d.name, e.Brief)
	e.Fields = append(dissect.Object{{Name: "stream", Value: stream}, {Name: "offset", Value: offset}, {Name: "size", Value: size}}, e.Fields...)
	return e
}
