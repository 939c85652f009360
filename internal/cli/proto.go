package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/wsdissect/wsdissect/dissect"
	"github.com/wsdissect/wsdissect/payload"
	"github.com/wsdissect/wsdissect/payload/protobuf"
	"github.com/wsdissect/wsdissect/payload/protobuf/schema"
)

// proto are the flags that tell of which types protobuf messages are.
type proto struct {
	files, paths, types []string
	schema              *protobuf.Schema // nil without them
}

func (p *proto) register(f *pflag.FlagSet) {
	f.StringArrayVar(&p.files, "proto", nil, "`FILE` with the types of protobuf messages: .proto or a descriptor set; may be repeated")
	f.StringArrayVarP(&p.paths, "proto-path", "I", nil, "`DIR` of what .proto files import; may be repeated")
	f.StringArrayVar(&p.types, "proto-type", nil, "`TYPE` of the messages: pkg.Name, or c2s=pkg.Name and s2c=pkg.Name")
}

// load reads the files and finds the types.
func (p *proto) load() error {
	if len(p.files) == 0 && len(p.types) == 0 {
		return nil
	}
	if len(p.files) == 0 || len(p.types) == 0 {
		return fmt.Errorf("--proto and --proto-type need each other")
	}
	l := schema.Loader{Read: os.ReadFile, Paths: p.paths}
	known, err := l.Load(p.files...)
	if err != nil {
		return fmt.Errorf("--proto: %w", err)
	}
	p.schema = &protobuf.Schema{}
	for _, text := range p.types {
		dir, name, both := strings.Cut(text, "=")
		if !both {
			name = text
		}
		m, err := known.Message(name)
		if err != nil {
			return fmt.Errorf("--proto-type: %w", err)
		}
		switch {
		case !both:
			p.schema.Client, p.schema.Server = m, m
		case dir == dissect.ClientToServer.String():
			p.schema.Client = m
		case dir == dissect.ServerToClient.String():
			p.schema.Server = m
		default:
			return fmt.Errorf("--proto-type: %q is neither c2s nor s2c", dir)
		}
	}
	return nil
}

// apply puts the types into the options of a stage.
func (p *proto) apply(o *payload.Options) {
	if p.schema == nil {
		return
	}
	typed := p.schema.Protocol()
	for i := range o.Protocols {
		if o.Protocols[i].Name == typed.Name {
			o.Protocols[i] = typed
		}
	}
	o.Fallback = p.schema.Fallback(o.Fallback)
}
