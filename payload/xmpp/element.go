package xmpp

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
)

var (
	errRoot = errors.New("XMPP: not one element, as a message has to be")
	errXML  = errors.New("XMPP: not well-formed")
)

const (
	maxDepth    = 200
	maxChildren = 256 // of an element that are told, and of its attributes
	maxDown     = 3   // levels of elements below the root that are told
)

// element is an XML element with what it has down to its grandchildren's children.
type element struct {
	name     xml.Name
	attrs    []xml.Attr
	children []element
	text     []byte
	leftOut  int // elements that are not told, of the root
}

// parse reads a message that is a single element (RFC 7395 3.3.3).
func parse(b []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = true
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errXML } // it is UTF-8
	var open []*element                                                                 // nil for those that are not kept
	var root *element
	for {
		token, err := d.Token()
		if err == io.EOF && root != nil && len(open) == 0 {
			return root, nil
		}
		if err != nil || len(open) > maxDepth {
			return nil, errXML
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(open) == 0 && root != nil {
				return nil, errRoot
			}
			e := keep(open, t)
			if root == nil {
				root = e
			} else if e == nil {
				root.leftOut++
			}
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if !addText(open, t) {
				return nil, errRoot
			}
		}
	}
}

// addText is false for text outside the root.
func addText(open []*element, t []byte) bool {
	if len(open) == 0 {
		return len(bytes.TrimSpace(t)) == 0
	}
	if e := open[len(open)-1]; e != nil {
		e.text = append(e.text, t...)
	}
	return true
}

// keep adds an element to the innermost that is open, nil if it is too far down.
func keep(open []*element, t xml.StartElement) *element {
	e := element{name: t.Name, attrs: t.Copy().Attr}
	if len(open) == 0 {
		return &e
	}
	parent := open[len(open)-1]
	if parent == nil || len(open) > maxDown || len(parent.children) >= maxChildren {
		return nil
	}
	// The slice of the parent may move while this element is open only if a sibling is
	// added, which it cannot be.
	parent.children = append(parent.children, e)
	return &parent.children[len(parent.children)-1]
}

// attr is an attribute without a namespace.
func (e *element) attr(name string) string {
	for i := range e.attrs {
		if a := &e.attrs[i]; a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// child is the first of its name, nil if there is none.
func (e *element) child(name string) *element {
	for i := range e.children {
		if e.children[i].name.Local == name {
			return &e.children[i]
		}
	}
	return nil
}

// object tells an element below the root.
func (e *element) object() dissect.Object {
	o := dissect.Object{{Name: "name", Value: e.name.Local}}
	if e.name.Space != "" {
		o = append(o, dissect.Field{Name: "xmlns", Value: e.name.Space})
	}
	if attrs := e.attributes(); len(attrs) > 0 {
		o = append(o, dissect.Field{Name: "attributes", Value: attrs})
	}
	if text := bytes.TrimSpace(e.text); len(text) > 0 {
		o = append(o, dissect.Field{Name: "text", Value: payload.Text(text)})
	}
	if len(e.children) > 0 {
		o = append(o, dissect.Field{Name: "children", Value: objects(e.children)})
	}
	return o
}

// attributes are those that declare no namespace, by their names without prefix; of a name
// that comes twice the first stands.
func (e *element) attributes() (o dissect.Object) {
	seen := make(map[string]bool)
	for i := range e.attrs[:min(len(e.attrs), maxChildren)] {
		a := &e.attrs[i]
		if a.Name.Local == "xmlns" || a.Name.Space == "xmlns" || seen[a.Name.Local] {
			continue
		}
		seen[a.Name.Local] = true
		o = append(o, dissect.Field{Name: a.Name.Local, Value: a.Value})
	}
	return o
}

func objects(list []element) []any {
	all := make([]any, len(list))
	for i := range list {
		all[i] = list[i].object()
	}
	return all
}
