package cli

import (
	"bytes"
	"compress/flate"
	"os/exec"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// The lines of the WebSocket block are Wireshark's own, to the letter. Ours that it does
// not have stand in [brackets], but for the bytes of the masked payload.
func TestTreeIsWiresharks(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	for _, c := range []struct {
		name, file string
	}{
		{"dump01", dump01},
		{"all opcodes and lengths", plainTalk().Packets.TempFile(t)},
		{"fragments", fragmentTalk().Packets.TempFile(t)},
		{"permessage-deflate", deflateTalk().Packets.TempFile(t)},
	} {
		t.Run(c.name, func(t *testing.T) {
			theirs, err := exec.Command("tshark", "-r", c.file, "-V", "-O", "websocket",
				"-o", "tcp.reassemble_out_of_order:TRUE", "-Y", "websocket").Output()
			if err != nil {
				t.Fatal(err)
			}
			r := run("read", "--max-payload", "0", c.file)
			ours, want := webSocketLines(r.out), webSocketLines(string(theirs))
			if len(want) == 0 {
				t.Fatal("tshark found nothing")
			}
			for i := range max(len(ours), len(want)) {
				if i >= len(ours) || i >= len(want) || ours[i] != want[i] {
					t.Fatalf("line %d:\nours   %q\ntshark %q", i+1, lineAt(ours, i), lineAt(want, i))
				}
			}
		})
	}
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(none)"
}

// webSocketLines are the lines of the packets and of the WebSocket blocks that both print.
func webSocketLines(s string) []string {
	var lines []string
	inside := false
	for l := range strings.Lines(s) {
		l = strings.TrimRight(l, "\n")
		switch {
		case strings.HasPrefix(l, "Frame "):
			// 4.6 prints "Frame 6: Packet, 65 bytes on wire".
			lines = append(lines, strings.Replace(l, ": Packet,", ":", 1))
			inside = false
		case l == "WebSocket":
			inside = true
			lines = append(lines, l)
		case !strings.HasPrefix(l, " "):
			inside = false
		case !inside, strings.HasPrefix(strings.TrimSpace(l), "["):
		case strings.HasPrefix(l, "    Masked payload"):
			lines = append(lines, "    Masked payload")
		default:
			lines = append(lines, l)
		}
	}
	return dropHandshakes(lines)
}

// dropHandshakes leaves out the packets that have no WebSocket block.
func dropHandshakes(lines []string) []string {
	var kept []string
	for i, l := range lines {
		if strings.HasPrefix(l, "Frame ") && (i+1 == len(lines) || lines[i+1] != "WebSocket") {
			continue
		}
		kept = append(kept, l)
	}
	return kept
}

func handshaken(h wstest.Handshake) *wstest.Talk {
	return wstest.Talk4().Open().Client(h.Request()).Server(h.Response())
}

func plainTalk() *wstest.Talk {
	t := handshaken(wstest.Handshake{})
	for _, n := range []int{1, 125, 126, 200} {
		t.Server(wstest.Text(strings.Repeat("a", n)).Bytes()).Client(wstest.Text(strings.Repeat("b", n)).Masked().Bytes())
	}
	return t.Client(wstest.Text("tabs\tlines\nGrüße €").Masked().Bytes()).
		Server(wstest.Binary([]byte{0, 1, 2, 0xFF}).Bytes()).
		Server(wstest.Ping("ping!").Bytes()).Client(wstest.Pong("ping!").Masked().Bytes()).
		Server(wstest.Frames(wstest.Text("two in"), wstest.Text("one packet"))).
		Client(wstest.Close(1000, "bye").Masked().Bytes()).Server(wstest.Close(1000, "bye").Bytes()).Shut()
}

func fragmentTalk() *wstest.Talk {
	return handshaken(wstest.Handshake{}).
		Client(wstest.Text("Hel").More().Masked().Bytes()).Client(wstest.Continuation("lo").Masked().Bytes()).
		Server(wstest.Text("one ").More().Bytes()).Server(wstest.Continuation("two ").More().Bytes()).
		Server(wstest.Continuation("three").Bytes()).Shut()
}

func deflateTalk() *wstest.Talk {
	const offer = "Sec-WebSocket-Extensions: permessage-deflate"
	t := handshaken(wstest.Handshake{RequestLines: []string{offer}, ResponseLines: []string{offer}})
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	for _, s := range []string{"Hello", `{"a":1,"b":"x"}`, `{"a":2,"b":"x"}`} {
		b.Reset()
		w.Write([]byte(s))
		w.Flush()
		payload := bytes.Clone(bytes.TrimSuffix(b.Bytes(), []byte{0, 0, 0xFF, 0xFF}))
		t.Server(wstest.NewFrame(frame.Text, payload).RSV(frame.RSV1).Bytes())
	}
	return t.Server(wstest.Text("not compressed").Bytes()).Shut()
}
