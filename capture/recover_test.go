package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// noise is n bytes that are no record: multiples of an odd number, without a zero.
func noise(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*37) | 0x81
	}
	return b
}

// placed is a capture file with the offset of each record.
type placed struct {
	b  []byte
	at []int // of each record, and of the end
}

func placePcap(f pcapFile, packets []copied) placed {
	p := placed{b: f.header()}
	for _, c := range packets {
		p.at = append(p.at, len(p.b))
		p.b = f.record(p.b, c)
	}
	p.at = append(p.at, len(p.b))
	return p
}

func placePcapng(packets []copied) placed {
	n := newBlocks().section().describe(1, 0)
	var p placed
	for _, c := range packets {
		p.at = append(p.at, len(n.b))
		n.packets([]copied{c})
	}
	p.at = append(p.at, len(n.b))
	p.b = n.b
	return p
}

// kinds are the same packets in the formats.
func kinds(packets []copied) map[string]placed {
	return map[string]placed{
		"pcap":            placePcap(pcapFile{network: 1, snapLen: 65535}, packets),
		"pcap big endian": placePcap(pcapFile{network: 1, order: binary.BigEndian}, packets),
		"nanoseconds":     placePcap(pcapFile{network: 1, magic: magicNano}, packets),
		"modified":        placePcap(pcapFile{network: 1, magic: magicModified}, packets),
		"pcapng":          placePcapng(packets),
	}
}

// TestDamageInTheMiddle puts what is no record between two of them.
func TestDamageInTheMiddle(t *testing.T) {
	packets := traffic(20)
	tests := map[string][]byte{
		"noise":         noise(1001),
		"little noise":  noise(7),
		"zeros":         make([]byte, 4096),
		"many zeros":    make([]byte, 5*smallWindow),
		"much noise":    noise(3 << 20),
		"text":          []byte(strings.Repeat("GET / HTTP/1.1\r\nHost: example\r\n\r\n", 99)),
		"all bits":      bytes.Repeat([]byte{0xff}, 100),
		"small numbers": bytes.Repeat([]byte{4, 0, 0, 0, 1, 0, 0, 0}, 100),
	}
	for kind, file := range kinds(packets) {
		for name, junk := range tests {
			for _, after := range []int{0, 1, 10, 17} {
				t.Run(fmt.Sprintf("%s/%s after %d", kind, name, after), func(t *testing.T) {
					at := file.at[after]
					b := append(append(bytes.Clone(file.b[:at]), junk...), file.b[at:]...)
					got, errs := readBytes(t, b)
					compare(t, got, packets)
					want := fmt.Sprintf("test: damaged at offset %d, after packet %d: %d bytes skipped", at, after, len(junk))
					if len(errs) != 1 || errs[0].Error() != want || !errors.Is(errs[0], ErrDamaged) {
						t.Errorf("got  %v\nwant %s", errs, want)
					}
				})
			}
		}
	}
}

// TestHoleOfZeros has holes of any length before records that begin with zeros themselves.
func TestHoleOfZeros(t *testing.T) {
	packets := traffic(20)
	for i := range packets {
		packets[i].time = 0x68000000 * int64(time.Second)
	}
	files := kinds(packets)
	big := &blocks{order: binary.BigEndian}
	big.section().describe(1, 0)
	at := len(big.b)
	files["pcapng big endian"] = placed{b: big.packets(packets).b, at: []int{at}}
	for kind, file := range files {
		for n := range 40 {
			n += 24 // as long as the longest header
			if n%2 == 1 {
				n += 2 * smallWindow
			}
			at := file.at[0]
			b := append(append(bytes.Clone(file.b[:at]), make([]byte, n)...), file.b[at:]...)
			got, errs := readBytes(t, b)
			compare(t, got, packets)
			want := fmt.Sprintf("test: damaged at offset %d, after packet 0: %d bytes skipped", at, n)
			if len(errs) != 1 || errs[0].Error() != want {
				t.Errorf("%s: got  %v\nwant %s", kind, errs, want)
			}
		}
	}
}

