package output

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/http1"
	"github.com/wsdissect/wsdissect/reassembly"
	"github.com/wsdissect/wsdissect/rules"
)

func reportOf(o Options) func(*bytes.Buffer) Printer {
	return func(b *bytes.Buffer) Printer { return NewReport(b, o) }
}

// judgedConn is a connection whose events are made by hand.
type judgedConn struct{ *reassembly.Conn }

func newJudgedConn(id int64) judgedConn {
	return judgedConn{connection(id, "10.0.0.1:50000", "10.0.0.2:80")}
}

func (c judgedConn) meta(packet int64, d dissect.Dir) dissect.Meta {
	m := dissect.Meta{Packet: reassembly.PacketRef{Number: packet}, FirstPacket: packet, Conn: c.Conn, Dir: d}
	if d == dissect.ServerToClient {
		m.Way = reassembly.BtoA
	}
	return m
}

func (c judgedConn) handshake(packet int64, status int) dissect.Event {
	return &dissect.Handshake{
		Meta:    c.meta(packet, dissect.ServerToClient),
		Request: &http1.Head{Request: true}, Response: &http1.Head{Status: status},
		URI: "/chat\x1b[2J", Status: status, Upgraded: status == 101,
	}
}

func (c judgedConn) anomaly(packet int64, id rules.ID) dissect.Event {
	return &dissect.Anomaly{Meta: c.meta(packet, dissect.ClientToServer), Rule: id, Text: fmt.Sprint("seen in ", packet)}
}

func (c judgedConn) closed(packet int64) dissect.Event {
	return &dissect.Closed{Meta: c.meta(packet, dissect.ServerToClient), How: dissect.HowHandshake}
}

// TestReportPutsTheWorstFirst: by severity, and of each in the order of the capture.
func TestReportPutsTheWorstFirst(t *testing.T) {
	c := newJudgedConn(1)
	got := print(t, reportOf(Options{}), []dissect.Event{
		c.handshake(5, 101),
		c.anomaly(6, rules.PongUnsolicited), c.anomaly(7, rules.MaskKeyZero),
		c.anomaly(8, rules.FrameRSVSet), c.anomaly(900, rules.FrameClientUnmasked),
		c.closed(901), &dissect.Summary{},
	})
	want := `Connection 1: 10.0.0.1:50000 → 10.0.0.2:80
  URI: /chat\033[2J
  error    packet   8  client  frame-rsv-set: seen in 8 (RFC 6455 5.2)
  error    packet 900  client  frame-client-unmasked: seen in 900 (RFC 6455 5.1)
  warning  packet   7  client  mask-key-zero: seen in 7 (RFC 6455 5.3, 10.3)
  note     packet   6  client  pong-unsolicited: seen in 6 (RFC 6455 5.5.3)
  2 errors, 1 warning, 1 note

Verdict: 2 errors, 1 warning, 1 note in 1 connection; 0 without findings
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestReportOfARetry: a connection on which a refused handshake is repeated is one.
func TestReportOfARetry(t *testing.T) {
	c, d := newJudgedConn(1), newJudgedConn(20)
	got := print(t, reportOf(Options{}), []dissect.Event{
		c.handshake(5, 401), c.anomaly(5, rules.ReqHasBody),
		d.handshake(25, 404),
		c.handshake(30, 101), c.closed(31), &dissect.Summary{},
	})
	if n := strings.Count(got, "Connection "); n != 1 || !strings.HasSuffix(got, "in 2 connections; 1 without findings\n") {
		t.Errorf("got %s", got)
	}
}

// TestReportIsBounded: what is over the limits is counted, and shown early.
func TestReportIsBounded(t *testing.T) {
	c := newJudgedConn(1)
	events := []dissect.Event{c.handshake(5, 101)}
	for n := range int64(maxFindings + 7) {
		events = append(events, c.anomaly(6+n, rules.MaskKeyZero))
	}
	got := print(t, reportOf(Options{}), append(events, c.closed(9999), &dissect.Summary{}))
	if n := strings.Count(got, "mask-key-zero"); n != maxFindings || !strings.Contains(got, "  and 7 more\n  0 errors, 1007 warnings, 0 notes\n") {
		t.Errorf("%d findings of %d are shown, then %q", n, maxFindings+7, got[len(got)-200:])
	}

	var out bytes.Buffer
	p := NewReport(&out, Options{}).(*report)
	for id := range int64(maxRefused + 10) {
		if err := p.Emit(newJudgedConn(id+1).handshake(id+5, 403)); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.conns) != maxRefused || p.total != 10 {
		t.Errorf("%d connections are held, %d are done", len(p.conns), p.total)
	}
}
