package dissect_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// count is how many lines of what was told have a string in them.
func count(told, with string) int {
	n := 0
	for l := range strings.Lines(told) {
		if strings.Contains(l, with) {
			n++
		}
	}
	return n
}

// A hole that is met while frames are searched is told when it is met, not again when
// the frames around it are found.
func TestHoleIsToldOnce(t *testing.T) {
	long := wstest.Binary(bytes.Repeat([]byte{7}, 200)).Bytes()
	talk := opened().LoseServer(9).Server(wstest.Binary([]byte{1, 2, 3}).Bytes()).Server(long[:50]).LoseServer(20).Server(long[70:])
	for range 6 {
		talk.Server(wstest.Binary([]byte{1, 2, 3, 4}).Bytes()).ClientAck()
	}
	got := dissected(t, talk.Segments(), dissect.Options{})
	if count(got, " gap lost ") != 2 || count(got, " gap resync ") != 1 || count(got, "holes=[{46 20}]") != 1 {
		t.Error(got)
	}
}

// A direction that ends before frames are found in the other has had its end.
func TestEndBeforeDetection(t *testing.T) {
	talk := opened()
	for range 10 {
		talk.Server(wstest.Text("tick tock tick tock").Bytes())
	}
	all := talk.Packets
	got := dissected(t, append(wstest.Packets{all[1]}, all[6:]...).Segments(), dissect.Options{})
	if count(got, "s2c message") != 9 || count(got, " closed capture end") != 1 {
		t.Error(got)
	}
}

// What the time stamp of a packet causes comes before what the packet causes, on its own
// connection too.
func TestOrderOfTimeouts(t *testing.T) {
	var talks []*wstest.Talk
	for i := range 2 {
		a := netip.MustParseAddr("10.0.0.1")
		talk := wstest.NewTalk(netip.AddrPortFrom(a, uint16(50000+i)), netip.MustParseAddrPort("10.0.0.2:8080"))
		talk.Open().Client(good.Request()).Server(good.Response()).LoseServer(5).Server(wstest.Text("behind a hole").Bytes()).ClientAck()
		talks = append(talks, talk)
	}
	talks[0].Wait(time.Minute).Server(wstest.Text("later").Bytes())
	dissected(t, wstest.Merge(talks...).Segments(), dissect.Options{})
}

func TestRemarkAfterEnd(t *testing.T) {
	talk := opened().LoseClient(20).ServerFin().ClientFin()
	talk.Server([]byte{0})
	talk.Packets[len(talk.Packets)-1].Seq--
	if got := dissected(t, talk.Segments(), dissect.Options{}); count(got, " closed fin") != 1 {
		t.Error(got)
	}
}

func TestDurationOfOddClock(t *testing.T) {
	talk := opened()
	for i := range talk.Packets {
		talk.Packets[i].Time -= int64(i) * int64(2*time.Millisecond)
	}
	dissected(t, talk.Segments(), dissect.Options{})
}

// noise is bytes that no one has seen before, and everyone the same.
func noise(n int) []byte {
	var b []byte
	for i := 0; len(b) < n; i++ {
		h := sha256.Sum256([]byte{byte(i), byte(i >> 8), byte(i >> 16)})
		b = append(b, h[:]...)
	}
	return b[:n]
}

// repeated is n things that some function makes.
func repeated(n int, f func(i int) []byte) []byte {
	var b []byte
	for i := range n {
		b = append(b, f(i)...)
	}
	return b
}

// misleading are bytes that have something of frames.
var misleading = map[string][]byte{
	"zeros":  make([]byte, 30000),
	"random": noise(200000),
	"ones":   bytes.Repeat([]byte{0x81, 0x01}, 5000),
	"DER list": repeated(300, func(i int) []byte {
		s := fmt.Sprintf("www%d.example.org", i*i)
		return append([]byte{0x82, byte(len(s))}, s...)
	}),
	"TLV":       repeated(2000, func(i int) []byte { return append([]byte{1, byte(i % 11)}, noise(i%11)...) }),
	"chunks":    repeated(2000, func(i int) []byte { return append([]byte{0, byte(i % 11)}, noise(i%11)...) }),
	"addresses": repeated(2000, func(i int) []byte { return []byte{0x82, 0x02, byte(i >> 8), byte(i)} }),
	"Japanese":  repeated(2000, func(i int) []byte { return []byte("これは、長い。文章です、abc ぁぃ 1234") }),
	"UTF-16":    repeated(9000, func(i int) []byte { return []byte{byte('A' + i%50), 0} }),
	"ASCII":     repeated(2000, func(i int) []byte { return fmt.Appendf(nil, "ABBA %d and AB\r\n", i) }),
	"doubles":   repeated(4000, func(i int) []byte { return []byte{0, 0, 0, 0, 0, byte(i), 0x88, 0x40} }),
	"empty":     bytes.Repeat([]byte{0x80, 0}, 5000),
	"TLS":       repeated(200, func(i int) []byte { return append([]byte{0x17, 3, 3, 1, 0x40}, noise(0x140 + i)[i:]...) }),
	"SSH":       append([]byte("SSH-2.0-OpenSSH_9.6\r\n"), noise(20000)...),
	"HTTP": repeated(200, func(i int) []byte {
		return fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n%04d", i)
	}),
	"HTTP/2": repeated(500, func(i int) []byte {
		return append([]byte{0, 0, byte(i % 90), 0, 1, 0, 0, 0, byte(2*i + 1)}, noise(i%90)...)
	}),
	"MySQL": repeated(800, func(i int) []byte {
		row := fmt.Appendf([]byte{3}, "%03d\x05alice\x0a2024-01-%02d", i, i%28+1)
		return append([]byte{byte(len(row)), 0, 0, byte(i)}, row...)
	}),
	"PostgreSQL": repeated(800, func(i int) []byte {
		return fmt.Appendf([]byte{'D', 0, 0, 0, 27, 0, 2, 0, 0, 0, 4}, "%04d\x00\x00\x00\x05alice", i)
	}),
	"Redis": repeated(800, func(i int) []byte { return fmt.Appendf(nil, "*2\r\n$3\r\nGET\r\n$8\r\nkey:%04d\r\n", i) }),
	"MQTT":  repeated(800, func(i int) []byte { return fmt.Appendf([]byte{0x30, 18, 0, 8}, "sensor/1%08d", i) }),
	"MongoDB": repeated(300, func(i int) []byte {
		return fmt.Appendf([]byte{62, 0, 0, 0, byte(i), 1, 0, 0, 0, 0, 0, 0, 0xDD, 7, 0, 0}, "\x00\x00\x00\x00\x00\x29\x00\x00\x00\x02name\x00\x06\x00\x00\x00%05d\x00\x81\x05hello", i)
	}),
	"pixels": repeated(4000, func(i int) []byte { return []byte{0x82, 0x7D, byte(i), 0xFF} }),
}

