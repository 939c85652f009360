package schema

import (
	"strconv"
	"strings"
)

// file is what a .proto file or a FileDescriptorProto says, its names not resolved.
type file struct {
	name     string
	imports  []string
	messages []*Message
	enums    []*Enum
	fields   []pending
}

// pending is a field whose message, and perhaps its type, is a name yet.
type pending struct {
	field    *Field
	owner    *Message // of a field
	extendee string   // of an extension, instead
	typeName string   // of a field that is no scalar
	scope    string   // where the names stand
	at       string   // file and line, for errors
}

// maxNesting bounds messages inside each other.
const maxNesting = 64

// parser reads a .proto file: proto2, proto3 and editions alike. Options, services and
// reserved ranges say nothing about the wire, and are passed over.
type parser struct {
	lexer
	out *file
}

// parse reads the text of a .proto file.
func parse(name, text string) (*file, error) {
	p := parser{lexer: lexer{file: name, src: text, line: 1}, out: &file{name: name}}
	if err := p.next(); err != nil {
		return nil, err
	}
	scope := ""
	for p.text != "" || p.quoted {
		if err := p.top(&scope); err != nil {
			return nil, err
		}
	}
	return p.out, nil
}

// top is a definition of a file.
func (p *parser) top(scope *string) (err error) {
	switch word := p.text; word {
	case "package":
		if err = p.next(); err == nil {
			*scope = p.text
			err = p.statement()
		}
		return err
	case "import":
		return p.imports()
	case "syntax", "edition", "option", "service":
		return p.statement()
	case ";", "export", "local":
		return p.next()
	}
	return p.definition(*scope, 0)
}

func (p *parser) imports() error {
	for !p.quoted {
		if p.text == ";" || p.text == "" {
			return p.errorf("an import without a name")
		}
		if err := p.next(); err != nil {
			return err
		}
	}
	p.out.imports = append(p.out.imports, p.text)
	return p.statement()
}

// definition is one that stands in a file or in a message.
func (p *parser) definition(scope string, depth int) error {
	switch p.text {
	case "message":
		_, err := p.message(scope, depth)
		return err
	case "enum":
		return p.enum(scope)
	case "extend":
		return p.extend(scope, depth)
	}
	return p.errorf("%s where a definition is due", p.shown())
}

// statement passes over the rest of one: to its semicolon, or past its block.
func (p *parser) statement() error {
	depth := 0
	for {
		text, quoted := p.text, p.quoted
		if text == "" && !quoted {
			return p.errorf("the file ends inside a statement")
		}
		if err := p.next(); err != nil {
			return err
		}
		if quoted {
			continue
		}
		switch text {
		case "{", "[":
			depth++
		case "}", "]":
			if depth--; depth <= 0 && text == "}" && p.text != ";" {
				return nil // a block ends without a semicolon
			}
		case ";":
			if depth <= 0 {
				return nil
			}
		}
	}
}

// expect takes a token that must be there.
func (p *parser) expect(text string) error {
	if p.text != text || p.quoted {
		return p.errorf("%s where %q is due", p.shown(), text)
	}
	return p.next()
}

// word takes a name.
func (p *parser) word() (string, error) {
	name := p.text
	if p.quoted || name == "" || !isWord(name[0]) {
		return "", p.errorf("%s where a name is due", p.shown())
	}
	return name, p.next()
}

// name takes the name of what is defined.
func (p *parser) name() (string, error) {
	if strings.Contains(p.text, ".") {
		return "", p.errorf("%s where a name without dots is due", p.shown())
	}
	return p.word()
}

func join(scope, name string) string {
	if scope == "" {
		return name
	}
	return scope + "." + name
}

// message is "message Name { ... }".
func (p *parser) message(scope string, depth int) (*Message, error) {
	if err := p.next(); err != nil {
		return nil, err
	}
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	return p.body(join(scope, name), depth)
}

// body is the block of a message or a group with that full name.
func (p *parser) body(name string, depth int) (*Message, error) {
	if depth >= maxNesting {
		return nil, p.errorf("messages nested too deep")
	}
	m := &Message{Name: name, Fields: map[uint64]*Field{}}
	p.out.messages = append(p.out.messages, m)
	return m, p.block(func() error { return p.member(m, depth) })
}

// block is "{ ... }" with what each turn takes.
func (p *parser) block(turn func() error) error {
	if err := p.expect("{"); err != nil {
		return err
	}
	for p.text != "}" || p.quoted {
		if p.text == "" && !p.quoted {
			return p.errorf("the file ends inside a block")
		}
		if err := turn(); err != nil {
			return err
		}
	}
	return p.next()
}

// member is what stands in a message. A word that begins a definition may also be the type
// of a field: it is one where a name and a number follow.
func (p *parser) member(m *Message, depth int) error {
	switch p.text {
	case ";":
		return p.next()
	case "message", "enum", "extend":
		if p.peekField() {
			break
		}
		return p.definition(m.Name, depth+1)
	case "option", "reserved", "extensions":
		if p.peekField() {
			break
		}
		return p.statement()
	case "export", "local":
		if !p.peekField() {
			return p.next()
		}
	case "oneof":
		if p.peekField() {
			break
		}
		if err := p.next(); err != nil {
			return err
		}
		if _, err := p.word(); err != nil {
			return err
		}
		return p.block(func() error {
			if p.text == "option" && !p.peekField() {
				return p.statement()
			}
			return p.field(pending{owner: m, scope: m.Name}, depth)
		})
	}
	return p.field(pending{owner: m, scope: m.Name}, depth)
}

// peekField reports whether the word at hand is the type of a field: "message text = 1;".
func (p *parser) peekField() bool {
	ahead := *p
	return ahead.next() == nil && ahead.text != "" && isWord(ahead.text[0]) && ahead.next() == nil && ahead.text == "=" &&
		ahead.next() == nil && !ahead.quoted && ahead.text != "" && '0' <= ahead.text[0] && ahead.text[0] <= '9'
}

// extend is "extend Message { fields }".
func (p *parser) extend(scope string, depth int) error {
	if err := p.next(); err != nil {
		return err
	}
	extendee, err := p.word()
	if err != nil {
		return err
	}
	return p.block(func() error {
		if p.text == ";" {
			return p.next()
		}
		return p.field(pending{extendee: extendee, scope: scope}, depth)
	})
}

// enum is "enum Name { NAME = number; ... }".
func (p *parser) enum(scope string) error {
	if err := p.next(); err != nil {
		return err
	}
	name, err := p.name()
	if err != nil {
		return err
	}
	e := &Enum{Name: join(scope, name), Values: map[int32]string{}}
	p.out.enums = append(p.out.enums, e)
	return p.block(func() error { return p.enumValue(e) })
}

func (p *parser) enumValue(e *Enum) error {
	if p.text == ";" {
		return p.next()
	}
	name, err := p.word()
	if err != nil {
		return err
	}
	if p.text != "=" { // an option, or reserved
		return p.statement()
	}
	if err := p.next(); err != nil {
		return err
	}
	sign := ""
	if p.text == "-" {
		sign = "-"
		if err := p.next(); err != nil {
			return err
		}
	}
	n, err := strconv.ParseInt(sign+p.text, 0, 32)
	if err != nil || p.quoted {
		return p.errorf("%s where the number of an enum value is due", p.shown())
	}
	e.add(int32(n), name)
	return p.statement()
}

func (e *Enum) add(n int32, name string) {
	if _, known := e.Values[n]; !known {
		e.Values[n] = name
	}
}
