package schema

import (
	"errors"
	"fmt"
	"strings"
)

// link resolves the names in files.
func link(files []*file) (*Types, error) {
	t := &Types{messages: map[string]*Message{}, enums: map[string]*Enum{}, fields: map[string]bool{}}
	for _, f := range files {
		for _, m := range f.messages {
			if t.has(m.Name) {
				return nil, fmt.Errorf("%s: %s is defined twice", f.name, m.Name)
			}
			t.messages[m.Name] = m
		}
		for _, e := range f.enums {
			if t.has(e.Name) {
				return nil, fmt.Errorf("%s: %s is defined twice", f.name, e.Name)
			}
			t.enums[e.Name] = e
		}
	}
	for _, f := range files {
		for i := range f.fields {
			if err := t.link(&f.fields[i]); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

func (t *Types) has(name string) bool { return t.messages[name] != nil || t.enums[name] != nil }

func (t *Types) link(p *pending) error {
	if p.typeName != "" {
		name, ok := t.resolve(p.scope, p.typeName)
		if !ok {
			return fmt.Errorf("%sthe type %s of %s is not defined", p.at, p.typeName, p.field.Name)
		}
		p.field.Message, p.field.Enum = t.messages[name], t.enums[name]
		switch {
		case p.field.Enum != nil:
			p.field.Kind = Enumerated
		case p.field.Kind != Group:
			p.field.Kind = Embedded
		}
	}
	if p.field.Kind == 0 {
		return errors.New(p.at + "a field without a type")
	}
	owner := p.owner
	if owner == nil {
		name, ok := t.resolve(p.scope, p.extendee)
		if owner = t.messages[name]; !ok || owner == nil {
			return nil // of options, mostly: nothing that is on the wire
		}
		p.field.Name = "[" + join(p.scope, p.field.Name) + "]"
	}
	if other := owner.Fields[p.field.Number]; other != nil {
		return fmt.Errorf("%s%s and %s of %s have the number %d", p.at, other.Name, p.field.Name, owner.Name, p.field.Number)
	}
	name := join(owner.Name, p.field.Name)
	if t.fields[name] {
		return fmt.Errorf("%s%s is there twice", p.at, name)
	}
	t.fields[name] = true
	owner.Fields[p.field.Number] = p.field
	return nil
}

// resolve finds the full name of what a name means in a scope: the innermost that has it.
func (t *Types) resolve(scope, name string) (string, bool) {
	if full, absolute := strings.CutPrefix(name, "."); absolute {
		return full, t.has(full)
	}
	for {
		if full := join(scope, name); t.has(full) {
			return full, true
		}
		if scope == "" {
			return "", false
		}
		scope = scope[:max(0, strings.LastIndexByte(scope, '.'))]
	}
}