// The middle of a payload is not taken for frames, whatever stands in it; the frames behind
// it are found.
func TestNoFrameIsInvented(t *testing.T) {
	for name, b := range misleading {
		t.Run(name, func(t *testing.T) {
			whole := wstest.Binary(append(bytes.Clone(b), noise(100)...)).Bytes()
			talk := opened().LoseServer(500).Server(whole[500:])
			for i := range 8 {
				talk.Server(wstest.Text(fmt.Sprintf("then comes text number %d", i)).Bytes()).ClientAck()
			}
			got := dissected(t, talk.Segments(), dissect.Options{})
			if count(got, "message") != 8 || count(got, "frame") != 8 {
				t.Error(got)
			}
		})
	}
}

// Nor is a connection that is not WebSocket taken for one, from its middle.
func TestNoConnectionIsInvented(t *testing.T) {
	for name, b := range misleading {
		for _, mss := range []int{1460, 97, 4} {
			t.Run(fmt.Sprintf("%s by %d", name, mss), func(t *testing.T) {
				talk := wstest.Talk4()
				talk.MSS = mss
				talk.Server(b).Client(b[1:])
				if got := dissected(t, talk.Segments(), dissect.Options{}); got != "" {
					t.Errorf("%.1000s", got)
				}
			})
		}
	}
}

// Where a chain of frames begins by chance before the frames, it begins with the frames.
func TestChanceBeforeFrames(t *testing.T) {
	tail := append(noise(41), 0x82, 3, 1, 2, 3)
	talk := opened().LoseServer(500).Server(tail)
	for i := range 8 {
		talk.Server(wstest.Binary(noise(40 + i)).Bytes()).ClientAck()
	}
	got := dissected(t, talk.Segments(), dissect.Options{})
	if count(got, "frame binary 3 ") != 0 || count(got, "frame") < 7 {
		t.Error(got)
	}
}

// Any packets of the opening handshake may be missing: frames of either side are found.
func TestHandshakeMissing(t *testing.T) {
	talk := opened()
	for i := range 12 {
		talk.Server(wstest.Text(fmt.Sprintf(`{"server":"%d"}`, i)).Bytes()).ClientAck()
		talk.Client(wstest.Text(fmt.Sprintf(`{"client":"%d"}`, i)).Masked().Bytes()).ServerAck()
	}
	const packets = 5 // SYN, SYN-ACK, ACK, request, response
	for missing := range 1 << packets {
		t.Run(fmt.Sprintf("%05b", missing), func(t *testing.T) {
			var lost []int
			for i := range packets {
				if missing>>i&1 != 0 {
					lost = append(lost, i)
				}
			}
			got := dissected(t, talk.Packets.Without(lost...).Segments(), dissect.Options{})
			if count(got, "c2s message") != 12 || count(got, "s2c message") != 12 || count(got, "not whole") > 0 {
				t.Error(got)
			}
		})
	}
}

// A refused upgrade of which the answer is missing does not turn into frames.
func TestRefusalMissing(t *testing.T) {
	page := append(wstest.Head("HTTP/1.1 403 Forbidden", "Content-Length: 5000"), bytes.Repeat([]byte("<p>no</p>\n"), 500)...)
	talk := wstest.Talk4().Open().Client(good.Request()).LoseServer(60).Server(page[60:]).ClientAck().Shut()
	got := dissected(t, talk.Segments(), dissect.Options{})
	if count(got, "frame") != 0 || count(got, "handshake /chat 0 upgraded=false") != 1 {
		t.Error(got)
	}
}
