package cli

import "github.com/spf13/cobra"

func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "wsdissect",
		Short: "Show the WebSocket traffic of a packet capture",
		Long: `wsdissect takes WebSocket out of packet captures and shows it as Wireshark does, as
one line each, or as JSON for jq. It says what it could not see, and why.`,
		Example: `  wsdissect dump01.cap                      every frame, as Wireshark shows it
  wsdissect read -q dump01.cap              one line each
  wsdissect read --json dump01.cap | jq .   for programs
  tcpdump -i eth0 -w - port 8080 | wsdissect read -`,
		Version:       version(),
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("wsdissect {{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = false
	root.AddCommand(newRead(s), newLive(s), newCheck(s), newRules(s))
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	return root
}
