// Package centrifugo explains the JSON protocol of Centrifugo: commands paired with their
// replies, pushes of channels, pings. Several of them may stand in a message, a line each.
package centrifugo

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/payload"
)

// Protocol is the row for the list.
func Protocol() payload.Protocol {
	return payload.Protocol{
		Name:        "centrifugo",
		Subprotocol: payload.Is("centrifuge-json"),
		Path: func(s *payload.Session) bool {
			return s.Path == "/connection/websocket" && s.Subprotocol == ""
		},
		Content: looksLike,
		New:     func(*payload.Session) payload.Decoder { return &decoder{} },
	}
}

// looksLike is sure of the first command of a client and of the reply to it.
func looksLike(m *dissect.Message) bool {
	if !payload.Mentions(m.Payload, `"connect"`) {
		return false
	}
	line, _, _ := bytes.Cut(m.Payload, []byte{'\n'})
	o, _ := payload.Members(line)
	if len(o) != 2 || o["id"] == nil || len(o["connect"]) == 0 || o["connect"][0] != '{' {
		return false
	}
	p, _ := payload.Members(o["connect"])
	return string(o["id"]) == "1" && (m.Dir == dissect.ClientToServer || p["client"] != nil)
}

// methods are the commands, by their numbers in the first version of the protocol.
var methods = [...]string{"connect", "subscribe", "unsubscribe", "publish", "presence", "presence_stats", "history",
	"ping", "send", "rpc", "refresh", "sub_refresh"}

// pushes are what a push holds, by their numbers in the first version of the protocol.
var pushes = [...]string{"pub", "join", "leave", "unsubscribe", "message", "subscribe", "connect", "disconnect", "refresh"}

// decoder follows both directions of a connection.
type decoder struct{ payload.Requests }

// Decode implements payload.Decoder.
func (d *decoder) Decode(m *dissect.Message) *dissect.Decoded {
	if m.Opcode != frame.Text {
		return nil
	}
	if len(bytes.TrimSpace(m.Payload)) == 0 {
		return nil
	}
	var u payload.Units
	for line := range bytes.Lines(m.Payload) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		o, ok := payload.Members(line)
		if !ok {
			if bad := payload.NotJSON(line); bad != nil {
				return bad
			}
			return nil
		}
		if !d.unit(&u, m, o) {
			return u.Decoded("messages", 0, payload.ErrUnits)
		}
	}
	return u.Decoded("messages", 0, nil)
}

// unit adds a command, a reply or a push.
func (d *decoder) unit(u *payload.Units, m *dissect.Message, o map[string]dissect.JSON) bool {
	fromClient := m.Dir == dissect.ClientToServer
	switch {
	case len(o) == 0 && fromClient:
		return u.Beat(dissect.Object{{Name: "type", Value: "pong"}}, "pong")
	case len(o) == 0:
		return u.Beat(dissect.Object{{Name: "type", Value: "ping"}}, "ping")
	case o["push"] != nil:
		return u.Add(push(o["push"]))
	case fromClient:
		return d.command(u, m, o)
	case o["id"] != nil:
		return d.reply(u, m, o)
	case o["result"] != nil:
		return u.Add(oldPush(o["result"]))
	}
	return u.Add(dissect.Object{{Name: "type", Value: "unknown"}}, "unknown")
}

// command has the name of its method for its body; in the first version of the protocol
// the members method, none for connect, and params.
func (d *decoder) command(u *payload.Units, m *dissect.Message, o map[string]dissect.JSON) bool {
	method, body := member(o, methods[:])
	if body == nil {
		method, body = number(o["method"], methods[:]), o["params"]
	}
	fields, words := head(method, o["id"])
	fields, words, channel := about(fields, words, body)
	if o["id"] != nil {
		d.Sent(string(o["id"]), method+" "+channel, m)
	}
	brief := payload.Line(append(words, payload.Word(body))...)
	if method == "ping" {
		return u.Beat(fields, brief)
	}
	return u.Add(payload.With(fields, "body", body), brief)
}

// reply has the id of its command, and the same name for its body.
func (d *decoder) reply(u *payload.Units, m *dissect.Message, o map[string]dissect.JSON) bool {
	method, body := member(o, methods[:])
	if body == nil {
		body = o["result"]
	}
	q, paired := d.Answered(string(o["id"]))
	what, channel, _ := strings.Cut(q.What, " ")
	if method == "" {
		method = what
	}
	fields, words := head("reply", o["id"])
	if method != "" {
		fields = append(fields, dissect.Field{Name: "method", Value: method})
	}
	if channel != "" {
		fields = append(fields, dissect.Field{Name: "channel", Value: channel})
	}
	if paired {
		fields = append(fields, q.Fields(m)...)
	}
	words = append(words, payload.Of(payload.Line(method, channel)))
	if e, ok := payload.Members(o["error"]); ok {
		fields = payload.With(payload.With(fields, "code", e["code"]), "message", e["message"])
		words = append(words, "error", payload.Word(e["code"]), payload.Word(e["message"]))
	}
	return u.Add(payload.With(fields, "body", body), payload.Line(append(words, payload.Word(body))...))
}

// push is what the server sends unasked: {"channel": ..., "pub": {...}}.
func push(j dissect.JSON) (dissect.Object, string) {
	o, _ := payload.Members(j)
	kind, body := member(o, pushes[:])
	fields := dissect.Object{{Name: "type", Value: "push"}}
	if kind != "" {
		fields = append(fields, dissect.Field{Name: "push", Value: kind})
	}
	fields = payload.With(payload.With(fields, "channel", o["channel"]), "body", body)
	return fields, payload.Line("push", kind, payload.Word(o["channel"]), payload.Word(body))
}

// oldPush is a push of the first version: {"type": 0, "channel": ..., "data": {...}}.
func oldPush(j dissect.JSON) (dissect.Object, string) {
	o, _ := payload.Members(j)
	kind := number(o["type"], pushes[:])
	fields := dissect.Object{{Name: "type", Value: "push"}, {Name: "push", Value: kind}}
	fields = payload.With(payload.With(fields, "channel", o["channel"]), "body", o["data"])
	return fields, payload.Line("push", kind, payload.Word(o["channel"]), payload.Word(o["data"]))
}

func head(kind string, id dissect.JSON) (dissect.Object, []string) {
	fields := dissect.Object{{Name: "type", Value: kind}}
	if id == nil {
		return fields, []string{kind}
	}
	return append(fields, dissect.Field{Name: "id", Value: payload.Value(id)}), []string{kind, payload.Word(id)}
}

// about tells the channel of a command, if it has one.
func about(fields dissect.Object, words []string, body dissect.JSON) (dissect.Object, []string, string) {
	p, _ := payload.Members(body)
	channel := payload.Word(p["channel"])
	return payload.With(fields, "channel", p["channel"]), append(words, channel), channel
}

// member is the first of names that o has, and its value.
func member(o map[string]dissect.JSON, names []string) (string, dissect.JSON) {
	for _, name := range names {
		if v := o[name]; v != nil {
			return name, v
		}
	}
	return "", nil
}

// number is a name that is sent as its place in names, or as it is; the first one where
// nothing is sent.
func number(j dissect.JSON, names []string) string {
	if j == nil {
		return names[0]
	}
	if n, err := strconv.Atoi(string(j)); err == nil && 0 <= n && n < len(names) {
		return names[n]
	}
	return payload.Word(j)
}
