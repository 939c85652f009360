package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

const committed = "../../dump01.cap"

func TestCommittedFile(t *testing.T) {
	wstest.Golden(t, committed, capture())
}

// packets are the packets of the capture, decoded by gopacket.
func packets(t *testing.T) []gopacket.Packet {
	t.Helper()
	r, err := pcapgo.NewReader(bytes.NewReader(capture()))
	if err != nil {
		t.Fatal(err)
	}
	var ps []gopacket.Packet
	for {
		data, info, err := r.ReadPacketData()
		if err != nil {
			return ps
		}
		if info.CaptureLength != info.Length {
			t.Errorf("packet %d is cut", len(ps)+1)
		}
		ps = append(ps, gopacket.NewPacket(data, r.LinkType(), gopacket.Default))
	}
}

// TestArticle checks the packets that the article shows, and that they are all of the
// WebSocket connection that carry payload.
func TestArticle(t *testing.T) {
	want := map[int]string{
		20: "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\nHost: 192.168.206.132:8080\r\n" +
			"Origin: http://192.168.206.132:8080\r\nSec-WebSocket-Key: ByrM/ZMQsliJ3ARpSzF6lg==\r\n" +
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: x-webkit-deflate-frame\r\n\r\n",
		22: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Accept: j+6fEtOsvfgsycBMCfLxWNzPFxk=\r\nOrigin: http://192.168.206.132:8080\r\n\r\n",
		23: "\x81\x0cHello, world",
		29: "\x81\x89\x95\x39\xff\xdd\xd2\x56\x90\xb9\xb5\x5b\x86\xb8\xbb",
	}
	seen := 0
	for i, p := range packets(t) {
		if e := p.ErrorLayer(); e != nil {
			t.Errorf("packet %d: %v", i+1, e.Error())
		}
		tcp, ok := p.Layer(layers.LayerTypeTCP).(*layers.TCP)
		if !ok || tcp.SrcPort != 49253 && tcp.DstPort != 49253 || len(tcp.Payload) == 0 {
			continue
		}
		seen++
		if got := string(tcp.Payload); got != want[i+1] {
			t.Errorf("packet %d carries %q, want %q", i+1, got, want[i+1])
		}
	}
	if seen != len(want) {
		t.Errorf("%d packets with payload, want %d", seen, len(want))
	}
}

func tshark(t *testing.T, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("tshark is not installed")
	}
	file := filepath.Join(t.TempDir(), "dump01.cap")
	if err := os.WriteFile(file, capture(), 0o644); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, append([]string{"-r", file, "-o", "ip.check_checksum:TRUE",
		"-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"}, args...)...)
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestTsharkFindsNothingWrong asks Wireshark for malformed packets, wrong checksums and
// remarks on TCP: the beginning and the end of a connection are all that it may note.
func TestTsharkFindsNothingWrong(t *testing.T) {
	for line := range strings.Lines(tshark(t, "-q", "-z", "expert")) {
		name, _, _ := strings.Cut(line, " ")
		if name == "Errors" || name == "Warns" || strings.Contains(line, "Malformed") {
			t.Errorf("tshark -z expert: %s", line)
		}
	}
	if out := tshark(t, "-Y", "tcp.analysis.flags || _ws.malformed || ip.checksum.status != 1 || tcp.checksum.status != 1 || udp.checksum.status != 1"); out != "" {
		t.Errorf("tshark remarks on\n%s", out)
	}
}

func TestTsharkSeesTheArticle(t *testing.T) {
	got := tshark(t, "-Y", "websocket", "-T", "fields", "-e", "frame.number", "-e", "frame.len",
		"-e", "tcp.seq", "-e", "tcp.ack", "-e", "websocket.payload.text")
	want := "23\t80\t167\t247\tHello, world\n29\t81\t247\t181\tGood bye.\n"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
