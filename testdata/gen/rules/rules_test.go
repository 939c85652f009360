package main

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/conform"
	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

const committed = "../../rules"

func TestCommittedFiles(t *testing.T) {
	var want []string
	for _, e := range examples() {
		for _, broken := range []bool{true, false} {
			want = append(want, e.file(broken))
			wstest.Golden(t, filepath.Join(committed, e.file(broken)), e.build(broken).Capture())
		}
	}
	files, err := filepath.Glob(filepath.Join(committed, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !slices.Contains(want, filepath.Base(f)) {
			t.Errorf("%s is of no example", f)
		}
	}
}

// TestExamples checks that exactly what an example says is found in its captures, each
// time in the direction of the endpoint that the rule binds.
func TestExamples(t *testing.T) {
	for _, e := range examples() {
		t.Run(e.rule.Code(), func(t *testing.T) {
			compare(t, e.file(true), append([]rules.ID{e.rule}, e.also...), e.build(true))
			compare(t, e.file(false), e.clean, e.build(false))
		})
	}
}

func compare(t *testing.T, name string, want []rules.ID, packets wstest.Packets) {
	t.Helper()
	got := judged(t, packets)
	for _, a := range got {
		if p := a.Rule.Rule().Party; p == rules.Client && a.Dir == dissect.ServerToClient || p == rules.Server && a.Dir == dissect.ClientToServer {
			t.Errorf("%s: packet %d: %s %s: direction %s", name, a.Packet.Number, a.Rule.Code(), a.Text, a.Dir)
		}
		if !slices.Contains(want, a.Rule) {
			t.Errorf("%s: packet %d: %s %s: %s", name, a.Packet.Number, a.Dir, a.Rule.Code(), a.Text)
		}
	}
	for _, id := range want {
		if !slices.ContainsFunc(got, func(a dissect.Anomaly) bool { return a.Rule == id }) {
			t.Errorf("%s: %s is not found", name, id.Code())
		}
	}
}

// judged are the anomalies in a capture.
func judged(t *testing.T, packets wstest.Packets) []dissect.Anomaly {
	t.Helper()
	var c collector
	v := &wstest.Validator{Next: &c, Poison: true}
	r := capture.New(capture.File(packets.TempFile(t)))
	err := dissect.Run(r.Segments(), dissect.Options{}, conform.New(v), func(err error) { t.Error(err) })
	if err := errors.Join(err, v.Err()); err != nil {
		t.Fatal(err)
	}
	return c.found
}

// collector keeps the anomalies.
type collector struct{ found []dissect.Anomaly }

// Emit implements dissect.Sink.
func (c *collector) Emit(e dissect.Event) error {
	if a, ok := e.(*dissect.Anomaly); ok {
		c.found = append(c.found, *a)
	}
	return nil
}