// TestDamageAtTheEnd appends what is no record.
func TestDamageAtTheEnd(t *testing.T) {
	packets := traffic(5)
	for kind, file := range kinds(packets) {
		t.Run(kind, func(t *testing.T) {
			got, errs := readBytes(t, append(bytes.Clone(file.b), noise(100)...))
			compare(t, got, packets)
			want := fmt.Sprintf("test: damaged at offset %d, after packet 5: no packet in the 100 bytes that are left", len(file.b))
			if len(errs) != 1 || errs[0].Error() != want {
				t.Errorf("got  %v\nwant %s", errs, want)
			}
		})
	}
}

// TestDamagedHeader overwrites the header of a record with noise: this packet is lost.
func TestDamagedHeader(t *testing.T) {
	packets := traffic(20)
	for kind, file := range kinds(packets) {
		for _, lost := range []int{0, 1, 9} {
			t.Run(fmt.Sprintf("%s/%d", kind, lost), func(t *testing.T) {
				b := bytes.Clone(file.b)
				copy(b[file.at[lost]:], noise(16))
				got, errs := readBytes(t, b)
				compare(t, got, append(append([]copied{}, packets[:lost]...), packets[lost+1:]...))
				want := fmt.Sprintf("test: damaged at offset %d, after packet %d: %d bytes skipped",
					file.at[lost], lost, file.at[lost+1]-file.at[lost])
				if len(errs) != 1 || errs[0].Error() != want {
					t.Errorf("got  %v\nwant %s", errs, want)
				}
			})
		}
	}
}

// TestDamagedLength changes the captured length of a record of pcap, which then swallows
// others, or ends too early: the others are found.
func TestDamagedLength(t *testing.T) {
	packets := traffic(40)
	file := placePcap(pcapFile{network: 1, snapLen: 65535}, packets)
	for _, length := range []uint32{0, 1, 5, 100, 999, 2000, 100_000, 10 << 20, 1 << 30, 1<<32 - 1} {
		for _, bad := range []int{0, 1, 8} {
			t.Run(fmt.Sprintf("%d/%d", length, bad), func(t *testing.T) {
				b := bytes.Clone(file.b)
				binary.LittleEndian.PutUint32(b[file.at[bad]+8:], length)
				got, errs := readBytes(t, b)
				if len(errs) != 1 || !errors.Is(errs[0], ErrDamaged) {
					t.Fatalf("%v", errs)
				}
				// The bad one may come as a packet of its false length.
				if len(got) > bad && uint32(len(got[bad].data)) == length {
					got = append(got[:bad:bad], got[bad+1:]...)
				}
				compare(t, got, append(append([]copied{}, packets[:bad]...), packets[bad+1:]...))
			})
		}
	}
}

func TestDamagedLengthText(t *testing.T) {
	file := placePcap(pcapFile{network: 1, snapLen: 65535}, traffic(40))
	binary.LittleEndian.PutUint32(file.b[file.at[8]+8:], 999)
	_, errs := readBytes(t, file.b)
	want := fmt.Sprintf("test: damaged at offset %d: packet 9 is not as long as it claims, others follow at offset %d",
		file.at[8], file.at[9])
	if len(errs) != 1 || errs[0].Error() != want {
		t.Errorf("got  %v\nwant %s", errs, want)
	}
}

// TestCaptureInCapture carries a pcap file as the payload of packets, with a damage
// behind them: the packets inside are not taken for those of the capture.
func TestCaptureInCapture(t *testing.T) {
	packets := traffic(20)
	inner := pcapFile{network: 1, snapLen: 65535}.bytes(traffic(200))
	packets[5].data = string(inner)
	packets[5].length = uint32(len(inner))
	file := placePcap(pcapFile{network: 1, snapLen: 65535}, packets)
	at := file.at[6]
	b := append(append(bytes.Clone(file.b[:at]), noise(500)...), file.b[at:]...)
	got, errs := readBytes(t, b)
	compare(t, got, packets)
	if len(errs) != 1 {
		t.Errorf("%v", errs)
	}
}

