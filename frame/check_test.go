package frame

import (
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/rules"
)

func TestCheckerHeader(t *testing.T) {
	key := [4]byte{1, 2, 3, 4}
	deflate := Checker{RSV: RSV1}
	cases := []struct {
		name string
		c    Checker
		h    Header
		want Violations
	}{
		{"text", Checker{}, Header{Fin: true, Opcode: Text, Length: 5}, 0},
		{"rsv1 not agreed", Checker{}, Header{Fin: true, RSV: RSV1, Opcode: Text}, RSVSet},
		{"rsv2", deflate, Header{Fin: true, RSV: RSV2, Opcode: Text}, RSVSet},
		{"rsv3 on a control frame", deflate, Header{Fin: true, RSV: RSV3, Opcode: Ping}, RSVSet},
		{"rsv1 agreed", deflate, Header{Fin: true, RSV: RSV1, Opcode: Text}, 0},
		{"rsv1 on a ping", deflate, Header{Fin: true, RSV: RSV1, Opcode: Ping}, RSV1Control},
		{"rsv1 on a ping, not agreed", Checker{}, Header{Fin: true, RSV: RSV1, Opcode: Ping}, RSVSet},
		{"rsv1 on a continuation", Checker{RSV: RSV1, message: inMessage}, Header{Fin: true, RSV: RSV1}, RSV1Continuation},
		{"rsv1 on a continuation, per frame", Checker{RSV: RSV1, PerFrame: true, message: inMessage}, Header{Fin: true, RSV: RSV1}, 0},
		{"opcode 3", Checker{}, Header{Fin: true, Opcode: 3}, OpcodeReserved},
		{"opcode 7", Checker{}, Header{Fin: true, Opcode: 7}, OpcodeReserved},
		{"opcode B", Checker{}, Header{Fin: true, Opcode: 0xB}, OpcodeReserved},
		{"opcode F, fragmented and long", Checker{}, Header{Opcode: 0xF, Length: 126}, OpcodeReserved | ControlFragmented | ControlTooLong},
		{"16 bits for 125", Checker{}, Header{Fin: true, Opcode: Text, Length: 125, Size: 4}, LengthNotMinimal},
		{"64 bits for 65535", Checker{}, Header{Fin: true, Opcode: Text, Length: 65535, Size: 10}, LengthNotMinimal},
		{"64 bits for 65536", Checker{}, Header{Fin: true, Opcode: Text, Length: 65536, Size: 10}, 0},
		{"top bit", Checker{}, Header{Fin: true, Opcode: Text, Length: 1 << 63, Size: 10}, LengthMSB},
		{"below the top bit", Checker{}, Header{Fin: true, Opcode: Text, Length: 1<<63 - 1, Size: 10}, 0},
		{"control of 125", Checker{}, Header{Fin: true, Opcode: Pong, Length: 125}, 0},
		{"control of 126", Checker{}, Header{Fin: true, Opcode: Pong, Length: 126, Size: 4}, ControlTooLong},
		{"control fragmented", Checker{}, Header{Opcode: Close}, ControlFragmented},
		{"client unmasked", Checker{Role: Client}, Header{Fin: true, Opcode: Text}, ClientUnmasked},
		{"client masked", Checker{Role: Client}, Header{Fin: true, Opcode: Text, Masked: true, Key: key}, 0},
		{"client with key zero", Checker{Role: Client}, Header{Fin: true, Opcode: Text, Masked: true}, MaskKeyZero},
		{"server unmasked", Checker{Role: Server}, Header{Fin: true, Opcode: Text}, 0},
		{"server masked, key zero", Checker{Role: Server}, Header{Fin: true, Opcode: Text, Masked: true}, ServerMasked},
		{"unknown role, key zero", Checker{}, Header{Fin: true, Opcode: Text, Masked: true}, MaskKeyZero},
		{"all at once", Checker{Role: Client, RSV: RSV1}, Header{RSV: 7, Opcode: Close, Length: 1 << 63, Size: 10},
			RSVSet | RSV1Control | LengthMSB | ControlTooLong | ControlFragmented | ClientUnmasked},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := c.c.Header(c.h); got != c.want {
				t.Errorf("violations %v, want %v", got, c.want)
			}
		})
	}
}

// Each letter is a frame: t and T text, c and C continuation, P ping, R a reserved data
// opcode, ? a loss; capitals have FIN. The marks below: U unexpected, I interleaved.
func TestCheckerOrder(t *testing.T) {
	cases := []struct{ name, frames, want string }{
		{"whole messages", "TTT", "..."},
		{"fragments", "tccCT", "....."},
		{"control frames between", "tPcPCP", "......"},
		{"continuation first", "CT", "U."},
		{"continuation after the end", "tCC", "..U"},
		{"continuation without end first", "cCT", "UU."},
		{"new message inside", "tT", ".I"},
		{"the old one goes on", "tTC", ".I."},
		{"the old one is given up", "tTTT", ".I.."},
		{"the new one is fragmented", "ttC", ".I."},
		{"and not finished either", "ttT", ".II"},
		{"reserved opcode inside", "tRC", "..."},
		{"lost", "t?T", ".."},
		{"lost, then continued", "?cCC", "..U"},
		{"lost, then begun", "?tT", ".I"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var checker Checker
			got := ""
			for _, letter := range c.frames {
				h := Header{Fin: letter < 'a'}
				switch letter {
				case '?':
					checker.Lose()
					continue
				case 't', 'T':
					h.Opcode = Text
				case 'P':
					h.Opcode = Ping
				case 'R':
					h.Opcode = 3
				}
				switch checker.Header(h) &^ OpcodeReserved {
				case 0:
					got += "."
				case ContinuationUnexpected:
					got += "U"
				case DataInterleaved:
					got += "I"
				default:
					got += "?"
				}
			}
			if got != c.want {
				t.Errorf("%s gives %s, want %s", c.frames, got, c.want)
			}
		})
	}
}

// The names are those of the table of rules, each in a group that fits a frame.
func TestViolationNames(t *testing.T) {
	all := endViolations - 1
	seen := map[string]bool{}
	n := 0
	for v := range all.All() {
		name := v.String()
		id, ok := rules.Find(name)
		if !ok || seen[name] {
			t.Errorf("%q is no rule, or named twice", name)
		} else if group := id.Rule().Group; !strings.Contains("frame message close compression masking", group) {
			t.Errorf("%q is of group %s", name, group)
		}
		seen[name] = true
		if v != 1<<n {
			t.Errorf("member %d is %b", n, v)
		}
		n++
	}
	if n != len(violationNames) {
		t.Errorf("%d members, %d names", n, len(violationNames))
	}
	two := MaskKeyZero | RSVSet
	if two.String() != "frame-rsv-set mask-key-zero" || Violations(0).String() != "" {
		t.Errorf("names %q", two)
	}
	if !two.Has(RSVSet) || two.Has(RSVSet|LengthMSB) {
		t.Error("Has")
	}
}
