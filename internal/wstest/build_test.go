package wstest_test

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/reassembly"
)

func TestFrames(t *testing.T) {
	tests := []struct {
		name  string
		frame wstest.Frame
		want  string
	}{
		// The samples of RFC 6455 5.7.
		{"text", wstest.Text("Hello"), "810548656c6c6f"},
		{"masked text", wstest.Text("Hello").Masked(), "818537fa213d7f9f4d5158"},
		{"first fragment", wstest.Text("Hel").More(), "010348656c"},
		{"last fragment", wstest.Continuation("lo"), "80026c6f"},
		{"ping", wstest.Ping("Hello"), "890548656c6c6f"},
		{"masked pong", wstest.Pong("Hello").Masked(), "8a8537fa213d7f9f4d5158"},

		{"close", wstest.Close(1000, "bye"), "880503e8627965"},
		{"binary", wstest.Binary([]byte{0xff}), "8201ff"},
		{"RSV1", wstest.Text("").RSV(frame.RSV1), "c100"},
		{"16-bit length", wstest.Text("x").Long(16), "817e000178"},
		{"64-bit length, masked", wstest.Text("").Masked().Long(64), "81ff000000000000000037fa213d"},
		{"length that is not true", wstest.Text("x").Claiming(3), "810378"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := hex.EncodeToString(tt.frame.Bytes()); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	fs := wstest.Fragments(frame.Text, []byte("Hello"), 3)
	if got := hex.EncodeToString(wstest.Frames(fs...)); got != "010348656c80026c6f" {
		t.Errorf("fragments: %s", got)
	}
	if fs := wstest.Fragments(frame.Text, nil, 3); len(fs) != 1 || !fs[0].Header.Fin {
		t.Errorf("fragments of nothing: %+v", fs)
	}
}

func TestHandshake(t *testing.T) {
	// RFC 6455 1.3.
	if !strings.Contains(string(wstest.Response()), "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") {
		t.Errorf("%q", wstest.Response())
	}
	req := string(wstest.Request("Origin: http://example.com"))
	if !strings.HasPrefix(req, "GET /chat HTTP/1.1\r\n") || !strings.HasSuffix(req, "\r\nOrigin: http://example.com\r\n\r\n") {
		t.Errorf("%q", req)
	}
}

func conversation(client, server string) *wstest.Talk {
	t := wstest.NewTalk(netip.MustParseAddrPort(client), netip.MustParseAddrPort(server))
	t.MSS = 100
	return t.Open().Client(wstest.Request()).Server(wstest.Response()).
		Server(wstest.Text("Hello").Bytes()).Client(wstest.Ping("odd").Masked().Bytes()).
		ClientAck().ServerAck().Shut()
}

// TestPacketsAreValid has gopacket decode the packets and compute their checksums anew.
func TestPacketsAreValid(t *testing.T) {
	for _, talk := range []*wstest.Talk{
		conversation("10.0.0.1:50000", "10.0.0.2:8080"),
		conversation("[2001:db8::1]:50000", "[2001:db8::2]:8080"),
	} {
		r, err := pcapgo.NewReader(bytes.NewReader(talk.Packets.Capture()))
		if err != nil {
			t.Fatal(err)
		}
		segments := talk.Segments()
		for i, want := range segments {
			data, info, err := r.ReadPacketData()
			if err != nil {
				t.Fatal(err)
			}
			if info.Timestamp.UnixNano() != want.Packet.Time || info.Length != int(want.Packet.Wire) || info.CaptureLength != len(data) {
				t.Errorf("packet %d: %+v, want %+v", i+1, info, want.Packet)
			}
			checkPacket(t, i+1, data, want)
		}
		if _, _, err := r.ReadPacketData(); err == nil {
			t.Error("more packets than segments")
		}
	}
}

func checkPacket(t *testing.T, number int, data []byte, want reassembly.Segment) {
	t.Helper()
	p := gopacket.NewPacket(data, layers.LinkTypeEthernet, gopacket.Default)
	if e := p.ErrorLayer(); e != nil {
		t.Fatalf("packet %d: %v", number, e.Error())
	}
	tcp := p.Layer(layers.LayerTypeTCP).(*layers.TCP)
	if err := tcp.SetNetworkLayerForChecksum(p.NetworkLayer()); err != nil {
		t.Fatal(err)
	}
	var stack []gopacket.SerializableLayer
	for _, l := range p.Layers() {
		stack = append(stack, l.(gopacket.SerializableLayer))
	}
	out := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(out, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, stack...); err != nil {
		t.Fatal(err)
	}
	rebuilt := out.Bytes()[:len(data)] // gopacket pads to 60 bytes
	if !bytes.Equal(rebuilt, data) {
		t.Errorf("packet %d\n     is %x\nmust be %x", number, data, rebuilt)
	}
	flow := p.NetworkLayer().NetworkFlow()
	src, _ := netip.AddrFromSlice(flow.Src().Raw())
	if want.Src != netip.AddrPortFrom(src, uint16(tcp.SrcPort)) || tcp.Seq != want.Seq || tcp.Ack != want.Ack ||
		!bytes.Equal(tcp.Payload, want.Payload) || tcp.SYN != want.Flags.Has(reassembly.SYN) || tcp.FIN != want.Flags.Has(reassembly.FIN) {
		t.Errorf("packet %d: %+v, want %+v", number, tcp, want)
	}
}

func TestUDPIsValid(t *testing.T) {
	ip := wstest.IP{Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"), ID: 7}
	data := ip.AppendUDP(nil, wstest.MAC{2}, wstest.MAC{4}, 137, 138, []byte("odd"))
	p := gopacket.NewPacket(data, layers.LinkTypeEthernet, gopacket.Default)
	udp, ok := p.Layer(layers.LayerTypeUDP).(*layers.UDP)
	if !ok || string(udp.Payload) != "odd" || udp.SrcPort != 137 || udp.DstPort != 138 {
		t.Fatalf("%v", p)
	}
	want := udp.Checksum
	if err := udp.SetNetworkLayerForChecksum(p.NetworkLayer()); err != nil {
		t.Fatal(err)
	}
	out := gopacket.NewSerializeBuffer()
	payload := gopacket.Payload(udp.Payload)
	if err := gopacket.SerializeLayers(out, gopacket.SerializeOptions{ComputeChecksums: true}, udp, payload); err != nil {
		t.Fatal(err)
	}
	if udp.Checksum != want {
		t.Errorf("checksum %#x, want %#x", want, udp.Checksum)
	}
}

// TestTalkNumbers follows the sequence numbers as RFC 9293 3.4 has them.
func TestTalkNumbers(t *testing.T) {
	talk := conversation("10.0.0.1:50000", "10.0.0.2:8080")
	if n := len(talk.Packets); n < 12 {
		t.Fatalf("%d packets", n)
	}
	next := map[netip.AddrPort]uint32{}
	var sent [2][]byte
	for i, s := range talk.Segments() {
		if want, begun := next[s.Src]; begun && s.Seq != want {
			t.Errorf("packet %d: seq %d, want %d", i+1, s.Seq, want)
		}
		if s.Flags.Has(reassembly.ACK) && s.Ack != next[s.Dst] {
			t.Errorf("packet %d: ack %d, want %d", i+1, s.Ack, next[s.Dst])
		}
		n := s.Seq + uint32(len(s.Payload))
		if s.Flags.Has(reassembly.SYN) || s.Flags.Has(reassembly.FIN) {
			n++
		}
		next[s.Src] = n
		if len(s.Payload) > talk.MSS {
			t.Errorf("packet %d has %d bytes", i+1, len(s.Payload))
		}
		side := 0
		if s.Src.Port() == 8080 {
			side = 1
		}
		sent[side] = append(sent[side], s.Payload...)
	}
	if want := slices.Concat(wstest.Request(), wstest.Ping("odd").Masked().Bytes()); !bytes.Equal(sent[0], want) {
		t.Errorf("the client sent %q", sent[0])
	}
	if want := slices.Concat(wstest.Response(), wstest.Text("Hello").Bytes()); !bytes.Equal(sent[1], want) {
		t.Errorf("the server sent %q", sent[1])
	}
}

func TestLoss(t *testing.T) {
	talk := wstest.Talk4().LoseClient(100).Client([]byte("x")).LoseServer(7).Server([]byte("y")).ClientReset()
	s := talk.Segments()
	if s[0].Seq != talk.ClientISN+101 || s[1].Seq != talk.ServerISN+8 || s[1].Ack != talk.ClientISN+102 || !s[2].Flags.Has(reassembly.RST) {
		t.Errorf("%+v", s)
	}
	talk.Packets[0].Cut = 1
	cut := talk.Segments()[0]
	if len(cut.Payload) != 0 || cut.Missing != 1 || cut.Packet.Len != 1 || cut.Packet.Captured != cut.Packet.Wire-1 {
		t.Errorf("%+v", cut)
	}
	if got := talk.Packets.Without(0, 2); len(got) != 1 || !reflect.DeepEqual(got[0], talk.Packets[1]) {
		t.Errorf("%+v", got)
	}
}

func TestShuffling(t *testing.T) {
	talk := wstest.Talk4()
	for i := range 200 {
		talk.Client([]byte{byte(i)})
	}
	const distance = 5
	a, b := talk.Packets.Shuffled(1, distance), talk.Packets.Shuffled(1, distance)
	if !reflect.DeepEqual(a, b) {
		t.Error("the seed does not decide")
	}
	moved := 0
	seen := map[uint32]bool{}
	for i, p := range a {
		was := int(p.Payload[0])
		seen[p.Seq] = true
		if was != i {
			moved++
		}
		if was-i > distance || i-was > distance {
			t.Errorf("packet %d came in place %d", was, i)
		}
		if i > 0 && p.Time <= a[i-1].Time {
			t.Errorf("time goes back at %d", i)
		}
	}
	if moved < 50 || len(seen) != 200 {
		t.Errorf("%d moved, %d seen", moved, len(seen))
	}
	dup := talk.Packets.Duplicated(1, 10)
	seen = map[uint32]bool{}
	for _, p := range dup {
		seen[p.Seq] = true
	}
	if len(seen) != 200 || len(dup) < 205 || len(dup) > 240 {
		t.Errorf("%d packets of %d", len(dup), len(seen))
	}
}

func TestSplits(t *testing.T) {
	in := bytes.Repeat([]byte("0123456789"), 500)
	runs := 0
	wstest.EachSplit(t, in, func(t *testing.T, pieces [][]byte) {
		runs++
		if got := bytes.Join(pieces, nil); !bytes.Equal(got, in) {
			t.Errorf("%d bytes in %d pieces", len(got), len(pieces))
		}
	})
	if runs < 4 {
		t.Errorf("%d runs", runs)
	}
	if n := len(wstest.Chop(in, 7)); n != 715 {
		t.Errorf("%d pieces of 7", n)
	}
}

func TestMerge(t *testing.T) {
	a, b := conversation("10.0.0.1:50000", "10.0.0.2:8080"), conversation("10.0.0.1:50001", "10.0.0.2:8080")
	ps := wstest.Merge(a, b)
	if len(ps) != len(a.Packets)+len(b.Packets) || !slices.IsSortedFunc(ps, func(a, b wstest.Packet) int { return int(a.Time - b.Time) }) {
		t.Errorf("%d packets", len(ps))
	}
	if ps[0].Src.Port() != 50000 || ps[1].Src.Port() != 50001 {
		t.Error("equal times change the order")
	}
}
