package output

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/reassembly"
)

func TestInterfacesAndDrops(t *testing.T) {
	f := &dissect.Frame{Meta: dissect.Meta{Packet: reassembly.PacketRef{Number: 1, Interface: 2}}}
	end := &dissect.Summary{
		Meta:    dissect.Meta{Packet: reassembly.PacketRef{Number: 1, Interface: 3}},
		Dropped: []dissect.Count{{Reason: "kernel", N: 7}},
	}
	names := []string{"", "lo", "eth0"}
	o := Options{
		Start: func() Start { return Start{Live: names[1:]} },
		Interface: func(n uint16) string {
			if int(n) < len(names) {
				return names[n]
			}
			return ""
		},
	}
	records := linesOf(t, o, f, end)
	if got := records[0]["interfaces"]; !reflect.DeepEqual(got, []any{"lo", "eth0"}) {
		t.Errorf("interfaces %v", got)
	}
	if got := records[1]["interface"]; got != "eth0" {
		t.Errorf("interface %v", got)
	}
	if got, ok := records[2]["interface"]; ok {
		t.Errorf("interface %v of an unknown number", got)
	}
	if got := records[2]["dropped"]; !reflect.DeepEqual(got, map[string]any{"kernel": json.Number("7")}) {
		t.Errorf("dropped %v", got)
	}

	var tree, list bytes.Buffer
	for w, p := range map[*bytes.Buffer]Printer{&tree: NewTree(&tree, o), &list: NewList(&list, o)} {
		f.Conn = &reassembly.Conn{ID: 1}
		if err := errors.Join(p.Emit(f), p.Flush()); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(w.String(), "eth0\n") {
			t.Errorf("no interface in %q", w.String())
		}
	}
}
