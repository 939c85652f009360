package filter

import "fmt"

// Target is where a program runs.
type Target uint8

const (
	// File is for packets as capture files have them, with [Program.Match].
	File Target = iota
	// Kernel is for a packet socket of Linux of type SOCK_RAW, with [Program.Instructions]:
	// the kernel keeps the outer VLAN tag of a packet beside it, and knows its direction and
	// interface. It has the link types of interfaces, which are Ethernet, raw IP and PPP.
	Kernel
)

// Config is what an expression is compiled for.
type Config struct {
	Link uint32 // LINKTYPE number
	// Snaplen is how many bytes of a packet that matches the kernel passes on; all of
	// them if it is not above 0.
	Snaplen int
	Target  Target
	// Ports narrows the expression to packets that may belong to TCP connections of one
	// of them, as [Ports] does. All packets will do if there are none.
	Ports []uint16
}

// Compile makes a program for packets of files of a link type (LINKTYPE_ETHERNET is 1). The
// error is a [*SyntaxError] if the expression is at fault, and wraps [ErrUnsupported] if
// there are no filters on that link type.
func (e *Expr) Compile(link uint32, snaplen int) (*Program, error) {
	return e.Program(Config{Link: link, Snaplen: snaplen})
}

// Program makes a program; see [Expr.Compile].
func (e *Expr) Program(conf Config) (*Program, error) {
	l, err := layoutOf(conf.Link)
	if err != nil {
		return nil, err
	}
	switch l.kind {
	case kindSLL, kindSLL2, kindNull, kindLoop:
		if conf.Target == Kernel {
			return nil, fmt.Errorf("filter: %w: filters on %s in the kernel", ErrUnsupported, l.name)
		}
	}
	c := &compiler{layout: l, conf: conf}
	p, err := c.program(e.root, place{0, e.text})
	if err != nil {
		return nil, located(err, e.text)
	}
	return p, nil
}

func (c *compiler) program(root node, whole place) (*Program, error) {
	holds, err := c.cases(root)
	if err != nil {
		return nil, err
	}
	g := newGraph(&c.values, holds)
	if g.root == reject {
		return nil, &failure{at: whole, msg: ErrRejectsAll.Error(), err: ErrRejectsAll}
	}
	return emit(g, c.conf, whole)
}

// compiler makes conditions of an expression, from left to right, as vlan, mpls and pppoes
// change the layout for the conditions behind them.
type compiler struct {
	layout
	values values
	conf   Config
	// What is known of the packet, where one condition is made for each case.
	tagged    bool // the kernel has the outer VLAN tag beside the packet
	bigEndian bool // the address family of LINKTYPE_NULL is
	// families is whether any condition asks for an address family.
	families bool
}

// expression compiles the whole of it, with the ports it is narrowed to.
func (c *compiler) expression(n node) (*cond, error) {
	start := c.layout
	holds := &cond{kind: condTrue}
	if n != nil {
		var err error
		if holds, err = c.node(n); err != nil {
			return nil, err
		}
	}
	if len(c.conf.Ports) > 0 {
		c.layout = start
		holds = all(holds, c.connections(c.conf.Ports))
	}
	c.layout = start
	return holds, nil
}

// cases compiles an expression for each case of what the packet tells only when the program
// runs: in the kernel, where the outer VLAN tag is, and so where all that follows is; and
// the byte order of the machine that captured, where that is the order of address families.
func (c *compiler) cases(n node) (*cond, error) {
	first, err := c.expression(n)
	if err != nil {
		return nil, err
	}
	var other *cond
	switch {
	case c.kind == kindEthernet && c.conf.Target == Kernel && usesVLAN(n):
		other = c.values.compare(testEqual, c.values.load(1, adVLANPresent), 1)
		c.tagged = true
	case c.kind == kindNull && c.families:
		other = c.bits(4, c.header, 0xFFFF)
		c.bigEndian = true
	default:
		return first, nil
	}
	second, err := c.expression(n)
	return anyOf(all(other, second), all(not(other), first)), err
}

func usesVLAN(n node) bool {
	switch n := n.(type) {
	case *logic:
		return usesVLAN(n.a) || usesVLAN(n.b)
	case *negation:
		return usesVLAN(n.x)
	case *primitive:
		return n.word == "vlan"
	}
	return false
}

func (c *compiler) node(n node) (*cond, error) {
	switch n := n.(type) {
	case *logic:
		a, err := c.node(n.a)
		if err != nil {
			return nil, err
		}
		b, err := c.node(n.b)
		if err != nil {
			return nil, err
		}
		if n.or {
			return anyOf(a, b), nil
		}
		return all(a, b), nil
	case *negation:
		x, err := c.node(n.x)
		if err != nil {
			return nil, err
		}
		return not(x), nil
	case *value:
		return c.value(n)
	case *protocol:
		return c.abbreviation(n.place, n.word)
	case *relation:
		return c.relation(n)
	case *cast:
		return c.cast(n)
	case *primitive:
		return c.primitive(n)
	}
	panic("filter: a node of no known type")
}

// at is the condition that size bytes at an offset are k.
func (c *compiler) at(size uint8, offset int, k uint32) *cond {
	return c.values.compare(testEqual, c.values.load(size, offset), k)
}

// masked is at, of the bits of a mask.
func (c *compiler) masked(size uint8, offset int, mask, k uint32) *cond {
	v := c.values.load(size, offset)
	if mask != 0xFFFFFFFF {
		v = c.values.alu(aluAnd, v, c.values.constant(mask))
	}
	return c.values.compare(testEqual, v, k)
}
