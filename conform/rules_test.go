package conform_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/conform"
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/rules"
)

const examples = "../testdata/rules"

// TestEachRule checks that every rule is found in the capture that breaks it, and not in
// its clean twin. That nothing else is found is checked where the captures are made.
func TestEachRule(t *testing.T) {
	large := []rules.ID{rules.LimitQueuedBytes, rules.LimitMessageSize, rules.LimitHeadSize, rules.LimitHeldBytes}
	for _, id := range rules.All() {
		t.Run(id.Code(), func(t *testing.T) {
			switch group := id.Rule().Group; {
			case group == "http2" || group == "tls":
				t.Skip("there is no layer for it yet")
			case slices.Contains(large, id):
				t.Skip("its capture would be larger than what is kept in the repository")
			}
			if !broken(t, id, id.Code()+".pcap") {
				t.Error("is not found")
			}
			if broken(t, id, id.Code()+".clean.pcap") {
				t.Error("is found in the clean twin")
			}
		})
	}
}

// broken reports whether a rule is broken in a capture.
func broken(t *testing.T, id rules.ID, name string) bool {
	t.Helper()
	path := filepath.Join(examples, name)
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	var found search
	r := capture.New(capture.File(path))
	if err := dissect.Run(r.Segments(), dissect.Options{}, conform.New(&found), func(err error) { t.Error(err) }); err != nil {
		t.Fatal(err)
	}
	return slices.Contains(found, id)
}

// search collects the rules that are broken.
type search []rules.ID

// Emit implements dissect.Sink.
func (s *search) Emit(e dissect.Event) error {
	if a, ok := e.(*dissect.Anomaly); ok {
		*s = append(*s, a.Rule)
	}
	return nil
}
