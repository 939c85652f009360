package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/internal/output"
	"github.com/wsdissect/wsdissect/rules"
)

// exitViolations is the exit code of check when errors were found.
const exitViolations = 4

// check is the command that judges connections by the RFCs.
type check struct {
	source
	severity string
	rules    []string
	json     bool
	color    coloring
}

func newCheck(s streams) *cobra.Command {
	c := &check{source: source{streams: s}}
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Judge connections by the RFCs",
		Long: `Check judges each WebSocket connection of capture files by RFC 6455 and RFC 7692, and
reports every violation: its severity, the packet that shows it, the endpoint at fault,
the rule, what was seen, and the section of the RFC. What cannot be judged because the
capture lacks it is not judged, and that is said. The last line is the verdict.

An error is a MUST, MUST NOT or the grammar broken on the wire; a warning a SHOULD, or
evidence that is not proof; a note is legal and worth a remark. wsdissect rules lists and
explains the rules.

The exit code is 4 if there are errors, 1 if an input was damaged, and else 0.`,
		Example: `  wsdissect check dump01.cap
  wsdissect check --severity error *.pcap && echo all good
  wsdissect check --rule resp-accept-wrong,frame-client-unmasked dump01.cap
  wsdissect check --json dump01.cap | jq -r 'select(.type == "anomaly") | .code'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return c.run(args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&c.severity, "severity", "note", "report what is at least this `SEVERITY`: error, warning, note")
	f.StringSliceVar(&c.rules, "rule", nil, "judge by these rules only: `CODE,...`; may be repeated")
	f.BoolVar(&c.json, "json", false, "one JSON object per violation and a summary, as read --json has them")
	c.color.register(f)
	c.source.register(f)
	c.source.registerCores(f)
	return cmd
}

func (c *check) run(files []string) error {
	least, err := parseSeverity(c.severity)
	if err != nil {
		return err
	}
	only, err := findRules(c.rules)
	if err != nil {
		return err
	}
	pal, err := c.color.palette(c.out)
	if err != nil {
		return err
	}
	j, err := c.source.job(files)
	if err != nil {
		return err
	}
	o := output.Options{Palette: pal, Base: j.first, Start: j.start}
	s := &selection{least: least, only: only}
	if c.json {
		o.Only = output.TypeAnomaly | output.TypeSummary
		s.Printer = output.NewJSON(c.out, o)
	} else {
		s.Printer = output.NewReport(c.out, o)
	}
	j.printer = s
	if err := withProgress(j); s.counts[rules.Error] == 0 {
		return err
	}
	return exit(exitViolations)
}

// selection passes on the anomalies that were asked for, and all other events.
type selection struct {
	output.Printer
	least  rules.Severity
	only   []rules.ID // all if empty
	counts [4]int64   // of those passed on, by severity
}

// Emit implements dissect.Sink.
func (s *selection) Emit(e dissect.Event) error {
	switch e := e.(type) {
	case *dissect.Anomaly:
		severity := e.Rule.Rule().Severity
		if severity < s.least || len(s.only) > 0 && !slices.Contains(s.only, e.Rule) {
			return nil
		}
		s.counts[severity]++
	case *dissect.Summary:
		e.Anomalies = s.counts
	}
	return s.Printer.Emit(e)
}

func parseSeverity(name string) (rules.Severity, error) {
	for s := rules.Note; s <= rules.Error; s++ {
		if s.String() == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("--severity is error, warning or note, not %q", name)
}

// findRules are the rules of these codes.
func findRules(codes []string) ([]rules.ID, error) {
	var ids []rules.ID
	for _, code := range codes {
		id, ok := rules.Find(strings.TrimSpace(code))
		if !ok {
			return nil, fmt.Errorf("there is no rule %q; wsdissect rules lists them", code)
		}
		ids = append(ids, id)
	}
	return ids, nil
}
