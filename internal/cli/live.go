package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/internal/privilege"
)

// live is the command that captures from interfaces.
type live struct {
	source
	show
	decode decode
	kept   kept

	interfaces []string
	devices    bool
	notAll     bool
	snaplen    int
	buffer     kibibytes
	user       string
	status     bool
}

func newLive(s streams) *cobra.Command {
	s.err = &locked{w: s.err} // drops are told while the run is stuck
	l := &live{source: source{streams: s}, buffer: kibibytes{capture.DefaultBuffer}}
	cmd := &cobra.Command{
		Use:   "live -i IFACE [FILTER]",
		Short: "Capture from interfaces, and show what comes as it comes",
		Long: `Live captures from network interfaces and shows each frame as soon as it is complete.
What is captured can be narrowed by --port, or a filter in tcpdump's language; both are
applied by the kernel. Ctrl-C ends the capture and prints what was seen and dropped.

On Linux it needs root or CAP_NET_RAW, and drops both once it has the interfaces open.`,
		Example: `  sudo wsdissect live -i eth0 -port 8080
  sudo wsdissect live -i any -q 'tcp port 8080 and not host 192.0.2.7'
  sudo wsdissect live -i eth0 -i lo --json | jq -r 'select(.type == "message") | .text'
  wsdissect live -D`,
		RunE: func(_ *cobra.Command, args []string) error { return l.run(args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	l.register(f)
	l.show.register(f)
	l.decode.register(f)
	l.source.register(f)
	l.kept.register(f)
	return cmd
}

func (l *live) register(f *pflag.FlagSet) {
	f.StringArrayVarP(&l.interfaces, "interface", "i", nil, "capture from this `IFACE`, any for all; may be repeated")
	f.BoolVarP(&l.devices, "list-interfaces", "D", false, "list the interfaces, with state and addresses")
	f.BoolVarP(&l.notAll, "no-promiscuous-mode", "p", false, "leave out packets that are not for this host")
	f.IntVarP(&l.snaplen, "snapshot-length", "s", 0, "keep at most N `BYTES` of a packet; 0 keeps all")
	f.VarP(&l.buffer, "buffer-size", "B", "hold this much for the time that output takes; a number is in KiB")
	f.StringVarP(&l.user, "relinquish-privileges", "Z", "", "become this `USER` when the interfaces are open (default whoever called sudo, else nobody)")
	f.BoolVar(&l.status, "status", false, "keep a line of counts on a terminal's stderr")
}

func (l *live) run(words []string) error {
	if l.devices {
		return l.listDevices()
	}
	if len(l.interfaces) == 0 {
		return errors.New("which interface? name one with -i, or -i any for all; -D lists them")
	}
	if len(words) > 0 {
		if l.source.filter != "" {
			return errors.New("the filter is either -f or the words at the end")
		}
		l.source.filter = strings.Join(words, " ")
	}
	if l.snaplen < 0 {
		return fmt.Errorf("-s is a number of bytes, not %d", l.snaplen)
	}
	if err := l.decode.proto.load(); err != nil {
		return err
	}
	later, err := privilege.Find(l.user, os.Getenv)
	if err != nil {
		return fmt.Errorf("-Z: %w", err)
	}
	r, err := capture.Live(capture.LiveOptions{
		Interfaces: l.interfaces, Snaplen: l.snaplen, Buffer: l.buffer.n, Promiscuous: !l.notAll,
		Filter: l.source.filter, Ports: l.source.ports.list(),
		Note: func(text string) { l.hint("%s", text) },
	})
	if err != nil {
		return l.failed(err)
	}
	j := l.source.over(r)
	j.live = l.interfaces
	if l.show.messages() {
		j.decode = &l.decode
	}
	if err := l.show.direct(j); err != nil {
		return err
	}
	if err := l.kept.to(j); err != nil {
		return err
	}
	how, err := l.giveUp(j, later)
	if err != nil {
		l.complain(err)
		return exit(exitDamaged)
	}
	j.begins = func() { l.hint("%s", listening(l.interfaces, how)) }
	return l.watch(j)
}

// giveUp gives up what is not needed any more, now that the interfaces are open. A file is
// made before that, files that others follow afterwards: so it shows at once whether that
// will be possible.
func (l *live) giveUp(j *job, later privilege.User) (privilege.Result, error) {
	folders := l.kept.folders()
	if j.kept != nil && len(folders) == 0 {
		if err := j.kept.files.Begin(later.UID, later.GID); err != nil {
			return privilege.Result{}, err
		}
	}
	_ = time.Local.String() // reads the time zone, which is out of reach afterwards
	how, err := privilege.GiveUp(later, folders)
	if err != nil {
		return how, fmt.Errorf("cannot give up privileges: %w", err)
	}
	if j.kept != nil {
		err = j.kept.files.Begin(0, 0)
	}
	return how, err
}

// listening says what is captured, and as whom.
func listening(interfaces []string, how privilege.Result) string {
	s := "listening on " + strings.Join(interfaces, ", ")
	if how := how.String(); how != "" {
		s += ", " + how
	}
	return s + "; Ctrl-C ends"
}

// failed tells what to do about an error that keeps the capture from its start.
func (l *live) failed(err error) error {
	var wrong *capture.FilterError
	switch {
	case errors.As(err, &wrong):
		return l.refuse(err)
	case errors.Is(err, fs.ErrPermission):
		l.hint("capturing needs root or CAP_NET_RAW: use sudo, or once and for all: sudo setcap cap_net_raw+ep %s", program())
	case errors.Is(err, capture.ErrNoInterface):
		l.complain(err)
		l.hint("wsdissect live -D lists the interfaces")
	default:
		l.complain(err)
	}
	return exit(exitDamaged)
}

// program is the path of this program, for a command that a user copies.
func program() string {
	if path, err := os.Executable(); err == nil {
		return path
	}
	return "wsdissect"
}

// listDevices prints a line for each interface.
func (l *live) listDevices() error {
	devices, err := capture.Devices()
	if err != nil {
		return err
	}
	width := len(capture.AnyInterface)
	for _, d := range devices {
		width = max(width, len(d.Name))
	}
	for _, d := range devices {
		line := fmt.Sprintf("%-*s  %-10s", width, d.Name, state(d))
		if d.Hardware != "" {
			line += "  " + d.Hardware
		}
		for _, a := range d.Addresses {
			line += "  " + a.String()
		}
		if _, err := fmt.Fprintln(l.out, strings.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	if runtime.GOOS == "linux" {
		_, err = fmt.Fprintf(l.out, "%-*s  all of them\n", width, capture.AnyInterface)
	}
	return err
}

// state is in a word how an interface is.
func state(d capture.Device) string {
	switch {
	case !d.Up:
		return "down"
	case !d.Running:
		return "no carrier"
	}
	return "up"
}

// kibibytes is a size for those who know tcpdump: a number alone is in KiB.
type kibibytes struct{ n int }

// String implements pflag.Value.
func (k *kibibytes) String() string { return (*size)(&k.n).String() }

// Type implements pflag.Value.
func (k *kibibytes) Type() string { return "SIZE" }

// Set implements pflag.Value.
func (k *kibibytes) Set(s string) error {
	if s != "" && strings.Trim(s, "0123456789") == "" {
		s += "k"
	}
	return (*size)(&k.n).Set(s)
}
