package dissect_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// snapped cuts each packet to so many payload bytes.
func snapped(t *wstest.Talk, n int) *wstest.Talk {
	for i := range t.Packets {
		p := &t.Packets[i]
		p.Cut = max(0, len(p.Payload)-n)
	}
	return t
}

// With a snap length, what was cut is a hole of known size, and all headers come out as
// long as they were captured. A handshake that was cut behind its status line is one.
func TestSnapLength(t *testing.T) {
	for _, n := range []int{35, 60, 100} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			talk := deflated("")
			for i := range 5 {
				talk.Server(wstest.Text(strings.Repeat("s", 200+i)).Bytes()).ClientAck()
				talk.Client(wstest.Text(strings.Repeat("c", 300+i)).Masked().Bytes()).ServerAck()
			}
			got := dissected(t, snapped(talk, n).Segments(), dissect.Options{})
			if count(got, "upgraded=true") != 1 || count(got, "s2c frame text 20") != 5 || count(got, "c2s frame text 30") != 5 {
				t.Error(got)
			}
			for i := range 5 { // a header of the server has 4 bytes, of the client 8
				for _, hole := range []string{fmt.Sprintf("holes=[{%d %d}]", n-4, 200+i-(n-4)), fmt.Sprintf("holes=[{%d %d}]", n-8, 300+i-(n-8))} {
					if count(got, hole) != 1 {
						t.Errorf("missing %s in\n%s", hole, got)
					}
				}
			}
		})
	}
}

// Where the handshake is cut, what was agreed is not known: the bytes tell of compression.
func TestSnappedHandshakeLeavesExtensionsOpen(t *testing.T) {
	for _, agreed := range []bool{true, false} {
		t.Run(fmt.Sprint(agreed), func(t *testing.T) {
			talk := opened()
			if agreed {
				talk = deflated("")
			}
			for i := range talk.Packets {
				if p := &talk.Packets[i]; len(p.Payload) > 40 {
					p.Cut = len(p.Payload) - 40
				}
			}
			for i := range 12 {
				payload := fmt.Sprintf("number %d of the messages%s", i, strings.Repeat("!", i*i))
				f := wstest.Text(payload)
				if agreed {
					f = new(compressor).message(payload)
				}
				talk.Server(f.Bytes()).ClientAck()
			}
			got := dissected(t, talk.Segments(), dissect.Options{})
			if count(got, "upgraded=true") != 1 || count(got, `"number 11 of the mes`) == 0 || count(got, "not whole") != 0 {
				t.Error(got)
			}
		})
	}
}

// Right behind a handshake that is cut, the first frame is not one of many that might land
// where the next begins: what is cut away is no place for one.
func TestFirstFrameBehindCutHandshake(t *testing.T) {
	talk := deflated("")
	for i := range talk.Packets {
		if p := &talk.Packets[i]; len(p.Payload) > 40 {
			p.Cut = len(p.Payload) - 40
		}
	}
	c := new(compressor)
	for i := range 6 {
		talk.Server(c.message(fmt.Sprintf("number %d of all the messages that this server has in mind to send, %d", i, i*i*i)).Bytes()).ClientAck()
	}
	got := dissected(t, talk.Segments(), dissect.Options{})
	if count(got, "s2c frame text") != 6 {
		t.Error(got)
	}
}
