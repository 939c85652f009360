package cli

import "github.com/spf13/cobra"

// read is the command that reads captures.
type read struct {
	source
	show
	decode decode
	kept   kept
}

func newRead(s streams) *cobra.Command {
	r := &read{source: source{streams: s}}
	cmd := &cobra.Command{
		Use:   "read FILE...",
		Short: "Read capture files, or - for standard input",
		Long: `Read reads pcap and pcapng files, also compressed; what a file is, its first bytes say.
Several files are one capture; a directory stands for the capture files in it.
Without --port every TCP port is looked at.`,
		Example: `  wsdissect read dump01.cap
  wsdissect read -q --port 8080,9000-9010 dump01.cap
  wsdissect read --json dump01.cap | jq -r 'select(.type == "message") | .text'
  ssh server tcpdump -i eth0 --immediate-mode -U -w - port 8080 | wsdissect read -q -`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return r.run(args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	r.show.register(f)
	r.decode.register(f)
	r.source.register(f)
	r.source.registerCores(f)
	r.kept.register(f)
	return cmd
}

func (r *read) run(files []string) error {
	if err := r.decode.proto.load(); err != nil {
		return err
	}
	j, err := r.source.job(files)
	if err != nil {
		return err
	}
	if r.show.messages() {
		j.decode = &r.decode
	}
	if err := r.show.direct(j); err != nil {
		return err
	}
	if err := r.kept.to(j); err != nil {
		return err
	}
	if j.kept != nil {
		if err := j.kept.files.Begin(0, 0); err != nil {
			r.complain(err)
			return exit(exitDamaged)
		}
	}
	return withProgress(j)
}
