package frame

import (
	"iter"
	"math/bits"
	"strings"
)

// Violations is a set of broken rules, those that show in one frame, one Close or one
// compressed message. Each member has the name of its rule.
type Violations uint32

// The members of Violations, in the order of iteration.
const (
	RSVSet            Violations = 1 << iota // a reserved bit without an agreed meaning, RFC 6455 5.2
	OpcodeReserved                           // opcode 3 to 7 or B to F, RFC 6455 5.2
	LengthNotMinimal                         // a longer form of the length than needed, RFC 6455 5.2
	LengthMSB                                // top bit of the 64-bit length is 1, RFC 6455 5.2
	ControlTooLong                           // control frame of more than 125 bytes, RFC 6455 5.5
	ControlFragmented                        // control frame without FIN, RFC 6455 5.5

	ContinuationUnexpected // continuation with no message in progress, RFC 6455 5.4
	DataInterleaved        // text or binary while a message is in progress, RFC 6455 5.4

	CloseBodyOneByte       // Close with one byte of body, RFC 6455 5.5.1
	CloseCodeForbidden     // 1005, 1006 or 1015, RFC 6455 7.4.1
	CloseCodeReserved      // 1004 or 1016 to 2999, RFC 6455 7.4.2
	CloseCodeOutOfRange    // below 1000 or above 4999, RFC 6455 7.4.2
	CloseCodeWrongRole     // 1010 from a server, RFC 6455 7.4.1
	Close1010NoList        // 1010 without the extensions that are missed, RFC 6455 7.4.1
	CloseReasonInvalidUTF8 // RFC 6455 5.5.1

	RSV1Control      // RSV1 on a control frame though compression is agreed, RFC 7692 6
	RSV1Continuation // RSV1 on a frame that is not the first of its message, RFC 7692 6
	InflateError     // not valid DEFLATE, RFC 7692 7.2.2
	DataIncomplete   // the message ends inside a DEFLATE block, RFC 7692 7.2.1
	TailNotRemoved   // 00 00 FF FF of the last empty block was sent, RFC 7692 7.2.1
	FinalPadding     // bits other than 0 behind a final block, RFC 7692 7.2.1
	WindowExceeded   // a reference further back than the agreed window, RFC 7692 7.1.2
	ContextTakeover  // a reference to an earlier message though none was agreed, RFC 7692 7.1.1

	ClientUnmasked // RFC 6455 5.1
	ServerMasked   // RFC 6455 5.1
	MaskKeyZero    // masking key 00000000, RFC 6455 5.3

	endViolations
)

// Has reports whether all members of w are in v.
func (v Violations) Has(w Violations) bool { return v&w == w }

// All gives the members one by one, in the order of their declaration.
func (v Violations) All() iter.Seq[Violations] {
	return func(yield func(Violations) bool) {
		for v &= endViolations - 1; v != 0; v &= v - 1 {
			if !yield(v & -v) {
				return
			}
		}
	}
}

// String is the name of the rule, as in the table of rules; of several, the names with
// blanks between; of none, the empty string.
func (v Violations) String() string {
	var names []string
	for one := range v.All() {
		names = append(names, violationNames[bits.TrailingZeros32(uint32(one))])
	}
	return strings.Join(names, " ")
}

var violationNames = [...]string{
	"frame-rsv-set",
	"frame-opcode-reserved",
	"frame-length-not-minimal",
	"frame-length-msb",
	"frame-control-too-long",
	"frame-control-fragmented",
	"msg-continuation-unexpected",
	"msg-data-interleaved",
	"close-body-one-byte",
	"close-code-forbidden",
	"close-code-reserved",
	"close-code-out-of-range",
	"close-code-wrong-role",
	"close-1010-no-list",
	"close-reason-invalid-utf8",
	"pmd-rsv1-control",
	"pmd-rsv1-continuation",
	"pmd-inflate-error",
	"pmd-data-incomplete",
	"pmd-tail-not-removed",
	"pmd-final-padding",
	"pmd-window-exceeded",
	"pmd-context-takeover",
	"frame-client-unmasked",
	"frame-server-masked",
	"mask-key-zero",
}
