package output

import (
	"strconv"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/rules"
)

// appendSummary appends the summary for people, a line for each number that matters.
func appendSummary(b []byte, s *dissect.Summary) []byte {
	for _, line := range []struct {
		name   string
		n      int64
		always bool
	}{
		{"Packets", s.Packets, true},
		{"Bytes", s.Bytes, true},
		{"TCP connections", s.TCPConnections, true},
		{"left out by port", s.OtherPorts, false},
		{"HTTP, not WebSocket", s.HTTPConnections, false},
		{"TLS without keys", s.TLSConnections, false},
		{"WebSocket connections", s.WebSocketConnections, true},
		{"found without a handshake", s.Midstream, false},
		{"Handshakes", s.Handshakes, true},
		{"Frames", s.Frames, true},
		{"Messages", s.Messages, true},
		{"Errors", s.Anomalies[rules.Error], true},
		{"Warnings", s.Anomalies[rules.Warning], true},
		{"Notes", s.Anomalies[rules.Note], true},
		{"Gaps", s.Gaps, true},
		{"Bytes lost", s.LostBytes, true},
	} {
		if line.always || line.n != 0 {
			b = appendAligned(b, line.name, line.n)
		}
	}
	for why, n := range s.Incomplete {
		if n > 0 {
			b = append(b, "Messages not whole: "...)
			b = append(b, dissect.Why(why).String()...)
			b = append(b, ": "...)
			b = strconv.AppendInt(b, n, 10)
			b = append(b, '\n')
		}
	}
	b = appendCounts(b, "Limit reached", s.Limits)
	b = appendCounts(b, "Packets left out", s.LeftOut)
	b = appendCounts(b, "Packets dropped", s.Dropped)
	for i := range s.Damaged {
		d := &s.Damaged[i]
		b = append(b, "Damaged: "...)
		b = appendEscaped(b, d.File)
		b = append(b, " at offset "...)
		b = strconv.AppendInt(b, d.Offset, 10)
		b = append(b, ": "...)
		b = appendEscaped(b, d.Text)
		b = append(b, '\n')
	}
	return b
}

// appendCounts appends a line for each reason.
func appendCounts(b []byte, what string, counts []dissect.Count) []byte {
	for i := range counts {
		b = append(b, what...)
		b = append(b, ": "...)
		b = appendEscaped(b, counts[i].Reason)
		b = append(b, ": "...)
		b = strconv.AppendInt(b, counts[i].N, 10)
		b = append(b, '\n')
	}
	return b
}

// appendAligned appends a line of two columns.
func appendAligned(b []byte, name string, n int64) []byte {
	const nameWidth, numberWidth = 26, 14
	b = append(b, name...)
	b = appendSpaces(b, nameWidth-len(name))
	var digits [20]byte
	number := strconv.AppendInt(digits[:0], n, 10)
	b = appendSpaces(b, numberWidth-len(number))
	b = append(b, number...)
	return append(b, '\n')
}

func appendSpaces(b []byte, n int) []byte {
	for ; n > 0; n-- {
		b = append(b, ' ')
	}
	return b
}
