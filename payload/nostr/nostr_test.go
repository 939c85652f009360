package nostr_test

import (
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
	"github.com/wsdissect/wsdissect/payload/nostr"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var names = []string{"nostr"}

func TestGolden(t *testing.T) {
	for _, name := range names {
		s, list := talk.Named(t, name)
		wstest.Golden(t, "testdata/"+name+".txt", talk.Explain(nostr.Protocol(), s, list...))
	}
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name    string
		session payload.Session
		parts   []talk.Message
		want    string
	}{
		// NIP-42, NIP-01 and NIP-45.
		{"of the specification", payload.Session{}, []talk.Message{talk.Text(c2s, `["REQ","s",{"kinds":[4]},{"ids":[]}]`), talk.Text(s2c, `["AUTH","challengestringhere"]`), talk.Text(s2c, `["CLOSED","s","auth-required: we can't serve DMs to unauthenticated users"]`), talk.Text(c2s, `["AUTH",{"id":"abcdef1234","kind":22242,"pubkey":"p","content":"","sig":"s"}]`), talk.Text(s2c, `["OK","abcdef1234",true,""]`)},
			`c2s nostr by content: "REQ s {\"kinds\":[4]} {\"ids\":[]}" type: "REQ" subscription: "s" filters: [{"kinds":[4]}, {"ids":[]}] | s2c nostr by content: "AUTH challengestringhere" type: "AUTH" challenge: "challengestringhere" | s2c nostr by content: "CLOSED s auth-required: we can't serve DMs to unauthenticated users" type: "CLOSED" subscription: "s" args: ["auth-required: we can't serve DMs to unauthenticated users"] request_packet: 5 seconds: 0.02 | c2s nostr by content: "AUTH abcdef1234 kind 22242 \"\"" type: "AUTH" event_id: "abcdef1234" kind: 22242 pubkey: "p" content: "" event: {"id":"abcdef1234","kind":22242,"pubkey":"p","content":"","sig":"s"} | s2c nostr by content: "OK abcdef1234 true" type: "OK" event_id: "abcdef1234" accepted: true message: "" request_packet: 8 seconds: 0.01`},
		{"other messages", payload.Session{}, []talk.Message{talk.Text(c2s, `["REQ","s",{}]`), talk.Text(c2s, `["NEG-OPEN","n",{},"00"]`), talk.Text(c2s, `["EVENT",7]`), talk.Text(c2s, `["X"]`), talk.Text(c2s, `[7]`), talk.Text(c2s, `["X"`)},
			`c2s nostr by content: "REQ s {}" type: "REQ" subscription: "s" filters: [{}] | c2s nostr by content: "NEG-OPEN n {} 00" type: "NEG-OPEN" args: ["n", {}, "00"] | c2s nostr by content: "EVENT 7" type: "EVENT" args: [7] | c2s nostr by content: "X" type: "X" | c2s not explained, 3 bytes | c2s nostr by content: "" error: not valid JSON, or nested too deep`},
		{"not by content", payload.Session{}, []talk.Message{talk.Text(c2s, `["EVENT",{"a":1}]`), talk.Text(c2s, `["REQ","s"]`), talk.Text(c2s, `["OK","s",true,""]`), talk.Text(c2s, `{}`)},
			`c2s not explained, 17 bytes | c2s not explained, 11 bytes | c2s not explained, 18 bytes | c2s not explained, 2 bytes`},
	} {
		if got := talk.Line(talk.Explain(nostr.Protocol(), c.session, c.parts...)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range names {
		_, list := talk.Named(f, name)
		for i := range list {
			f.Add(list[i].Data, list[(i+1)%len(list)].Data)
		}
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		p := nostr.Protocol()
		p.Content(&dissect.Message{Payload: []byte(a)})
		if err := talk.Check(p.New(&payload.Session{}), talk.Text(c2s, a), talk.Text(s2c, b), talk.Text(c2s, b)); err != nil {
			t.Fatal(err)
		}
	})
}
