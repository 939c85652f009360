package cli

import (
	"fmt"
	"strconv"
	"strings"
)

// ports is a set of TCP ports, the value of a flag: lists and ranges, repeated.
type ports struct {
	text []string
	set  [65536 / 64]uint64
}

// String implements pflag.Value.
func (p *ports) String() string { return strings.Join(p.text, ",") }

// Type implements pflag.Value: what --help calls the value.
func (p *ports) Type() string { return "PORTS" }

// Set implements pflag.Value: it adds what s lists.
func (p *ports) Set(s string) error {
	for item := range strings.SplitSeq(s, ",") {
		low, high, ranged := strings.Cut(item, "-")
		first, err := parsePort(low)
		if err != nil {
			return err
		}
		last := first
		if ranged {
			if last, err = parsePort(high); err != nil {
				return err
			}
		}
		if last < first {
			return fmt.Errorf("the range %s is empty", item)
		}
		for n := int(first); n <= int(last); n++ {
			p.set[n/64] |= 1 << (n % 64)
		}
	}
	p.text = append(p.text, s)
	return nil
}

func parsePort(s string) (uint16, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 16)
	if err != nil {
		return 0, fmt.Errorf("%q is no port (0 to 65535)", s)
	}
	return uint16(n), nil
}

func (p *ports) has(port uint16) bool { return p.set[port/64]&(1<<(port%64)) != 0 }

// filter is nil where no port was named: all are wanted.
func (p *ports) filter() func(uint16) bool {
	if len(p.text) == 0 {
		return nil
	}
	return p.has
}

// list are the ports that were named.
func (p *ports) list() []uint16 {
	var list []uint16
	for port := range 65536 {
		if p.has(uint16(port)) {
			list = append(list, uint16(port))
		}
	}
	return list
}
