package conform

import (
	"testing"

	"github.com/wsdissect/wsdissect/frame"
)

// TestRuleOf holds the table of rules against the names of the violations.
func TestRuleOf(t *testing.T) {
	n := 0
	for v := range (^frame.Violations(0)).All() {
		if n == len(ruleOf) {
			t.Fatalf("no rule for %s", v)
		}
		if got := ruleOf[n].Code(); got != v.String() {
			t.Errorf("%s is taken for %s", v, got)
		}
		n++
	}
	if n != len(ruleOf) {
		t.Errorf("%d rules for %d violations", len(ruleOf), n)
	}
}
