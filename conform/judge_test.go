package conform_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/wsdissect/wsdissect/conform"
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/reassembly"
)

// discard counts what it is given.
type discard struct{ events int }

func (d *discard) Emit(dissect.Event) error { d.events++; return nil }

// TestAllocations holds that judging takes no memory per frame: messages of both sides,
// with Pings and Pongs between them.
func TestAllocations(t *testing.T) {
	var d discard
	j := conform.New(&d)
	c := &reassembly.Conn{ID: 1}
	n := uint32(0)
	send := func(f wstest.Frame, dir dissect.Dir) {
		n++
		e := &frameOf
		*e = dissect.Frame{
			Meta: dissect.Meta{
				Conn: c, Dir: dir, Packet: reassembly.PacketRef{Number: int64(n), Time: int64(n) * int64(time.Millisecond), Seq: n * 20, Ack: n * 20, Len: 20},
				FirstPacket: int64(n),
			},
			Header: f.Header, Payload: f.Payload, Captured: f.Header.Length, Complete: true, HeaderOK: true, Offset: int64(n) * 20,
		}
		e.Header.Size = 2
		j.Emit(e)
	}
	text, ping, pong := wstest.Text("hello"), wstest.Ping("1"), wstest.Pong("1")
	round := func() {
		send(text.MaskedWith([4]byte{byte(n), byte(n * n >> 3), byte(n * 7 >> 1), byte(n ^ n>>3)}), dissect.ClientToServer)
		send(text, dissect.ServerToClient)
		send(ping, dissect.ServerToClient)
		send(pong, dissect.ClientToServer)
	}
	for range 100 {
		round()
	}
	before := d.events
	if allocs := testing.AllocsPerRun(100, round); allocs != 0 {
		t.Errorf("%v allocations for four frames", allocs)
	}
	if got := d.events - before; got < 400 {
		t.Errorf("%d events", got)
	}
}

// frameOf is used again for each frame, as a dissection does.
var frameOf dissect.Frame

// TestHoles holds that what a hole may have held is not asked for.
func TestHoles(t *testing.T) {
	text, long := wstest.Text("hello"), 11*time.Second
	tests := []struct {
		name string
		play func(p *play)
		want []string
	}{
		{"first fragment", func(p *play) { p.LoseServer(8); p.s(wstest.Continuation("x")) }, nil},
		{"last fragment", func(p *play) { p.s(text.More()); p.LoseServer(8); p.s(text) }, nil},
		{"end of a text", func(p *play) {
			b := wstest.Text("\xc3\xbc\xc3\xbc").Bytes()
			p.Server(b[:3]).LoseServer(len(b) - 3)
			p.s(text)
		}, nil},
		{"bad text before the hole", func(p *play) {
			b := wstest.Text("\xff\xc3\xbc\xc3\xbc").Bytes()
			p.Server(b[:4]).LoseServer(len(b) - 4)
			p.s(text)
		}, []string{"s2c msg-invalid-utf8"}},
		{"ping", func(p *play) { p.LoseServer(3); p.s(text).c(wstest.Pong("1")) }, nil},
		{"pong", func(p *play) {
			p.s(wstest.Ping("1"))
			p.LoseClient(7)
			p.c(text).Wait(long)
			p.c(text)
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlay()
			p.c(text).s(text)
			tt.play(p)
			for range 3 { // so that frames are found again
				p.s(text, text).c(text, text)
			}
			p.ServerAck().ClientAck()
			expect(t, p.bye().Packets, tt.want...)
		})
	}
}

// TestMiddle holds that nothing is asked of a connection whose handshake is not seen.
func TestMiddle(t *testing.T) {
	p := newPlay()
	for range 4 {
		p.c(wstest.Text("hello")).s(wstest.NewFrame(frame.Text, deflate("How are you?")).RSV(frame.RSV1))
		p.c(wstest.Pong("of a ping before"))
	}
	r := judge(t, p.bye().Packets[5:], dissect.Options{})
	for _, a := range r.found {
		switch a.Rule.Code() {
		case "handshake-inferred", "compression-inferred":
		default:
			t.Errorf("packet %d: %s: %s", a.Packet.Number, a.Rule.Code(), a.Text)
		}
	}
}

// FuzzJudge plays any frames, in any order, with holes, waits and ends, and checks that the
// events keep to what the Validator asks, and that the verdict does not depend on how the
// bytes are cut into packets of one size.
func FuzzJudge(f *testing.F) {
	f.Add([]byte("\x00\x81\x02hi\x01\x89\x01x\x00\x8a\x01x\x02\x88\x02\x03\xe8\x03\x88\x02\x03\xe8\x06\x07"), uint16(50))
	f.Add([]byte("\x00\x01\x02hi\x05\x09\x00\x80\x02\xff\xff\x04\x01\xc1\x03\xf2\x48\xcd"), uint16(7))
	f.Fuzz(func(t *testing.T, script []byte, size uint16) {
		p := newPlay("permessage-deflate")
		p.MSS = 1 + int(size)
		for len(script) > 2 && len(p.Packets) < 300 {
			op, first := script[0]%10, script[1]
			n := min(int(script[2]), len(script)-3)
			body := script[3 : 3+n]
			fr := wstest.NewFrame(frame.Opcode(first&0xF), body)
			fr.Header.Fin, fr.Header.RSV = first&0x80 != 0, first>>4&7
			switch op {
			case 0, 2:
				p.c(fr)
			case 1, 3:
				p.s(fr)
			case 4:
				p.Wait(time.Duration(first) * time.Second)
			case 5:
				p.LoseClient(int(first))
			case 6:
				p.ServerFin()
			case 7:
				p.ClientFin()
			case 8:
				p.ServerAck().ClientAck()
			case 9:
				p.ClientReset()
			}
			script = script[3+n:]
		}
		r := judge(t, p.Packets, dissect.Options{})
		for _, a := range r.found {
			if a.Text == "" {
				t.Errorf("%s has no text", a.Rule.Code())
			}
		}
		again := judge(t, p.Packets, dissect.Options{})
		if got, want := fmt.Sprint(again.codes()), fmt.Sprint(r.codes()); got != want {
			t.Errorf("found %s, then %s", want, got)
		}
	})
}

// TestLimits holds that a limit is told once for each message, and what is inferred or
// lost once for each side and loss.
func TestLimits(t *testing.T) {
	p := newPlay("permessage-deflate")
	p.s(wstest.Text(string(make([]byte, 51))), wstest.Text(string(make([]byte, 50))), wstest.Text(string(make([]byte, 52))))
	p.s(wstest.NewFrame(frame.Binary, deflate(string(make([]byte, 1000)))).RSV(frame.RSV1))
	r := judge(t, p.bye().Packets, dissect.Options{Limits: dissect.Limits{Message: 50}})
	if got, want := fmt.Sprint(r.codes()), "[s2c limit-message-size s2c limit-message-size s2c limit-inflated-size]"; got != want {
		t.Errorf("found %s, want %s", got, want)
	}

	p = newPlay()
	for range 3 {
		p.c(wstest.NewFrame(frame.Text, deflate("hello")).RSV(frame.RSV1))
	}
	inferred := 0
	for _, code := range judge(t, p.bye().Packets, dissect.Options{}).codes() {
		if code == "c2s compression-inferred" {
			inferred++
		}
	}
	if inferred != 1 {
		t.Errorf("compression is inferred %d times", inferred)
	}
}
