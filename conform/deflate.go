package conform

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/rules"
)

// terms are what the opening handshake says about extensions, as far as frames are judged
// by it.
type terms struct {
	known   bool // the response was captured
	foreign bool // an extension was agreed that is none of those below

	deflate    bool // permessage-deflate was agreed, with these windows:
	clientBits uint8
	serverBits uint8
	// hintBits and hintReset are what the client's offer announced of itself and the
	// response does not have (RFC 7692 7.1.1.2, 7.1.2.2); 0 for none.
	hintBits  uint8
	hintReset bool
}

const deflateName = "permessage-deflate"

// termsOf reads them.
func termsOf(e *dissect.Handshake) terms {
	if e.Response == nil || e.Response.Cut {
		return terms{}
	}
	t := terms{known: true, clientBits: 15, serverBits: 15}
	for _, s := range e.Extensions {
		name, params := splitExtension(s)
		switch name {
		case deflateName:
			t.deflate = true
			t.agreed(params, e.ExtensionsOffered)
		case "x-webkit-deflate-frame", "deflate-frame", "perframe-deflate":
		default:
			t.foreign = true
		}
	}
	return t
}

// agreed reads the parameters of the response, and the hints of the offers without them.
func (t *terms) agreed(params []string, offers []string) {
	t.serverBits, _ = bitsOf(params, "server_max_window_bits")
	var haveReset, haveBits bool
	t.clientBits, haveBits = bitsOf(params, "client_max_window_bits")
	haveReset = hasParam(params, "client_no_context_takeover")
	t.hintReset, t.hintBits = !haveReset, 15
	if haveBits {
		t.hintBits = 0
	}
	any := false
	for _, s := range offers {
		name, offer := splitExtension(s)
		if name != deflateName {
			continue
		}
		any = true
		t.hintReset = t.hintReset && hasParam(offer, "client_no_context_takeover")
		if bits, ok := bitsOf(offer, "client_max_window_bits"); !haveBits && (!ok || t.hintBits == 15 || bits > t.hintBits) {
			t.hintBits = bits
		}
	}
	if !any {
		t.hintReset, t.hintBits = false, 0
	}
	if t.hintBits == 15 {
		t.hintBits = 0
	}
}

// splitExtension gives the name of an extension and its parameters.
func splitExtension(s string) (name string, params []string) {
	parts := strings.Split(s, ";")
	for i, p := range parts {
		parts[i] = strings.ToLower(strings.TrimSpace(p))
	}
	return parts[0], parts[1:]
}

func hasParam(params []string, name string) bool {
	for _, p := range params {
		if n, _, _ := strings.Cut(p, "="); strings.TrimSpace(n) == name {
			return true
		}
	}
	return false
}

// bitsOf is the value of a parameter, 15 and false where it has none that counts.
func bitsOf(params []string, name string) (bits uint8, ok bool) {
	for _, p := range params {
		n, v, _ := strings.Cut(p, "=")
		if strings.TrimSpace(n) != name {
			continue
		}
		if b, err := strconv.Atoi(strings.Trim(strings.TrimSpace(v), `"`)); err == nil && b >= 8 && b <= 15 {
			return uint8(b), true
		}
	}
	return 15, false
}

// meant are the violations of a frame's header, without those of bits that an extension
// may have given a meaning.
func (t *terms) meant(e *dissect.Frame) frame.Violations {
	v := e.Violations
	if !e.Deflate {
		v &^= frame.RSV1Control | frame.RSV1Continuation
	}
	if !t.known && !e.Deflate || t.foreign {
		v &^= frame.RSVSet
	}
	return v
}

// deflated judges a compressed message (RFC 7692 7.2).
func (j *Judge) deflated(c *conn, s, peer *side, e *dissect.Message) {
	if e.Inferred {
		return
	}
	t := &c.terms
	bits := t.serverBits
	if e.Dir == dissect.ClientToServer {
		bits = t.clientBits
	}
	for v := e.Facts; v != 0; v &= v - 1 {
		j.violation(ruleOf[trailing(v)], &e.Meta, describeDeflate(v&-v, e, bits))
	}
	if e.Facts.Has(frame.InflateError) {
		s.faulty(peer, mark{e.Packet, s.end, s.behind}, rules.PMDInflateError)
	}
	if e.Dir != dissect.ClientToServer || !t.deflate {
		return
	}
	// RFC 7692 7.1.1.2: "a hint that [...] the client is not going to use context takeover"
	switch {
	case t.hintReset && e.Reach > 0:
		j.violation(rules.PMDClientHintBroken, &e.Meta, fmt.Sprintf("a back-reference reaches %d bytes into earlier messages, but the client announced client_no_context_takeover", e.Reach))
	case t.hintBits != 0 && e.Distance > 1<<t.hintBits:
		j.violation(rules.PMDClientHintBroken, &e.Meta, fmt.Sprintf("a back-reference of %d bytes, but the client announced client_max_window_bits=%d", e.Distance, t.hintBits))
	}
}

// describeDeflate says what was seen that breaks a rule of compressed messages.
func describeDeflate(v frame.Violations, e *dissect.Message, bits uint8) string {
	switch v {
	case frame.InflateError:
		return fmt.Sprintf("%d bytes are not valid DEFLATE behind the first %d that they inflate to", e.WireLength, e.Length)
	case frame.DataIncomplete:
		return fmt.Sprintf("%d bytes end inside a DEFLATE block", e.WireLength)
	case frame.TailNotRemoved:
		return "the payload ends with the 00 00 FF FF that has to be removed"
	case frame.FinalPadding:
		return "bits that are not 0 behind a final DEFLATE block"
	case frame.WindowExceeded:
		return fmt.Sprintf("a back-reference of %d bytes, but the agreed window has %d", e.Distance, 1<<max(bits, 8))
	}
	return fmt.Sprintf("a back-reference reaches %d bytes into earlier messages, but no context takeover was agreed", e.Reach)
}
