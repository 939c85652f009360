// Package kubernetes explains the channels of Kubernetes: exec and attach with standard
// input and output, terminal sizes and the status at the end, and port forwarding. The
// first byte of a message is its channel.
package kubernetes

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name: "kubernetes",
		Subprotocol: payload.Is("channel.k8s.io", "base64.channel.k8s.io", "v2.channel.k8s.io", "v3.channel.k8s.io", "v4.channel.k8s.io", "v4.base64.channel.k8s.io",
			"v5.channel.k8s.io", "portforward.k8s.io"),
		New: func(s *payload.Session) payload.Decoder {
			return &decoder{
				base64: strings.Contains(strings.ToLower(s.Subprotocol), "base64."),
				ports:  strings.HasSuffix(s.Path, "/portforward"),
			}
		},
	}
}

// Channels that hold more than bytes of a terminal.
const (
	status  = 3
	resize  = 4
	closing = 255 // in v5: the next byte is the channel that ends
)

// names of the channels of exec and attach.
var names = [...]string{"stdin", "stdout", "stderr", "error", "resize"}

// name of a channel; the later ones are not known.
func name(channel byte) string {
	if int(channel) < len(names) {
		return names[channel]
	}
	if channel == closing {
		return "close"
	}
	return "channel " + strconv.Itoa(int(channel))
}

type decoder struct {
	base64 bool        // messages are text: a digit, and data in base64
	ports  bool        // forwards ports, two channels for each
	port   [256]uint16 // by channel, once told; 0 before
}

var (
	errEmpty  = errors.New("no Kubernetes channel in an empty message")
	errBase64 = errors.New("no Kubernetes channel and base64")
)

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	if len(m.Payload) == 0 {
		return &dissect.Decoded{Error: errEmpty.Error()}
	}
	channel, data := m.Payload[0], m.Payload[1:]
	if d.base64 {
		plain, err := base64.StdEncoding.DecodeString(string(data))
		if err != nil || channel < '0' || channel > '9' {
			return &dissect.Decoded{Error: errBase64.Error()}
		}
		channel, data = channel-'0', plain
	}
	if d.ports && channel != closing {
		return d.forward(m, channel, data)
	}
	return d.stream(channel, data)
}

// stream is a message of exec or attach.
func (d *decoder) stream(channel byte, data []byte) *dissect.Decoded {
	o := dissect.Object{{Name: "channel", Value: int(channel)}, {Name: "name", Value: name(channel)}}
	switch {
	case channel == closing && len(data) == 1:
		closed := name(data[0])
		return &dissect.Decoded{Brief: "close " + closed, Fields: append(o, dissect.Field{Name: "closes", Value: closed})}
	case channel == status || channel == resize:
		v := payload.Data(data)
		o = append(o, dissect.Field{Name: "value", Value: v})
		return &dissect.Decoded{Brief: payload.Line(name(channel), said(v)), Fields: o}
	}
	v := payload.Text(data) // terminals have control characters in it
	return &dissect.Decoded{Brief: payload.Line(name(channel), payload.Shown(v)), Fields: append(o, dissect.Field{Name: "data", Value: v})}
}

// said is a Status, or the size of a terminal, in short.
func said(v any) string {
	j, _ := v.(dissect.JSON)
	m, ok := payload.Members(j)
	if !ok {
		return payload.Shown(v)
	}
	if result, ok := payload.String(m["status"]); ok {
		message, _ := payload.String(m["message"])
		return payload.Line(result, message)
	}
	width, height := m["Width"], m["Height"]
	if width == nil {
		width, height = m["width"], m["height"]
	}
	if width == nil || height == nil {
		return payload.Shown(v)
	}
	return payload.Shown(width) + "x" + payload.Shown(height)
}

// forward is a message of port forwarding: of the ports that the query names, the first
// has channel 0 for data and 1 for errors, and so on. The server's first message in each
// is the port.
func (d *decoder) forward(m *dissect.Message, channel byte, data []byte) *dissect.Decoded {
	kind := "data"
	if channel%2 == 1 {
		kind = "error"
	}
	o := dissect.Object{{Name: "channel", Value: int(channel)}, {Name: "name", Value: kind}}
	if m.Dir == dissect.ServerToClient && d.port[channel] == 0 && len(data) == 2 {
		d.port[channel] = uint16(data[0]) | uint16(data[1])<<8
		o = append(o, dissect.Field{Name: "port", Value: int(d.port[channel])})
		return &dissect.Decoded{Brief: payload.Line("port", strconv.Itoa(int(d.port[channel])), kind), Fields: o}
	}
	word := kind
	if port := d.port[channel]; port != 0 {
		o = append(o, dissect.Field{Name: "port", Value: int(port)})
		word = payload.Line("port", strconv.Itoa(int(port)), kind)
	}
	v := payload.Data(data)
	return &dissect.Decoded{Brief: payload.Line(word, payload.Shown(v)), Fields: append(o, dissect.Field{Name: "data", Value: v})}
}
