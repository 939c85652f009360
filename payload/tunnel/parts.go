package tunnel

import (
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

// parts are what one message has of a stream. Bytes of the same kind that follow each
// other are one part.
type parts struct {
	units payload.Units
	kind  string // of the bytes that are not added yet
	size  int
	full  bool
}

// bulk adds bytes of which no more is told than what they are.
func (p *parts) bulk(kind string, size int) {
	if kind != p.kind {
		p.flush()
	}
	p.kind = kind
	p.size += size
}

// add adds a part with its type and fields; words stand behind the type in the list.
func (p *parts) add(kind string, fields dissect.Object, words ...string) {
	p.flush()
	o := append(dissect.Object{{Name: "type", Value: kind}}, fields...)
	p.put(o, payload.Line(append([]string{spelled(kind)}, words...)...))
}

func (p *parts) flush() {
	if p.size > 0 {
		o := dissect.Object{{Name: "type", Value: p.kind}, {Name: "size", Value: p.size}}
		size := p.size
		p.size = 0
		p.put(o, spelled(p.kind)+" "+payload.Size(size))
	}
}

func (p *parts) put(o dissect.Object, brief string) {
	if !p.units.Add(o, brief) {
		p.full = true
	}
}

// spelled is a type in the list: names of a protocol stay as they are.
func spelled(kind string) string {
	if 'A' <= kind[0] && kind[0] <= 'Z' {
		return kind
	}
	return strings.ReplaceAll(kind, "_", " ")
}
