package amqp_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/amqp"
	"github.com/wsdissect/wsdissect/payload/internal/talk"
)

const (
	c2s = dissect.ClientToServer
	s2c = dissect.ServerToClient
)

var session = payload.Session{Path: "/", Subprotocol: "amqp"}

// rhea 3.0.5 at both ends; the last two are AMQP 1.0 part 2, 2.7.7 with an error.
const talked = `
	c2s 414d515003010000
	s2c 414d515003010000
	s2c 0000002402010000005340d00000001400000001f00000000b00000001a305504c41494e
	c2s 0000002102010000005341d00000001100000002a305504c41494ea00400750070
	s2c 0000001602010000005344d000000006000000015000
	c2s 414d515000010000
	c2s 0000002402000000005310d00000001400000005a106636c69656e744040407000000190
	c2s 0000002002000000005311d000000010000000044043700000080070ffffffff
	c2s 0000005602000000005312d00000004600000007a12461323231356533312d346536652d323934622d623363322d66313738316265623637396443414040005328d00000000c00000001a1066576656e747300532945
	c2s 0000005a02000000005312d00000004a0000000aa12435356664303131302d333634652d636234342d396239322d646261613562303734333739520142404000532845005329d00000000c00000001a1066f7264657273404043
	s2c 414d515000010000
	s2c 0000002202000000005311d0000000120000000460000043700000080070ffffffff
	s2c 0000005602000000005312d0000000460000000aa12461323231356533312d346536652d323934622d623363322d66313738316265623637396443424040005328d00000000c00000001a1066576656e747340404043
	s2c 0000002802000000005313d000000018000000074370000008004370ffffffff52014370000003e8
	c2s 0000007c02000000005314d00000000d00000006520143a0013043424200537045005372d10000000e00000002a305782d6f7074a10161005373d0000000300000000aa1026d314040a1056f726465724040a3106170706c69636174696f6e2f6a736f6e4040830000018bcfe56800005375a0087b226964223a317d
	c2s 0000004302000000005314d00000000e0000000652015201a0013143424200537045005373d00000000f00000006404040a103626164405307005377a10568656c6c6f
	s2c 0000001d02000000005315d00000000d00000005414352014100532445
	s2c 0000006202000000005314d00000000c000000064343a001304342420053704500537345005374d10000001000000002a1016b823ff8000000000000005377d10000001e00000004a101745215a1046c697374d00000000a000000035201a1017840
	c2s 0000001c02000000005315d00000000c000000054143434100532445
	s2c 0000000802000000
	s2c 0000003102000000005316c02403434100531dc01c02a310616d71703a6c696e6b3a73746f6c656ea10773746f6c656e21
	c2s 0000000c0200000000531845`

func conversation() (list []talk.Message) {
	for line := range strings.Lines(talked) {
		dir, data, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		b, err := hex.DecodeString(strings.ReplaceAll(data, " ", ""))
		if err != nil {
			panic(err)
		}
		d := c2s
		if dir == "s2c" {
			d = s2c
		}
		list = append(list, talk.Binary(d, string(b)))
	}
	return list
}

func TestGolden(t *testing.T) {
	wstest.Golden(t, "testdata/amqp.txt", talk.Explain(amqp.Protocol(), session, conversation()...))
}

