package output

import (
	"cmp"
	"io"
	"slices"
	"strconv"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/rules"
)

// report prints what was held against each connection when that has ended, the worst
// first, and a verdict in the end. Connections without findings are only counted.
//
// Of what a connection does not let be judged, because the capture lacks it, a line tells.
type report struct {
	writer
	pal     Palette
	conns   map[int64]*account
	refused []int64 // connections on which a handshake was refused, the oldest first

	// of the whole
	counts                [4]int64 // findings, by severity
	total, clean, partial int64    // connections; those without findings, and of these the ones judged in part
}

// account is what is known of a connection.
type account struct {
	conn       int64
	client     string // address
	server     string
	uri        string
	status     int
	agreed     []string
	findings   []finding
	counts     [4]int64
	unjudged   []string
	incomplete [dissect.NumWhy]int64
	gaps, lost int64
}

// finding is an anomaly, without what is on loan.
type finding struct {
	rule   rules.ID
	packet int64
	dir    dissect.Dir
	text   string
}

// What is held at most.
const (
	maxFindings = 1000 // of a connection; the rest is counted
	maxRefused  = 4096 // connections
)

// NewReport prints the report.
func NewReport(w io.Writer, o Options) Printer {
	return &report{
		writer: writer{w: w, each: o.LineFlush},
		pal:    o.Palette,
		conns:  map[int64]*account{},
	}
}

// Emit implements dissect.Sink.
func (r *report) Emit(e dissect.Event) error {
	if r.err != nil {
		return r.err
	}
	m := e.Head()
	if s, ok := e.(*dissect.Summary); ok {
		r.verdict(s)
		return r.end()
	}
	a := r.account(m)
	switch e := e.(type) {
	case *dissect.Handshake:
		a.handshake(e)
		if !e.Upgraded {
			r.hold(a)
		}
	case *dissect.Anomaly:
		a.find(e)
	case *dissect.Gap:
		if !e.Resync {
			a.gaps++
			a.lost += e.Len
		}
	case *dissect.Message:
		a.incomplete[e.Why]++
	case *dissect.Closed:
		a.ended(e)
		r.close(a)
	}
	return r.err
}

// hold keeps a connection on which a handshake was refused, of which no event may tell the
// end. It may be asked again.
func (r *report) hold(a *account) {
	if r.refused = append(r.refused, a.conn); len(r.refused) <= maxRefused {
		return
	}
	oldest := r.conns[r.refused[0]]
	r.refused = r.refused[1:]
	if oldest != nil {
		r.close(oldest)
	}
}

// account is that of the connection of an event.
func (r *report) account(m *dissect.Meta) *account {
	a := r.conns[m.Conn.ID]
	if a == nil {
		way := m.Way
		if m.Dir == dissect.ServerToClient {
			way = way.Reverse()
		}
		client, server := m.Conn.Addrs(way)
		a = &account{conn: m.Conn.ID, client: client.String(), server: server.String()}
		r.conns[m.Conn.ID] = a
	}
	return a
}

// handshake notes what was agreed, and what of it the capture lacks.
func (a *account) handshake(e *dissect.Handshake) {
	a.uri, a.status = e.URI, e.Status
	if e.Host != "" {
		a.uri = e.Host + e.URI
	}
	a.agreed = nil
	if e.Subprotocol != "" {
		a.agreed = append(a.agreed, "subprotocol "+e.Subprotocol)
	}
	a.agreed = append(a.agreed, e.Extensions...)
	switch {
	case e.Request == nil:
		a.unjudged = append(a.unjudged, "the handshake request, which was not captured")
	case e.Request.Cut:
		a.unjudged = append(a.unjudged, "the rest of the handshake request, which was not captured")
	}
	switch {
	case e.Response == nil && e.Dropped.Number == 0:
		a.unjudged = append(a.unjudged, "the handshake response, which was not captured")
	case e.Response != nil && e.Response.Cut:
		a.unjudged = append(a.unjudged, "the rest of the handshake response, which was not captured")
	}
}

// find notes an anomaly.
func (a *account) find(e *dissect.Anomaly) {
	if e.Rule == rules.HandshakeInferred {
		a.unjudged = append(a.unjudged, "the handshake, which was not captured")
	}
	a.counts[e.Rule.Rule().Severity]++
	if len(a.findings) < maxFindings {
		a.findings = append(a.findings, finding{e.Rule, e.Packet.Number, e.Dir, e.Text})
	}
}

// ended notes what the capture lacks of the frames.
func (a *account) ended(e *dissect.Closed) {
	if a.gaps > 0 {
		b := append([]byte("what "), ""...)
		b = appendCount(b, uint64(a.lost), "byte")
		b = append(b, " hold, which were not captured ("...)
		b = appendCount(b, uint64(a.gaps), "gap")
		a.unjudged = append(a.unjudged, string(b)+")")
	}
	for why, n := range a.incomplete {
		if why := dissect.Why(why); n > 0 && why != dissect.WhyNone && why != dissect.WhyUnfinished && why != dissect.WhyGap {
			b := append([]byte("the content of "), ""...)
			b = appendCount(b, uint64(n), "message")
			a.unjudged = append(a.unjudged, string(b)+": "+why.String())
		}
	}
	if e.How == dissect.HowCapture {
		a.unjudged = append(a.unjudged, "the end of the connection, which comes after that of the capture")
	}
}

