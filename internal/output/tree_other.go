package output

import (
	"strconv"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/rules"
)

// message prints a message that was not printed with the frame that completes it.
func (t *tree) message(m *dissect.Message) {
	if m.Order.Phase == dissect.PhasePacket {
		t.packet(&m.Meta)
	} else {
		t.about(&m.Meta)
	}
	color := t.pal.opcode(m.Opcode)
	b := append(t.b, "[Message: "...)
	b = append(b, color.on...)
	b = append(b, opcodeName(m.Opcode)...)
	b = append(b, color.off...)
	b = append(b, ", "...)
	b = appendCount(b, m.Length, "byte")
	b = append(b, ", "...)
	b = appendCount(b, uint64(m.Frames), "frame")
	t.b = append(b, "]\n"...)
	t.content(m)
	t.fragments(m)
	if t.o.Hex && len(m.Payload) > 0 {
		t.dumps = appendSource(t.dumps, "Message", m.Payload, t.o.MaxPayload)
	}
}

// anomaly prints a violation under what it is about.
func (t *tree) anomaly(a *dissect.Anomaly) {
	switch {
	case t.continues(&a.Meta):
	case a.Order.Phase == dissect.PhasePacket:
		t.packet(&a.Meta)
	default:
		t.about(&a.Meta)
	}
	t.b = append(t.b, "    "...)
	color := t.pal.severity(a.Rule.Rule().Severity)
	t.b = append(t.b, color.on...)
	t.b = append(t.b, "[Expert Info ("...)
	t.b = append(t.b, severityName(a.Rule.Rule().Severity)...)
	t.b = append(t.b, "/websocket): "...)
	t.b = appendViolation(t.b, a)
	t.b = append(t.b, ']')
	t.b = append(t.b, color.off...)
	t.b = append(t.b, '\n')
}

// appendViolation appends code, text and source of an anomaly.
func appendViolation(b []byte, a *dissect.Anomaly) []byte {
	rule := a.Rule.Rule()
	b = append(b, rule.Code...)
	if a.Text != "" {
		b = append(b, ": "...)
		b = appendEscaped(b, a.Text)
	}
	if rule.RFC != "" {
		b = append(b, " ("...)
		b = append(b, rule.RFC...)
		b = append(b, ')')
	}
	return b
}

// severityName is Wireshark's name of a severity.
func severityName(s rules.Severity) string {
	switch s {
	case rules.Error:
		return "Error"
	case rules.Warning:
		return "Warning"
	}
	return "Note"
}

// gap prints a hole in the capture, or the place where frames were found again.
func (t *tree) gap(g *dissect.Gap) {
	t.about(&g.Meta)
	t.b = append(t.b, t.pal.warn.on...)
	t.b = append(t.b, '[')
	t.b = appendGap(t.b, g)
	t.b = append(t.b, ']')
	t.b = append(t.b, t.pal.warn.off...)
	t.b = append(t.b, '\n')
}

func appendGap(b []byte, g *dissect.Gap) []byte {
	direction := directionName(g.Dir)
	if g.Resync {
		b = append(b, "Resync: frames found again"...)
		if direction != "" {
			b = append(b, " from "...)
			b = append(b, direction...)
		}
		if g.Len > 0 {
			b = append(b, ", "...)
			b = appendCount(b, uint64(g.Len), "byte")
			b = append(b, " skipped"...)
		}
		return b
	}
	b = append(b, "Gap: "...)
	if g.Len > 0 {
		b = appendCount(b, uint64(g.Len), "byte")
	} else {
		b = append(b, "an unknown number of bytes"...)
	}
	if direction != "" {
		b = append(b, " of "...)
		b = append(b, direction...)
	}
	b = append(b, " missing"...)
	if g.Cause != "" {
		b = append(b, " ("...)
		b = appendEscaped(b, g.Cause)
		b = append(b, ')')
	}
	return b
}

func directionName(d dissect.Dir) string {
	switch d {
	case dissect.ClientToServer:
		return "client to server"
	case dissect.ServerToClient:
		return "server to client"
	}
	return ""
}

// closed prints the end of a connection.
func (t *tree) closed(c *dissect.Closed) {
	t.about(&c.Meta)
	t.b = append(t.b, t.pal.ending.on...)
	t.b = append(t.b, '[')
	t.b = appendClosed(t.b, c)
	t.b = append(t.b, ']')
	t.b = append(t.b, t.pal.ending.off...)
	t.b = append(t.b, '\n')
	t.traffic("    [Client: ", &c.Client)
	t.traffic("    [Server: ", &c.Server)
}

