package conform_test

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// deflateSizes are those of sections 12 and 13: bytes of a message, and of a fragment if
// it is cut.
var deflateSizes = [...]struct{ message, fragment int }{
	{16, 0}, {64, 0}, {256, 0}, {1024, 0}, {4096, 0}, {8192, 0}, {16384, 0}, {32768, 0}, {65536, 0}, {131072, 0},
	{8192, 256}, {16384, 256}, {32768, 256}, {65536, 256}, {131072, 256}, {131072, 1024}, {131072, 4096}, {131072, 32768},
}

// deflateTerms are what the handshake of a case says, and the client and the server keep.
type deflateTerms struct {
	offer, response string // behind what is in each
	bits            int
	reset           bool
}

// deflateData makes text or bytes of some kind.
type deflateData struct {
	opcode frame.Opcode
	some   func(r *rand.Rand) []byte
}

// TestAutobahnCompression is section 12: messages of five kinds, of which the suite has
// thousands and we a few of each.
func TestAutobahnCompression(t *testing.T) {
	for i, d := range []deflateData{
		{frame.Text, jsonText},
		{frame.Binary, func(r *rand.Rand) []byte { g := byte(r.IntN(250)); return []byte{g, g, g, g + byte(r.IntN(3)), g} }},
		{frame.Binary, func(r *rand.Rand) []byte {
			return []byte(strings.Fields("Habe nun ach Philosophie Juristerei und Medizin und leider auch Theologie durchaus studiert mit hei\u00dfem Bem\u00fchn")[r.IntN(16)] + " ")
		}},
		{frame.Text, func(r *rand.Rand) []byte {
			return fmt.Appendf(nil, "<td class=\"c%d\">%x</td>\n", r.IntN(4), r.Uint32())
		}},
		{frame.Binary, func(r *rand.Rand) []byte {
			return binary.BigEndian.AppendUint64(nil, r.Uint64())
		}},
	} {
		deflateSection(t, fmt.Sprintf("12.%d", i+1), d, deflateTerms{bits: 15})
	}
}

// TestAutobahnParameters is section 13: the parameters of permessage-deflate.
func TestAutobahnParameters(t *testing.T) {
	const nct, bits = "; server_no_context_takeover", "; server_max_window_bits=%d"
	for i, d := range []deflateTerms{
		{"", "", 15, false},
		{nct, nct + "; client_no_context_takeover", 15, true},
		{"; server_max_window_bits=8", "; server_max_window_bits=8; client_max_window_bits=8", 8, false},
		{"; server_max_window_bits=15", "; server_max_window_bits=15; client_max_window_bits=15", 15, false},
		{nct + "; server_max_window_bits=8", nct + "; server_max_window_bits=8; client_no_context_takeover; client_max_window_bits=8", 8, true},
		{nct + "; server_max_window_bits=15", nct + "; server_max_window_bits=15; client_no_context_takeover; client_max_window_bits=15", 15, true},
		{nct + "; server_max_window_bits=8, " + clientOffer + nct + ", " + clientOffer,
			nct + "; server_max_window_bits=8; client_no_context_takeover; client_max_window_bits=8", 8, true},
	} {
		deflateSection(t, fmt.Sprintf("13.%d", i+1), deflateData{frame.Text, jsonText}, d)
	}
	for n := 9; n <= 14; n++ {
		b := fmt.Sprintf(bits, n)
		deflateSection(t, fmt.Sprintf("13 window bits %d +", n), deflateData{frame.Text, jsonText},
			deflateTerms{b, fmt.Sprintf("%s; client_max_window_bits=%d", b, n), n, false})
	}
}

// clientOffer is what the client of the suite always says: that it takes either parameter
// for itself. By RFC 7692 7.1.1.2 the first of them announces that it will not refer to
// earlier messages in any case, but it does when the server does not answer with it.
const clientOffer = "permessage-deflate; client_no_context_takeover; client_max_window_bits"

func deflateSection(t *testing.T, section string, d deflateData, terms deflateTerms) {
	for i, size := range deflateSizes {
		t.Run(fmt.Sprintf("%s.%d", section, i+1), func(t *testing.T) {
			r := rand.New(rand.NewPCG(12, uint64(i)))
			p := agreed([]string{clientOffer + terms.offer}, []string{"permessage-deflate" + terms.response})
			client, server := newWindowed(terms.bits, terms.reset), newWindowed(terms.bits, terms.reset)
			var want []string
			count, sum := min(max(16384/size.message, 2), 4), uint32(0)
			for range count {
				var b []byte
				for len(b) < size.message {
					b = append(b, d.some(r)...)
				}
				b = b[:size.message]
				sum = crc32.Update(sum, crc32.IEEETable, b)
				p.c(fragments(d.opcode, client.message(b), size.fragment)...)
				p.s(fragments(d.opcode, server.message(b), size.fragment)...)
				if client.reach {
					want = append(want, "c2s pmd-client-hint-broken")
				}
			}
			res := expect(t, p.bye().Packets, want...)
			if c := res.closed[0]; c.Client.Messages != int64(count) || c.Server.Messages != int64(count) {
				t.Errorf("%d and %d messages, want %d", c.Client.Messages, c.Server.Messages, count)
			}
			if c, s := res.crc[dissect.ClientToServer], res.crc[dissect.ServerToClient]; c != sum || s != sum {
				t.Error("the messages are not those sent")
			}
		})
	}
}

// fragments are a compressed message in fragments of n bytes, whole if n is 0.
func fragments(op frame.Opcode, payload []byte, n int) []wstest.Frame {
	if n == 0 {
		n = len(payload)
	}
	fs := wstest.Fragments(op, payload, n)
	fs[0] = fs[0].RSV(frame.RSV1)
	return fs
}

func jsonText(r *rand.Rand) []byte {
	return fmt.Appendf(nil, "{\"id\": %d, \"name\": \"item %x\", \"on\": %t},\n", r.IntN(1e6), r.Uint32(), r.IntN(2) > 0)
}

// TestWindowEdge holds that a reference may go back as far as the agreed window, and a byte
// more is too far.
func TestWindowEdge(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for bits := 8; bits <= 14; bits++ {
		for beyond := range 2 {
			t.Run(fmt.Sprintf("%d bits, %d beyond", bits, beyond), func(t *testing.T) {
				b := make([]byte, 1<<bits+beyond)
				for i := range b {
					b[i] = byte(r.Uint32())
				}
				b = append(b, b[:16]...)
				p := newPlay(fmt.Sprintf("permessage-deflate; client_max_window_bits=%d", bits))
				w := newWindowed(bits, false)
				w.window += beyond
				var want []string
				if beyond > 0 {
					want = []string{"c2s pmd-window-exceeded"}
				}
				p.c(fragments(frame.Binary, w.message(b), 0)...).ServerAck()
				expect(t, p.bye().Packets, want...)
			})
		}
	}
}