// TestDamageInOddFile has a damage among records that all have the same oddities.
func TestDamageInOddFile(t *testing.T) {
	packets := traffic(20)
	for i := range packets {
		packets[i].length = 1
	}
	file := placePcap(pcapFile{network: 1, carry: true}, packets)
	at := file.at[9]
	got, errs := readBytes(t, append(append(bytes.Clone(file.b[:at]), noise(300)...), file.b[at:]...))
	compare(t, got, packets)
	if want := fmt.Sprintf("damaged at offset %d, after packet 9: 300 bytes skipped", at); len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
		t.Errorf("got  %v\nwant %s", errs, want)
	}
}

// TestCut ends a file after each of its bytes: the whole packets are read, and a file
// that ends inside a record is a defect.
func TestCut(t *testing.T) {
	packets := traffic(3)
	for kind, file := range kinds(packets) {
		t.Run(kind, func(t *testing.T) {
			whole := 0
			for end := 1; end < len(file.b); end++ {
				for file.at[whole+1] <= end {
					whole++
				}
				got, errs := readBytes(t, file.b[:end])
				compare(t, got, packets[:whole])
				if clean := end == file.at[whole] || kind == "pcapng" && end == 40; clean != (len(errs) == 0) || len(errs) > 1 {
					t.Fatalf("%d bytes, %d whole packets: %v", end, whole, errs)
				}
				if len(errs) == 1 && !errors.Is(errs[0], ErrCut) && !errors.Is(errs[0], ErrNotCapture) {
					t.Fatalf("%d bytes: %v", end, errs)
				}
			}
		})
	}
}

func TestCutText(t *testing.T) {
	file := placePcap(pcapFile{network: 1}, traffic(3))
	ng := placePcapng(traffic(3))
	tests := []struct {
		name string
		b    []byte
		want string
	}{
		{"file header", file.b[:20], "test: cut short in the middle of the file header at offset 0: 20 of 24 bytes"},
		{"record header", file.b[:file.at[2]+5],
			fmt.Sprintf("test: cut short in the middle of the header of packet 3 at offset %d: 5 of 16 bytes", file.at[2])},
		{"data", file.b[:file.at[2]+30],
			fmt.Sprintf("test: cut short in the middle of packet 3 at offset %d: 30 of 115 bytes", file.at[2])},
		{"block", ng.b[:ng.at[2]+30],
			fmt.Sprintf("test: cut short in the middle of packet 3 at offset %d: 30 of 148 bytes", ng.at[2])},
		{"block header", ng.b[:ng.at[2]+5],
			fmt.Sprintf("test: cut short in the middle of a block after packet 2 at offset %d: 5 of 12 bytes", ng.at[2])},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, errs := readBytes(t, tt.b)
			if len(errs) != 1 || errs[0].Error() != tt.want {
				t.Errorf("got  %v\nwant %s", errs, tt.want)
			}
		})
	}
}

// TestCutAndConcatenated has a whole file behind one that was cut.
func TestCutAndConcatenated(t *testing.T) {
	packets := traffic(12)
	for first, a := range kinds(packets) {
		for second, b := range kinds(packets) {
			t.Run(first+", "+second, func(t *testing.T) {
				got, errs := readBytes(t, append(bytes.Clone(a.b[:a.at[8]+37]), b.b...))
				if len(errs) == 0 || len(got) < 8+len(packets) {
					t.Fatalf("%d packets, %v", len(got), errs)
				}
				compare(t, got[:8], packets[:8])
				compare(t, got[len(got)-12:], packets)
			})
		}
	}
}

// TestClaims has files of a few bytes that claim much: no allocation follows from that.
func TestClaims(t *testing.T) {
	n := newBlocks().section().describe(1, 0)
	tests := map[string][]byte{
		"pcap":   append(pcapFile{network: 1, snapLen: 1<<32 - 1}.header(), 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 7),
		"pcapng": n.words(n.b, blockEnhanced, 0x7ffffffc, 0),
		"4 GiB":  append(pcapFile{network: 1}.header(), bytes.Repeat([]byte{0xff}, 16)...),
	}
	for name, b := range tests {
		t.Run(name, func(t *testing.T) {
			r := New(Stream("claims", bytes.NewReader(b)))
			_, errs := readAll(t, r)
			if len(errs) != 1 {
				t.Errorf("%v", errs)
			}
			if size := len(r.window.buf); size != smallWindow {
				t.Errorf("the window has grown to %d bytes", size)
			}
		})
	}
}
