package cli

import (
	"fmt"
	"strings"

	"github.com/wsdissect/wsdissect/dissect"
)

// assumptions is the value of --assume-ws: a port, and what was agreed on it.
type assumptions struct {
	text  []string
	ports map[uint16]dissect.Assumption
}

// String implements pflag.Value.
func (a *assumptions) String() string { return strings.Join(a.text, " ") }

// Type implements pflag.Value.
func (a *assumptions) Type() string { return "PORT[,deflate]" }

// Set implements pflag.Value.
func (a *assumptions) Set(s string) error {
	number, how, named := strings.Cut(s, ",")
	port, err := parsePort(number)
	if err != nil {
		return err
	}
	if named && how != "deflate" {
		return fmt.Errorf("%q is nothing that can be assumed (deflate)", how)
	}
	if a.ports == nil {
		a.ports = make(map[uint16]dissect.Assumption)
	}
	a.ports[port] = dissect.Assumption{Deflate: named}
	a.text = append(a.text, s)
	return nil
}

// find is nil where nothing is assumed.
func (a *assumptions) find() func(uint16) (dissect.Assumption, bool) {
	if a.ports == nil {
		return nil
	}
	return func(port uint16) (dissect.Assumption, bool) {
		as, ok := a.ports[port]
		return as, ok
	}
}
