package conform_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/wsdissect/wsdissect/frame"
	"github.com/wsdissect/wsdissect/internal/wstest"
)

// texts is section 6.1 to 6.4: UTF-8 in fragments and in chops.
func texts() []autobahn {
	const (
		hello  = "Hello-\u00b5@\u00df\u00f6\u00e4\u00fc\u00e0\u00e1-UTF-8!!"
		kosme  = "\u03ba\u1f79\u03c3\u03bc\u03b5"
		broken = kosme + "\xed\xa0\x80edited"
		tooFar = kosme + "\xf4\x90\x80\x80" + "edited" // wrong at its 13th byte
		head   = 6                                     // of a short masked frame
	)
	text := func(s string, n int) []wstest.Frame { return wstest.Fragments(frame.Text, []byte(s), n) }
	empty, invalid := wstest.Text("").More(), []string{"msg-invalid-utf8"}
	three := func(a, b string) []wstest.Frame {
		return frames(wstest.Text(a).More(), wstest.Continuation(b).More(), wstest.Continuation(tooFar[len(a)+len(b):]))
	}
	return []autobahn{
		{name: "6.1.1 empty", frames: frames(wstest.Text(""))},
		{name: "6.1.2 empty fragments", frames: frames(empty, wstest.Continuation("").More(), wstest.Continuation(""))},
		{name: "6.1.3 middle not empty", frames: frames(empty, wstest.Continuation("middle").More(), wstest.Continuation(""))},
		{name: "6.2.1 whole", frames: frames(wstest.Text(hello))},
		{name: "6.2.2 two fragments between characters", frames: text(hello, 14)},
		{name: "6.2.3 fragments of a byte", frames: text(hello, 1)},
		{name: "6.2.4 fragments of a byte", frames: text(kosme, 1)},
		{name: "6.3.1 whole", frames: frames(wstest.Text(broken)), want: invalid},
		{name: "6.3.2 fragments of a byte", frames: text(broken, 1), want: invalid},
		{name: "6.4.1 fragments", frames: three(tooFar[:11], tooFar[11:15]), chop: framewise, pause: time.Second, want: invalid},
		{name: "6.4.2 fragments, the second a byte", frames: three(tooFar[:12], tooFar[12:13]), chop: framewise, pause: time.Second, want: invalid},
		{name: "6.4.3 chops", frames: frames(wstest.Text(tooFar)), cut: []int{head, head + 11, head + 15}, pause: time.Second, want: invalid},
		{name: "6.4.4 chops, the second a byte", frames: frames(wstest.Text(tooFar)), cut: []int{head, head + 12, head + 13}, pause: time.Second, want: invalid},
	}
}

// sequences is section 6.5 to 6.23, each case whole as in the suite, in fragments of a
// byte, and octet-wise.
func sequences() []autobahn {
	var cases []autobahn
	for i, list := range strings.Split(strings.TrimSpace(utf8Sequences), "\n") {
		for j, s := range strings.Fields(list) {
			s, invalid := strings.CutPrefix(s, "!")
			b, err := hex.DecodeString(s)
			if err != nil {
				panic(err)
			}
			var want []string
			if invalid {
				want = []string{"msg-invalid-utf8"}
			}
			name := fmt.Sprintf("6.%d.%d", i+5, j+1)
			whole := frames(wstest.NewFrame(frame.Text, b))
			cases = append(cases,
				autobahn{name: name, frames: whole, want: want},
				autobahn{name: name + " fragments +", frames: wstest.Fragments(frame.Text, b, 1), chop: framewise, want: want},
				autobahn{name: name + " octet-wise +", frames: whole, chop: octetwise, want: want})
		}
	}
	return cases
}

// utf8Sequences are the texts of a subsection per line, those that are not valid with an
// exclamation mark.
const utf8Sequences = `
68656c6c6f24776f726c64 68656c6c6fc2a2776f726c64 68656c6c6fe282ac776f726c64 68656c6c6ff0a4ada2776f726c64 cebae1bdb9cf83cebcceb5
!ce ceba !cebae1 !cebae1bd cebae1bdb9 !cebae1bdb9cf cebae1bdb9cf83 !cebae1bdb9cf83ce cebae1bdb9cf83cebc !cebae1bdb9cf83cebcce cebae1bdb9cf83cebcceb5
00 c280 e0a080 f0908080
!f888808080 !fc8480808080
7f dfbf efbfbf f48fbfbf
!f7bfbfbf !fbbfbfbfbf !fdbfbfbfbfbf
ed9fbf ee8080 efbfbd f48fbfbf !f4908080
!80 !bf !80bf !80bf80 !80bf80bf !80bf80bf80 !80bf80bf80bf !808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbe
!c020c120c220c320c420c520c620c720c820c920ca20cb20cc20cd20ce20cf20d020d120d220d320d420d520d620d720d820d920da20db20dc20dd20de20 !e020e120e220e320e420e520e620e720e820e920ea20eb20ec20ed20ee20 !f020f120f220f320f420f520f620 !f820f920fa20 !fc20
!c0 !e080 !f08080 !f8808080 !fc80808080 !df !efbf !f7bfbf !fbbfbfbf !fdbfbfbfbf
!c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf
!fe !ff !fefeffff
!c0af !e080af !f08080af !f8808080af !fc80808080af
!c1bf !e09fbf !f08fbfbf !f887bfbfbf !fc83bfbfbfbf
!c080 !e08080 !f0808080 !f880808080 !fc8080808080
!eda080 !edadbf !edae80 !edafbf !edb080 !edbe80 !edbfbf
!eda080edb080 !eda080edbfbf !edadbfedb080 !edadbfedbfbf !edae80edb080 !edae80edbfbf !edafbfedb080 !edafbfedbfbf
efbfbe efbfbf f09fbfbe f09fbfbf f0afbfbe f0afbfbf f0bfbfbe f0bfbfbf f18fbfbe f18fbfbf f19fbfbe f19fbfbf f1afbfbe f1afbfbf f1bfbfbe f1bfbfbf f28fbfbe f28fbfbf f29fbfbe f29fbfbf f2afbfbe f2afbfbf f2bfbfbe f2bfbfbf f38fbfbe f38fbfbf f39fbfbe f39fbfbf f3afbfbe f3afbfbf f3bfbfbe f3bfbfbf f48fbfbe f48fbfbf
efbfb9 efbfba efbfbb efbfbc efbfbd efbfbe efbfbf
`
