package dissect_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/reassembly"
)

// told writes events down, a line each, so that a test can be read.
type told struct {
	strings.Builder
}

// Emit implements dissect.Sink.
func (s *told) Emit(e dissect.Event) error {
	switch e := e.(type) {
	case *dissect.Handshake:
		fmt.Fprintf(s, "%s handshake %s %d upgraded=%t accept=%d", where(e), e.URI, e.Status, e.Upgraded, e.AcceptOK)
	case *dissect.Body:
		fmt.Fprintf(s, "%s body of %s %d %q from %d", where(e), e.Request.Target, e.Length, short(e.Payload), e.FirstPacket)
		if e.Response != nil {
			fmt.Fprintf(s, " status %d", e.Response.Status)
		}
		if !e.Complete {
			fmt.Fprintf(s, " incomplete, truncated %t", e.Truncated)
		}
	case *dissect.Frame:
		fmt.Fprintf(s, "%s frame %s", where(e), e.Header.Opcode)
		if !e.Header.Fin {
			s.WriteString(" more")
		}
		fmt.Fprintf(s, " %d %q", e.Header.Length, short(e.Payload))
		if len(e.Holes) > 0 {
			fmt.Fprintf(s, " holes=%v", e.Holes)
		}
		if !e.Complete {
			s.WriteString(" incomplete")
		}
	case *dissect.Message:
		fmt.Fprintf(s, "%s message %s %d %q", where(e), e.Opcode, e.Length, short(e.Payload))
		if e.Inferred {
			s.WriteString(" inferred")
		}
		if !e.Complete {
			fmt.Fprintf(s, " not whole: %s", e.Why)
		}
	case *dissect.Anomaly:
		fmt.Fprintf(s, "%s anomaly %s", where(e), e.Rule.Code())
	case *dissect.Gap:
		fmt.Fprintf(s, "%s gap %s at %d, %d bytes", where(e), e.Cause, e.Offset, e.Len)
	case *dissect.Closed:
		fmt.Fprintf(s, "%s closed %s by %q", where(e), e.How, e.By)
	case *dissect.Summary:
		return nil
	}
	s.WriteByte('\n')
	return nil
}

func where(e dissect.Event) string {
	m := e.Head()
	dir := m.Dir.String()
	if dir == "" {
		dir = "???"
	}
	return fmt.Sprintf("%d %s", m.Packet.Number, dir)
}

func short(b []byte) string {
	if len(b) > 24 {
		return string(b[:20]) + fmt.Sprintf("...%d", len(b))
	}
	return string(b)
}

// dissected runs segments through a dissection and gives what it told. The events must
// pass the Validator.
func dissected(t testing.TB, segments []reassembly.Segment, o dissect.Options) string {
	t.Helper()
	var s told
	v := wstest.Validator{Next: &s, Poison: true}
	d := dissect.New(o, &v)
	for i := range segments {
		seg := segments[i]
		seg.Payload = append([]byte(nil), seg.Payload...)
		if err := d.Push(&seg); err != nil {
			t.Fatal(err)
		}
		for j := range seg.Payload {
			seg.Payload[j] = 0xEE // the loan is over
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := v.Err(); err != nil {
		t.Errorf("%v\n%s", err, s.String())
	}
	return s.String()
}

// lines compares what was told with what a test wants, both without outer blanks.
func lines(t *testing.T, got, want string) {
	t.Helper()
	clean := func(s string) string {
		var b strings.Builder
		for l := range strings.Lines(s) {
			if l = strings.TrimSpace(l); l != "" {
				b.WriteString(l + "\n")
			}
		}
		return b.String()
	}
	if got, want := clean(got), clean(want); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
