package socketio

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/payload"
)

// wantsPolling reports whether a target is of the transport polling.
func wantsPolling(target string) bool {
	_, query, _ := strings.Cut(target, "?")
	return parameter(query, "transport") == "polling" && parameter(query, "EIO") != ""
}

// body explains what a request or a response of polling carries. What answers a request
// with packets, "ok" mostly, is none of the protocol.
func (s *sessions) body(b *dissect.Body) *dissect.Decoded {
	fromServer := b.Response != nil
	if fromServer && b.Response.Status < 300 && b.Request.Method != "GET" {
		return nil
	}
	_, query, _ := strings.Cut(b.Request.Target, "?")
	id := parameter(query, "sid")
	about := dissect.Object{{Name: "transport", Value: "polling"}}
	if fromServer && b.Response.Status >= 300 {
		v := payload.Data(b.Payload)
		return &dissect.Decoded{Brief: payload.Line("polling refused", payload.Shown(v)), Fields: append(withID(about, id), dissect.Field{Name: "data", Value: v})}
	}
	head := b.Request
	if fromServer {
		head = b.Response
	}
	content, err := contentOf(head, b)
	if err == nil && parameter(query, "j") != "" {
		err = errJSONP
	}
	version := versionOf(query)
	var list []packet
	if err == nil {
		list, err = split(content, version, isBinary(head))
	}
	if id == "" {
		id = opens(list)
	}
	e := s.get(id, version)
	if e.packets == 0 && fromServer && opens(list) != "" {
		e.opened = b.Packet.Number
	}
	if err != nil {
		e.decoder.Missed(b.Dir)
	}
	var u payload.Units
	for _, p := range list {
		e.packets++
		if !e.add(&u, b, p) {
			err = payload.ErrUnits
			break
		}
	}
	d := u.Decoded("packets", 0, err)
	d.Brief = payload.Line("polling", d.Brief)
	d.Fields = append(withID(about, id), d.Fields...)
	return d
}

func withID(o dissect.Object, id string) dissect.Object {
	if id == "" {
		return o
	}
	return append(o, dissect.Field{Name: "sid", Value: strings.ToValidUTF8(id, "\uFFFD")})
}

// add explains a packet as if it had come by WebSocket.
func (e *session) add(u *payload.Units, b *dissect.Body, p packet) bool {
	m := dissect.Message{Meta: b.Meta, Opcode: p.opcode, Payload: p.data, Length: uint64(len(p.data)), Complete: true}
	d := e.decoder.decode(&m)
	if d == nil {
		d = &dissect.Decoded{Brief: payload.Shown(payload.Data(p.data)), Fields: dissect.Object{{Name: "data", Value: payload.Data(p.data)}}}
	}
	if d.Error != "" {
		d.Fields = append(d.Fields, dissect.Field{Name: "error", Value: d.Error})
		d.Brief = d.Error
	}
	if d.Heartbeat {
		return u.Beat(d.Fields, d.Brief)
	}
	return u.Add(d.Fields, d.Brief)
}

// opens is the id of the session that the first packet opens, empty if it opens none.
func opens(list []packet) string {
	if len(list) == 0 || len(list[0].data) == 0 || list[0].data[0] != '0' {
		return ""
	}
	members, _ := payload.Members(list[0].data[1:])
	id, _ := payload.String(members["sid"])
	return id
}

var (
	errBodyCut  = errors.New("the body was not captured whole")
	errCoding   = errors.New("a content coding that is not read")
	errInflated = errors.New("more than 4 MiB when inflated")
	errJSONP    = errors.New("JSONP is not read")
)

// maxInflated bounds the content of a compressed body.
const maxInflated = 4 << 20

// contentOf is a body without its content coding.
func contentOf(head *http1.Head, b *dissect.Body) ([]byte, error) {
	if !b.Complete {
		return nil, errBodyCut
	}
	var r io.Reader
	var err error
	switch codings := head.List("Content-Encoding"); {
	case len(codings) == 0:
		return b.Payload, nil
	case len(codings) > 1:
		return nil, errCoding
	case strings.EqualFold(codings[0], "gzip"):
		r, err = gzip.NewReader(bytes.NewReader(b.Payload))
	case strings.EqualFold(codings[0], "deflate"):
		if r, err = zlib.NewReader(bytes.NewReader(b.Payload)); err != nil {
			r, err = flate.NewReader(bytes.NewReader(b.Payload)), nil
		}
	case strings.EqualFold(codings[0], "identity"):
		return b.Payload, nil
	default:
		return nil, errCoding
	}
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(r, maxInflated+1))
	if err == nil && len(content) > maxInflated {
		return nil, errInflated
	}
	return content, err
}

// isBinary reports whether a body of Engine.IO 3 has its binary framing.
func isBinary(head *http1.Head) bool {
	kind, _ := head.Value("Content-Type")
	kind, _, _ = strings.Cut(kind, ";")
	return strings.EqualFold(strings.TrimSpace(kind), "application/octet-stream")
}
