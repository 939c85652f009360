package output

import (
	"strconv"
	"time"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/rules"
)

func (j *jsonLines) anomaly(a *dissect.Anomaly) {
	j.open("anomaly", &a.Meta)
	rule := a.Rule.Rule()
	j.token("code", rule.Code)
	j.token("severity", rule.Severity.String())
	j.optional("rfc", rule.RFC)
	j.str("text", a.Text)
}

func (j *jsonLines) gap(g *dissect.Gap) {
	j.open("gap", &g.Meta)
	j.num("offset", g.Offset)
	if g.Len > 0 {
		j.num("length", g.Len)
	}
	j.optional("cause", g.Cause)
	if g.Resync {
		j.truth("resync", true)
	}
}

func (j *jsonLines) closed(c *dissect.Closed) {
	j.open("close", &c.Meta)
	switch {
	case c.By == dissect.ClientToServer:
		j.token("by", "client")
	case c.By == dissect.ServerToClient:
		j.token("by", "server")
	case c.How == dissect.HowCapture:
		j.token("by", "capture end")
	}
	j.token("how", c.How.String())
	j.seconds("duration", c.Duration)
	if c.Client.CloseSent && c.Server.CloseSent {
		j.truth("echo", c.Client.CloseCode == c.Server.CloseCode)
	}
	if c.BrowserCode != 0 {
		j.unsigned("browser_code", uint64(c.BrowserCode))
	}
	j.traffic(clientNames(), &c.Client)
	j.traffic(serverNames(), &c.Server)
}

func (j *jsonLines) seconds(name string, d time.Duration) {
	j.key(name)
	j.b = appendSeconds(j.b, int64(d), 9)
}

// trafficNames are the names of what one direction sent.
type trafficNames struct {
	frames, messages, payload, inflated, stream, lost string
	sent, code, reason, reasonBytes                   string
	end, endPacket, lastOpcode, lastPacket            string
	pings                                             pingNames
}

// pingNames are the names of how Pings were answered.
type pingNames struct {
	sent, answered, unanswered string
	least, mean, most          string
}

func clientNames() trafficNames {
	return trafficNames{
		frames: "client_frames", messages: "client_messages",
		payload: "client_payload_bytes", inflated: "client_message_bytes",
		stream: "client_bytes", lost: "client_lost_bytes",
		sent: "client_close_sent", code: "client_close_code",
		reason: "client_close_reason", reasonBytes: "client_close_reason_bytes",
		end: "client_end", endPacket: "client_end_packet",
		lastOpcode: "client_last_opcode", lastPacket: "client_last_packet",
		pings: pingNames{
			sent: "client_pings", answered: "client_pings_answered", unanswered: "client_pings_unanswered",
			least: "client_ping_rtt_min", mean: "client_ping_rtt_mean", most: "client_ping_rtt_max",
		},
	}
}

func serverNames() trafficNames {
	return trafficNames{
		frames: "server_frames", messages: "server_messages",
		payload: "server_payload_bytes", inflated: "server_message_bytes",
		stream: "server_bytes", lost: "server_lost_bytes",
		sent: "server_close_sent", code: "server_close_code",
		reason: "server_close_reason", reasonBytes: "server_close_reason_bytes",
		end: "server_end", endPacket: "server_end_packet",
		lastOpcode: "server_last_opcode", lastPacket: "server_last_packet",
		pings: pingNames{
			sent: "server_pings", answered: "server_pings_answered", unanswered: "server_pings_unanswered",
			least: "server_ping_rtt_min", mean: "server_ping_rtt_mean", most: "server_ping_rtt_max",
		},
	}
}

func (j *jsonLines) traffic(n trafficNames, d *dissect.Traffic) {
	j.num(n.frames, d.Frames)
	j.num(n.messages, d.Messages)
	j.unsigned(n.payload, d.Payload)
	j.unsigned(n.inflated, d.Inflated)
	j.num(n.stream, d.Stream)
	j.num(n.lost, d.Lost)
	j.truth(n.sent, d.CloseSent)
	if d.CloseCode != 0 {
		j.unsigned(n.code, uint64(d.CloseCode))
	}
	if d.CloseReason != "" {
		j.textOrBytes(n.reason, n.reasonBytes, []byte(d.CloseReason))
	}
	if d.LastPacket != 0 {
		j.token(n.lastOpcode, d.LastOpcode.String())
		j.num(n.lastPacket, d.LastPacket)
	}
	if d.End.Packet.Number != 0 {
		j.token(n.end, d.End.Reason.String())
		j.num(n.endPacket, d.End.Packet.Number)
	}
	j.pings(n.pings, &d.Pings)
}

