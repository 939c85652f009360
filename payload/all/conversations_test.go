package all_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/cli"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
)

// conversations are the files of all decoders.
func conversations(t testing.TB) []string {
	files, err := filepath.Glob("../*/testdata/*.talk")
	if err != nil || len(files) == 0 {
		t.Fatal("no conversations", err)
	}
	return files
}

// capture writes a conversation as it stands on the wire.
func capture(t testing.TB, file string, compressed bool) string {
	s, list, err := talk.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	h := wstest.Handshake{Target: s.Path, Key: "Kx3yVb1qf0yQ8m2cN5rT7w=="}
	if s.Query != "" {
		h.Target += "?" + s.Query
	}
	if s.Subprotocol != "" {
		line := "Sec-WebSocket-Protocol: " + s.Subprotocol
		h.RequestLines, h.ResponseLines = append(h.RequestLines, line), append(h.ResponseLines, line)
	}
	if compressed {
		const line = "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover"
		h.RequestLines, h.ResponseLines = append(h.RequestLines, line), append(h.ResponseLines, line)
	}
	w := wstest.Talk4()
	w.MSS = 60_000 // a packet for each message, so that their numbers do not depend on its size
	w.Open().Client(h.Request()).Server(h.Response())
	for i, m := range list {
		f := wstest.NewFrame(m.Opcode, []byte(m.Data))
		if compressed {
			f = wstest.NewFrame(m.Opcode, deflated(t, m.Data)).RSV(frame.RSV1)
		}
		if m.Dir == dissect.ClientToServer {
			w.Client(f.MaskedWith(key(i)).Bytes())
		} else {
			w.Server(f.Bytes())
		}
	}
	w.Client(wstest.Close(1000, "").MaskedWith(key(len(list))).Bytes()).Server(wstest.Close(1000, "").Bytes())
	return w.Shut().Packets.TempFile(t)
}

// key is a masking key that follows from those before as little as one by chance.
func key(i int) (k [4]byte) {
	binary.BigEndian.PutUint32(k[:], crc32.ChecksumIEEE([]byte{byte(i), byte(i >> 8)}))
	return k
}

// deflated is a message of permessage-deflate (RFC 7692 7.2.1).
func deflated(t testing.TB, data string) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte(data))
	w.Flush()
	return bytes.TrimSuffix(b.Bytes(), []byte("\x00\x00\xff\xff"))
}

func read(t testing.TB, args ...string) string {
	var out, errs bytes.Buffer
	if code := cli.Main(append([]string{"read"}, args...), strings.NewReader(""), &out, &errs); code != 0 || errs.Len() > 0 {
		t.Fatalf("%v: code %d, %s", args, code, &errs)
	}
	return out.String()
}

// TestConversations shows each conversation as users see it. What the programs said to each
// other is the same with permessage-deflate.
func TestConversations(t *testing.T) {
	for _, file := range conversations(t) {
		name := strings.TrimSuffix(file, ".talk")
		t.Run(filepath.Base(filepath.Dir(filepath.Dir(name)))+"/"+filepath.Base(name), func(t *testing.T) {
			plain := capture(t, file, false)
			asJSON := read(t, "--json", "--only", "message", plain)
			wstest.Golden(t, name+".list", []byte(read(t, "-q", plain)))
			wstest.Golden(t, name+".tree", []byte(blocks(read(t, plain))))
			wstest.Golden(t, name+".json", []byte(asJSON))
			if got, want := decoded(t, read(t, "--json", "--only", "message", capture(t, file, true))), decoded(t, asJSON); got != want {
				t.Errorf("compressed:\n%s\nplain:\n%s", got, want)
			}
		})
	}
}

// blocks are the blocks of a tree that explain a message, each behind the first line of its
// packet.
func blocks(tree string) string {
	var b strings.Builder
	within := false
	for line := range strings.Lines(tree) {
		switch {
		case strings.HasPrefix(line, "Frame "):
			b.WriteString(line)
			within = false
		case line[0] != ' ':
			within = strings.Contains(line, " [by ")
		}
		if within {
			b.WriteString(line)
		}
	}
	return b.String()
}

// decoded are the members of this name of json lines.
func decoded(t testing.TB, lines string) string {
	var b strings.Builder
	for line := range strings.Lines(lines) {
		var m struct{ Decoded json.RawMessage }
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		b.Write(m.Decoded)
		b.WriteByte('\n')
	}
	return b.String()
}

// The files that show conversations belong to one that there is.
func TestNoStrayGoldens(t *testing.T) {
	for _, kind := range []string{".list", ".tree", ".json"} {
		files, err := filepath.Glob("../*/testdata/*" + kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if _, err := os.Stat(strings.TrimSuffix(f, kind) + ".talk"); err != nil {
				t.Errorf("%s shows no conversation", f)
			}
		}
	}
}

// Every protocol explains a message of some conversation.
func TestEveryProtocolHasAConversation(t *testing.T) {
	files, err := filepath.Glob("../*/testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		shown.Write(b)
	}
	for _, name := range protocolNames() {
		if !strings.Contains(shown.String(), `"decoded":{"protocol":"`+name+`"`) {
			t.Errorf("%s explains nothing", name)
		}
	}
}
