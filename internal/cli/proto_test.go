package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

const protos = "../../payload/protobuf/schema/testdata/"

// asked is a capture of a client that asks and a server that answers, both in protobuf.
func asked(t *testing.T) string {
	hs := wstest.Handshake{}
	return wstest.Talk4().Open().Client(hs.Request()).Server(hs.Response()).
		Client(wstest.Binary([]byte("\x08\x07\x12\x02py\x22\x02\x01\x02")).Masked().Bytes()).
		Server(wstest.Binary([]byte("\x08\x07\x12\x02no")).Bytes()).
		Shut().Packets.TempFile(t)
}

func TestProto(t *testing.T) {
	capture := asked(t)
	copied := filepath.Join(t.TempDir(), "sub", "chat.proto")
	text, err := os.ReadFile(protos + "chat.proto")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Dir(copied), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, text, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		want []string // of the output
	}{
		{"nothing said", nil, []string{"protobuf  1: 7 2: \"py\"", "protobuf  1: 7 2: \"no\""}},
		{"a type for each direction", []string{"--proto", protos + "chat.proto", "--proto-type", "c2s=lab.chat.Envelope", "--proto-type", "s2c=Reply"},
			[]string{`protobuf  lab.chat.Envelope {"id": 7, "text": "py", "nums": [1, 2]}`, `protobuf  lab.chat.Reply {"id": 7, "error": "no"}`}},
		{"a descriptor set", []string{"-proto", protos + "chat.desc", "-proto-type", "Envelope"},
			[]string{`protobuf  lab.chat.Envelope {"id": 7, "text": "py", "nums": [1, 2]}`, `protobuf  lab.chat.Envelope {"id": 7, "text": "no"}`}},
		{"imports from elsewhere, and a port", []string{"--proto", copied, "-I", protos, "--proto-type", "Envelope", "--decode-as", "8080=protobuf"},
			[]string{`protobuf  lab.chat.Envelope {"id": 7, "text": "py", "nums": [1, 2]}`, `protobuf  lab.chat.Envelope {"id": 7, "text": "no"}`}},
		{"another type", []string{"--proto", protos + "old.proto", "--proto-type", "Thing", "--json"},
			[]string{`"error":"not a lab.old.Thing: field 1, string name, has wire type varint","fields":`}},
		{"not at all", []string{"--proto", protos + "chat.proto", "--proto-type", "Reply", "--no-decode"}, []string{"10 bytes  08"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"read", capture, "--max-payload", "0"}, c.args...)
			if !strings.Contains(strings.Join(args, " "), "--json") {
				args = append(args, "-q")
			}
			r := run(args...)
			if r.code != 0 || r.err != "" {
				t.Errorf("code %d, stderr %q", r.code, r.err)
			}
			for _, w := range c.want {
				if !strings.Contains(r.out, w) {
					t.Errorf("%s\ndoes not have %s", r.out, w)
				}
			}
		})
	}
}

func TestProtoUsage(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"no type", []string{"--proto", protos + "old.proto"}, "--proto and --proto-type need each other"},
		{"no file", []string{"--proto-type", "A"}, "--proto and --proto-type need each other"},
		{"a file that is not there", []string{"--proto", "nowhere.proto", "--proto-type", "A"}, "nowhere.proto"},
		{"a type that is not there", []string{"--proto", protos + "old.proto", "--proto-type", "Nope"},
			`--proto-type: no such message type: "Nope"; there are lab.old.Thing, lab.old.Thing.Point, lab.old.Thing.Row`},
		{"a direction that is none", []string{"--proto", protos + "old.proto", "--proto-type", "up=Thing"}, `--proto-type: "up" is neither c2s nor s2c`},
	} {
		r := run(append([]string{"read", dump01}, c.args...)...)
		if r.code != exitUsage || r.out != "" || !strings.Contains(r.err, c.want) {
			t.Errorf("%s: code %d, stdout %q, stderr %q, want %q", c.name, r.code, r.out, r.err, c.want)
		}
	}
}
