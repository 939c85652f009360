package cli

import (
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/internal/wstest"
)

const (
	acceptWrong = "../../testdata/rules/resp-accept-wrong.pcap"
	acceptRight = "../../testdata/rules/resp-accept-wrong.clean.pcap"
	noUpgrade   = "../../testdata/rules/resp-426-no-upgrade.pcap" // an error and a warning
	legacy      = "../../testdata/rules/legacy-handshake.pcap"    // a note
	cut         = "../../testdata/dump01.cap"                     // a warning; it ends early
)

func TestCheckReports(t *testing.T) {
	for _, c := range []struct {
		golden string
		args   []string
		code   int
	}{
		{"check.error", []string{acceptWrong}, 4},
		{"check.clean", []string{acceptRight}, 0},
		{"check.several", []string{noUpgrade}, 4},
		{"check.note", []string{legacy}, 0},
		{"check.partly", []string{cut}, 0},
		{"check.color", []string{"--color", "always", noUpgrade}, 4},
		{"check.json", []string{"--json", noUpgrade}, 4},
	} {
		t.Run(c.golden, func(t *testing.T) {
			r := run(append([]string{"check"}, c.args...)...)
			if r.code != c.code || r.err != "" {
				t.Errorf("code %d, stderr %q", r.code, r.err)
			}
			wstest.Golden(t, "testdata/"+c.golden, []byte(r.out))
		})
	}
}

func TestCheckSelects(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want string // the codes, with blanks between
		code int
	}{
		{"all", nil, "req-version-not-13 resp-426-no-upgrade", 4},
		{"notes", []string{"--severity", "note"}, "req-version-not-13 resp-426-no-upgrade", 4},
		{"errors", []string{"--severity", "error"}, "req-version-not-13", 4},
		{"one rule", []string{"--rule", "resp-426-no-upgrade"}, "resp-426-no-upgrade", 0},
		{"two rules", []string{"--rule", "resp-426-no-upgrade,req-version-not-13"}, "req-version-not-13 resp-426-no-upgrade", 4},
		{"rules repeated", []string{"-rule", "resp-426-no-upgrade", "-rule=req-version-not-13"}, "req-version-not-13 resp-426-no-upgrade", 4},
		{"rule and severity", []string{"--rule", "resp-426-no-upgrade", "--severity", "error"}, "", 0},
		{"another rule", []string{"--rule", "mask-key-zero"}, "", 0},
		{"port", []string{"--port", "80"}, "req-version-not-13 resp-426-no-upgrade", 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run(append([]string{"check", "--json", noUpgrade}, c.args...)...)
			var got []string
			for line := range strings.Lines(r.out) {
				if _, rest, ok := strings.Cut(line, `"code":"`); ok {
					code, _, _ := strings.Cut(rest, `"`)
					got = append(got, code)
				}
			}
			if codes := strings.Join(got, " "); codes != c.want || r.code != c.code || r.err != "" {
				t.Errorf("got %q, code %d, stderr %q; want %q, code %d", codes, r.code, r.err, c.want, c.code)
			}
			report := run(append([]string{"check", noUpgrade}, c.args...)...)
			if n := strings.Count(report.out, " packet "); n != len(got) || report.code != c.code {
				t.Errorf("the report has %d findings, code %d: %q", n, report.code, report.out)
			}
		})
	}
}

func TestCheckRefusesBadFlags(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--severity", "fatal"}, `wsdissect: --severity is error, warning or note, not "fatal"`},
		{[]string{"--rule", "no-such-rule"}, `wsdissect: there is no rule "no-such-rule"`},
		{[]string{"--color", "red"}, "wsdissect: --color is auto, always or never"},
	} {
		r := run(append([]string{"check", acceptWrong}, c.args...)...)
		if r.code != exitUsage || r.out != "" || !strings.HasPrefix(r.err, c.want) {
			t.Errorf("%v: code %d, stdout %q, stderr %q", c.args, r.code, r.out, r.err)
		}
	}
}

// Damage is told, and an error that was found all the same has the last word.
func TestCheckOfDamagedInput(t *testing.T) {
	r := run("check", acceptRight, "no-such-file")
	if r.code != exitDamaged || !strings.Contains(r.err, "no-such-file") || !strings.HasPrefix(r.out, "Verdict: 0 errors") {
		t.Errorf("code %d, stdout %q, stderr %q", r.code, r.out, r.err)
	}
	r = run("check", acceptWrong, "no-such-file")
	if r.code != exitViolations || !strings.Contains(r.err, "no-such-file") {
		t.Errorf("code %d, stderr %q", r.code, r.err)
	}
}

func TestCheckOfNothing(t *testing.T) {
	r := run("check", write(t, "empty.pcap", wstest.AppendFileHeader(nil)))
	if r.code != 0 || r.out != "Verdict: 0 errors, 0 warnings, 0 notes in 0 connections; 0 without findings\n" || !strings.Contains(r.err, "no WebSocket traffic found") {
		t.Errorf("code %d, stdout %q, stderr %q", r.code, r.out, r.err)
	}
}

// TestCheckTellsWhatIsMissing checks that what is not judged is said.
func TestCheckTellsWhatIsMissing(t *testing.T) {
	request := wstest.Request("Origin: nonsense")
	accepted := wstest.Talk4().Open().Client(request).Server(wstest.Response())
	text := wstest.Text("a message that is long enough to be told from chance").Masked().Bytes()
	for _, c := range []struct {
		name    string
		packets wstest.Packets
		want    string
	}{
		{"response lost", wstest.Talk4().Open().Client(request).LoseServer(len(wstest.Response())).Client(text).Client(text).Shut().Packets,
			"the handshake response, which was not captured"},
		{"gap", accepted.Client(text).LoseClient(len(text)).Client(text).Shut().Packets,
			"what 58 bytes hold, which were not captured (1 gap)"},
		{"capture end", wstest.Talk4().Open().Client(request).Server(wstest.Response()).Packets,
			"the end of the connection, which comes after that of the capture"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run("check", c.packets.TempFile(t))
			if !strings.Contains(r.out, "  not judged: "+c.want+"\n") {
				t.Errorf("stdout %q, stderr %q", r.out, r.err)
			}
		})
	}
}
