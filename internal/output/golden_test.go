package output

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the goldens anew")

// golden compares with a file of testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	gotLines, wantLines := bytes.Split([]byte(got), []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range max(len(gotLines), len(wantLines)) {
		if i >= len(gotLines) || i >= len(wantLines) || !bytes.Equal(gotLines[i], wantLines[i]) {
			t.Fatalf("%s line %d:\n got %q\nwant %q", name, i+1, at(gotLines, i), at(wantLines, i))
		}
	}
}

func at(lines [][]byte, i int) []byte {
	if i < len(lines) {
		return lines[i]
	}
	return nil
}

func base() int64 { return epoch }

func start() Start {
	return Start{Files: []string{"first.pcap", "second \x1b\xff.pcap"}, Live: []string{"eth0"}, LinkTypes: []string{"EN10MB"}, Filter: "port 80"}
}

func iface(n uint16) string { return [...]string{"eth0", "lo"}[n] }

// rawPacket stands in for the packets of the capture.
func rawPacket(number int64) (uint32, []byte, bool) {
	return 1, []byte{byte(number), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 'e', 'n', 'd'}, number != 7
}

func layers(b []byte, _ uint32, data []byte) []byte {
	return append(b, "Ethernet II, Src: 02:00:00:00:00:01"+string('0'+data[0]%10)+"\n"...)
}

// goldens are the formats with the options that change much.
func goldens() map[string]func(*bytes.Buffer) Printer {
	return map[string]func(*bytes.Buffer) Printer{
		"tree.txt": treeOf(Options{Base: base, MaxPayload: 64}),
		"tree-verbose-hex.txt": treeOf(Options{Base: base, MaxPayload: 32, Verbose: 1, Hex: true,
			Raw: rawPacket, Layers: layers}),
		"tree-messages.txt": treeOf(Options{Base: base, MaxPayload: 64, Time: TimeDate,
			Only: TypeMessage | TypeSummary}),
		"list.txt":          listOf(Options{Base: base, MaxPayload: DefaultListPayload}),
		"list-messages.txt": listOf(Options{Base: base, MaxPayload: 20, Only: TypeMessage | TypeClose | TypeSummary, Verbose: 1, Time: TimeUTC}),
		"lines.ndjson":      jsonOf(Options{Start: start, Interface: iface}),
	}
}

func TestGoldens(t *testing.T) {
	for name, printer := range goldens() {
		t.Run(name, func(t *testing.T) { golden(t, name, print(t, printer, script())) })
	}
}
