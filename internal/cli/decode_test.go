package cli

import (
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

// events is a connection of Socket.IO that nothing but its messages tells, with heartbeats.
func events(t *testing.T) string {
	w := wstest.Talk4().Open().Client(wstest.Handshake{Target: "/live?x=1"}.Request()).Server(wstest.Response())
	w.Server(wstest.Text("2").Bytes())
	w.Client(wstest.Text(`42/chat,["message",{"id":1}]`).Masked().Bytes())
	w.Server(wstest.Ping("").Bytes()).Client(wstest.Pong("").Masked().Bytes())
	w.Server(wstest.Text("2").Bytes()).Client(wstest.Text("3").MaskedWith([4]byte{1, 9, 3, 7}).Bytes())
	return w.Shut().Packets.TempFile(t)
}

func TestDecodeFlags(t *testing.T) {
	file := events(t)
	for _, c := range []struct {
		name       string
		args       []string
		want, lack []string
	}{
		{"by content", []string{"-q"}, []string{`28 bytes  socket.io  EVENT /chat "message" {"id":1}`, "socket.io  engine.io ping", "Pong"}, nil},
		{"its reason in the tree", nil, []string{"\nsocket.io [by content]\n    engine_type: message\n"}, nil},
		{"by port", []string{"-q", "--decode-as", "8080=socket.io", "--only", "message"}, []string{"1 byte  socket.io  engine.io ping\n    7"}, nil},
		{"by path", []string{"--decode-as", "/live=socket.io"}, []string{"socket.io [by option]"}, []string{"by content"}},
		{"another path", []string{"--decode-as", "/other=mqtt"}, []string{"socket.io [by content]"}, []string{"by option"}},
		{"first that fits", []string{"--decode-as", "/live=socket.io", "--decode-as", "8080=mqtt"}, []string{"socket.io [by option]"}, []string{"mqtt"}},
		{"not of that protocol", []string{"-q", "--decode-as", "8080=sip"}, []string{`sip [Not decoded: neither a request nor a response of SIP]  42/chat,["message"`}, nil},
		{"not of that protocol, in the tree", []string{"--decode-as", "8080=sip"}, []string{"sip [by option]\n    [Not decoded: neither a request nor a response of SIP]\n", `Text: 42/chat,["message",{"id":1}]`}, nil},
		{"not of that protocol, in json", []string{"--json", "--decode-as", "8080=sip"}, []string{`"decoded":{"protocol":"sip","by":"option","error":"neither a request nor a response of SIP"},"text":"42/chat,`}, nil},
		{"not at all", []string{"-q", "--no-decode"}, []string{`28 bytes  42/chat,["message",{"id":1}]`}, []string{"socket.io"}},
		{"without heartbeats", []string{"-q", "--no-heartbeats"}, []string{"EVENT /chat"}, []string{"engine.io", "Ping", "Pong"}},
		{"without heartbeats or decoding", []string{"-q", "--no-heartbeats", "--no-decode"}, []string{"28 bytes  42/chat", "1 byte  2"}, []string{"Ping", "Pong"}},
	} {
		r := run(append([]string{"read", file}, c.args...)...)
		if r.code != 0 || r.err != "" {
			t.Errorf("%s: code %d, %s", c.name, r.code, r.err)
		}
		for _, want := range c.want {
			if !strings.Contains(r.out, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, r.out)
			}
		}
		for _, lack := range c.lack {
			if strings.Contains(r.out, lack) {
				t.Errorf("%s: %q in\n%s", c.name, lack, r.out)
			}
		}
	}
}

func TestDecodeAsErrors(t *testing.T) {
	for in, want := range map[string]string{
		"mqtt":           "it is PORT=NAME or /PATH=NAME",
		"8080=":          `"" is no protocol (one of socket.io, `,
		"8080=smoke":     `"smoke" is no protocol (one of socket.io, `,
		"70000=mqtt":     `"70000" is neither a port nor a path`,
		"chat=mqtt":      `"chat" is neither a port nor a path`,
		"=mqtt":          `"" is neither a port nor a path`,
		"-1=mqtt":        `"-1" is neither a port nor a path`,
		"/a=b=smoke":     `"smoke" is no protocol`,
		"8080=mqtt,sip":  `"mqtt,sip" is no protocol`,
		"/chat=Json-Rpc": `"Json-Rpc" is no protocol`,
	} {
		if r := run("read", dump01, "--decode-as", in); r.code != 2 || !strings.Contains(r.err, want) {
			t.Errorf("%s: code %d, %s", in, r.code, r.err)
		}
	}
}
