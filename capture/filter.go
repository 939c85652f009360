package capture

import "github.com/wsdissect/wsdissect/internal/filter"

// FilterError says which word of a filter is wrong, and why.
type FilterError = filter.SyntaxError

// filters are a filter in tcpdump's language, pcap-filter(7), compiled for each link type
// when the first packet of it comes.
type filters struct {
	expr  *filter.Expr
	links []*linkFilter
	last  *linkFilter
}

type linkFilter struct {
	link    uint32
	program *filter.Program
	err     error // why there is none
	told    bool
}

// Filter leaves out the packets that do not match an expression in tcpdump's language. They
// keep their numbers. The error is a *FilterError. Where packets come whose link type the
// expression cannot be used with, that is a defect of the capture, and none of them matches.
// Live has filters of its own.
func (r *Reader) Filter(expr string) error {
	e, err := filter.Parse(expr)
	if err != nil {
		return err
	}
	r.filters = &filters{expr: e}
	return nil
}

// on is the filter for a link type.
func (f *filters) on(link uint32) *linkFilter {
	if f.last != nil && f.last.link == link {
		return f.last
	}
	for _, l := range f.links {
		if l.link == link {
			f.last = l
			return l
		}
	}
	l := &linkFilter{link: link}
	l.program, l.err = f.expr.Compile(link, 0)
	f.links = append(f.links, l)
	f.last = l
	return l
}

// match reports whether a packet is wanted; and, once for each link type, why no packet of
// it can be.
func (f *filters) match(p *Packet, input string) (bool, error) {
	l := f.on(p.LinkType)
	if l.err == nil {
		return l.program.Match(p.Data, int(min(p.Length, maxWindow))), nil
	}
	if l.told {
		return false, nil
	}
	l.told = true
	text := "no packets of link type " + LinkTypeName(l.link) + " match: " + l.err.Error()
	return false, &Error{File: input, Text: text, Err: l.err}
}
