package main

import (
	"testing"

	"github.com/wsdissect/wsdissect/rules"
)

// TestEachRuleHasAnExample names the rules that have none, and why.
func TestEachRuleHasAnExample(t *testing.T) {
	groups := map[string]string{
		"http2": "there is no HTTP/2 layer yet",
		"tls":   "there is no TLS layer yet",
	}
	without := map[rules.ID]string{
		rules.LimitQueuedBytes: "takes 4 MiB behind a hole",
		rules.LimitMessageSize: "takes a message of 64 MiB",
		rules.LimitHeadSize:    "takes more than is kept in the repository",
		rules.LimitHeldBytes:   "takes more than is kept in the repository",
	}
	has := map[rules.ID]bool{}
	for _, e := range examples() {
		if has[e.rule] {
			t.Errorf("%s has two examples", e.rule.Code())
		}
		has[e.rule] = true
	}
	for _, id := range rules.All() {
		_, later := groups[id.Rule().Group]
		if _, large := without[id]; (later || large) == has[id] {
			t.Errorf("%s: has an example: %v; is to be without one: %v", id.Code(), has[id], later || large)
		}
	}
}