func (j *jsonLines) pings(n pingNames, p *dissect.Pings) {
	j.num(n.sent, p.Sent)
	j.num(n.answered, p.Answered)
	j.num(n.unanswered, p.Unanswered)
	if p.Answered > 0 {
		j.seconds(n.least, p.Min)
		j.seconds(n.mean, p.Mean())
		j.seconds(n.most, p.Max)
	}
}

func (j *jsonLines) summary(s *dissect.Summary) {
	j.open("summary", &s.Meta)
	j.num("packets", s.Packets)
	j.num("bytes", s.Bytes)
	j.num("tcp_connections", s.TCPConnections)
	j.num("http_connections", s.HTTPConnections)
	j.num("tls_connections", s.TLSConnections)
	j.num("websocket_connections", s.WebSocketConnections)
	j.num("midstream_connections", s.Midstream)
	j.num("other_port_connections", s.OtherPorts)
	j.num("handshakes", s.Handshakes)
	j.num("frames", s.Frames)
	j.num("messages", s.Messages)
	j.key("anomalies")
	j.b = append(j.b, `{"error":`...)
	j.b = strconv.AppendInt(j.b, s.Anomalies[rules.Error], 10)
	j.num("warning", s.Anomalies[rules.Warning])
	j.num("note", s.Anomalies[rules.Note])
	j.b = append(j.b, '}')
	j.num("gaps", s.Gaps)
	j.num("lost_bytes", s.LostBytes)
	j.pings(pingNames{
		sent: "pings", answered: "pings_answered", unanswered: "pings_unanswered",
		least: "ping_rtt_min", mean: "ping_rtt_mean", most: "ping_rtt_max",
	}, &s.Pings)
	j.incomplete(s)
	if s.Limits != nil {
		j.counts("limits", s.Limits)
	}
	j.counts("left_out", s.LeftOut)
	if s.Dropped != nil {
		j.counts("dropped", s.Dropped)
	}
	j.damaged(s.Damaged)
}

// incomplete counts the messages that are not shown whole, by reason.
func (j *jsonLines) incomplete(s *dissect.Summary) {
	j.key("incomplete")
	open := byte('{')
	for why, n := range s.Incomplete {
		if n == 0 {
			continue
		}
		j.b = append(j.b, open)
		open = ','
		j.quote(dissect.Why(why).String())
		j.b = append(j.b, ':')
		j.b = strconv.AppendInt(j.b, n, 10)
	}
	if open == '{' {
		j.b = append(j.b, open)
	}
	j.b = append(j.b, '}')
}

// counts prints the reasons as keys; one that comes twice is added up.
func (j *jsonLines) counts(name string, counts []dissect.Count) {
	j.key(name)
	j.b = append(j.b, '{')
	first := true
	for i := range counts {
		sum, seen := int64(0), false
		for k := range counts {
			if counts[k].Reason == counts[i].Reason {
				seen = seen || k < i
				sum += counts[k].N
			}
		}
		if seen {
			continue
		}
		if !first {
			j.b = append(j.b, ',')
		}
		first = false
		j.quote(counts[i].Reason)
		j.b = append(j.b, ':')
		j.b = strconv.AppendInt(j.b, sum, 10)
	}
	j.b = append(j.b, '}')
}

func (j *jsonLines) damaged(list []dissect.Damage) {
	j.key("damaged")
	j.b = append(j.b, '[')
	for i := range list {
		if i > 0 {
			j.b = append(j.b, ',')
		}
		j.b = append(j.b, `{"file":`...)
		j.quote(list[i].File)
		j.num("offset", list[i].Offset)
		j.str("text", list[i].Text)
		j.b = append(j.b, '}')
		j.spill()
	}
	j.b = append(j.b, ']')
}
