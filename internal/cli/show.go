package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/wsdissect/wsdissect/internal/display"
	"github.com/wsdissect/wsdissect/internal/output"
)

// show is what the user asked to see: the flags that choose and shape the output.
type show struct {
	list, json bool
	hex        bool
	verbose    int
	time       string
	only       string
	color      coloring
	maxPayload int
	count      int64
	display    string
}

func (o *show) register(f *pflag.FlagSet) {
	f.BoolVarP(&o.list, "list", "q", false, "one line per handshake, frame, gap and anomaly")
	f.BoolVar(&o.json, "json", false, "one JSON object per line, for jq")
	f.BoolVarP(&o.hex, "hex", "x", false, "add hex dumps to the tree")
	f.CountVarP(&o.verbose, "verbose", "v", "show more layers of each packet")
	f.StringVarP(&o.time, "time", "t", "", "show `FORMAT` of time, as tshark: a, ad, d, e, r, u (default r in the list, none in the tree)")
	f.StringVar(&o.only, "only", "", "print only these record `TYPES`: "+strings.Join(output.TypeNames(), ","))
	o.color.register(f)
	f.IntVar(&o.maxPayload, "max-payload", -1, "print at most N `BYTES` of a payload in tree and list; 0 prints all")
	f.StringVarP(&o.display, "display-filter", "Y", "", "print only what matches this `FILTER`, as in Wireshark: 'websocket.opcode == 1'")
	f.Int64VarP(&o.count, "count", "c", 0, "stop after `N` printed records")
	f.BoolP("no-names", "n", false, "accepted for tcpdump's users: names are never resolved")
	f.Lookup("max-payload").DefValue = fmt.Sprintf("%d, list %d", output.DefaultTreePayload, output.DefaultListPayload)
}

// messages reports whether anything of a message is asked for.
func (o *show) messages() bool {
	types, err := output.ParseTypes(o.only)
	return err != nil || types.Has(output.TypeFrame|output.TypeMessage|output.TypeBody) || o.display != ""
}

// summaryAlone reports whether the only record asked for is the last one.
func (o *show) summaryAlone() bool {
	types, err := output.ParseTypes(o.only)
	return err == nil && o.only != "" && types == output.TypeSummary && o.display == ""
}

// direct makes a run print what the flags ask for.
func (o *show) direct(j *job) error {
	var err error
	if j.wanted, err = o.wanted(); err != nil {
		return err
	}
	j.limit = o.count
	j.packets = o.hex
	j.options.Unheld = o.summaryAlone()
	opts := output.Options{Base: j.first, Start: j.start, Raw: j.raw, Interface: j.interfaceName}
	j.printer, err = o.printer(j.out, opts)
	return err
}

// printer makes the printer that the flags ask for. What it needs to know of the input
// is given in o.
func (o *show) printer(w io.Writer, opts output.Options) (output.Printer, error) {
	var err error
	if o.list && o.json {
		return nil, fmt.Errorf("-q and --json exclude each other")
	}
	if o.only != "" {
		if opts.Only, err = output.ParseTypes(o.only); err != nil {
			return nil, err
		}
	}
	if o.time != "" {
		if opts.Time, err = output.ParseTimeFormat(o.time); err != nil {
			return nil, err
		}
	}
	if opts.Palette, err = o.color.palette(w); err != nil {
		return nil, err
	}
	opts.Hex, opts.Verbose = o.hex, o.verbose
	opts.Location = time.Local
	opts.MaxPayload = o.maxPayload
	switch {
	case o.json:
		return output.NewJSON(w, opts), nil
	case o.list:
		if o.maxPayload < 0 {
			opts.MaxPayload = output.DefaultListPayload
		}
		return output.NewList(w, opts), nil
	}
	if o.maxPayload < 0 {
		opts.MaxPayload = output.DefaultTreePayload
	}
	return output.NewTree(w, opts), nil
}

// wanted is the display filter, nil for none.
func (o *show) wanted() (*display.Filter, error) {
	if o.display == "" {
		return nil, nil
	}
	return display.Parse(o.display)
}