// appendClosed appends who ended a connection, how, with which codes, and when.
func appendClosed(b []byte, c *dissect.Closed) []byte {
	if c.How == dissect.HowCapture {
		b = append(b, "Connection open at the end of the capture"...)
	} else {
		b = append(b, "Connection closed"...)
		switch c.By {
		case dissect.ClientToServer:
			b = append(b, " by client"...)
		case dissect.ServerToClient:
			b = append(b, " by server"...)
		}
		b = append(b, ": "...)
		b = append(b, c.How.String()...)
	}
	if c.Client.CloseSent || c.Server.CloseSent {
		b = append(b, ", "...)
		b = appendCloseCode(b, &c.Client)
		b = append(b, '/')
		b = appendCloseCode(b, &c.Server)
	}
	b = append(b, ", after "...)
	b = appendSeconds(b, int64(c.Duration), 6)
	b = append(b, " seconds"...)
	if c.BrowserCode != 0 {
		b = append(b, "; a browser reports "...)
		b = strconv.AppendUint(b, uint64(c.BrowserCode), 10)
	}
	return b
}

// appendCloseCode appends the code of a direction's Close frame: "none" without the
// frame, "empty" for one without a code.
func appendCloseCode(b []byte, d *dissect.Traffic) []byte {
	switch {
	case !d.CloseSent:
		return append(b, "none"...)
	case d.CloseCode == 0:
		return append(b, "empty"...)
	}
	return strconv.AppendUint(b, uint64(d.CloseCode), 10)
}

func (t *tree) traffic(before string, d *dissect.Traffic) {
	b := append(t.b, before...)
	b = appendCount(b, uint64(d.Frames), "frame")
	b = append(b, ", "...)
	b = appendCount(b, uint64(d.Messages), "message")
	b = append(b, ", "...)
	b = appendCount(b, d.Payload, "payload byte")
	if d.Inflated != d.Payload {
		b = append(b, " ("...)
		b = strconv.AppendUint(b, d.Inflated, 10)
		b = append(b, " in messages)"...)
	}
	b = append(b, ", "...)
	b = appendCount(b, uint64(d.Stream), "byte")
	b = append(b, " in all"...)
	if d.Lost > 0 {
		b = append(b, ", "...)
		b = appendCount(b, uint64(d.Lost), "byte")
		b = append(b, " missing"...)
	}
	t.b = append(b, "]\n"...)
	if d.LastPacket != 0 || d.End.Packet.Number != 0 {
		t.ending(d)
	}
	if d.Pings.Sent > 0 {
		t.pings(&d.Pings)
	}
}

// ending prints the last frame of a direction and how it ended.
func (t *tree) ending(d *dissect.Traffic) {
	b := append(t.b, "        [Last frame: "...)
	if d.LastPacket == 0 {
		b = append(b, "none"...)
	} else {
		b = append(b, frameName(d.LastOpcode)...)
		b = append(b, " in packet "...)
		b = strconv.AppendInt(b, d.LastPacket, 10)
	}
	if d.End.Packet.Number != 0 {
		b = append(b, "; end: "...)
		b = append(b, d.End.Reason.String()...)
		b = append(b, " in packet "...)
		b = strconv.AppendInt(b, d.End.Packet.Number, 10)
	}
	t.b = append(b, "]\n"...)
}

// pings prints how the Pings of an endpoint were answered.
func (t *tree) pings(p *dissect.Pings) {
	b := append(t.b, "        ["...)
	b = appendCount(b, uint64(p.Sent), "ping")
	b = append(b, ", "...)
	b = strconv.AppendInt(b, p.Answered, 10)
	b = append(b, " answered"...)
	if p.Unanswered > 0 {
		b = append(b, ", the last "...)
		b = strconv.AppendInt(b, p.Unanswered, 10)
		b = append(b, " not"...)
	}
	if p.Answered > 0 {
		b = append(b, "; round trip "...)
		b = appendSeconds(b, int64(p.Min), 6)
		b = append(b, " to "...)
		b = appendSeconds(b, int64(p.Max), 6)
		b = append(b, " seconds, "...)
		b = appendSeconds(b, int64(p.Mean()), 6)
		b = append(b, " on average"...)
	}
	t.b = append(b, "]\n"...)
}

// frameName is Wireshark's name of a frame in the list.
func frameName(o frame.Opcode) string {
	if o.IsReserved() {
		return "Unknown Opcode"
	}
	return opcodeName(o)
}
