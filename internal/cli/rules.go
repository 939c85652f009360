package cli

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/wsdissect/wsdissect/rules"
)

// newRules makes the command that lists and explains the rules.
func newRules(s streams) *cobra.Command {
	var markdown bool
	cmd := &cobra.Command{
		Use:   "rules [CODE...]",
		Short: "List the rules that connections are judged by, or explain some",
		Long: `Rules lists what wsdissect holds against a connection: the code of each rule, how much
it weighs, whom it binds, and what is seen when it is broken. With codes it explains these
rules, with their sources.`,
		Example: `  wsdissect rules
  wsdissect rules resp-accept-wrong
  wsdissect rules | grep pong`,
		RunE: func(_ *cobra.Command, codes []string) error {
			text, err := describe(codes, markdown)
			if err != nil {
				return err
			}
			if _, err := s.out.Write(text); err != nil && !isClosedPipe(err) {
				s.complain(err)
				return exit(exitDamaged)
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var codes []string
			for _, id := range rules.All() {
				codes = append(codes, id.Code()+"\t"+id.Rule().Observed)
			}
			return codes, cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().BoolVar(&markdown, "markdown", false, "print the table as Markdown: docs/rules.md")
	return cmd
}

// describe is what the command prints.
func describe(codes []string, markdown bool) ([]byte, error) {
	ids, err := findRules(codes)
	switch {
	case err != nil:
		return nil, err
	case len(codes) == 0:
		ids = rules.All()
	}
	var b bytes.Buffer
	switch {
	case markdown:
		markdownTable(&b, ids)
	case len(codes) == 0:
		listRules(&b, ids)
	default:
		explainRules(&b, ids)
	}
	return b.Bytes(), nil
}

// listRules prints a line for each rule.
func listRules(b *bytes.Buffer, ids []rules.ID) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, id := range ids {
		r := id.Rule()
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Code, r.Severity, r.Party, r.Observed)
	}
	w.Flush()
}

// explainRules prints all about each rule.
func explainRules(b *bytes.Buffer, ids []rules.ID) {
	for i, id := range ids {
		if i > 0 {
			b.WriteByte('\n')
		}
		r := id.Rule()
		fmt.Fprintf(b, "%s\n  group:     %s\n  severity:  %s, %s\n", r.Code, r.Group, r.Severity, weight(r.Severity))
		if r.RFC != "" {
			fmt.Fprintf(b, "  source:    %s\n", r.RFC)
		}
		fmt.Fprintf(b, "  binds:     %s\n  observed:  %s\n", bound(r.Party), r.Observed)
	}
}

// weight says what a severity means.
func weight(s rules.Severity) string {
	switch s {
	case rules.Error:
		return "a MUST, MUST NOT or the grammar is broken on the wire"
	case rules.Warning:
		return "a SHOULD is broken, or the evidence is no proof"
	}
	return "legal, worth a remark at most"
}

// bound names the endpoints that a rule binds.
func bound(p rules.Party) string {
	if p == rules.Both {
		return "client and server"
	}
	return "the " + p.String()
}

// markdownTable prints a table for each group.
func markdownTable(b *bytes.Buffer, ids []rules.ID) {
	b.WriteString(`# Rules

What ` + "`wsdissect check`" + ` holds against a connection, and every output format shows as an anomaly.
The code of an anomaly is the name of the rule. Made by ` + "`wsdissect rules --markdown`" + `; for each rule of a
connection over TCP, ` + "`testdata/rules`" + ` has a capture in which it is broken, and one in which it is not.

Severity: **error** a MUST, MUST NOT or the grammar is broken on the wire; **warning** a SHOULD is broken, or
the evidence is no proof; **note** legal, worth a remark at most. The endpoint is the one at fault.
What a capture does not have is not judged.
`)
	group := ""
	for _, id := range ids {
		r := id.Rule()
		if r.Group != group {
			group = r.Group
			fmt.Fprintf(b, "\n## %s\n\n| rule | source | what is observed | severity | endpoint |\n| --- | --- | --- | --- | --- |\n", group)
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s |\n", r.Code, r.RFC, escapeMarkdown(r.Observed), r.Severity, r.Party)
	}
}

// escapeMarkdown keeps a text inside its cell.
func escapeMarkdown(s string) string {
	return strings.NewReplacer("|", `\|`, "<", `\<`, "*", `\*`, "_", `\_`).Replace(s)
}
