package cli

import (
	"github.com/spf13/pflag"

	"github.com/wsdissect/wsdissect/capture"
	"github.com/wsdissect/wsdissect/dissect"
)

// source is what captures are read, and what of them: the flags of every command that
// takes files.
type source struct {
	streams
	ports  ports
	assume assumptions
	limits limits
}

func (s *source) register(f *pflag.FlagSet) {
	f.Var(&s.ports, "port", "look at these TCP ports only: 8080,9000-9010; may be repeated")
	f.Var(&s.assume, "assume-ws", "take these ports for WebSocket though the handshake is missing: 8080 or 8080,deflate")
	s.limits.register(f)
}

// job is the run over these files, without a printer yet.
func (s *source) job(files []string) *job {
	inputs := make([]capture.Input, len(files))
	for i, name := range files {
		if inputs[i] = capture.File(name); name == "-" {
			inputs[i] = capture.Stream("-", s.in)
		}
	}
	return s.over(capture.New(inputs...))
}

// over is the run over what a reader yields, without a printer yet.
func (s *source) over(r *capture.Reader) *job {
	j := &job{streams: s.streams, reader: r}
	j.options = dissect.Options{Ports: s.ports.filter(), Assume: s.assume.find(), Account: j.account}
	s.limits.apply(&j.options)
	return j
}
