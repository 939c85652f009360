package output

import (
	"os"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
)

// wireshark reads the blocks that tshark -V printed, by name.
func wireshark(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/wireshark.txt")
	if err != nil {
		t.Fatal(err)
	}
	blocks := map[string][]string{}
	for block := range strings.SplitSeq("\n"+string(text), "\n== ") {
		if name, rest, ok := strings.Cut(block, "\n"); ok && name != "" {
			blocks[name] = strings.Split(strings.TrimRight(rest, "\n"), "\n")
		}
	}
	return blocks
}

// shared leaves the lines that both programs must print alike. Left out are what we add in
// brackets, and of Wireshark the lines of other layers, its remarks, and the parts of the
// HTTP start line. The bytes behind our Masked payload are an addition as well.
func shared(lines []string) []string {
	var kept []string
	http := false
	for _, line := range lines {
		text := strings.TrimSpace(line)
		http = http || line == "Hypertext Transfer Protocol"
		switch {
		case strings.HasPrefix(text, "["):
			if !strings.Contains(text, " Reassembled ") && !strings.HasPrefix(text, "[Full request URI") &&
				!strings.HasPrefix(text, "[Time since") && !strings.HasPrefix(text, "[Request ") {
				continue
			}
		case http && strings.HasPrefix(line, "        "):
			continue
		case strings.HasPrefix(line, "Line-based text data"), strings.HasPrefix(line, "Data ("):
			continue
		case strings.HasPrefix(text, "Masked payload: "):
			line = "    Masked payload"
		}
		kept = append(kept, line)
	}
	return kept
}

func TestTreeHasTheLinesOfWireshark(t *testing.T) {
	first, second := basic(), compressed()
	response := first[0]
	for name, events := range map[string][]dissect.Event{
		"masked text":           first[1:2],
		"unmasked text":         first[2:3],
		"16-bit length":         first[3:4],
		"64-bit length":         first[4:5],
		"binary":                first[5:6],
		"ping":                  first[6:7],
		"pong":                  first[7:8],
		"fragment 1":            first[8:9],
		"last fragment":         first[9:10],
		"close masked":          first[10:11],
		"close unmasked":        first[11:12],
		"permessage-deflate 1":  second[0:1],
		"permessage-deflate 2":  second[1:2],
		"permessage-deflate 3":  second[2:3],
		"permessage-deflate 4":  second[3:4],
		"reserved opcode":       second[4:5],
		"decompression failure": second[5:6],
		"handshake 1":           {response},
		"handshake 2":           {response},
	} {
		t.Run(name, func(t *testing.T) {
			want := shared(wireshark(t)[name])
			printed := print(t, treeOf(Options{MaxPayload: 200}), events)
			if strings.HasPrefix(name, "handshake") {
				printed = strings.Split(printed, "\n\n")[int(name[len(name)-1]-'1')]
			}
			got := shared(strings.Split(strings.TrimRight(printed, "\n"), "\n"))
			if want[0] == "WebSocket" || want[0] == "Hypertext Transfer Protocol" {
				got = got[3:] // the sample begins at the layer
			}
			if len(want) < 3 || len(got) != len(want) {
				t.Fatalf("%d lines, Wireshark has %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
			}
			for i := range want {
				if got[i] != want[i] && !cutLine(want[i], got[i]) {
					t.Errorf("line %d:\n got %s\nwant %s", i+1, got[i], want[i])
				}
			}
		})
	}
}

// cutLine reports whether the sample has only the beginning of a long line.
func cutLine(sample, line string) bool {
	return len(sample) >= 200 && strings.HasPrefix(line, sample)
}
