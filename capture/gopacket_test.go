package capture

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

// script is a gopacket source that plays packets and errors.
type script struct {
	steps []any // copied or error
}

func (s *script) ReadPacketData() ([]byte, gopacket.CaptureInfo, error) {
	if len(s.steps) == 0 {
		return nil, gopacket.CaptureInfo{}, io.EOF
	}
	step := s.steps[0]
	s.steps = s.steps[1:]
	if err, ok := step.(error); ok {
		return nil, gopacket.CaptureInfo{}, err
	}
	p := step.(copied)
	return []byte(p.data), gopacket.CaptureInfo{
		Timestamp: time.Unix(0, p.time), CaptureLength: len(p.data), Length: int(p.length), InterfaceIndex: int(p.iface),
	}, nil
}

// zeroCopy is a source that must not be asked for copies.
type zeroCopy struct{ script }

func (z *zeroCopy) ZeroCopyReadPacketData() ([]byte, gopacket.CaptureInfo, error) {
	return z.script.ReadPacketData()
}

func (z *zeroCopy) ReadPacketData() ([]byte, gopacket.CaptureInfo, error) {
	return nil, gopacket.CaptureInfo{}, errors.New("a copy was asked for")
}

// timeout is an error that passes.
type timeout struct{ error }

func (timeout) Timeout() bool { return true }

func TestFromGopacket(t *testing.T) {
	packets := tcpTraffic(4)
	packets[1].iface = 3
	var steps []any
	for _, p := range packets {
		steps = append(steps, p, timeout{errors.New("nothing came")})
	}
	for name, src := range map[string]gopacket.PacketDataSource{
		"copies": &script{steps}, "zero copy": &zeroCopy{script{steps}},
	} {
		t.Run(name, func(t *testing.T) {
			r := FromGopacket("eth0", uint32(layers.LinkTypeEthernet), src)
			got, errs := readAll(t, r)
			compare(t, got, packets)
			if errs != nil {
				t.Error(errs)
			}
			if s := r.Stats(); s.Packets != 4 || s.Inputs[0] != (InputStats{"eth0", 4}) || s.LinkTypes[0] != "ETHERNET" {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestFromGopacketError(t *testing.T) {
	down := errors.New("interface\x07 down")
	packets := tcpTraffic(2)
	r := FromGopacket("eth0", uint32(layers.LinkTypeEthernet), &script{[]any{packets[0], down, packets[1]}})
	got, errs := readAll(t, r)
	compare(t, got, packets[:1])
	if len(errs) != 1 || !errors.Is(errs[0], down) || errs[0].Error() != `eth0: cannot be read further: "interface\a down"` {
		t.Errorf("%v", errs)
	}
}

// TestAgainstPcapgo reads what the writers of gopacket write, as its readers do.
func TestAgainstPcapgo(t *testing.T) {
	packets := tcpTraffic(50)
	info := func(p copied) gopacket.CaptureInfo {
		return gopacket.CaptureInfo{Timestamp: time.Unix(0, p.time).UTC(), CaptureLength: len(p.data), Length: int(p.length)}
	}
	type packetWriter interface {
		WritePacket(gopacket.CaptureInfo, []byte) error
	}
	var micro, nano, ng bytes.Buffer
	mw, nw := pcapgo.NewWriter(&micro), pcapgo.NewWriterNanos(&nano)
	gw, err := pcapgo.NewNgWriter(&ng, layers.LinkTypeEthernet)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(mw.WriteFileHeader(0xffff, 1), nw.WriteFileHeader(0xffff, 1)); err != nil {
		t.Fatal(err)
	}
	for _, w := range []packetWriter{mw, nw, gw} {
		for _, p := range packets {
			if err := w.WritePacket(info(p), []byte(p.data)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := gw.Flush(); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"microseconds": micro.Bytes(), "nanoseconds": nano.Bytes(), "pcapng": ng.Bytes()} {
		t.Run(name, func(t *testing.T) {
			compare(t, mustRead(t, b), packets)
			var src gopacket.PacketDataSource
			if name == "pcapng" {
				src, err = pcapgo.NewNgReader(bytes.NewReader(b), pcapgo.DefaultNgReaderOptions)
			} else {
				src, err = pcapgo.NewReader(bytes.NewReader(b))
			}
			if err != nil {
				t.Fatal(err)
			}
			got, errs := readAll(t, FromGopacket(name, uint32(layers.LinkTypeEthernet), src))
			compare(t, got, packets)
			if errs != nil {
				t.Error(errs)
			}
		})
	}
}
