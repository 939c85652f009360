package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAgainstTshark compares number, time and lengths of all packets with what tshark
// reads from the same files.
func TestAgainstTshark(t *testing.T) {
	if testing.Short() {
		t.Skip("tshark takes seconds to start")
	}
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("tshark is not installed: ", err)
	}
	for name, b := range oracleFiles() {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(tshark, "-n", "-r", path, "-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch",
				"-e", "frame.len", "-e", "frame.cap_len")
			out, err := cmd.Output()
			var exit *exec.ExitError // tells of a file that was cut
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			var got strings.Builder
			for i, p := range first(readBytes(t, b)) {
				fmt.Fprintf(&got, "%d\t%d.%09d\t%d\t%d\n", i+1, p.time/1e9, p.time%1e9, p.length, len(p.data))
			}
			if got.Len() == 0 || got.String() != string(out) {
				t.Errorf("got\n%s\ntshark has\n%s", got.String(), out)
			}
		})
	}
}

func first(packets []copied, _ []error) []copied { return packets }

// oracleFiles are files that tshark reads as we do.
func oracleFiles() map[string][]byte {
	packets := tcpTraffic(25)
	for i := range packets {
		packets[i].length = uint32(len(packets[i].data) + i%3)
	}
	odd := tcpTraffic(25)
	for i := range odd {
		odd[i].time += int64(i)
	}
	be := binary.BigEndian
	files := map[string][]byte{
		// Not here: tshark 4.0 takes the time stamps of Ixia's hardware for microseconds.
		"ixia software":         pcapFile{network: 1, snapLen: 65535, magic: magicIxiaSW}.bytes(packets),
		"nanoseconds":           pcapFile{network: 1, snapLen: 65535, magic: magicNano, order: be}.bytes(odd),
		"modified":              pcapFile{network: 1, snapLen: 65535, magic: magicModified}.bytes(packets),
		"version 2.2":           pcapFile{network: 1, snapLen: 65535, major: 2, minor: 2, swap: true}.bytes(packets),
		"version 2.3":           pcapFile{network: 1, major: 2, minor: 3, swap: true, order: be}.bytes(packets),
		"small snapshot length": pcapFile{network: 1, snapLen: 8}.bytes(packets),
		"SLL2, check sequence":  pcapFile{network: 0x44000000 | 276}.bytes(packets),
	}
	for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": be} {
		n := &blocks{order: order}
		n.section().describe(1, 0).describe(276, 0, optionTSResol, []byte{9}).packets(packets[:5])
		n.describe(101, 0, optionTSResol, []byte{0x8a}).describe(1, 0, optionTSOffset, n.word(1000))
		for i, p := range odd {
			p.iface = uint32(i % 4)
			n.enhanced([]uint64{uint64(p.time / 1000), uint64(p.time), uint64(p.time/1e9) << 10, uint64(p.time / 1000)}[i%4], p)
		}
		n.block(blockNames, make([]byte, 4)).obsolete(uint64(start/1000), odd[0])
		n.section().describe(1, 0).packets(packets[5:])
		files["pcapng "+name] = n.b[:len(n.b)-10]
	}
	files["cut in a record header"] = files["modified"][:24+24+len(packets[0].data)+9]
	return files
}
