// Rules writes, for each rule of the table that an observer of TCP can hold against a
// connection, a capture in which it is broken, RULE.pcap, and a twin in which it is not,
// RULE.clean.pcap. The twin differs in what the rule is about and in nothing else.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/wsdissect/wsdissect/internal/wstest"
	"github.com/wsdissect/wsdissect/rules"
)

// example is how a rule is broken, and how it is kept.
type example struct {
	rule rules.ID
	// also are other rules that are broken with this one, because what breaks it cannot
	// be done otherwise, or cannot be met otherwise by the peer.
	also []rules.ID
	// clean are those that are broken in the twin.
	clean []rules.ID
	// build makes the packets, and breaks the rule if broken is true.
	build func(broken bool) wstest.Packets
}

func examples() []example {
	return slices.Concat(handshakes(), frames(), messages(), closes(), offers(), compression(), captures(), segments(), masking(), timing())
}

func main() {
	dir := flag.String("o", "testdata/rules", "write the captures into `DIR`")
	flag.Parse()
	if err := write(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "rules:", err)
		os.Exit(1)
	}
}

func write(dir string) error {
	for _, e := range examples() {
		for _, broken := range []bool{true, false} {
			path := filepath.Join(dir, e.file(broken))
			if err := os.WriteFile(path, e.build(broken).Capture(), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *example) file(broken bool) string {
	if broken {
		return e.rule.Code() + ".pcap"
	}
	return e.rule.Code() + ".clean.pcap"
}
