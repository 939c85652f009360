package reassembly_test

import (
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/reassembly"
)

// bytesOf keeps what the client sends.
type bytesOf struct{ strings.Builder }

func (s *bytesOf) Data(p reassembly.Piece) {
	if p.Dir == reassembly.AtoB {
		s.Write(p.Data)
	}
}
func (s *bytesOf) Gap(g reassembly.Gap) {
	if g.Dir == reassembly.AtoB {
		s.WriteByte('_')
	}
}
func (*bytesOf) Note(reassembly.Note) {}
func (*bytesOf) End(reassembly.End)   {}

// The octet that a keep-alive makes up does not take the place of one that the capture
// has later, or never.
func TestKeepAliveBeforeData(t *testing.T) {
	for _, c := range []struct {
		name  string
		order []int // of "one", "two", "x", and the keep-alive behind them
		want  string
	}{
		{"behind all", []int{0, 1, 2, 3}, "onetwox"},
		{"before what it repeats", []int{0, 1, 3, 2}, "onetwox"},
		{"before all", []int{3, 0, 1, 2}, "onetwox"},
		{"of what is lost", []int{0, 1, 3}, "onetwo"},
		{"behind a hole", []int{0, 3, 2}, "one_x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk := wstest.Talk4().Open().Client([]byte("one")).Client([]byte("two")).Client([]byte("x")).ServerAck()
			all := talk.Packets
			probe := all[5]
			probe.Payload, probe.Flags, probe.Ack = []byte{0}, reassembly.ACK, all[5].Ack
			ps := append(wstest.Packets{}, all[:3]...)
			ps = append(ps, all[6]) // the server has it all
			for _, i := range c.order {
				if i == 3 {
					ps = append(ps, probe)
				} else {
					ps = append(ps, all[3+i])
				}
			}
			var s bytesOf
			a := reassembly.New(reassembly.Config{New: func(reassembly.Conn) reassembly.Stream { return &s }})
			for _, seg := range ps.Segments() {
				a.Push(&seg)
			}
			a.Close(reassembly.PacketRef{Number: int64(len(ps)), Time: ps[len(ps)-1].Time})
			if got := s.String(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
