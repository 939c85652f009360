package kubernetes_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/kubernetes"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var names = [...]string{"exec", "portforward"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list, err := talk.Load("testdata/" + name + ".talk")
		if err != nil {
			t.Fatal(err)
		}
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(kubernetes.Protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	exec := func(subprotocol string) payload.Session {
		return payload.Session{Path: "/exec", Subprotocol: subprotocol}
	}
	for _, c := range []struct {
		name    string
		session payload.Session
		message talk.Message
		want    string
	}{
		{"end of a channel", exec("v5.channel.k8s.io"), talk.Binary(c2s, "\xFF\x00"), `c2s kubernetes by subprotocol: "close stdin" channel: 255 name: "close" closes: "stdin"`},
		{"base64", exec("base64.channel.k8s.io"), talk.Text(s2c, "1aGk="), `s2c kubernetes by subprotocol: "stdout hi" channel: 1 name: "stdout" data: "hi"`},
		{"base64 that is none", exec("v4.base64.channel.k8s.io"), talk.Text(s2c, "1a"), `s2c kubernetes by subprotocol: "" error: no Kubernetes channel and base64`},
		{"base64 without a channel", exec("base64.channel.k8s.io"), talk.Text(s2c, "aGk="), `s2c kubernetes by subprotocol: "" error: no Kubernetes channel and base64`},
		{"success", exec("v4.channel.k8s.io"), talk.Binary(s2c, "\x03{\"metadata\":{},\"status\":\"Success\"}"), `s2c kubernetes by subprotocol: "error Success" channel: 3 name: "error" value: {"metadata":{},"status":"Success"}`},
		{"size as kubectl has it", exec("v5.channel.k8s.io"), talk.Binary(c2s, "\x04{\"Width\":80,\"Height\":24}"), `c2s kubernetes by subprotocol: "resize 80x24" channel: 4 name: "resize" value: {"Width":80,"Height":24}`},
		{"error before there was a Status", exec("channel.k8s.io"), talk.Binary(s2c, "\x03failed"), `s2c kubernetes by subprotocol: "error failed" channel: 3 name: "error" value: "failed"`},
		{"channel that is not known", exec("v5.channel.k8s.io"), talk.Binary(c2s, "\x09\xFE"), `c2s kubernetes by subprotocol: "channel 9 (1 byte)" channel: 9 name: "channel 9" data: h'fe'`},
		{"empty", exec("v5.channel.k8s.io"), talk.Binary(c2s, ""), `c2s kubernetes by subprotocol: "" error: no Kubernetes channel in an empty message`},
		{"forwarded before the port is known", payload.Session{Path: "/x/portforward", Subprotocol: "v4.channel.k8s.io"}, talk.Binary(c2s, "\x00hi"), `c2s kubernetes by subprotocol: "data hi" channel: 0 name: "data" data: "hi"`},
	} {
		if got := talk.Line(talk.Explain(kubernetes.Protocol(), c.session, c.message)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range names {
		_, list, err := talk.Load("testdata/" + name + ".talk")
		if err != nil {
			f.Fatal(err)
		}
		for i := range list {
			f.Add(list[i].Data, list[(i+1)%len(list)].Data)
		}
	}
	f.Add("1aGk=", "\xFF\x00")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, s := range []payload.Session{{Subprotocol: "v5.channel.k8s.io"}, {Subprotocol: "base64.channel.k8s.io"}, {Path: "/portforward"}} {
			p := kubernetes.Protocol()
			if err := talk.Check(p.New(&s), talk.Binary(c2s, a), talk.Binary(s2c, b), talk.Text(c2s, b)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
