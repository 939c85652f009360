package filter

import (
	"fmt"
	"strconv"
	"strings"
)

// node is a condition on a packet as it was written.
type node interface {
	where() place
	String() string
}

// qualifiers are what stands before a value, or stood before an earlier one.
type qualifiers struct {
	proto string // a protocol word, empty for none
	dir   string // src, dst, src or dst, src and dst, an 802.11 one, or empty
	kind  string // host, net, port, portrange, proto, protochain, gateway, or empty
	given bool   // false where no qualifier has come yet, which no value survives
}

func (q qualifiers) String() string {
	var words []string
	for _, w := range []string{q.proto, q.dir, q.kind} {
		if w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

type (
	// logic is "a and b" or "a or b".
	logic struct {
		place
		or   bool
		a, b node
	}
	// negation is "not x".
	negation struct {
		place
		x node
	}
	// value is a value with its qualifiers: tcp port 80.
	value struct {
		place
		q   qualifiers
		tok token
		// For tok of an address: its length of "/24", or -1; mask of "mask 255.0.0.0".
		length int64
		mask   token
	}
	// protocol is a protocol word that stands alone.
	protocol struct {
		place
		word string
	}
	// relation is a comparison of numbers; op is one of = != < <= > >=.
	relation struct {
		place
		op   string
		a, b number
	}
	// primitive is one of the words with a meaning of their own, with its number if it has
	// one: less, greater, vlan, mpls, pppoes, pppoed, inbound, outbound, ifindex.
	primitive struct {
		place
		word   string
		number int64 // -1 for none
	}
	// cast is "broadcast" or "multicast" with the protocol before it.
	cast struct {
		place
		word, proto string
	}
)

func (p place) where() place { return p }

func (n *logic) String() string {
	word := " and "
	if n.or {
		word = " or "
	}
	b := n.b.String()
	if _, ok := n.b.(*logic); ok {
		b = "(" + b + ")"
	}
	return n.a.String() + word + b
}

func (n *negation) String() string {
	if _, ok := n.x.(*logic); ok {
		return "not (" + n.x.String() + ")"
	}
	return "not " + n.x.String()
}

func (n *value) String() string {
	s := n.q.String() + " " + n.tok.String()
	switch {
	case n.mask.kind != tokenEnd:
		s += " mask " + n.mask.String()
	case n.length >= 0:
		s += "/" + strconv.FormatInt(n.length, 10)
	}
	return s
}

// String is the token with the backslash that keeps a name from being anything else.
func (t token) String() string {
	switch t.kind {
	case tokenName:
		return `\` + t.word
	case tokenNumber:
		return strconv.FormatUint(uint64(t.number), 10)
	}
	return t.word
}

func (n *protocol) String() string { return n.word }

// The operands stand in parentheses of their own, so that no precedence matters.
func (n *relation) String() string { return n.a.String() + " " + n.op + " " + n.b.String() }

func (n *primitive) String() string {
	if n.number < 0 {
		return n.word
	}
	return n.word + " " + strconv.FormatInt(n.number, 10)
}

func (n *cast) String() string {
	if n.proto == "" {
		return n.word
	}
	return n.proto + " " + n.word
}

// number is an arithmetic expression.
type number interface {
	where() place
	String() string
}

type (
	constant struct {
		place
		v uint32
	}
	// packetLen is the length of the packet on the wire.
	packetLen struct{ place }
	// field is proto[index:size].
	field struct {
		place
		proto string
		index number
		size  uint32
	}
	// operation is a op b; op is one of + - * / % & | ^ << >>.
	operation struct {
		place
		op   string
		a, b number
	}
	// minus is -x.
	minus struct {
		place
		x number
	}
)

func (n *constant) String() string { return strconv.FormatUint(uint64(n.v), 10) }

func (n *packetLen) String() string { return "len" }

func (n *field) String() string {
	return fmt.Sprintf("%s[%s:%d]", n.proto, n.index, n.size)
}
func (n *operation) String() string {
	return "(" + n.a.String() + " " + n.op + " " + n.b.String() + ")"
}
func (n *minus) String() string { return "(- " + n.x.String() + ")" }

// Expr is a filter expression. It is of no link type yet, and may be compiled for several.
type Expr struct {
	text string
	root node // nil matches every packet
}

// String is the expression in a canonical form: every value with its qualifiers, numbers in
// decimal, constants as numbers. Parsed again it is the same expression.
func (e *Expr) String() string {
	if e.root == nil {
		return ""
	}
	return e.root.String()
}