// close prints a connection, or counts it.
func (r *report) close(a *account) {
	delete(r.conns, a.conn)
	r.total++
	for s, n := range a.counts {
		r.counts[s] += n
	}
	if len(a.findings) == 0 {
		r.clean++
		if len(a.unjudged) > 0 {
			r.partial++
		}
		return
	}
	r.heading(a)
	slices.SortStableFunc(a.findings, func(x, y finding) int {
		return cmp.Compare(y.rule.Rule().Severity, x.rule.Rule().Severity)
	})
	width := 0
	for i := range a.findings {
		width = max(width, len(strconv.FormatInt(a.findings[i].packet, 10)))
	}
	for i := range a.findings {
		r.finding(&a.findings[i], width)
	}
	if more := a.counts[1] + a.counts[2] + a.counts[3] - int64(len(a.findings)); more > 0 {
		r.b = append(r.b, "  and "...)
		r.b = strconv.AppendInt(r.b, more, 10)
		r.b = append(r.b, " more\n"...)
	}
	for _, what := range a.unjudged {
		r.b = append(r.b, "  not judged: "...)
		r.b = append(r.b, what...)
		r.b = append(r.b, '\n')
	}
	r.b = append(r.b, "  "...)
	r.b = appendSeverities(r.b, a.counts)
	r.b = append(r.b, "\n\n"...)
	r.end()
}

// heading prints who talked to whom about what.
func (r *report) heading(a *account) {
	r.b = append(r.b, r.pal.packet.on...)
	r.b = append(r.b, "Connection "...)
	r.b = strconv.AppendInt(r.b, a.conn, 10)
	r.b = append(r.b, ": "...)
	r.b = append(r.b, a.client...)
	r.b = append(r.b, " → "...)
	r.b = append(r.b, a.server...)
	r.b = append(r.b, r.pal.packet.off...)
	r.b = append(r.b, '\n')
	if a.uri != "" {
		r.b = append(r.b, "  URI: "...)
		r.b = appendEscaped(r.b, a.uri)
		if a.status != 0 && a.status != 101 {
			r.b = append(r.b, ", refused with "...)
			r.b = strconv.AppendInt(r.b, int64(a.status), 10)
		}
		r.b = append(r.b, '\n')
	}
	for i, what := range a.agreed {
		if i == 0 {
			r.b = append(r.b, "  agreed: "...)
		} else {
			r.b = append(r.b, ", "...)
		}
		r.b = appendEscaped(r.b, what)
	}
	if len(a.agreed) > 0 {
		r.b = append(r.b, '\n')
	}
}

// finding prints a line: severity, packet, endpoint at fault, rule, sentence, source.
func (r *report) finding(f *finding, width int) {
	rule := f.rule.Rule()
	color := r.pal.severity(rule.Severity)
	r.b = append(r.b, "  "...)
	r.b = append(r.b, color.on...)
	name := rule.Severity.String()
	r.b = append(r.b, name...)
	r.b = append(r.b, color.off...)
	r.b = appendSpaces(r.b, len("warning")-len(name))
	r.b = append(r.b, "  packet "...)
	start := len(r.b)
	r.b = strconv.AppendInt(r.b, f.packet, 10)
	r.b = alignRight(r.b, start, width)
	r.b = append(r.b, "  "...)
	party := partyName(f.dir)
	r.b = append(r.b, party...)
	r.b = appendSpaces(r.b, len("client")-len(party))
	r.b = append(r.b, "  "...)
	r.b = append(r.b, color.on...)
	r.b = append(r.b, rule.Code...)
	r.b = append(r.b, color.off...)
	if f.text != "" {
		r.b = append(r.b, ": "...)
		r.b = appendEscaped(r.b, f.text)
	}
	if rule.RFC != "" {
		r.b = append(r.b, " ("...)
		r.b = append(r.b, rule.RFC...)
		r.b = append(r.b, ')')
	}
	r.b = append(r.b, '\n')
	r.spill()
}

// partyName is the endpoint that sends in a direction.
func partyName(d dissect.Dir) string {
	switch d {
	case dissect.ClientToServer:
		return "client"
	case dissect.ServerToClient:
		return "server"
	}
	return "?"
}

// verdict prints what is left, and the counts of the whole.
func (r *report) verdict(*dissect.Summary) {
	var left []*account
	for _, a := range r.conns {
		left = append(left, a)
	}
	slices.SortFunc(left, func(a, b *account) int { return cmp.Compare(a.conn, b.conn) })
	for _, a := range left {
		r.close(a)
	}
	color := style{}
	switch {
	case r.counts[rules.Error] > 0:
		color = r.pal.fail
	case r.counts[rules.Warning] > 0:
		color = r.pal.warn
	}
	r.b = append(r.b, color.on...)
	r.b = append(r.b, "Verdict: "...)
	r.b = appendSeverities(r.b, r.counts)
	r.b = append(r.b, " in "...)
	r.b = appendCount(r.b, uint64(r.total), "connection")
	r.b = append(r.b, color.off...)
	r.b = append(r.b, "; "...)
	r.b = strconv.AppendInt(r.b, r.clean, 10)
	r.b = append(r.b, " without findings"...)
	if r.partial > 0 {
		r.b = append(r.b, ", of which "...)
		r.b = strconv.AppendInt(r.b, r.partial, 10)
		r.b = append(r.b, " could be judged only in part"...)
	}
	r.b = append(r.b, '\n')
}

// appendSeverities appends the counts of errors, warnings and notes.
func appendSeverities(b []byte, n [4]int64) []byte {
	b = appendCount(b, uint64(n[rules.Error]), "error")
	b = append(b, ", "...)
	b = appendCount(b, uint64(n[rules.Warning]), "warning")
	b = append(b, ", "...)
	return appendCount(b, uint64(n[rules.Note]), "note")
}
