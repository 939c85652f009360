package output

import (
	"bytes"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
)

// print runs events through a printer.
func print(t testing.TB, printer func(*bytes.Buffer) Printer, events []dissect.Event) string {
	t.Helper()
	var out bytes.Buffer
	p := printer(&out)
	for _, e := range events {
		if err := p.Emit(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func treeOf(o Options) func(*bytes.Buffer) Printer {
	return func(b *bytes.Buffer) Printer { return NewTree(b, o) }
}

func listOf(o Options) func(*bytes.Buffer) Printer {
	return func(b *bytes.Buffer) Printer { return NewList(b, o) }
}

func jsonOf(o Options) func(*bytes.Buffer) Printer {
	return func(b *bytes.Buffer) Printer { return NewJSON(b, o) }
}
