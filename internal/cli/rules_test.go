package cli

import (
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

// TestRulesDocument holds the document equal to the table; -update writes it anew.
func TestRulesDocument(t *testing.T) {
	r := run("rules", "--markdown")
	if r.code != 0 || r.err != "" {
		t.Fatalf("code %d, stderr %q", r.code, r.err)
	}
	wstest.Golden(t, "../../docs/rules.md", []byte(r.out))
}

func TestRulesLists(t *testing.T) {
	r := run("rules")
	lines := strings.Split(strings.TrimSuffix(r.out, "\n"), "\n")
	all := rules.All()
	if r.code != 0 || r.err != "" || len(lines) != len(all) {
		t.Fatalf("code %d, stderr %q, %d lines for %d rules", r.code, r.err, len(lines), len(all))
	}
	column := strings.Index(lines[0], all[0].Rule().Observed)
	for i, id := range all {
		rule := id.Rule()
		if fields := strings.Fields(lines[i]); fields[0] != rule.Code || fields[1] != rule.Severity.String() || fields[2] != rule.Party.String() {
			t.Errorf("%s: %q", rule.Code, lines[i])
		}
		if strings.Index(lines[i], rule.Observed) != column {
			t.Errorf("%s is not aligned: %q", rule.Code, lines[i])
		}
	}
}

func TestRulesExplains(t *testing.T) {
	r := run("rules", "ping-unanswered", "handshake-inferred")
	if r.code != 0 || r.err != "" {
		t.Errorf("code %d, stderr %q", r.code, r.err)
	}
	wstest.Golden(t, "testdata/rules.explained", []byte(r.out))
}

func TestRulesUnknown(t *testing.T) {
	r := run("rules", "ping-unanswered", "pong-unanswered")
	if r.code != exitUsage || r.out != "" || !strings.Contains(r.err, `there is no rule "pong-unanswered"`) {
		t.Errorf("code %d, stdout %q, stderr %q", r.code, r.out, r.err)
	}
}
