package schema

import (
	"strconv"
	"strings"
)

// field is "[label] type name = number [options];", a map, or a group.
func (p *parser) field(f pending, depth int) error {
	f.field = &Field{}
	f.at = p.errorf("").Error()
	switch p.text {
	case "optional", "required", "repeated":
		f.field.Repeated = p.text == "repeated"
		if err := p.next(); err != nil {
			return err
		}
	}
	kind, err := p.word()
	if err != nil {
		return err
	}
	switch {
	case kind == "map" && p.text == "<":
		return p.mapField(f, depth)
	case kind == "group" && !strings.HasPrefix(p.text, "="):
		return p.group(f, depth)
	}
	f.setType(kind)
	if err := p.nameAndNumber(&f); err != nil {
		return err
	}
	p.out.fields = append(p.out.fields, f)
	return p.statement()
}

func (f *pending) setType(name string) {
	for k, n := range kindNames {
		if n == name && Kind(k) != Group && Kind(k) != Embedded && Kind(k) != Enumerated {
			f.field.Kind = Kind(k)
			return
		}
	}
	f.typeName = name
}

// nameAndNumber is "name = number".
func (p *parser) nameAndNumber(f *pending) (err error) {
	if f.field.Name, err = p.name(); err != nil {
		return err
	}
	if err = p.expect("="); err != nil {
		return err
	}
	n, err := strconv.ParseUint(p.text, 0, 32)
	if err != nil || p.quoted || n == 0 || n >= 1<<29 {
		return p.errorf("%s where a field number is due", p.shown())
	}
	f.field.Number = n
	return p.next()
}

// mapField is "map<key, value> name = number;": a message with both, repeated.
func (p *parser) mapField(f pending, depth int) error {
	if err := p.next(); err != nil {
		return err
	}
	key, err := p.word()
	if err != nil {
		return err
	}
	if err := p.expect(","); err != nil {
		return err
	}
	value, err := p.word()
	if err != nil {
		return err
	}
	if err := p.expect(">"); err != nil {
		return err
	}
	if err := p.nameAndNumber(&f); err != nil {
		return err
	}
	entry := &Message{Name: join(f.scope, entryName(f.field.Name)), Fields: map[uint64]*Field{}, Entry: true}
	p.out.messages = append(p.out.messages, entry)
	for i, kind := range []string{key, value} {
		e := pending{field: &Field{Name: []string{"key", "value"}[i], Number: uint64(i + 1)}, owner: entry, scope: f.scope, at: f.at}
		e.setType(kind)
		p.out.fields = append(p.out.fields, e)
	}
	f.field.Repeated, f.typeName = true, "."+entry.Name
	p.out.fields = append(p.out.fields, f)
	return p.statement()
}

// entryName is the name that protoc gives to the entries of a map.
func entryName(field string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(field, "_") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String() + "Entry"
}

// group is "group Name = number { fields }" of proto2; the field is named in lower case.
func (p *parser) group(f pending, depth int) error {
	if err := p.nameAndNumber(&f); err != nil {
		return err
	}
	name := join(f.scope, f.field.Name)
	f.field.Name = strings.ToLower(f.field.Name)
	f.field.Kind, f.typeName = Group, "."+name
	p.out.fields = append(p.out.fields, f)
	for p.text != "{" || p.quoted {
		if p.text == "" && !p.quoted || p.text == ";" {
			return p.errorf("%s where the fields of a group are due", p.shown())
		}
		if err := p.next(); err != nil {
			return err
		}
	}
	_, err := p.body(name, depth+1)
	return err
}