// in is a frame of channel 0 with this body.
func in(body string) string {
	n := 8 + len(body)
	return string([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n), 2, 0, 0, 0}) + body
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		name  string
		parts []string
		want  string
	}{
		{"header in two messages", []string{"AMQP\x00", "\x01\x00\x00"}, `"(5 bytes, more to come)", "AMQP 1.0.0"`},
		{"two frames in a message", []string{in("\x00\x53\x18\x45") + in("")}, `"close; empty frame"`},
		{"extended header", []string{"\x00\x00\x00\x10\x03\x00\x00\x00abcd\x00\x53\x18\x45"}, `"close"`},
		{"size below the header", []string{"\x00\x00\x00\x04\x02\x00\x00\x00"}, `"" error: AMQP: a frame with sizes that cannot be`},
		{"offset beyond the frame", []string{"\x00\x00\x00\x08\x03\x00\x00\x00"}, `"" error: AMQP: a frame with sizes that cannot be`},
		{"no performative", []string{in("\x41")}, `"" error: AMQP: a format code that is not known`},
		{"unknown performative", []string{in("\x00\x53\x7F\xC0\x02\x01\x41")}, `""`},
		{"unknown format code", []string{in("\x00\x53\x18\xC0\x03\x01\x59\x00")}, `"" error: AMQP: a format code that is not known`},
		{"cut value", []string{in("\x00\x53\x10\xC0\x20\x01")}, `"" error: AMQP: the frame ends inside a value`},
		{"list that claims 4 G", []string{in("\x00\x53\x10\xD0\x00\x00\x00\x08\xFF\xFF\xFF\xFF\x40\x40\x40\x40")}, `"" error: AMQP: too many values, or too deep`},
		{"array of nothing that claims much", []string{in("\x00\x53\x10\xF0\x00\x00\x00\x05\x00\xFF\xFF\xFF\x40")}, `"" error: AMQP: too many values, or too deep`},
		{"deep", []string{in("\x00\x53\x10" + deep(40))}, `"" error: AMQP: too many values, or too deep`},
		{"deep descriptors", []string{in(strings.Repeat("\x00", 100))}, `"" error: AMQP: too many values, or too deep`},
		{"part of a message", []string{in("\x00\x53\x14\xC0\x07\x06\x43\x43\x40\x43\x42\x41\x00\x53\x75\xA0\x09abc")}, `"transfer delivery 0 (8 bytes)"`},
		{"too large to be held", []string{"\x00\x20\x00\x00\x02\x00\x00\x00", strings.Repeat("x", 2<<20-8) + in("")}, `"" error: AMQP: a frame that goes on in later messages is too large to be held, "empty frame" heartbeat`},
	} {
		var messages []talk.Message
		for _, p := range c.parts {
			messages = append(messages, talk.Binary(c2s, p))
		}
		var lines []string
		for line := range strings.Lines(string(talk.Explain(amqp.Protocol(), session, messages...))) {
			if rest, ok := strings.CutPrefix(line, "c2s amqp by subprotocol: "); ok {
				lines = append(lines, strings.TrimSpace(rest))
			}
		}
		if got := strings.Join(lines, ", "); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func deep(n int) string {
	b := "\x45"
	for range n {
		b = "\xC0" + string([]byte{byte(len(b) + 1)}) + "\x01" + b
	}
	return b
}

// Each is the value of an amqp-value section, AMQP 1.0 part 1, 1.6.
func TestValues(t *testing.T) {
	for in16, want := range map[string]string{
		"40": "null", "41": "true", "42": "false", "5601": "true", "43": "0", "44": "0", "45": "[]",
		"50ff": "255", "51ff": "-1", "52ff": "255", "53ff": "255", "54ff": "-1", "55ff": "-1",
		"60ffff": "65535", "61ffff": "-1", "70ffffffff": "4294967295", "71ffffffff": "-1",
		"723fc00000": "1.5", "73000000fc": `"ü"`, "7422500001": `"22500001"`,
		"80ffffffffffffffff": "18446744073709551615", "81ffffffffffffffff": "-1", "823ff8000000000000": "1.5",
		"830000018bcfe56800": `"2023-11-14T22:13:20Z"`, "83ffffffffffffffff": `"1969-12-31T23:59:59.999Z"`, "837fffffffffffffff": "9223372036854775807",
		"98000102030405060708090a0b0c0d0e0f": `"000102030405060708090a0b0c0d0e0f"`,
		"a00201ff":                           "h'01ff'", "a102c3bc": `"ü"`, "a30161": `"a"`, "b10000000161": `"a"`,
		"c10502a1016b43": `{"k": 0}`, "c10402500140": `{"1": null}`,
		"e00602a301610162": `["a", "b"]`,
		"00530a41":         `{"type": 10, "value": true}`,
		"00532445":         `{"type": "accepted"}`,
		"e0060200532445":   "",
	} {
		b, err := hex.DecodeString(strings.ReplaceAll(in16, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		m := &dissect.Message{Opcode: frame.Binary, Payload: []byte(in("\x00\x53\x14\xC0\x03\x02\x43\x43\x00\x53\x77" + string(b)))}
		d := amqp.Protocol().New(&session).Decode(m)
		got := ""
		for _, f := range d.Fields[0].Value.([]any)[0].(dissect.Object) {
			if f.Name == "message" {
				got = payload.Diagnostic(f.Value.([]any)[0].(dissect.Object)[1].Value)
			}
		}
		if got != want {
			t.Errorf("%s is %s, want %s", in16, got, want)
		}
	}
}

func TestSplitInvariance(t *testing.T) {
	whole := talk.Units(amqp.Protocol().New(&session), 1<<20, conversation()...)
	if strings.Contains(whole, "error:") {
		t.Fatal(whole)
	}
	for _, n := range []int{1, 3, 8, 13} {
		if got := talk.Units(amqp.Protocol().New(&session), n, conversation()...); got != whole {
			t.Errorf("in messages of %d bytes:\n%s\nwhole:\n%s", n, got, whole)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, m := range conversation() {
		f.Add([]byte(m.Data), uint8(200))
		f.Add([]byte(m.Data), uint8(3))
	}
	f.Fuzz(func(t *testing.T, b []byte, cut uint8) {
		d := amqp.Protocol().New(&session)
		for len(b) > 0 {
			n := min(int(cut)+1, len(b))
			e := d.Decode(&dissect.Message{Meta: dissect.Meta{Dir: c2s}, Opcode: frame.Binary, Payload: b[:n]})
			if e == nil || e.Fields[0].Name != "frames" {
				t.Fatalf("%q gives %+v", b[:n], e)
			}
			b = b[n:]
		}
	})
}
