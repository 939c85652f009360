package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/all"
)

// decode are the flags about what rides on WebSocket.
type decode struct {
	off          bool
	as           decodeAs
	noHeartbeats bool
	proto        proto
}

func (d *decode) register(f *pflag.FlagSet) {
	f.BoolVar(&d.off, "no-decode", false, "do not explain payloads")
	f.Var(&d.as, "decode-as", "explain a port or a path as a protocol: 8080=socket.io, /chat=json-rpc; may be repeated")
	f.BoolVar(&d.noHeartbeats, "no-heartbeats", false, "leave out what only keeps connections open: pings, pongs, those of protocols")
	d.proto.register(f)
}

// idle reports whether there is nothing to do.
func (d *decode) idle() bool { return d.off && !d.noHeartbeats }

// stage puts the decoders in front of a sink, and asks in of for what they need.
func (d *decode) stage(of *dissect.Options, next dissect.Sink) dissect.Sink {
	if d.idle() {
		return next
	}
	o := payload.Options{NoHeartbeats: d.noHeartbeats}
	if !d.off {
		o.Protocols, o.Fallback = all.Protocols(), all.Fallback()
		if len(d.as.rules) > 0 {
			o.As = d.as.find
		}
		d.proto.apply(&o)
	}
	s := payload.NewStage(o, next)
	of.Bodies = s.Wants
	return s
}

// decodeAs is the value of --decode-as.
type decodeAs struct {
	text  []string
	rules []decodeRule
}

type decodeRule struct {
	port uint16
	path string // instead of a port
	name string
}

// String implements pflag.Value.
func (d *decodeAs) String() string { return strings.Join(d.text, " ") }

// Type implements pflag.Value.
func (d *decodeAs) Type() string { return "PORT|PATH=NAME" }

// Set implements pflag.Value.
func (d *decodeAs) Set(s string) error {
	i := strings.LastIndexByte(s, '=') // a path may have others
	if i < 0 {
		return errors.New("it is PORT=NAME or /PATH=NAME")
	}
	where, name := s[:i], s[i+1:]
	var names []string
	for _, p := range all.Protocols() {
		names = append(names, p.Name)
	}
	if !slices.Contains(names, name) {
		return fmt.Errorf("%q is no protocol (one of %s)", name, strings.Join(names, ", "))
	}
	r := decodeRule{name: name}
	if strings.HasPrefix(where, "/") {
		r.path = where
	} else {
		port, err := strconv.ParseUint(where, 10, 16)
		if err != nil {
			return fmt.Errorf("%q is neither a port nor a path", where)
		}
		r.port = uint16(port)
	}
	d.rules = append(d.rules, r)
	d.text = append(d.text, s)
	return nil
}

func (d *decodeAs) find(port uint16, path string) string {
	for _, r := range d.rules {
		if r.path != "" && r.path == path || r.path == "" && r.port == port {
			return r.name
		}
	}
	return ""
}
